"""Finished runs that come with Unroll: runs of nobody, which everybody may see and nobody can change.

Each is a file of `components/runs/shelf_files/`, called by the key of its experiment. A server puts them into
its store beside all else that it does when it starts. From then on they are runs like all others, whose owner
no visitor is. `make shelf` makes the files.
"""

import logging
import threading
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from components.errors import UnrollError
from components.runs.artifacts import RunFiles
from components.runs.run_archive import RunArchive, unpack_archive
from components.runs.store import RunStore

SHELF_OWNER = "shelf"
"""Whose these runs are. A visitor is 32 hexadecimal digits."""
SHELF_FILES = Path(__file__).parent / "shelf_files"
SUFFIX = ".run"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ShelfRun:
    """A finished run that comes with Unroll.

    Attributes:
        key: of the experiment that it is of.
        id: of the run, the same on every server; another content has another.
        path: of its file.
    """

    key: str
    id: str
    path: Path

    def archive(self) -> RunArchive:
        """Read it."""
        return unpack_archive(self.path.read_bytes())


@cache
def shelf() -> dict[str, ShelfRun]:
    """Return the runs that come with Unroll, by the keys of their experiments."""
    return {
        path.stem: ShelfRun(path.stem, sha256(path.read_bytes()).hexdigest()[:32], path)
        for path in sorted(SHELF_FILES.glob(f"*{SUFFIX}"))
    }


class ShelfStock:
    """Puts the runs that come with Unroll into a store that hasn't got them.

    Args:
        store: of the runs.
        artifacts: URL of the folder with a folder for each run.
    """

    def __init__(self, store: RunStore, artifacts: str):
        self._store, self._artifacts = store, artifacts
        self._stocked = set[str]()
        self._is_full = self._closed = False
        # One a run: who waits for his waits for no other.
        self._locks: dict[str, threading.Lock] = {}

    def fill(self) -> None:
        """Put in all of them; let those of earlier versions grow old.

        Raises:
            StorageError: if the store can't be written to.
            OSError: if a file can't be.
        """
        if self._is_full:
            return
        for run in shelf().values():
            self._put(run)
        if not self._closed:
            self._store.pin_only(SHELF_OWNER, [run.id for run in shelf().values()])
            self._is_full = True

    def require(self, run_id: str) -> None:
        """Put in a run that somebody asks for before its turn; a server whose disk is full does without."""
        wanted = next((run for run in shelf().values() if run.id == run_id), None)
        if wanted is None or self._is_full:
            return
        try:
            self._put(wanted)
        except (UnrollError, OSError):
            logger.exception("A finished run that comes with Unroll can't be stored")

    def close(self) -> None:
        """Put in no more."""
        self._closed = True
        for lock in list(self._locks.values()):
            with lock:  # what is just being put in comes to its end
                pass

    def _put(self, run: ShelfRun) -> None:
        with self._locks.setdefault(run.id, threading.Lock()):
            if self._closed or run.id in self._stocked:
                return
            files = RunFiles.of(self._artifacts, run.id)
            if not (self._store.has(run.id) and files.has_result()):
                archive = run.archive()
                for name, content in archive.files.items():
                    files.folder.write(name, content)
                self._store.add_finished(
                    run.id, SHELF_OWNER, archive.title, archive.recipe, archive.created, archive.events
                )
            self._stocked.add(run.id)
