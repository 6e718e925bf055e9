"""Finished runs with their results, to be compared."""

from collections.abc import Callable
from typing import Any

import pytest

from components.recipe import Forecast, Recipe, Sample
from components.runs.artifacts import RunFiles
from components.runs.store import RunStore
from components.settings import settings
from components.tasks.result_file import pack
from components.training.events import Checkpoint, Status
from tests.ui.conftest import ME

RECIPE = Recipe(dataset=Sample(name="sunspots"), task=Forecast(target="sunspots", window=22, horizon=5))


@pytest.fixture
def put(store: RunStore) -> Callable[..., str]:
    """Enter a finished run, with a result where it has one, and return its id."""

    def add(title: str, recipe: Recipe = RECIPE, result: Any = None, owner: str = ME) -> str:
        run_id = store.add(recipe, owner, title).id
        attempt = store.begin(run_id, "here")
        if result is not None:
            RunFiles.of(settings().artifacts, run_id).write(pack(result), b"model")
        ends = (Checkpoint(step=40, epoch=2), Status(status="finished"))
        store.write([(run_id, attempt, end) for end in ends])
        return run_id

    return add
