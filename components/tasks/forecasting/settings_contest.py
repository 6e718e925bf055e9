"""A contest among settings of a forecast: no network at all, and networks of several kinds.

They learn from the training set and forecast the validation set, from every origin in it. The standard error
of a lead is that of Diebold and Mariano (1995): no limit of rows or of windows says which network a series is
worth.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from components.data import analysis, time_axis
from components.data.datasets import Series
from components.data.splits.time_split import time_split
from components.errors import UnrollError
from components.models.head_spec import start_width
from components.models.step_time import seconds_per_step
from components.recipe import Forecast, ForecastBase, Recipe
from components.tasks.forecasting import baselines, checks
from components.tasks.forecasting.backtest import truncate
from components.tasks.forecasting.intermittent import is_intermittent
from components.tasks.forecasting.problem import ForecastProblem, own_rows_of
from components.tasks.forecasting.shrinkage import shifted_outputs
from components.tasks.forecasting.significance import FEWEST_ORIGINS, diebold_mariano
from components.tasks.forecasting.suggest import Suggestion, without_training
from components.tasks.forecasting.task import ForecastTask
from components.tasks.forecasting.zero_shot import start_forecasts
from components.tasks.settings_contest import ContestInProgress, ContestWords, Entrant, MeasureName

LEARNT, TESTED = 1500, 500
"""Rows that are learnt from and forecast at most, the newest ones, over all series together."""
SECONDS = 40.0
"""That all of it may take, by a guess of each part: what would take longer isn't tried."""
_SECONDS_EACH, _SECONDS_TO_BUILD, _SECONDS_TO_START = 2.0, 1.5, 0.3
_FEWEST_UPDATES, _MOST_UPDATES = 150, 600
_LONGER = (4, 2)  # times the window that a network reads in segments, the first that there are rows for
_SEGMENTS = 12  # that such a window is cut into, about
_MEMBERS = 3


class ForecastContest(ContestInProgress):
    """Names the settings of a forecast that are to be tried.

    Args:
        suggested: what is proposed from the training set alone.
        dataset: the series.
    """

    def __init__(self, suggested: Suggestion, dataset: Series):
        self._network, self._dataset = suggested.network, dataset
        self._task = suggested.recipe.require_task(Forecast)
        super().__init__(suggested.recipe)

    # --- Who takes part ---------------------------------------------------------------------------

    def entrants(self) -> Iterator[Entrant]:
        """Yield the starts alone, then networks from the one that leads."""
        yield from self.able(_without_network(self.proposed))
        if self.tried and not self.can_tell(len(self.tried[0][1].errors)):
            return
        network = _changed(self._network, base=self._leading_base())
        yield from self.able([network])
        for vary in (_segments, _shorter, _sizes, self._seasons, _transforms, _transfers, _members):
            leader = self.leading_network()
            if leader is None:
                return
            yield from self.able(vary(leader))

    @property
    def most_seconds(self) -> float:
        """How long all of it may take, by the guesses."""
        return SECONDS

    def guessed_seconds(self, recipe: Recipe) -> float:
        """Return how long settings take to try, about."""
        return _SECONDS_TO_BUILD + _SECONDS_EACH if recipe.training.epochs else _SECONDS_TO_START

    def is_unable(self, recipe: Recipe) -> bool:
        """Return whether it can't be trained, on all rows or on those of the contest."""
        if checks.issues(recipe, self._dataset):
            return True
        try:
            return bool(checks.issues(*contest_stretch(recipe, self._dataset)))
        except UnrollError:  # so few rows that they can't be divided
            return True

    def label(self, recipe: Recipe) -> str:
        """Return how settings differ from those that were proposed."""
        return _label(recipe, self.proposed)

    def can_tell(self, many: int) -> bool:
        """Return whether there are enough origins to tell a lead from chance."""
        return many >= max(FEWEST_ORIGINS, 2 * self._task.horizon)

    def chance(self, differences: np.ndarray) -> float | None:
        """Return how often chance alone makes such differences (Diebold and Mariano, 1995)."""
        return diebold_mariano(differences, self._task.horizon)[1]

    def words(self, many: int) -> ContestWords:
        """Return what it calls so many origins."""
        return ContestWords(f"In {many:,} forecasts of the validation set", "forecasts", "rows")

    def _leading_base(self) -> ForecastBase:
        """Return what to start from: what the proposal does, unless another start is clearly better."""
        if not self.tried or self._task.base == "none":
            return self._task.base
        outcome = self.outcome
        assert outcome is not None
        return Recipe.from_json(outcome.recipe).require_task(Forecast).base

    def _seasons(self, leader: Recipe) -> list[Recipe]:
        """Tell the network of the seasons that the training set shows, or no longer."""
        task = leader.require_task(Forecast)
        if task.fourier:
            return [_changed(leader, fourier=())]
        own, parts = own_rows_of(task, self._dataset, leader.preparation)
        known = own.table[task.target].iloc[parts.train]
        found = analysis.seasons(known.to_numpy(np.float64), time_axis.likely_seasons(known.index))
        return [_changed(leader, fourier=found[-3:])] if found else []

    def complexity(self, entrant: Entrant) -> tuple[float, int]:
        """Order settings: the proposed start, other starts, and networks by the time that a step takes."""
        task = entrant.recipe.require_task(Forecast)
        if not entrant.is_network:
            return (0.0 if task.base == self._task.base else 1e-9, 0)
        return (_step_seconds(entrant.recipe) * task.members, task.members)


