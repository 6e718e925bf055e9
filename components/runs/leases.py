"""Which server looks after which runs, and what becomes of a dead one's."""

import os
import platform
import secrets
import time
from typing import Any

import psutil
from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from components.runs import schema
from components.runs.event_writer import ACTIVE, end_columns

LEASE_SECONDS = 60.0
"""Seconds after which a server on another machine that gave no sign of life counts as dead."""

INTERRUPTION_REASON = "The server stopped during this run. Press Resume to continue from the last checkpoint."


def register(connection: Connection) -> str:
    """Enter this process as a server → its id."""
    server = secrets.token_hex(16)
    renew_lease(connection, server)
    return server


def renew_lease(connection: Connection, server: str) -> None:
    """Give a sign of life; who was taken for dead is entered again."""
    own = schema.servers.c.id == server
    seen = connection.execute(update(schema.servers).where(own).values(seen=time.time()))
    if not seen.rowcount:
        connection.execute(
            insert(schema.servers).values(
                id=server,
                host=platform.node(),
                process=os.getpid(),
                process_began=psutil.Process().create_time(),
                seen=time.time(),
            )
        )


def release(connection: Connection, server: str) -> None:
    """Take a server out, and interrupt the runs that it looked after."""
    connection.execute(delete(schema.servers).where(schema.servers.c.id == server))
    interrupt_orphans(connection)


def interrupt_orphans(connection: Connection) -> None:
    """Mark as interrupted the runs that no living server looks after."""
    runs = schema.runs.c
    alive = [server.id for server in connection.execute(select(schema.servers)) if _is_alive(server)]
    connection.execute(delete(schema.servers).where(schema.servers.c.id.not_in(alive)))
    orphaned = or_(
        runs.server.not_in(alive),
        # Its page made it and died before it submitted it.
        runs.server.is_(None) & (runs.created < time.time() - LEASE_SECONDS),
    )
    connection.execute(
        update(schema.runs)
        .where(runs.status.in_(ACTIVE), orphaned)
        .values(**end_columns("interrupted", INTERRUPTION_REASON))
    )


def _is_alive(server: Row[Any]) -> bool:
    if server.host != platform.node():
        return server.seen > time.time() - LEASE_SECONDS
    try:
        # The number alone may meanwhile be another process'.
        return abs(psutil.Process(server.process).create_time() - server.process_began) < 1
    except psutil.NoSuchProcess:
        return False
