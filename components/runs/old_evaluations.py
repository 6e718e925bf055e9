"""Runs that were measured before their store noted what they came to: read once from their results."""

from collections.abc import Sequence
from dataclasses import replace

from components.errors import UnrollError
from components.runs.artifacts import RunFiles
from components.runs.catalog import CatalogEntry
from components.runs.store import RunStore
from components.tasks import task_of
from components.tasks.evaluation import evaluation
from components.tasks.result_file import unpack


def with_evaluations(
    store: RunStore, artifacts: str, entries: Sequence[CatalogEntry]
) -> tuple[CatalogEntry, ...]:
    """Return entries with what they came to, also where only their results know it, and note that.

    Args:
        store: where runs are kept.
        artifacts: URL of the folder with a folder for each run.
        entries: of the store.
    """
    return tuple(_with_evaluation(store, artifacts, entry) for entry in entries)


def _with_evaluation(store: RunStore, artifacts: str, entry: CatalogEntry) -> CatalogEntry:
    if entry.evaluation is not None or entry.status != "finished":
        return entry
    task = task_of(entry.recipe)
    try:
        result = unpack(RunFiles.of(artifacts, entry.id).result(), task.result_class)
    except (FileNotFoundError, UnrollError):  # nothing is left, or by a version that measured otherwise
        return entry
    found = evaluation(task, result)
    store.catalog.set_evaluation(entry.id, found)
    return replace(entry, evaluation=found)
