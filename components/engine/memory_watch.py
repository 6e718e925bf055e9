"""What a worker notes of its memory, so that a run that it died of for want of memory isn't tried again.

Whoever ends a process that takes too much, the nanny or the system, does so without a word. So as soon as a
process nears its limit it leaves a mark beside what it works on, and takes it away when that is over or the
memory is free again. Who is to try again and finds the mark knows what became of the one before.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

from components.errors import LimitError, StorageError
from components.storage import Folder

NEAR = 0.9
"""Share of the limit from which a death is put down to memory."""
SECONDS_BETWEEN_LOOKS = 0.05
"""A process fills no tenth of a usual limit in that time."""

OUT_OF_MEMORY = "This run needs more memory than is available."
REMEDY = "Choose a smaller batch, a shorter window or fewer units."


@contextmanager
def memory_watch(folder: Folder, name: str, limit: int, is_retry: bool = True) -> Iterator[None]:
    """Keep a mark in a folder while this process is near its limit of memory.

    Args:
        folder: where the mark is left.
        name: of the mark: the same each time that the same is tried.
        limit: bytes that this process may hold.
        is_retry: whether it was tried before, and nobody has changed anything since.

    Raises:
        LimitError: if there is a mark already.
    """
    if folder.exists(name):
        folder.remove(name)
        if is_retry:
            raise LimitError(OUT_OF_MEMORY, remedy=REMEDY)
    process, over = psutil.Process(os.getpid()), threading.Event()

    def watch() -> None:
        is_marked = False
        while not over.wait(SECONDS_BETWEEN_LOOKS):
            is_near = process.memory_info().rss > NEAR * limit
            if is_near != is_marked:
                with suppress(OSError, StorageError):  # then it is tried again
                    folder.write(name, b"") if is_near else folder.remove(name)
                    is_marked = is_near

    watcher = threading.Thread(target=watch, name="memory", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
        with suppress(OSError):
            folder.remove(name)
