"""A contest among settings: several networks, and none at all, forecast the same stretch of the past.

They learn from the training set and forecast the validation set, from every origin in it. The simplest wins
that the best doesn't beat by more than chance, by the test of Diebold and Mariano: no limit of rows or of
windows says which network a series is worth.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import ValidationError

from components.data.datasets import Series
from components.data.splits.time_split import time_split
from components.recipe import Forecast, Recipe, Training
from components.tasks.forecasting import checks
from components.tasks.forecasting.backtest import truncate
from components.tasks.forecasting.problem import ForecastProblem
from components.tasks.forecasting.shrinkage import shifted_outputs
from components.tasks.forecasting.significance import FEWEST_ORIGINS, diebold_mariano

UPDATES = 600
"""Of each network: enough to tell them apart, and over in a second or two."""
_CHANCE = 0.05
_LONGER = 4  # times the window that a network reads in segments
_SEGMENTS = 16  # of which it then consists, where no season says better
_MEMBERS = 3


@dataclass(frozen=True)
class Entrant:
    """Settings that take part.

    Attributes:
        label: what is different about them, for people.
        recipe: as it would be trained.
    """

    label: str
    recipe: Recipe


@dataclass(frozen=True)
class Placing:
    """How settings did.

    Attributes:
        label: as of the entrant.
        error: mean absolute scaled error (MASE): 1 is the error of repeating the last season.
        lag: how much larger it is than the best one's.
        p: how often chance alone makes such a lag; None of the best, and where too few forecasts tell.
        seconds: that training and forecasting took.
    """

    label: str
    error: float
    lag: float
    p: float | None
    seconds: float


@dataclass(frozen=True)
class SettingsContest:
    """How it ended.

    Attributes:
        placings: the best first.
        winner: label of the settings to take.
        recipe: the winner's, as JSON.
        origins: from which each forecast.
        left_out: labels of those that there was no time for.
    """

    placings: tuple[Placing, ...]
    winner: str
    recipe: str
    origins: int
    left_out: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Say what won, by how much, and why."""
        best = self.placings[0]
        winner = next(one for one in self.placings if one.label == self.winner)
        said = f"In {self.origins:,} forecasts of the validation set, “{best.label}” has the lowest MASE, "
        said += f"{best.error:.3g}. "
        if winner == best:
            return f"{said}It is ahead of everything simpler by more than chance, or the simplest itself."
        return (
            f"{said}“{winner.label}” is simpler, and its {winner.error:.3g} may differ only by chance, so it "
            "is preferred."
        )


_STARTS = {"last": "the last value", "season": "the last season"}


def entrants(recipe: Recipe, dataset: Series) -> tuple[Entrant, ...]:
    """Return a recipe and others that differ from it in one thing each, the simplest first.

    Each is fit to be trained on what `contest_stretch` gives.
    """
    found, seen = list[Entrant](), set[str]()
    for label, variant in _variants(recipe):
        try:
            changed = Recipe.model_validate_json(variant.to_json())
        except ValidationError:
            continue  # as last season's value without a season
        one, stretch = contest_stretch(changed, dataset)
        if changed.to_json() not in seen and not checks.issues(one, stretch):
            seen.add(changed.to_json())
            found.append(Entrant(label, changed))
    return tuple(found)


def contest_stretch(recipe: Recipe, dataset: Series) -> tuple[Recipe, Series]:
    """Return a recipe and a series whose test set is the recipe's validation set; nothing of its own test set
    is in it."""
    parts = time_split(dataset.rows, recipe.preparation)
    return truncate(recipe, dataset, 0, parts.validation.start, parts.test.start)


