"""Which server looks after which runs, and what becomes of a dead one's."""

import os
import platform
import secrets
import time
from typing import Any

import psutil
from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from components.runs import tables
from components.runs.scribe import ACTIVE, ending

SILENCE = 60.0
"""Seconds after which a server on another machine that gave no sign of life counts as dead."""

REASON = "The server stopped while this run was going on. Press Resume to go on from its last checkpoint."


def enter(connection: Connection) -> str:
    """Enter this process as a server → its id."""
    server = secrets.token_hex(16)
    beat(connection, server)
    return server


def beat(connection: Connection, server: str) -> None:
    """Give a sign of life; who was taken for dead is entered again."""
    own = tables.servers.c.id == server
    seen = connection.execute(update(tables.servers).where(own).values(seen=time.time()))
    if not seen.rowcount:
        connection.execute(
            insert(tables.servers).values(
                id=server,
                host=platform.node(),
                process=os.getpid(),
                process_began=psutil.Process().create_time(),
                seen=time.time(),
            )
        )


def leave(connection: Connection, server: str) -> None:
    """Take a server out, and interrupt the runs that it looked after."""
    connection.execute(delete(tables.servers).where(tables.servers.c.id == server))
    interrupt_orphans(connection)


def interrupt_orphans(connection: Connection) -> None:
    """Mark as interrupted the runs that no living server looks after."""
    runs = tables.runs.c
    alive = [server.id for server in connection.execute(select(tables.servers)) if _lives(server)]
    connection.execute(delete(tables.servers).where(tables.servers.c.id.not_in(alive)))
    orphaned = or_(
        runs.server.not_in(alive),
        # Its page made it and died before it submitted it.
        runs.server.is_(None) & (runs.created < time.time() - SILENCE),
    )
    connection.execute(
        update(tables.runs).where(runs.status.in_(ACTIVE), orphaned).values(**ending("interrupted", REASON))
    )


def _lives(server: Row[Any]) -> bool:
    if server.host != platform.node():
        return server.seen > time.time() - SILENCE
    try:
        # The number alone may meanwhile be another process'.
        return abs(psutil.Process(server.process).create_time() - server.process_began) < 1
    except psutil.NoSuchProcess:
        return False
