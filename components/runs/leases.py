"""Which server looks after which runs, and what becomes of a dead one's."""

import os
import platform
import secrets
import time
from pathlib import Path

import psutil
from sqlalchemy import Connection, Row, delete, insert, select, update

from components.runs import schema
from components.runs.event_writer import ACTIVE, end_columns
from components.runs.studies import AT_WORK

LEASE_SECONDS = 60.0
"""Seconds after which a server on another machine that gave no sign of life counts as dead."""

_ENDED = ("Z", "X")
"""How Linux marks a process that has ended."""

NEVER_SUBMITTED = "The server stopped before this run was put in line. Press Resume to train it."


class LeaseWatch:
    """Tells which servers live.

    No clock that somebody sets is asked: a process beside this one lives as long as there is one of its
    number that began when it did, counted from the machine's own start; one elsewhere as long as its count
    of signs of life changes. A server is never dead to itself.
    """

    def __init__(self) -> None:
        self._seen: dict[str, tuple[float, float]] = {}  # the count, and when this process first saw it

    def living(self, connection: Connection, own: str) -> list[str]:
        """List the servers that live, one's own included."""
        servers = connection.execute(select(schema.servers)).all()
        self._seen = {server.id: self._first_sight(server) for server in servers}
        return [own, *(server.id for server in servers if server.id != own and self._is_alive(server))]

    def _first_sight(self, server: Row) -> tuple[float, float]:
        known = self._seen.get(server.id)
        return known if known and known[0] == server.seen else (server.seen, time.monotonic())

    def _is_alive(self, server: Row) -> bool:
        if server.host != process_space():
            return time.monotonic() - self._seen[server.id][1] <= LEASE_SECONDS
        # The number alone may meanwhile be another process'.
        began = process_began(server.process)
        return began is not None and abs(began - server.process_began) < 1


def process_space() -> str:
    """Name what numbers of processes are known in: this machine since its start or, of it, this container.

    Containers may share a machine's name, and machines may have the same.
    """
    boot, space = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")
    try:
        return f"{boot.read_text().strip()} {space.readlink()}"
    except OSError:  # no Linux
        return platform.node()


def process_began(process: int) -> float | None:
    """Return when a process beside this one began; None where there is none, or it has ended.

    On Linux it is counted in seconds from the machine's start, which no setting of the clock changes;
    elsewhere the system keeps the time of day that it once noted.
    """
    stat = Path(f"/proc/{process}/stat")
    try:
        if Path("/proc/self/stat").exists():
            # The name, in brackets, may hold anything.
            state, *numbers = stat.read_text().rpartition(")")[2].split()
            # One that was killed keeps its number until whoever started it asks what became of it.
            return None if state in _ENDED else int(numbers[18]) / os.sysconf("SC_CLK_TCK")
        found = psutil.Process(process)
        return None if found.status() == psutil.STATUS_ZOMBIE else found.create_time()
    except (FileNotFoundError, ProcessLookupError, psutil.NoSuchProcess):
        return None


def register(connection: Connection) -> str:
    """Enter this process as a server → its id."""
    server = secrets.token_hex(16)
    renew_lease(connection, server)
    return server


def renew_lease(connection: Connection, server: str) -> None:
    """Give a sign of life; who was taken for dead is entered again."""
    servers = schema.servers.c
    seen = connection.execute(
        update(schema.servers).where(servers.id == server).values(seen=servers.seen + 1)
    )
    if not seen.rowcount:
        connection.execute(
            insert(schema.servers).values(
                id=server,
                host=process_space(),
                process=os.getpid(),
                process_began=process_began(os.getpid()),
                seen=0,
            )
        )


def release(connection: Connection, server: str) -> None:
    """Take a server out that stops; its runs wait for the one that comes next."""
    runs = schema.runs.c
    connection.execute(delete(schema.servers).where(schema.servers.c.id == server))
    connection.execute(
        update(schema.runs)
        .where(runs.status.in_(ACTIVE), runs.server == server)
        .values(status="waiting", revision=runs.revision + 1)
    )


def adopt_orphans(connection: Connection, server: str, living: list[str]) -> None:
    """Look after the runs and studies that no living server looks after, from now on."""
    runs = schema.runs.c
    connection.execute(delete(schema.servers).where(schema.servers.c.id.not_in(living)))
    active, studies = runs.status.in_(ACTIVE), schema.studies.c
    connection.execute(update(schema.runs).where(active, runs.server.not_in(living)).values(server=server))
    at_work = studies.status.in_(AT_WORK), studies.server.not_in(living)
    connection.execute(update(schema.studies).where(*at_work).values(server=server))
    # Its page made it and died before it submitted it.
    left = runs.server.is_(None) & (runs.created < time.time() - LEASE_SECONDS)
    connection.execute(
        update(schema.runs).where(active, left).values(**end_columns("interrupted", NEVER_SUBMITTED))
    )
