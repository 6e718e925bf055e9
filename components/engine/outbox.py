"""What a run says, on its way to the app: many messages in one letter."""

import threading
import time
from collections.abc import Callable
from typing import Any

from components.training.events import Event, Status

SECONDS_BETWEEN_BATCHES = 0.1
"""Seconds between two letters, where nothing is urgent."""


class Outbox:
    """Sends messages on, many at a time: many small letters would cost the scheduler more than few long ones.

    Args:
        send: takes messages as plain dictionaries. Called from more than one thread, but never twice at once.
    """

    def __init__(self, send: Callable[[list[dict[str, Any]]], None]):
        self.end: Status | None = None
        """the message that the run is over, once it was put"""
        self._send, self._said = send, list[dict[str, Any]]()
        self._lock, self._sent = threading.Lock(), 0.0
        self._later: threading.Timer | None = None

    def put(self, message: Event) -> None:
        """Take a message. It is sent at once, save steps: they wait if a letter went out just before."""
        with self._lock:
            self._said.append(message.model_dump())
            if isinstance(message, Status) and message.status not in ("running", "paused"):
                self.end = message
            wait = self._sent + SECONDS_BETWEEN_BATCHES - time.monotonic()
            if wait <= 0 or message.kind != "steps":
                self._flush()
            elif self._later is None:
                self._later = threading.Timer(wait, self.close)
                self._later.daemon = True
                self._later.start()

    def close(self) -> None:
        """Send what is left."""
        with self._lock:
            self._flush()

    def _flush(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None
        if self._said:
            self._send(self._said)
            self._said, self._sent = [], time.monotonic()
