"""Databases as earlier versions of Unroll made them."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from components.runs.schema import metadata

# What each version's migration brought, taken away again. The same SQL in every database.
_WITHOUT = {
    11: ("ALTER TABLE chunks DROP COLUMN seconds",),
    10: ("ALTER TABLE runs DROP COLUMN overhead",),
    9: (
        "DROP TABLE trials",
        "DROP TABLE studies",
        "ALTER TABLE runs DROP COLUMN only_train",
    ),
    8: ("ALTER TABLE runs DROP COLUMN without_data",),
    7: (
        *(f"DROP TABLE {table}" for table in ("collected_runs", "collections", "kept_runs")),
        "DROP INDEX ix_runs_deleted",
        *(
            f"ALTER TABLE runs DROP COLUMN {column}"
            for column in ("note", "tags", "archived", "deleted", "evaluation")
        ),
    ),
    6: (
        "DROP TABLE commands",
        *(
            f"ALTER TABLE runs DROP COLUMN {column}"
            for column in ("begun", "only_evaluate", "heard", "recoveries", "recovered_from")
        ),
    ),
    5: (
        "DROP TABLE uploads",
        *(f"ALTER TABLE runs DROP COLUMN {column}" for column in ("turn", "task", "estimate", "pinned")),
    ),
    4: ("ALTER TABLE through_time DROP COLUMN pressed",),
    3: (
        "DROP TABLE through_time",
        "ALTER TABLE epochs DROP COLUMN score",
        "ALTER TABLE runs DROP COLUMN death",
    ),
    2: ("ALTER TABLE epochs DROP COLUMN written",),
}
VERSIONS = tuple(range(1, 12))
"""before Alembic kept the version"""


def make_earlier(connection: Connection, version: int) -> None:
    """Make a database of today one of an earlier version."""
    for newer in range(max(_WITHOUT), version, -1):
        for statement in _WITHOUT.get(newer, ()):
            connection.exec_driver_sql(statement)
    connection.exec_driver_sql("DROP TABLE alembic_version")
    connection.exec_driver_sql(f"UPDATE unroll_version SET version = {version}")


def differences(connection: Connection) -> list:
    """List in what a database differs from the schema of today."""
    context = MigrationContext.configure(
        connection,
        opts={
            "compare_type": True,
            "include_name": lambda name, kind, _: kind != "table" or name in metadata.tables,
        },
    )
    return compare_metadata(context, metadata)
