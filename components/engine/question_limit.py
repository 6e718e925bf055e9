"""How many questions each visitor has asked the workers within the last minute."""

import threading
import time
from collections import deque
from collections.abc import Callable

from components.errors import LimitError

MINUTE = 60.0


class QuestionLimit:
    """Counts questions, and refuses those that are too many.

    Args:
        most: that a visitor may ask within a minute.
        clock: tells the seconds.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic):
        self._most, self._clock = most, clock
        self._asked: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def count(self, visitor: str) -> None:
        """Count a question.

        Raises:
            LimitError: if it is one too many.
        """
        with self._lock:
            recent = self._recent(visitor)
            if len(recent) >= self._most:
                wait = MINUTE - (self._clock() - recent[0])
                raise LimitError(
                    f"You have asked {self._most} questions within a minute, the most that a "
                    "visitor can ask.",
                    remedy=f"Try again in {wait:.0f} seconds.",
                )
            self._asked.setdefault(visitor, recent).append(self._clock())

    def left(self, visitor: str) -> int:
        """Return how many more a visitor may ask now."""
        with self._lock:
            return self._most - len(self._recent(visitor))

    def _recent(self, visitor: str) -> deque[float]:
        """Return when a visitor asked within the last minute, and forget everybody who didn't."""
        begin = self._clock() - MINUTE
        for name in [name for name, asked in self._asked.items() if asked[-1] <= begin]:
            del self._asked[name]
        recent = self._asked.get(visitor, deque())
        while recent and recent[0] <= begin:
            recent.popleft()
        return recent
