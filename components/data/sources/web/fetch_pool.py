"""Threads for what is asked of the web, so that a host which doesn't answer holds up nothing else."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as PoolTimeoutError
from typing import TypeVar

from components.errors import DataError

T = TypeVar("T")

_WAITING_SECONDS = 15.0  # for others to be done


class FetchPool:
    """A few threads, each for one question at a time.

    Args:
        threads: how many.
        name: theirs, in the log.
    """

    def __init__(self, threads: int, name: str):
        self._threads = ThreadPoolExecutor(threads, name)

    def ask(self, question: Callable[[], T], seconds: float) -> T:
        """Ask something, and wait for the answer.

        Args:
            question: what is asked; it ends by itself in time.
            seconds: that it may take.

        Raises:
            DataError: if the question does, or too many others are being asked.
        """
        waiting = self._threads.submit(question)
        try:
            return waiting.result(seconds + _WAITING_SECONDS)
        except PoolTimeoutError:
            waiting.cancel()
            raise DataError(
                "Too many people are fetching at once.", remedy="Try again in a minute."
            ) from None
