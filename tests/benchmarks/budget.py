"""A budget of 20 seconds: how long recipes really take that were fitted into it.

Three tasks, two sizes of the model each. The cost model knows what this engine has run: at first a short and
a longer run of each task with another size, then also what was measured before.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from components import data
from components.engine import admission
from components.engine.engine import Engine
from components.insight.doctor.remedies import modified_recipe
from components.recipe import Recipe
from components.tasks.time_budget import fit_to_budget
from components.ui.experiments import CARDS
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.own_engine import OWNER, load_average, own_engine, wait_for_end

SECONDS, TOLERANCE = 20.0, 0.25
_CARDS = {card.key: card.recipe for card in CARDS}
TASKS = ("sunspots", "control_charts", "first_names")
SIZES = (16, 64)
_HISTORY = ((32, 2), (32, 6))  # units and epochs of what the engine has run before
RECIPES = {
    f"{key}, {units} units": modified_recipe(_CARDS[key], model={"units": units})
    for key in TASKS
    for units in SIZES
}


@dataclass(frozen=True)
class FittedRun:
    """A run that was to take so long.

    Attributes:
        name: of the recipe.
        expected: seconds that it was thought to take.
        error: that this might be off.
        seconds: that it took, from its begin to its results.
        pressed: that it took from the press of the button.
        epochs: that it was given.
        load: processes that wanted a core meanwhile.
    """

    name: str
    expected: float
    error: float
    seconds: float
    pressed: float
    epochs: int
    load: float


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Fit each recipe into the budget, and train it."""
    with own_engine("budget", workers=1) as engine:
        _prepare(engine)
        found = list(ledger.pieces(FittedRun, RECIPES, lambda name: _train_fitted(engine, name)))
    for run in found:
        what = f"{run.name}, {run.epochs} epochs, thought to take {run.expected:.1f} ± {run.error:.1f} s"
        yield Measurement.of(what, [run.seconds], "s", "budget", SECONDS)
        yield Measurement.of(f"{run.name}, from the press", [run.pressed], "s", "budget", SECONDS)
    if found:
        kept = sum(abs(run.seconds / SECONDS - 1) <= TOLERANCE for run in found)
        yield Measurement.of(
            f"kept within {TOLERANCE:.0%}, of {len(found)} recipes", [kept], "recipes", "all", len(found)
        )
        yield Measurement.of("load meanwhile", [run.load for run in found], "processes")


def _prepare(engine: Engine) -> None:
    """Have the engine run something of each task, if it hasn't."""
    if len(engine.store.timed_runs()) >= len(TASKS) * len(_HISTORY):
        return
    for key in TASKS:
        for units, epochs in _HISTORY:
            shorter = {"epochs": epochs, "patience": None}
            _train(engine, modified_recipe(_CARDS[key], model={"units": units}, training=shorter))


def _train_fitted(engine: Engine, name: str) -> FittedRun:
    recipe = RECIPES[name]
    dataset = data.load(recipe.dataset, recipe.preparation)
    fitted = fit_to_budget(recipe, dataset, SECONDS, admission.costs(engine.store))
    seconds, pressed = _train(engine, fitted.recipe)
    return FittedRun(
        name,
        fitted.seconds,
        fitted.error,
        seconds,
        pressed,
        fitted.recipe.training.epochs,
        load_average(),
    )


def _train(engine: Engine, recipe: Recipe) -> tuple[float, float]:
    """Train a recipe → seconds from its begin, and from the press, to its results."""
    run = engine.store.add(recipe, OWNER, "a benchmark's")
    engine.submit(run, OWNER)
    over = wait_for_end(engine, run.id)
    assert over.started and over.submitted and over.ended
    return (over.ended - over.started).total_seconds(), (over.ended - over.submitted).total_seconds()
