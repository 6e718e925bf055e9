"""A run's folder as one attempt may write to it: until another attempt at the same run has begun."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Self

from components.errors import RunError
from components.storage import Folder

_TOKEN = "attempt"


class AttemptFolder(Folder):
    """A run's folder. A worker that nobody hears any more may go on for long; it must not write to what is
    another's by now.

    Args:
        url: of the run's folder.
        attempt: token of the attempt.
    """

    def __init__(self, url: str, attempt: str):
        super().__init__(url)
        self._attempt = attempt

    def claim(self) -> None:
        """Make this attempt the one that may write, and drop what an earlier one left half written."""
        self.remove_unfinished()
        with super()._atomic_write(_TOKEN) as file:
            file.write(self._attempt.encode())

    def folder(self, name: str) -> Self:
        """Return the folder of that name inside this one, for the same attempt."""
        return type(self)(f"{self.url}/{name}", self._attempt)

    @contextmanager
    def _atomic_write(self, name: str) -> Iterator[BinaryIO]:
        """Write a file.

        Raises:
            RunError: if another attempt has begun.
        """
        if self.read(_TOKEN) != self._attempt.encode():
            raise RunError("Another worker goes on with this run.")
        with super()._atomic_write(name) as file:
            yield file
