"""Curves of runs are drawn by the seconds of their training."""

import sqlalchemy as sa
from alembic import op

revision = "11"
down_revision = "10"


def upgrade() -> None:
    """Keep with every stretch of steps how long the run had trained by its end."""
    op.add_column("chunks", sa.Column("seconds", sa.Double))
