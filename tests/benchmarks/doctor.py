"""How often the training doctor is right, and whether what it prescribes helps.

The patients of `ward` are trained. Thresholds and order were set by some seeds; reported is what others give.
Every run goes into a store as in the app, and the doctor reads it from there. With the first seed of each
patient the remedy is trained as well. The better of the two is who does better on the validation set by the
weights that it keeps: forecasts by their mean absolute error in the data's own units, since a remedy may
scale otherwise, all else by the loss.
"""

import math
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import keras
import numpy as np

from components.data import load
from components.data.datasets import Dataset
from components.engine.gradient_probe import GradientProbe
from components.errors import RunError
from components.insight.doctor import Finding, Outcome, examine
from components.recipe import Forecast, Generated, Recipe, Training
from components.runs.doctor_case import read_case
from components.runs.store import RunStore
from components.storage import Folder
from components.tasks import task_of
from components.tasks.forecasting import evaluate as evaluating
from components.training.control import CommandQueue
from components.training.events import EpochEnd, Event, Status, Steps, TrainingStart
from components.training.limits import Budget, Limits
from components.training.loop import Loop
from components.training.session import Session
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.patients import SEED_VARIABILITY_RECIPES, SEED_VARIABILITY_SEEDS, Patient, patients

LIMITS = Limits(seconds=1200, memory=2**40, pause_seconds=60)
UNPROVEN = {"too good", "seed luck"}
"""Illnesses whose remedy makes no run better: it makes a score true, or tells more of it."""


_EPOCHS, _STEPS = 100, 100
_LONG = Recipe(
    dataset=Generated(name="sine"),
    task=Forecast(target="value"),
    training=Training(epochs=_EPOCHS, patience=None),
)


@dataclass(frozen=True)
class Treatment:
    """What came of a patient.

    Attributes:
        illness: that it has; empty where it is healthy.
        found: what the doctor says; empty where it says nothing.
        bar: how far off it is on the validation set; infinite where its loss stopped being a number.
        remedied: the same of the run of the remedy; None where there was none, or it wasn't tried.
    """

    name: str
    seed: int
    illness: str
    found: str
    bar: float
    remedied: float | None

    @property
    def is_better(self) -> bool:
        """Whether the remedy helped."""
        return self.remedied is not None and self.remedied < self.bar


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Yield precision and recall of each illness on the seeds kept apart, and how many remedies helped."""
    ward = patients(kept_apart=True)
    treated = list(ledger.pieces(Treatment, ward, treat, lambda one: f"{one.name}, {one.recipe.seed}"))
    moods = list(ledger.pieces(Mood, SEED_VARIABILITY_RECIPES, lambda name: feel(name, kept_apart=True)))
    yield _examination()
    if not ledger.is_cut_off:  # shares of a part of the ward would say little of the whole
        yield from figures(treated)
        yield from seed_variability_figures(moods)


def treat(patient: Patient) -> Treatment:
    """Train a patient, have it examined, and train what is prescribed for an illness that it has."""
    dataset = patient.dataset()
    finding, bar = examine_recipe(patient.recipe, dataset)
    illness = patient.otherwise if patient.otherwise and math.isfinite(bar) else patient.illness
    found = finding.key if finding else ""
    remedied = None
    if finding and finding.remedy and patient.is_first and found == illness and found not in UNPROVEN:
        _, remedied = examine_recipe(finding.remedy, dataset)
    return Treatment(patient.name, patient.recipe.seed, illness, found, bar, remedied)


def examine_recipe(recipe: Recipe, dataset: Dataset) -> tuple[Finding | None, float]:
    """Train a recipe and have the doctor look at it → what it finds, and how far off it is."""
    with tempfile.TemporaryDirectory() as place:
        store = RunStore(f"sqlite:///{Path(place) / 'runs.sqlite'}")
        trained = _train(store, place, recipe, dataset)
        finding = examine(read_case(store, store.run(trained.run), trained.outcome, dataset))
        store.close()
    return finding, trained.bar


@dataclass(frozen=True)
class Mood:
    """Whether luck plays a part in a recipe's runs, and whether the doctor says so."""

    name: str
    is_luck: bool
    is_called_luck: bool


def feel(name: str, kept_apart: bool) -> Mood:
    """Train a recipe with several seeds."""
    recipe, is_luck = SEED_VARIABILITY_RECIPES[name]
    with tempfile.TemporaryDirectory() as place:
        store = RunStore(f"sqlite:///{Path(place) / 'runs.sqlite'}")
        dataset = load(recipe.dataset, recipe.preparation)
        for seed in SEED_VARIABILITY_SEEDS[kept_apart]:
            trained = _train(store, place, recipe.model_copy(update={"seed": seed}), dataset)
        finding = examine(read_case(store, store.run(trained.run), trained.outcome, dataset))
        store.close()
    return Mood(name, is_luck, finding is not None and finding.key == "seed luck")


@dataclass(frozen=True)
class _TrainedRun:
    run: str
    outcome: Outcome | None
    bar: float


