"""The tables of the store: their columns, and how a database is opened."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Double,
    Engine,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    false,
    func,
    make_url,
    select,
)
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from components.errors import DISK_REMEDY, RunError, StorageError
from components.runs.migrations import bring_up_to_date
from components.runs.write_queue import WriteQueue

_SECONDS_IN_QUEUE = 10.0
"""How long a page waits while others of its server write; a write takes milliseconds."""
_SECONDS_TO_LOCK = 3.0
"""How long it then waits for another process that writes."""

metadata = MetaData()
"""A change to these tables takes a migration; see `components.runs.migrations`."""

# Times are seconds since 1970: a number means the same in every database.
runs = Table(
    "runs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(200), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("recipe", Text, nullable=False),
    Column("status", String(16), nullable=False, index=True),
    Column("reason", Text, nullable=False, default=""),
    Column("created", Double, nullable=False),
    Column("submitted", Double),
    Column("started", Double),
    Column("ended", Double),
    Column("server", String(32)),
    Column("attempt", String(32), nullable=False, default=""),
    Column("generation", Integer, nullable=False, default=0),
    Column("revision", Integer, nullable=False, default=0),
    Column("step", Integer, nullable=False, default=0),
    Column("epoch", Integer, nullable=False, default=0),
    Column("epochs_total", Integer, nullable=False),
    Column("steps_per_epoch", Integer, nullable=False, default=0),
    Column("parameters", Integer, nullable=False, default=0),
    Column("layers", Text, nullable=False, default="[]"),
    Column("clip", Double),
    Column("learning_rate", Double),
    Column("steps_per_second", Double),
    Column("death", Text),
    # Its place in the waiting line, the task that it trains in, the seconds that its training was thought to
    # take, and those that all else that it does was.
    Column("turn", Integer, nullable=False, server_default="0"),
    Column("task", String(32)),
    Column("estimate", Double),
    Column("overhead", Double, nullable=False, server_default="0"),
    # Whether a worker has begun with it since a person submitted it, whether it is only measured, and when it
    # was last heard, by the database's clock.
    Column("begun", Boolean, nullable=False, server_default=false()),
    Column("only_evaluate", Boolean, nullable=False, server_default=false()),
    Column("heard", Double),
    # How often its worker was lost since then, and from which step it went on; -1 while that isn't known.
    Column("recoveries", Integer, nullable=False, server_default="0"),
    Column("recovered_from", Integer),
    # Its owner keeps it, whatever its age.
    Column("pinned", Boolean, nullable=False, server_default=false()),
    # What its owner says of it; tags are a list in JSON.
    Column("note", Text, nullable=False, server_default=""),
    Column("tags", Text, nullable=False, server_default="[]"),
    Column("archived", Boolean, nullable=False, server_default=false()),
    # When its owner deleted it: from then on it isn't found, and soon its rows and files go.
    Column("deleted", Double, index=True),
    # What it came to on the test set, in JSON.
    Column("evaluation", Text),
    # Whether others see it without its data.
    Column("without_data", Boolean, nullable=False, server_default=false()),
    # Whether it is only trained, and the test set isn't looked at.
    Column("only_train", Boolean, nullable=False, server_default=false()),
)
# Runs of others that a visitor keeps among their own.
kept_runs = Table(
    "kept_runs",
    metadata,
    Column("owner", String(200), primary_key=True),
    Column("run", String(32), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True, index=True),
)
# Runs that are shown together to whoever has the collection's id.
collections = Table(
    "collections",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(200), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("created", Double, nullable=False),
)
collected_runs = Table(
    "collected_runs",
    metadata,
    Column("collection", String(32), ForeignKey("collections.id", ondelete="CASCADE"), primary_key=True),
    Column("run", String(32), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True, index=True),
)
# Several runs that are planned together. The plan is JSON; `seconds` are those that it has been at work.
studies = Table(
    "studies",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(200), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("status", String(16), nullable=False, index=True),
    Column("reason", Text, nullable=False, server_default=""),
    Column("created", Double, nullable=False),
    Column("seconds", Double, nullable=False, server_default="0"),
    Column("server", String(32)),
)
# What a study tries: its run (NULL once that is deleted), its settings and what the pruner noted as JSON, and
# the validation loss that counts.
trials = Table(
    "trials",
    metadata,
    Column("study", String(32), ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("run", String(32), ForeignKey("runs.id", ondelete="SET NULL"), index=True),
    Column("settings", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("value", Double),
    Column("notes", Text, nullable=False, server_default="{}"),
)
# A file that a visitor brought; how it is read is the recipe's to say.
uploads = Table(
    "uploads",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(200), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("created", Double, nullable=False),
)


def _run_columns() -> tuple[Column[Any], Column[Any]]:
    """Say whose a row is, and at which revision of its run it was written."""
    return (
        Column("run", String(32), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        Column("revision", Integer, nullable=False),
    )


chunks = Table(
    "chunks",
    metadata,
    *_run_columns(),
    Column("first", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    # How many seconds the run had trained by its last step; NULL in runs of versions that didn't keep it.
    Column("seconds", Double),
    Index("chunks_by_revision", "run", "revision"),
)
# A loss that is no number is kept as NULL, since not every database has a NaN.
epochs = Table(
    "epochs",
    metadata,
    *_run_columns(),
    Column("epoch", Integer, primary_key=True),
    Column("step", Integer, nullable=False),
    Column("training", Double),
    Column("validation", Double),
    Column("best", Boolean, nullable=False),
    Column("snapshot", LargeBinary, nullable=False),
    Column("written", Text, nullable=False, server_default="[]"),
    Column("score", Double),
)
marks = Table(
    "marks",
    metadata,
    *_run_columns(),
    Column("step", Integer, primary_key=True),
    Column("what", String(16), primary_key=True),
    Column("value", Double, nullable=False),
)
checkpoints = Table(
    "checkpoints",
    metadata,
    *_run_columns(),
    Column("step", Integer, primary_key=True),
    Column("epoch", Integer, nullable=False),
)
through_time = Table(
    "through_time",
    metadata,
    *_run_columns(),
    Column("step", Integer, primary_key=True),
    Column("length", Integer, nullable=False),
    Column("rows", Text, nullable=False),
    Column("norms", LargeBinary, nullable=False),
    Column("ratios", LargeBinary, nullable=False),
    Column("pressed", Text, nullable=False, server_default="[]"),
)
# What is said to a run, by whichever server; `attempt` is the last one that it was handed to.
commands = Table(
    "commands",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run", String(32), ForeignKey("runs.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("number", BigInteger, nullable=False),
    Column("command", Text, nullable=False),
    Column("attempt", String(32), nullable=False, server_default=""),
)
# `process_began` is by a clock that nobody sets, and `seen` counts the signs of life.
servers = Table(
    "servers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("host", Text, nullable=False),
    Column("process", Integer, nullable=False),
    Column("process_began", Double, nullable=False),
    Column("seen", Double, nullable=False),
)


@dataclass(frozen=True)
class Database:
    """Two ways into one database."""

    reader: Engine
    """its connections see one moment, from their first question to their last"""
    writer: Engine
    """its connections may change rows"""
    line: AbstractContextManager[None]
    """of the threads of this process that want to write"""

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection in a transaction that may change rows; it is committed at the end.

        Raises:
            StorageError: if others write all the while.
        """
        with self.line, self.writer.begin() as connection:
            yield connection


