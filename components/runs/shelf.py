"""Finished runs that come with Unroll: runs of nobody, which everybody may see and nobody can change.

Each is a file of `components/runs/shelf_files/`, called by the key of its experiment. A server puts them into
its store when it starts. From then on they are runs like all others, whose owner no visitor is. `make shelf`
makes the files.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from components.runs.artifacts import RunFiles
from components.runs.run_archive import RunArchive, unpack_archive
from components.runs.store import RunStore

SHELF_OWNER = "shelf"
"""Whose these runs are. A visitor is 32 hexadecimal digits."""
SHELF_FILES = Path(__file__).parent / "shelf_files"
SUFFIX = ".run"


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


def stock_shelf(store: RunStore, artifacts: str) -> None:
    """Put the runs that come with Unroll into a store that hasn't got them; let earlier versions' grow old.

    Args:
        store: of the runs.
        artifacts: URL of the folder with a folder for each run.
    """
    known = store.ids()
    for run in shelf().values():
        files = RunFiles.of(artifacts, run.id)
        if run.id in known and files.has_result():
            continue
        archive = run.archive()
        for name, content in archive.files.items():
            files.folder.write(name, content)
        store.add_finished(
            run.id, SHELF_OWNER, archive.title, archive.recipe, archive.created, archive.events
        )
    store.pin_only(SHELF_OWNER, [run.id for run in shelf().values()])
