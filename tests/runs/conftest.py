from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from components.runs.store import RunStore
from components.training.events import Event
from tests.runs.sample_events import RECIPE


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/a folder/runs.sqlite"


@pytest.fixture
def store(url: str) -> Iterator[RunStore]:
    store = RunStore(url)
    yield store
    store.close()


@pytest.fixture
def server(store: RunStore) -> str:
    return store.register_server()


@pytest.fixture
def run_id(store: RunStore, server: str) -> str:
    """A run that is submitted."""
    run_id = store.add(RECIPE, "ann", "Toys").id
    store.begin(run_id, server)
    return run_id


@pytest.fixture
def say(store: RunStore, run_id: str) -> Callable[..., None]:
    """Write messages of the run's own attempt."""
    attempt = store.run(run_id).attempt

    def _say(*messages: Event) -> None:
        store.write([(run_id, attempt, message) for message in messages])

    return _say