_FAULTS = (
    ("locked", "The database of runs is busy.", "Try again in a moment."),
    ("readonly", "The database of runs can't be written to.", "Tell the person who runs the server."),
    ("read-only", "The database of runs can't be written to.", "Tell the person who runs the server."),
    ("full", "The disk of this server is full.", DISK_REMEDY),
)
"""What a database says of a fault, what that means, and what to do."""


def open_database(url: str) -> Database:
    """Open a database, making the tables where there are none.

    Raises:
        RunError: if it can't be opened, or was made by another version of Unroll.
    """
    try:
        database = _connect(url)
        with database.writer.begin() as connection:
            bring_up_to_date(connection, metadata)
    except (SQLAlchemyError, ImportError, OSError) as error:
        raise RunError(
            "The database of runs can't be opened.",
            remedy="Check UNROLL_DATABASE and the permissions of its folder.",
        ) from error
    for engine in {database.reader.engine, database.writer.engine}:
        event.listen(engine, "handle_error", _explain)
    return database


def database_time(connection: Connection) -> float:
    """Return the database's own time, in seconds since 1970: the same for all servers."""
    if connection.dialect.name == "sqlite":
        return connection.execute(select((func.julianday("now") - 2440587.5) * 86400.0)).scalar_one()
    return float(connection.execute(select(func.extract("epoch", func.clock_timestamp()))).scalar_one())


def _explain(context: ExceptionContext) -> None:
    """Say in plain words what keeps a database from answering.

    Raises:
        StorageError: of what isn't a fault of the question.
    """
    if not isinstance(context.sqlalchemy_exception, OperationalError):
        return
    said = str(context.original_exception).lower()
    for words, what, remedy in _FAULTS:
        if words in said:
            raise StorageError(what, remedy=remedy) from context.original_exception
    raise StorageError(
        "The database of runs doesn't answer.", remedy="Try again in a moment."
    ) from context.original_exception


def _connect(url: str) -> Database:
    place = make_url(url)
    if place.get_backend_name() != "sqlite":
        engine = create_engine(place, pool_pre_ping=True)
        return Database(engine.execution_options(isolation_level="REPEATABLE READ"), engine, nullcontext())
    if place.database:
        Path(place.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(place, connect_args={"timeout": _SECONDS_TO_LOCK})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    # Who finds the file locked looks again from time to time, and whoever comes just then is quicker: of many
    # threads some would wait for seconds. Those of one process wait for each other in memory.
    return Database(engine, engine.execution_options(writes=True), WriteQueue(_SECONDS_IN_QUEUE))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Python's driver begins transactions late or never, so it is told to leave that to _begin_sqlite.
    connection.isolation_level = None
    # Each connection would keep 2 MB of the file, which the system keeps for all of them already.
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-256"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # Who will write says so first: one that turns from reading to writing midway may be refused at once.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
