"""The queue of a process's threads that want to write to one database."""

import threading
from collections import deque

from components.errors import StorageError


class WriteQueue:
    """Lets one thread write at a time; whoever has waited longest is next.

    A `threading.Lock`, like that of SQLite's file, may go to whoever comes by just as it is free, and a
    thread that waits be passed again and again.

    Attributes:
        patience: seconds that a thread waits for its turn.

    Raises:
        StorageError: from `with`, if its turn doesn't come.

    Example:
        >>> with WriteQueue(patience=1.0):
        ...     print("alone")
        alone
    """

    def __init__(self, patience: float):
        self.patience = patience
        self._changing = threading.Lock()
        self._is_writing = False
        self._waiting = deque[threading.Event]()

    def __enter__(self) -> None:
        with self._changing:
            if not self._is_writing:
                self._is_writing = True
                return
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(self.patience):
            return
        with self._changing:
            if turn.is_set():  # it came just now
                return
            self._waiting.remove(turn)
        raise StorageError("The database of runs is busy.", remedy="Try again in a moment.")

    def __exit__(self, *_error: object) -> None:
        with self._changing:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_writing = False
