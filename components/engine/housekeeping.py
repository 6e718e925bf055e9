"""The housekeeping of a server: a thread that deletes, now and then, what is old or too much."""

import logging
import threading

from components.runs.retention import delete_old
from components.runs.store import RunStore
from components.settings import Settings

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_DELETIONS = 600.0


class Housekeeping:
    """Deletes what a server keeps no longer, until it is closed.

    Args:
        store: of the runs.
        settings: how much is kept, and for how long.
    """

    def __init__(self, store: RunStore, settings: Settings):
        self._store, self._settings = store, settings
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Delete no more."""
        self._closing.set()

    def _run(self) -> None:
        while not self._closing.wait(SECONDS_BETWEEN_DELETIONS):
            try:
                kept = self._settings
                gone = delete_old(self._store, kept.artifacts, kept.keep_days, kept.disk)
            except Exception:
                logger.exception("What is old can't be deleted")
            else:
                if gone:
                    logger.info("%d runs and files were deleted, the oldest first", gone)
