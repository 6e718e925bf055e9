"""The tables as they first were."""

revision = "1"
down_revision = None


def upgrade() -> None:
    """Do nothing: whoever has this version has its tables, and a new database is made from the schema."""
