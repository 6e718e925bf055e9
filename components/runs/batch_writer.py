"""The writer: takes what runs say, from any thread, and brings it to the store a few at a time."""

import logging
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from components.errors import StorageError
from components.runs.store import RunStore
from components.training.events import Event, event_adapter

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_BATCHES = 0.1
"""Seconds between two transactions, so that many runs cost no more of them than one."""
HEARTBEAT_SECONDS = 5.0
"""Seconds between two signs of life of this server."""
RETRY_SECONDS = 1.0
"""Seconds to wait before asking again a database that doesn't answer."""

SECONDS_TO_FLUSH = 5.0
"""Longest that is waited for a database that doesn't answer."""

RawEvents = tuple[str, str, Sequence[Event | dict[str, Any]]]
ParsedEvent = tuple[str, str, Event]


class BatchWriter:
    """Writes messages to the store in a thread of its own, and tells the store that this server lives.

    Args:
        store: where to.
        server: this server's id in the store.
    """

    def __init__(self, store: RunStore, server: str):
        self._store, self._server = store, server
        self._queue: queue.SimpleQueue[RawEvents | threading.Event | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def put(self, run_id: str, attempt: str, said: Sequence[Event | dict[str, Any]]) -> None:
        """Take what an attempt at a run said: messages, or what became of them on their way."""
        self._queue.put((run_id, attempt, said))

    def flush(self) -> None:
        """Wait until what was put before now is in the store, or can't be brought there soon."""
        written = threading.Event()
        self._queue.put(written)
        written.wait(SECONDS_TO_FLUSH)

    def close(self) -> None:
        """Write what is left, then end."""
        self._closing.set()
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        beaten = time.monotonic()
        while True:
            batch, waiting, is_last = self._take_batch(beaten + HEARTBEAT_SECONDS - time.monotonic())
            if batch:
                self._write([message for said in batch for message in _parse(said)])
            for written in waiting:
                written.set()
            if time.monotonic() - beaten > HEARTBEAT_SECONDS:
                beaten = time.monotonic()
                self._renew_lease()
            if is_last:
                return
            self._closing.wait(SECONDS_BETWEEN_BATCHES if batch else 0)

    def _take_batch(self, timeout: float) -> tuple[list[RawEvents], list[threading.Event], bool]:
        """Wait for the next messages; return who waits until they are kept, and whether they are the last."""
        batch, waiting = list[RawEvents](), list[threading.Event]()
        try:
            said = self._queue.get(timeout=max(0.0, timeout))
            while said is not None:
                if isinstance(said, threading.Event):
                    waiting.append(said)
                else:
                    batch.append(said)
                said = self._queue.get_nowait()
        except queue.Empty:
            return batch, waiting, False
        return batch, waiting, True

    def _write(self, batch: list[ParsedEvent]) -> None:
        while True:
            try:
                return self._store.write(batch)
            except StorageError:
                logger.exception("The store of runs doesn't answer")
                if self._closing.wait(RETRY_SECONDS):
                    return None
            except Exception:
                logger.exception("The store of runs refuses what it was given")
                return self._write_one_by_one(batch)

    def _write_one_by_one(self, batch: list[ParsedEvent]) -> None:
        """Save what can be saved of a batch with something impossible in it."""
        for understood in batch:
            try:
                self._store.write([understood])
            except Exception:
                logger.error("Left out of run %s: %r", understood[0], understood[2].kind)

    def _renew_lease(self) -> None:
        try:
            self._store.renew_lease(self._server)
        except (SQLAlchemyError, StorageError):
            logger.exception("The store of runs doesn't answer")


def _parse(said: RawEvents) -> Iterator[ParsedEvent]:
    run_id, attempt, sayings = said
    for saying in sayings:
        try:
            yield run_id, attempt, event_adapter.validate_python(saying)
        except ValidationError:
            logger.exception("Run %s said what nobody understands; it is left out", run_id)
