"""What is kept and for how long: runs, and the files that they learn from, go when they are old or many.

The oldest go first. A run that goes on and a run that is pinned stay, and so does each file that a run which
stays learns from.
"""

import re
import time
from dataclasses import dataclass

from components.runs.artifacts import RunFiles
from components.runs.store import RunStore
from components.storage import Entry, Folder

DATA_FOLDERS = ("uploads", "fetched", "quotes")
"""Folders, beside that of the runs, of files that datasets are read from."""
_DAY = 86400.0
_YOUNG_SECONDS = 3600.0  # a file that was just written may belong to a run that isn't in the store yet
_ID_LENGTH = 32  # of a fetched file's hash, its id is the beginning
_ID = re.compile(rf"[0-9a-f]{{{_ID_LENGTH}}}")


@dataclass(frozen=True)
class _Candidate:
    """Something that may go: a run or a file of data."""

    folder: str
    name: str
    age: float
    bytes: int


def delete_old(store: RunStore, artifacts: str, keep_days: float, disk: int) -> int:
    """Delete what is older than so many days, and then the oldest until all of it fits → how many went.

    Args:
        store: of the runs.
        artifacts: URL of the folder of all that is kept.
        keep_days: for how long.
        disk: bytes that may be kept.
    """
    root, now = Folder(artifacts), time.time()
    store.studies.delete_old(now - keep_days * _DAY)
    total = sum(entry.bytes for name in ("runs", *DATA_FOLDERS) for entry in root.folder(name).entries())
    gone = 0
    while True:
        # Anew each time: with a run goes what held its data.
        oldest = max(_candidates(store, root, now), key=lambda one: one.age, default=None)
        if oldest is None or (oldest.age <= keep_days * _DAY and total <= disk):
            return gone
        if oldest.folder == "runs":
            if oldest.name in store.ids():
                store.delete(oldest.name)
            root.folder("runs").folder(oldest.name).remove_all()
        else:
            delete_data(store, artifacts, oldest.folder, oldest.name)
        total, gone = total - oldest.bytes, gone + 1


def delete_run(store: RunStore, artifacts: str, run_id: str) -> None:
    """Delete a run that is over: its rows, and all of its files."""
    store.delete(run_id)
    RunFiles.of(artifacts, run_id).folder.remove_all()


def delete_due(store: RunStore, artifacts: str) -> None:
    """Delete the runs whose deletion can't be undone any more."""
    for run_id in store.catalog.due_deletions():
        delete_run(store, artifacts, run_id)


def delete_data(store: RunStore, artifacts: str, folder: str, name: str) -> None:
    """Delete a file of data, and that it is somebody's."""
    Folder(artifacts).folder(folder).remove(name)
    store.forget_upload(name[:_ID_LENGTH])


def delete_file(store: RunStore, artifacts: str, upload_id: str) -> None:
    """Delete a file that a visitor brought or had fetched, wherever it is kept."""
    for folder in ("uploads", "fetched"):
        for entry in Folder(artifacts).folder(folder).entries():
            if entry.name[:_ID_LENGTH] == upload_id:
                delete_data(store, artifacts, folder, entry.name)
    store.forget_upload(upload_id)


def _candidates(store: RunStore, root: Folder, now: float) -> list[_Candidate]:
    """List what may go: runs, and files that no run which is kept learns from."""
    entries = {entry.name: entry for entry in root.folder("runs").entries()}
    sizes = {name: entry.bytes for name, entry in entries.items()}
    old, known = store.disposable_runs(), store.ids()
    found = [_Candidate("runs", run_id, now - moment, sizes.get(run_id, 0)) for run_id, moment in old]
    # What is left of runs that are gone, such as a fold that outlived its run.
    found += [
        _Candidate("runs", name, now - entry.modified, entry.bytes)
        for name, entry in entries.items()
        if name not in known and _is_settled(entry, now)
    ]
    needed = {name for recipe in (*store.recipes(), *store.studies.plans()) for name in _ID.findall(recipe)}
    for folder in DATA_FOLDERS:
        for entry in root.folder(folder).entries():
            if not needed.intersection(_ID.findall(entry.name)) and _is_settled(entry, now):
                found.append(_Candidate(folder, entry.name, now - entry.modified, entry.bytes))
    return found


def _is_settled(entry: Entry, now: float) -> bool:
    return now - entry.modified > _YOUNG_SECONDS