# --- What is varied -------------------------------------------------------------------------------------

_STARTS: tuple[ForecastBase, ...] = ("combination", "pretrained", "classical", "last", "season")
_START_NAMES = {
    "none": "nothing",
    "pretrained": "the pretrained network",
    "combination": "the mean of the pretrained networks and Theta",
    "classical": "averaged smoothing",
    "last": "the last value",
    "season": "the last season",
}


def _without_network(proposed: Recipe) -> list[Recipe]:
    """Return the starts alone, the proposed one first."""
    base = proposed.require_task(Forecast).base
    recipe = without_training(proposed)
    starts = [one for one in (base, *(other for other in _STARTS if other != base)) if one != "none"]
    return [_changed(recipe, base=one) for one in starts]


def _segments(leader: Recipe) -> list[Recipe]:
    """Look further back, in segments: a turn of the season or a part of it, where it is about as long."""
    task = leader.require_task(Forecast)
    if task.segment > 1:
        return []
    found = []
    for times in _LONGER:
        wanted = max(times * task.window, task.season or 0)
        segment = _segment(wanted / _SEGMENTS, task.season)
        count = max(2, round(wanted / segment))
        found.append(_changed(leader, window=segment * count, segment=segment))
    return found


def _segment(about: float, season: int | None) -> int:
    parts = [part for part in range(2, (season or 0) + 1) if (season or 1) % part == 0]
    nearest = min(parts, key=lambda part: abs(part - about), default=0)
    return nearest if about / 2 <= nearest <= 2 * about else max(2, round(about))


