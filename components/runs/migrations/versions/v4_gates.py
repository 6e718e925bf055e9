"""Gates are looked at while they learn."""

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision = "3"


def upgrade() -> None:
    """Keep which gates were pressed open or shut."""
    op.add_column("through_time", sa.Column("pressed", sa.Text, nullable=False, server_default="[]"))
