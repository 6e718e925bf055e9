"""Tasks write texts."""

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Keep what a model has written at the end of an epoch."""
    op.add_column("epochs", sa.Column("written", sa.Text, nullable=False, server_default="[]"))