def _shorter(leader: Recipe) -> list[Recipe]:
    task = leader.require_task(Forecast)
    return [_changed(leader, window=task.window // 2)] if task.segment == 1 and task.window > 1 else []


def _sizes(leader: Recipe) -> list[Recipe]:
    units = leader.model.units
    return [
        leader.model_copy(update={"model": leader.model.model_copy(update={"units": other})})
        for other in (max(1, units // 2), min(1024, 2 * units))
    ]


def _transforms(leader: Recipe) -> list[Recipe]:
    return [
        _changed(leader, transform="log" if leader.require_task(Forecast).transform == "none" else "none")
    ]


def _transfers(leader: Recipe) -> list[Recipe]:
    """Start from nothing, or take over more of the pretrained network than its forecast."""
    base = leader.require_task(Forecast).base
    states = [_changed(leader, transfer="states")] if base == "pretrained" else []
    return [*states, *([_changed(leader, base="none", transfer="forecast")] if base != "none" else [])]


def _members(leader: Recipe) -> list[Recipe]:
    return [_changed(leader, members=_MEMBERS)]


def _changed(recipe: Recipe, **settings: object) -> Recipe:
    return recipe.model_copy(update={"task": recipe.task.model_copy(update=settings)})


def _label(recipe: Recipe, proposed: Recipe) -> str:
    """Return how settings differ from those that were proposed."""
    task, known = recipe.require_task(Forecast), proposed.require_task(Forecast)
    if not recipe.training.epochs:
        return f"No network: {_START_NAMES[task.base]}"
    parts = []
    if task.base != known.base:
        parts.append(f"start from {_START_NAMES[task.base]}")
    if task.transfer != known.transfer:
        parts.append("the pretrained network's states too")
    if (task.window, task.segment) != (known.window, known.segment):
        segments = f" in segments of {task.segment}" if task.segment > 1 else ""
        parts.append(f"window of {task.window}{segments}")
    if recipe.model.units != proposed.model.units:
        parts.append(f"{recipe.model.units} units")
    if task.fourier != known.fourier:
        seasons = " and ".join(f"{season:,}" for season in task.fourier)
        parts.append(f"Fourier features of {seasons}" if seasons else "no Fourier features")
    if task.transform != known.transform:
        parts.append("logarithm" if task.transform == "log" else "no transform")
    if task.members != known.members:
        parts.append(f"median of {task.members} seeds")
    return f"Network: {', '.join(parts) if parts else 'as proposed'}"


# --- Where it is held -----------------------------------------------------------------------------------


def contest_stretch(recipe: Recipe, dataset: Series) -> tuple[Recipe, Series]:
    """Return a recipe and a series whose test set is the recipe's validation set; nothing of its own test set
    is in it. Of long series these are the newest rows."""
    task, parts = recipe.require_task(Forecast), time_split(dataset.rows, recipe.preparation)
    tested = max(TESTED // len(task.series), 3 * task.horizon)
    start = max(parts.validation.start, parts.test.start - tested)
    learnt = max(LEARNT // len(task.series), 3 * (task.window + task.horizon))
    return truncate(recipe, dataset, max(0, start - learnt), start, parts.test.start)


def shortened(recipe: Recipe, examples: int) -> Recipe:
    """Return a recipe with as many epochs as there is time for in a contest, or fewer as it has itself."""
    training = recipe.training
    updates = np.clip(_SECONDS_EACH / _step_seconds(recipe), _FEWEST_UPDATES, _MOST_UPDATES)
    epochs = max(1, int(updates * training.batch) // max(1, examples))
    changed = training.model_copy(update={"epochs": min(training.epochs, epochs)})
    return recipe.model_copy(update={"training": changed})


def _step_seconds(recipe: Recipe) -> float:
    return seconds_per_step(ForecastTask().plan(recipe), recipe.training.batch)


def start_errors(problem: ForecastProblem) -> tuple[np.ndarray, MeasureName]:
    """Return the errors at each origin of the test set of what a forecast starts from; as `origin_errors`."""
    task, every = problem.task, (problem, *problem.others)
    series, origins = [one.raw for one in every], [one.origins(one.test) for one in every]
    if start_width(task):
        found = [said[..., said.shape[-1] // 2] for said in start_forecasts(task, series, origins)]
    elif task.base == "season" and task.season:
        season = task.season
        found = [
            baselines.seasonal_naive(values, at, task.horizon, season)
            for values, at in zip(series, origins, strict=True)
        ]
    else:
        found = [
            baselines.last_value(values, at, task.horizon) for values, at in zip(series, origins, strict=True)
        ]
    return _errors(problem, [np.clip(said, *task.bounds) for said in found])


def origin_errors(
    problem: ForecastProblem, outputs: Callable[[np.ndarray], np.ndarray]
) -> tuple[np.ndarray, MeasureName]:
    """Return the scaled error at each origin of the test set, (N,), the mean over series, and its measure.

    Errors are absolute ones; squared ones where demand is intermittent, so that a forecast of nothing isn't
    praised.

    Args:
        problem: the series.
        outputs: maps examples to the trained model's outputs.
    """
    forecasts = []
    for place, one in enumerate((problem, *problem.others)):
        first = problem.first_example_of(place) if place else 0
        forecasts.append(one.forecasts(shifted_outputs(outputs, first), one.test))
    return _errors(problem, forecasts)


def _errors(problem: ForecastProblem, forecasts: Sequence[np.ndarray]) -> tuple[np.ndarray, MeasureName]:
    power = 2 if is_intermittent(problem.known) else 1
    found = []
    for one, said in zip((problem, *problem.others), forecasts, strict=True):
        if not len(one.test):  # it had ended before
            continue
        missed = np.abs(said - one.truth(one.test)) ** power
        known, back = one.known, one.task.season or 1
        back = back if back < len(known) else 1
        found.append(missed.mean(1) / max((np.abs(known[back:] - known[:-back]) ** power).mean(), 1e-12))
    fewest = min(map(len, found))
    errors = np.mean([errors[-fewest:] for errors in found], axis=0)
    return errors, "RMSSE" if power == 2 else "MASE"
