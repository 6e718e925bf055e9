"""A run that lost its worker goes on by itself, and hears commands from every server."""

import sqlalchemy as sa
from alembic import op

revision = "6"
down_revision = "5"


def upgrade() -> None:
    """Keep commands, when a run was last heard, and from where it went on."""
    op.create_table(
        "commands",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column(
            "run", sa.String(32), sa.ForeignKey("runs.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("command", sa.Text, nullable=False),
        sa.Column("attempt", sa.String(32), nullable=False, server_default=""),
    )
    op.add_column("runs", sa.Column("begun", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("runs", sa.Column("only_evaluate", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("runs", sa.Column("heard", sa.Double))
    op.add_column("runs", sa.Column("recoveries", sa.Integer, nullable=False, server_default="0"))
    op.add_column("runs", sa.Column("recovered_from", sa.Integer))
