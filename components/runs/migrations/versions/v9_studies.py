"""Runs are planned together: by a sweep or by a search, whose trials don't look at the test set."""

import sqlalchemy as sa
from alembic import op

revision = "9"
down_revision = "8"


def upgrade() -> None:
    """Keep studies and what they try, and whether a run is only trained."""
    op.create_table(
        "studies",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(200), nullable=False, index=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("status", sa.String(16), nullable=False, index=True),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("seconds", sa.Double, nullable=False, server_default="0"),
        sa.Column("server", sa.String(32)),
    )
    op.create_table(
        "trials",
        sa.Column("study", sa.String(32), sa.ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("run", sa.String(32), sa.ForeignKey("runs.id", ondelete="SET NULL"), index=True),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("value", sa.Double),
        sa.Column("notes", sa.Text, nullable=False, server_default="{}"),
    )
    op.add_column("runs", sa.Column("only_train", sa.Boolean, nullable=False, server_default=sa.false()))
