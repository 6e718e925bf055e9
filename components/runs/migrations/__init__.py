"""The way of a database from one version of its tables to the next, by Alembic.

A change to `components/runs/schema.py` takes a file in `versions/`, one number on. A new database is made
from the schema itself; `tests/runs/test_migrations.py` holds that both come to the same.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Integer, MetaData, Table, insert, inspect, select, text, update

from components.errors import RunError

_LOCK = (
    0x756E726F6C6C  # "unroll": of PostgreSQL's locks, the one that servers which come up together wait for
)

# What versions before Alembic read, so that they refuse a database that is newer than they are.
_version = Table("unroll_version", MetaData(), Column("version", Integer, nullable=False))


def bring_up_to_date(connection: Connection, schema: MetaData) -> None:
    """Make the tables where there are none, else those of an earlier version into today's, all or nothing.

    Args:
        connection: in a transaction that may write. SQLite's holds everybody else off by itself.
        schema: the tables of today.

    Raises:
        RunError: if the database was made by a later version.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    newest = scripts.get_current_head()
    if not inspect(connection).has_table("runs"):
        schema.create_all(connection)
        _version.create(connection)
        connection.execute(insert(_version).values(version=newest))
        command.stamp(config, "head")
        return
    version = MigrationContext.configure(connection).get_current_revision()
    if version is None:
        version = str(connection.execute(select(_version.c.version)).scalar_one())
        _require_known(version, scripts)
        command.stamp(config, version)
    _require_known(version, scripts)
    if version != newest:
        command.upgrade(config, "head")
        connection.execute(update(_version).values(version=newest))


def _require_known(version: str, scripts: ScriptDirectory) -> None:
    known = [script.revision for script in scripts.walk_revisions()]
    if version not in known:
        raise RunError(
            f"The database of runs was made by another version of Unroll: it has schema {version}, "
            f"and this version reads schema {known[0]}.",
            remedy="Use the version that made it, or set UNROLL_DATABASE to a new database.",
        )
