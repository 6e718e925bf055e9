"""What one run may use before it has to end, and the watch on it."""

import os
import time
from dataclasses import dataclass

import psutil

from components.errors import LimitError


@dataclass(frozen=True)
class Limits:
    """The server's grant to a run."""

    seconds: float
    """longest that it may go on"""
    memory: int
    """most memory, in bytes, that the process it runs in may hold"""
    pause_seconds: float
    """longest that it may hold its worker while paused"""
    checkpoint_bytes: int = 2**30
    """that its checkpoints may take together, the newest apart"""


class Budget:
    """What a run has used of its limits since it began. Its clock stands still while the run is paused.

    Args:
        limits: what it may use.
    """

    def __init__(self, limits: Limits):
        self.limits = limits
        self._start_time, self._pause_time = time.monotonic(), 0.0
        self._is_paused = False
        self._process = psutil.Process(os.getpid())

    def pause(self) -> None:
        """Stop the clock."""
        if not self._is_paused:
            self._is_paused, self._pause_time = True, time.monotonic()

    def resume(self) -> None:
        """Let the clock go on."""
        if self._is_paused:
            self._is_paused = False
            self._start_time += time.monotonic() - self._pause_time

    @property
    def paused_seconds(self) -> float:
        """Seconds since the clock was stopped; 0 while it goes."""
        return time.monotonic() - self._pause_time if self._is_paused else 0.0

    @property
    def seconds(self) -> float:
        """Seconds that were used."""
        return time.monotonic() - self._start_time - self.paused_seconds

    def excess(self) -> LimitError | None:
        """Return which limit was reached; None where none was."""
        if self.seconds > self.limits.seconds:
            return LimitError(
                f"This run reached the time limit of {self.limits.seconds:.0f} seconds.",
                remedy="Press Resume to continue from where it stopped, or train a smaller model.",
            )
        if self._process.memory_info().rss > self.limits.memory:
            return LimitError(
                f"This run needs more memory than its limit of {self.limits.memory / 2**30:.1f} GB.",
                remedy="Choose a smaller batch, a shorter window or fewer units.",
            )
        return None

    def check(self) -> None:
        """Hold the limits.

        Raises:
            LimitError: if one was reached.
        """
        excess = self.excess()
        if excess is not None:
            raise excess