def shortened(recipe: Recipe, examples: int) -> Recipe:
    """Return a recipe with as many epochs as make `UPDATES` updates, or fewer as it has itself."""
    training = recipe.training
    epochs = max(1, UPDATES * training.batch // max(1, examples))
    changed = training.model_copy(update={"epochs": min(training.epochs, epochs)})
    return recipe.model_copy(update={"training": changed})


def origin_errors(problem: ForecastProblem, outputs: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Return the mean absolute scaled error at each origin of the test set, (N,), the mean over all series.

    Args:
        problem: the series.
        outputs: maps examples to the trained model's outputs.
    """
    found = []
    for place, one in enumerate((problem, *problem.others)):
        first = problem.first_example_of(place) if place else 0
        missed = np.abs(one.forecasts(shifted_outputs(outputs, first), one.test) - one.truth(one.test))
        known, back = one.known, one.task.season or 1
        back = back if back < len(known) else 1
        found.append(missed.mean(1) / max(np.abs(known[back:] - known[:-back]).mean(), 1e-12))
    fewest = min(map(len, found))
    return np.mean([errors[-fewest:] for errors in found], axis=0)


def judge(
    every: Sequence[Entrant],
    errors: Sequence[np.ndarray],
    seconds: Sequence[float],
    horizon: int,
    left_out: Sequence[str] = (),
) -> SettingsContest:
    """Return who won.

    Args:
        every: the simplest first.
        errors: (N,) of each, scaled, at origins that follow each other.
        seconds: that each took.
        horizon: steps ahead.
        left_out: labels of those that weren't tried.
    """
    means = np.array([one.mean() for one in errors])
    best = int(means.argmin())
    chances = [
        None if place == best else _chance(one - errors[best], horizon) for place, one in enumerate(errors)
    ]
    enough = len(errors[best]) >= max(FEWEST_ORIGINS, 2 * horizon)
    tied = (
        place
        for place, (mean, p) in enumerate(zip(means, chances, strict=True))
        if place == best or not enough or mean == means[best] or (p is not None and p >= _CHANCE)
    )
    winner = every[next(tied)]
    placings = [
        Placing(one.label, float(means[at]), float(means[at] - means[best]), chances[at], float(seconds[at]))
        for at, one in enumerate(every)
    ]
    return SettingsContest(
        tuple(sorted(placings, key=lambda one: one.error)),
        winner.label,
        winner.recipe.to_json(),
        len(errors[best]),
        tuple(left_out),
    )


def _chance(difference: np.ndarray, horizon: int) -> float | None:
    if len(difference) < max(FEWEST_ORIGINS, 2 * horizon):
        return None
    return diebold_mariano(difference, horizon)[1]


def _variants(recipe: Recipe) -> Iterator[tuple[str, Recipe]]:
    """Yield labels and recipes, the simplest first; some can't be trained."""
    task, model = recipe.require_task(Forecast), recipe.model
    network = recipe if recipe.training.epochs else recipe.model_copy(update={"training": Training(batch=16)})

    def changed(of: Recipe = network, **settings: object) -> Recipe:
        return of.model_copy(update={"task": task.model_copy(update=settings)})

    untrained = network.training.model_copy(update={"epochs": 0})
    bases = tuple(_STARTS) if task.base == "none" else (task.base,)
    for base in bases:
        start = _STARTS[base] if task.base == "none" else "the start alone"
        none = recipe.model_copy(update={"training": untrained})
        yield f"No network: {start}", changed(none, base=base)
    smaller, larger = (max(1, model.units // 2), min(1024, 2 * model.units))
    yield f"{smaller} units", _with_units(network, smaller)
    yield f"{model.units} units, as proposed", network
    yield f"{larger} units", _with_units(network, larger)
    if task.base != "none":
        yield "Start from nothing", changed(base="none")
    if task.base == "pretrained":
        yield "The pretrained network's states too", changed(transfer="states")
    transform = "log" if task.transform == "none" else "none"
    label = "Logarithm" if transform == "log" else "No transform"
    yield label, changed(transform=transform)
    if task.window > 1:
        yield f"Window of {task.window // 2}", changed(window=task.window // 2)
    segment = task.season if task.season and task.season > 1 else max(2, _LONGER * task.window // _SEGMENTS)
    segments = max(2, round(_LONGER * task.window / segment))
    yield (
        f"Window of {segment * segments} in segments of {segment}",
        changed(window=segment * segments, segment=segment),
    )
    if task.members == 1:
        yield f"Median of {_MEMBERS} seeds", changed(members=_MEMBERS)


def _with_units(recipe: Recipe, units: int) -> Recipe:
    return recipe.model_copy(update={"model": recipe.model.model_copy(update={"units": units})})
