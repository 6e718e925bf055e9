"""Finished runs of a visitor, entered into the common server's store: training them would take minutes."""

from collections.abc import Sequence

import numpy as np
from playwright.sync_api import BrowserContext

from components.recipe import Forecast, Recipe, Sample, Training
from components.runs.artifacts import RunFiles
from components.runs.store import RunStore
from components.tasks.result_file import pack
from components.training.events import EpochEnd, Evaluation, Event, Status, Steps, TrainingStart
from components.ui.visitor import cookie_owner
from tests.charts import forecast_result as made
from tests.live_server import LiveServer

STEPS, EPOCHS = 200, 5
RECIPE = Recipe(
    dataset=Sample(name="sunspots"),
    task=Forecast(target="sunspots", window=22, horizon=5),
    training=Training(epochs=EPOCHS, patience=None),
)


def owner_of(context: BrowserContext) -> str:
    """Return the name of a browser that has been on a page."""
    return cookie_owner({cookie["name"]: cookie["value"] for cookie in context.cookies()})


def add_runs(server: LiveServer, owner: str, wanted: Sequence[tuple[str, Recipe, float]]) -> list[str]:
    """Enter a finished run for each title, recipe and mean absolute error, and return their ids."""
    home = server.log.parent
    store = RunStore(f"sqlite:///{home / 'runs.sqlite'}")
    ids = []
    for number, (title, recipe, error) in enumerate(wanted):
        run = store.add(recipe, owner, title)
        attempt = store.begin(run.id, "")
        RunFiles.of(str(home / "artifacts"), run.id).write(pack(made.result(error)), b"model")
        store.write([(run.id, attempt, event) for event in _events(error, seed=number)])
        ids.append(run.id)
    store.close()
    return ids


def _events(error: float, seed: int) -> list[Event]:
    loss = (error + np.exp(-np.arange(STEPS) / 30)) * np.random.default_rng(seed).gamma(9, 1 / 9, STEPS)
    numbers = tuple(loss.tolist())
    steps = Steps(
        first=1,
        losses=numbers,
        before=numbers,
        after=numbers,
        layers=(numbers,),
        learning_rate=0.001,
        seconds=4.0,
    )
    ends = [
        EpochEnd(
            epoch=epoch,
            step=epoch * STEPS // EPOCHS,
            training=error + 1 / epoch,
            validation=error + 1 / epoch,
            best=True,
        )
        for epoch in range(1, EPOCHS + 1)
    ]
    evaluation = Evaluation(
        measure="mean absolute error",
        model=error,
        rule=3.0,
        rule_name="Last value",
        larger_is_better=False,
        won=error < 3,
        relative_error=error / 3,
        scores={"mae": error},
    )
    start = TrainingStart(parameters=99, layers=("lstm_1",), steps_per_epoch=STEPS // EPOCHS, clip=1.0)
    return [start, Status(status="running"), steps, *ends, evaluation, Status(status="finished")]
