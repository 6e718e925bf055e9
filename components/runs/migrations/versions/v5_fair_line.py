"""Runs wait in a fair line, and what is old is deleted."""

import sqlalchemy as sa
from alembic import op

revision = "5"
down_revision = "4"


def upgrade() -> None:
    """Keep places in line, estimates, what an owner keeps whatever its age, and whose a file is."""
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(200), nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("created", sa.Double, nullable=False),
    )
    op.add_column("runs", sa.Column("turn", sa.Integer, nullable=False, server_default="0"))
    op.add_column("runs", sa.Column("task", sa.String(32)))
    op.add_column("runs", sa.Column("estimate", sa.Double))
    op.add_column("runs", sa.Column("pinned", sa.Boolean, nullable=False, server_default=sa.false()))
