"""Runs are labelled, collected, archived and deleted."""

import sqlalchemy as sa
from alembic import op

revision = "7"
down_revision = "6"


def upgrade() -> None:
    """Keep what an owner says of a run, what they keep of others, and what a run came to."""
    op.create_table(
        "kept_runs",
        sa.Column("owner", sa.String(200), primary_key=True),
        sa.Column(
            "run", sa.String(32), sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True, index=True
        ),
    )
    op.create_table(
        "collections",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(200), nullable=False, index=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("created", sa.Double, nullable=False),
    )
    op.create_table(
        "collected_runs",
        sa.Column(
            "collection", sa.String(32), sa.ForeignKey("collections.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column(
            "run", sa.String(32), sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True, index=True
        ),
    )
    op.add_column("runs", sa.Column("note", sa.Text, nullable=False, server_default=""))
    op.add_column("runs", sa.Column("tags", sa.Text, nullable=False, server_default="[]"))
    op.add_column("runs", sa.Column("archived", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("runs", sa.Column("deleted", sa.Double))
    op.add_column("runs", sa.Column("evaluation", sa.Text))
    op.create_index("ix_runs_deleted", "runs", ["deleted"])
