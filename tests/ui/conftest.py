"""The pages without a server: Streamlit's own test bench, a store of runs, an engine that only notes."""

import gc
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from shutil import copy
from typing import Any, Generic, TypeVar

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from components.data.datasets import Dataset
from components.engine import engine as engine_of_process
from components.engine.engine import ExtraTrainingStatus
from components.runs.catalog import RunLabels
from components.runs.shelf import ShelfStock, shelf
from components.runs.store import Run, RunStore
from components.runs.studies import StoredStudy
from components.settings import settings
from components.studies import Search, Sweep
from components.training.attempt_start import Aim
from components.training.events import Command
from components.ui.account import cookie_notice
from components.ui.visitor import COOKIE

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]
SECRET = "5e" * 32
"""What the visitor's cookie would hold."""
ME, ANOTHER = sha256(SECRET.encode()).hexdigest()[:32], "b" * 32

_packaged_components = cache(manifest_scanner.scan_component_manifests)


@dataclass
class FakeKeeper:
    """Enters studies, and notes what it is told to do with them."""

    store: RunStore
    asked: list[tuple[str, str]] = field(default_factory=list)

    def start(self, plan: Sweep | Search, title: str, visitor: str, dataset: Dataset) -> StoredStudy:
        return self.store.studies.add(plan, visitor, title, None)

    def stop(self, study_id: str, visitor: str) -> None:
        self.asked.append(("stop", study_id))
        self.store.studies.set_status(study_id, "stopped")

    def resume(self, study_id: str, visitor: str) -> None:
        self.asked.append(("resume", study_id))
        self.store.studies.set_status(study_id, "running")

    def conclude(self, study_id: str, visitor: str) -> None:
        self.asked.append(("conclude", study_id))

    def delete(self, study_id: str, visitor: str) -> None:
        self.store.studies.delete(study_id)


class NoShelf:
    """Puts nothing into the store: a test says by itself whether it holds the runs that come with Unroll."""

    def require(self, run_id: str) -> None:
        pass


@dataclass
class AnsweredQuestion(Generic[T]):
    """A question that was answered at once."""

    said: T
    is_over: bool = True

    def answer(self) -> T:
        return self.said

    def withdraw(self) -> None:
        self.is_over = True