def _train(store: RunStore, place: str, recipe: Recipe, dataset: Dataset) -> _TrainedRun:
    """Train a recipe, and put all that it says into the store."""
    task = task_of(recipe)
    problem = task.prepare(recipe, dataset)
    built = task.build(recipe, problem)
    loop = Loop(built.model, problem, recipe)
    run = store.add(recipe, "a" * 32, "a patient")
    attempt = store.begin(run.id, "here")
    said: list[Event] = []
    outcome: Outcome | None = None
    try:
        kept = Folder(place).folder(run.id)
        Session(loop, said.append, CommandQueue(), kept, Budget(LIMITS), GradientProbe(loop, problem)).train()
        said.append(Status(status="finished"))
        loop.load_selected_weights()
        # Methods that are fitted take seconds, and the doctor goes by the simple rules alone.
        with patch.object(evaluating, "classical", lambda *_: ()):
            outcome = task.evaluate(problem, loop.outputs, built, loop.kept_epoch).outcome
    except RunError as error:
        said.append(Status(status="failed", reason=str(error)))
    store.write([(run.id, attempt, message) for message in said])
    bar = math.inf if outcome is None else _validation_error(recipe, loop, problem, store, run.id)
    keras.backend.clear_session()
    return _TrainedRun(run.id, outcome, bar)


def _validation_error(recipe: Recipe, loop: Loop, problem: Any, store: RunStore, run_id: str) -> float:
    """Return how far off the kept weights are on the validation set."""
    if isinstance(recipe.task, Forecast):
        rows = problem.origins(problem.validation)[:, None] + np.arange(1, recipe.task.horizon + 1)
        return float(np.abs(problem.raw[rows] - problem.forecasts(loop.outputs, problem.validation)).mean())
    losses = [end.validation for end in store.epochs(run_id)]
    return min(losses) if recipe.training.weights == "best" else losses[-1]


# --- What it comes to ------------------------------------------------------------------------------


def figures(treated: Sequence[Treatment]) -> Iterator[Measurement]:
    """Sum up."""
    for illness in sorted({one.illness for one in treated} - {""}):
        yield from _of_illness(illness, treated)
    called = [one for one in treated if one.found]
    sick = [one for one in treated if one.illness]
    healthy = [one for one in treated if not one.illness]
    right = sum(one.found == one.illness for one in sick)
    yield _share(f"precision, all {len(called)} runs called sick", right, len(called), 90)
    yield _share(f"recall, all {len(sick)} sick runs", right, len(sick), 85)
    false = sum(bool(one.found) for one in healthy)
    yield _share(f"healthy runs called sick, of {len(healthy)}", false, len(healthy), 2, "at most")
    tried = [one for one in treated if one.remedied is not None]
    better = sum(one.is_better for one in tried)
    yield _share(f"remedied runs that are better, of {len(tried)}", better, len(tried), 80)
    for illness in sorted({one.illness for one in tried}):
        some = [one for one in tried if one.illness == illness]
        helped = sum(one.is_better for one in some)
        yield _share(f"remedied runs that are better, {illness}, of {len(some)}", helped, len(some), 80)


def _of_illness(illness: str, treated: Sequence[Treatment]) -> Iterator[Measurement]:
    sick = [one for one in treated if one.illness == illness]
    called = [one for one in treated if one.found == illness]
    right = sum(one.illness == illness for one in called)
    if called:
        yield _share(f"precision, {illness}, {len(called)} called so", right, len(called), 90)
    yield _share(f"recall, {illness}, of {len(sick)}", right, len(sick), 85)


def seed_variability_figures(moods: Sequence[Mood]) -> Iterator[Measurement]:
    """Sum up who was told that luck plays a part."""
    called = [one.is_luck for one in moods if one.is_called_luck]
    lucky = [one.is_called_luck for one in moods if one.is_luck]
    yield _share(f"precision, seed luck, {len(called)} called so", sum(called), len(called), 90)
    yield _share(f"recall, seed luck, of {len(lucky)}", sum(lucky), len(lucky), 85)


def _share(name: str, part: int, whole: int, wanted: float, compared: str = "at least") -> Measurement:
    return Measurement.of(name, [100 * part / max(1, whole)], "%", compared, wanted)


def _examination() -> Measurement:
    """Time the reading and the examination of a long run, as a page makes them every few seconds."""
    times = []
    with tempfile.TemporaryDirectory() as place:
        store = RunStore(f"sqlite:///{Path(place) / 'runs.sqlite'}")
        run = store.add(_LONG, "a" * 32, "a long run")
        attempt = store.begin(run.id, "here")
        store.write([(run.id, attempt, message) for message in _long_story()])
        for _ in range(21):
            began = time.perf_counter()
            examine(read_case(store, store.run(run.id)))
            times.append(1000 * (time.perf_counter() - began))
        store.close()
    return Measurement.of(
        f"reading and examining a run of {_EPOCHS * _STEPS:,} steps", times, "ms", "at most", 50
    )


def _long_story() -> Iterator[Event]:
    """Tell of a run that learns well, in portions as a session has them."""
    falls = 0.1 + 0.9 * np.exp(-np.arange(_EPOCHS * _STEPS) / 1000)
    yield TrainingStart(parameters=9, layers=("lstm_1", "forecast"), steps_per_epoch=_STEPS, clip=1.0)
    for epoch in range(_EPOCHS):
        for first in range(epoch * _STEPS, (epoch + 1) * _STEPS, 20):
            losses = tuple(falls[first : first + 20].tolist())
            yield Steps(
                first=first + 1,
                losses=losses,
                before=losses,
                after=losses,
                layers=(losses, losses),
                learning_rate=0.003,
                seconds=0.2,
            )
        mean = float(falls[epoch * _STEPS : (epoch + 1) * _STEPS].mean())
        yield EpochEnd(
            epoch=epoch + 1, step=(epoch + 1) * _STEPS, training=mean, validation=1.1 * mean, best=True
        )
