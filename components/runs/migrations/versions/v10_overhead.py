"""What a run does beside its training counts in how long others wait for it."""

import sqlalchemy as sa
from alembic import op

revision = "10"
down_revision = "9"


def upgrade() -> None:
    """Keep how long all that a run does beside its training was thought to take."""
    op.add_column("runs", sa.Column("overhead", sa.Double, nullable=False, server_default="0"))
