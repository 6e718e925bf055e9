"""An owner shares a run without its data."""

import sqlalchemy as sa
from alembic import op

revision = "8"
down_revision = "7"


def upgrade() -> None:
    """Keep whether whoever has a run's link has the data that it used."""
    op.add_column("runs", sa.Column("without_data", sa.Boolean, nullable=False, server_default=sa.false()))
