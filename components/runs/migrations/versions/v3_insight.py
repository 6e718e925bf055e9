"""Models are looked into."""

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Keep gradients through time, the score of an epoch, and how a loss stopped being a number."""
    op.create_table(
        "through_time",
        sa.Column("run", sa.String(32), sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("step", sa.Integer, primary_key=True),
        sa.Column("length", sa.Integer, nullable=False),
        sa.Column("rows", sa.Text, nullable=False),
        sa.Column("norms", sa.LargeBinary, nullable=False),
        sa.Column("ratios", sa.LargeBinary, nullable=False),
    )
    op.add_column("epochs", sa.Column("score", sa.Double))
    op.add_column("runs", sa.Column("death", sa.Text))