@dataclass
class FakeEngine:
    """Notes what it is told to do, and answers for its workers."""

    store: RunStore
    submitted: list[Run] = field(default_factory=list)
    evaluated: list[Run] = field(default_factory=list)
    together: list[tuple[Run, ...]] = field(default_factory=list)
    begun: dict[str, list[Any]] = field(default_factory=dict)
    sent: list[tuple[str, Command]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.studies = FakeKeeper(self.store)
        self.shelf = NoShelf()

    def submit(
        self,
        run: Run,
        visitor: str,
        aim: Aim = "whole",
        dataset: Dataset | None = None,
    ) -> None:
        (self.evaluated if aim == "evaluate" else self.submitted).append(run)

    def submit_group(self, runs: Sequence[Run], visitor: str, datasets: Sequence[Dataset] = ()) -> None:
        self.together.append(tuple(runs))

    def submit_extra_trainings(
        self,
        run_id: str,
        name: str,
        jobs: Sequence[tuple[Callable[..., None], tuple[Any, ...]]],
        visitor: str,
    ) -> None:
        self.begun[f"{run_id}/{name}"] = list(jobs)

    def extra_training_status(self, run_id: str, name: str) -> ExtraTrainingStatus | None:
        jobs = self.begun.get(f"{run_id}/{name}")
        return None if jobs is None else ExtraTrainingStatus(len(jobs), ())

    def cancel_extra_trainings(self, run_id: str, name: str, visitor: str) -> None:
        del self.begun[f"{run_id}/{name}"]

    def control(self, run_id: str, command: Command, visitor: str) -> None:
        self.sent.append((run_id, command))

    def ask(
        self, function: Callable[..., T], *args: Any, timeout: float = 30, visitor: str | None = None
    ) -> T:
        return function(*args)

    def ready(self) -> bool:
        return True

    def workers(self) -> int:
        return 2

    def question(self, function: Callable[..., T], *args: Any, **rest: Any) -> "AnsweredQuestion[T]":
        return AnsweredQuestion(self.ask(function, *args))

    def questions_left(self, visitor: str) -> int:
        return 100

    def pin(self, run_id: str, pinned: bool, visitor: str) -> None:
        self.store.pin(run_id, pinned)

    def set_labels(self, labels: Mapping[str, RunLabels], visitor: str) -> None:
        self.store.catalog.set_labels(labels)

    def delete_runs(self, run_ids: Sequence[str], visitor: str) -> None:
        self.store.catalog.set_deleted(run_ids, True)

    def restore_runs(self, run_ids: Sequence[str], visitor: str) -> None:
        self.store.catalog.set_deleted(run_ids, False)

    def delete_collection(self, collection_id: str, visitor: str) -> None:
        self.store.catalog.drop_collection(collection_id)

    def delete_upload(self, upload_id: str, visitor: str) -> None:
        self.store.forget_upload(upload_id)


@pytest.fixture(scope="module", autouse=True)
def app_process() -> Iterator[None]:
    """Be like the process that draws pages: without TensorFlow, and small.

    After each run of a script Streamlit clears Keras' state, if it finds Keras, and looks through all
    that lives in the process for what is no longer used. Before each test bench it looks through all packages
    that are installed for components: once is enough.
    """
    gc.collect()
    gc.freeze()
    with pytest.MonkeyPatch.context() as patch:
        patch.delitem(sys.modules, "keras", raising=False)
        patch.setattr(manifest_scanner, "scan_component_manifests", _packaged_components)
        yield
    gc.unfreeze()


@pytest.fixture
def known_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be a browser with a cookie, which the test bench can't have."""
    monkeypatch.setattr(cookie_notice, "has_cookie", lambda: True)


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store without runs, to be copied: tables are slow to make on a disk."""
    made = tmp_path_factory.mktemp("store") / "runs.sqlite"
    RunStore(f"sqlite:///{made}").close()
    return made


@pytest.fixture(scope="session")
def stocked_store(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the finished runs that come with Unroll, to be copied."""
    made = Path(copy(empty_store, tmp_path_factory.mktemp("stocked")))
    store = RunStore(f"sqlite:///{made}")
    ShelfStock(store, settings().artifacts).fill()
    store.close()
    return made


@pytest.fixture
def shelf_runs() -> dict[str, str]:
    """The finished runs that come with Unroll, which the store then holds: their ids, by experiment."""
    return {key: run.id for key, run in shelf().items()}


@pytest.fixture
def store(tmp_path: Path, request: pytest.FixtureRequest) -> RunStore:
    made = "stocked_store" if "shelf_runs" in request.fixturenames else "empty_store"
    return RunStore(f"sqlite:///{copy(request.getfixturevalue(made), tmp_path)}")


@pytest.fixture
def engine(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    made = FakeEngine(store)
    monkeypatch.setattr(engine_of_process, "_instances", [made])
    return made


@pytest.fixture
def open_page(known_browser: None, engine: FakeEngine) -> Callable[..., AppTest]:
    """Open a page by its name, with what its address holds, as the first thing that a visitor does."""

    def open_it(name: str, **query: str) -> AppTest:
        bench = AppTest.from_file(str(ROOT / "components" / "ui" / "shell.py"), default_timeout=60)
        bench.session_state[COOKIE] = SECRET
        bench.switch_page(str(ROOT / "pages" / f"{name}.py"))
        for key, value in query.items():
            bench.query_params[key] = value
        return bench.run()

    return open_it


def page_text(bench: AppTest) -> str:
    """Return all that a page says in words."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "error", "warning", "info", "success")
    words = [str(element.value) for kind in kinds for element in bench.get(kind)]
    return "\n".join([*words, *(fold.label for fold in bench.expander)])
