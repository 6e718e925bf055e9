"""What is said to a run while it goes on, in the order in which it was said."""

import threading
import time
from collections import deque

from components.training.events import Command, Stop


class CommandQueue:
    """A line of commands: any thread puts them in, the loop takes them out.

    Every command has a number of its own, which is no count: it only tells one from another. So a
    command that arrives twice counts once, and a run that starts again from a checkpoint knows which
    commands that checkpoint has seen already: keep `consumed` in the checkpoint, `skip` to it after.
    """

    def __init__(self) -> None:
        self.consumed = 0
        """number of the last command taken; 0 before the first"""
        self._queue: deque[tuple[int, Command]] = deque()
        self._numbers: set[int] = {0}
        self._stop_time: float | None = None
        self._changed = threading.Condition()

    def put(self, command: Command, number: int | None = None) -> None:
        """Add a command at the end, unless one of that number was added before.

        Args:
            command: what the run shall do.
            number: its own number, above 0 and below 2**63; None: any that is free.
        """
        with self._changed:
            if number is None:
                number = max(self._numbers) + 1
            if number in self._numbers:
                return
            self._numbers.add(number)
            self._queue.append((number, command))
            if isinstance(command, Stop) and self._stop_time is None:
                self._stop_time = time.monotonic()
            self._changed.notify()

    def take(self, timeout: float = 0) -> Command | None:
        """Take the oldest command, after waiting for one for at most `timeout` seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._queue, timeout):
                return None
            return self._pop()

    @property
    def stop_seconds(self) -> float | None:
        """Seconds for which Stop has waited to be taken; None where it doesn't wait."""
        with self._changed:
            return None if self._stop_time is None else time.monotonic() - self._stop_time

    def skip(self, consumed: int) -> None:
        """Drop the commands up to and including that number, as taken by an earlier execution.

        A number that isn't in the line belongs to an attempt that is over: nothing is dropped.
        """
        with self._changed:
            if any(number == consumed for number, _ in self._queue):
                while self.consumed != consumed:
                    self._pop()

    def _pop(self) -> Command:
        self.consumed, command = self._queue.popleft()
        if not any(isinstance(waiting, Stop) for _, waiting in self._queue):
            self._stop_time = None
        return command
