"""A contest among settings: no network at all, and networks of several kinds, forecast the same past.

They learn from the training set and forecast the validation set, from every origin in it. Each round varies
whichever network leads, so that settings which help only together are found. In the end the simplest wins
that isn't further from the best than a standard error (Breiman et al., 1984; the error is that of Diebold and
Mariano, 1995): no limit of rows or of windows says which network a series is worth.

What is tried, and for how many updates, depends on the data and on guessed seconds, never on the clock: the
same series gets the same settings on every machine, however busy.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import ValidationError

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

LEARNT, TESTED = 1500, 500
"""Rows that are learnt from and forecast at most, the newest ones, over all series together."""
SECONDS = 40.0
"""That all of it may take, by a guess of each part: what would take longer isn't tried."""
_SECONDS_EACH, _SECONDS_TO_BUILD, _SECONDS_TO_START = 2.0, 1.5, 0.3
_FEWEST_UPDATES, _MOST_UPDATES = 150, 600
_CHANCE = 0.32  # as often as chance alone makes a lag of more than a standard error
_LONGER = (4, 2)  # times the window that a network reads in segments, the first that there are rows for
_SEGMENTS = 12  # that such a window is cut into, about
_MEMBERS = 3

Measure = Literal["MASE", "RMSSE"]


@dataclass(frozen=True)
class Entrant:
    """Settings that take part.

    Attributes:
        label: how they differ from those that were proposed, for people.
        recipe: as it would be trained.
    """

    label: str
    recipe: Recipe

    @property
    def is_network(self) -> bool:
        """Whether anything is trained."""
        return self.recipe.training.epochs > 0


@dataclass(frozen=True, eq=False)
class Trial:
    """How settings did.

    Attributes:
        errors: (N,) scaled error at each origin; squared where `measure` is RMSSE.
        measure: mean absolute scaled error, or the root of the mean squared one (Makridakis et al., 2022).
        seconds: that training and forecasting took.
    """

    errors: np.ndarray
    measure: Measure
    seconds: float

    @property
    def error(self) -> float:
        """The mean over all origins: 1 is the error of repeating the last season."""
        mean = float(self.errors.mean())
        return mean if self.measure == "MASE" else mean**0.5


@dataclass(frozen=True)
class Placing:
    """How settings did beside the others.

    Attributes:
        label: as of the entrant.
        error: by the contest's measure.
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
    """How it ended, or stands.

    Attributes:
        placings: the best first.
        winner: label of the settings to take.
        recipe: the winner's, as JSON.
        origins: from which each forecast.
        measure: of the errors.
        left_out: labels of those that there was no time for, or that couldn't be trained.
    """

    placings: tuple[Placing, ...]
    winner: str
    recipe: str
    origins: int
    measure: Measure = "MASE"
    left_out: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Say what won, by how much, and why."""
        best = self.placings[0]
        winner = next(one for one in self.placings if one.label == self.winner)
        said = f"In {self.origins:,} forecasts of the validation set, “{best.label}” has the lowest "
        said += f"{self.measure}, {best.error:.3g}. "
        if len(self.placings) == 1:
            return said + "Nothing else could be tried on so few rows."
        if winner == best:
            second = self.placings[1]
            return f"{said}“{second.label}” comes second with {second.error:.3g}."
        if all(one.p is None for one in self.placings):
            return f"{said}So few forecasts can't tell it from chance, so “{winner.label}” stays."
        return (
            f"{said}“{winner.label}” is simpler, and its {winner.error:.3g} is within a standard error of "
            "that, so it is preferred."
        )


class ContestInProgress:
    """Names the settings that are to be tried, one after the other, and says who won.

    Args:
        suggested: what is proposed from the training set alone.
        dataset: the series.
    """

    def __init__(self, suggested: Suggestion, dataset: Series):
        self._proposed, self._network, self._dataset = suggested.recipe, suggested.network, dataset
        self._tried: list[tuple[Entrant, Trial]] = []
        self._left_out: list[str] = []
        self._seen = set[str]()
        self._seconds = 0.0
        self._course = self._entrants()
        self.next: Entrant | None = next(self._course, None)
        """who is to be tried now; None where it is over"""

    def take(self, trial: Trial) -> None:
        """Keep how the next settings did, and go on."""
        assert self.next is not None
        self._tried.append((self.next, trial))
        self.next = next(self._course, None)

    def skip(self) -> None:
        """Go on without the next settings, which couldn't be trained."""
        assert self.next is not None
        self._left_out.append(self.next.label)
        self.next = next(self._course, None)

    @property
    def outcome(self) -> SettingsContest | None:
        """How it stands; None where nothing has been tried."""
        if not self._tried:
            return None
        ordered = sorted(self._tried, key=lambda one: self._complexity(one[0]))
        horizon = self._proposed.require_task(Forecast).horizon
        return judge([one for one, _ in ordered], [trial for _, trial in ordered], horizon, self._left_out)

    # --- Who takes part ---------------------------------------------------------------------------

    def _entrants(self) -> Iterator[Entrant]:
        yield from self._able(_without_network(self._proposed))
        if self._tried and not _can_tell(self._tried[0][1], self._proposed.require_task(Forecast).horizon):
            return
        network = _changed(self._network, base=self._leading_base())
        yield from self._able([network])
        for vary in (_segments, _shorter, _sizes, self._seasons, _transforms, _transfers, _members):
            leader = self._leading_network()
            if leader is None:
                return
            yield from self._able(vary(leader))

    def _able(self, recipes: Sequence[Recipe]) -> Iterator[Entrant]:
        """Yield those that are new and can be trained, as long as there is time for them."""
        for recipe in recipes:
            try:
                read = Recipe.model_validate_json(recipe.to_json())
            except ValidationError:
                continue  # as last season's value without a season
            if read.to_json() in self._seen or self._issues(read):
                continue
            self._seen.add(read.to_json())
            entrant = Entrant(_label(read, self._proposed), read)
            seconds = _SECONDS_TO_START if not entrant.is_network else _SECONDS_TO_BUILD + _SECONDS_EACH
            if self._seconds + seconds > SECONDS:
                self._left_out.append(entrant.label)
                continue
            self._seconds += seconds
            yield entrant

    def _issues(self, recipe: Recipe) -> bool:
        """Return whether it can't be trained, on all rows or on those of the contest."""
        if checks.issues(recipe, self._dataset):
            return True
        try:
            return bool(checks.issues(*contest_stretch(recipe, self._dataset)))
        except UnrollError:  # so few rows that they can't be divided
            return True

    def _leading_base(self) -> ForecastBase:
        """Return what to start from: what the proposal does, unless another start is clearly better."""
        task = self._proposed.require_task(Forecast)
        if not self._tried or task.base == "none":
            return task.base
        outcome = self.outcome
        assert outcome is not None
        return Recipe.from_json(outcome.recipe).require_task(Forecast).base

    def _leading_network(self) -> Recipe | None:
        networks = [(trial.error, one.recipe) for one, trial in self._tried if one.is_network]
        return min(networks, key=lambda one: one[0])[1] if networks else None

    def _seasons(self, leader: Recipe) -> list[Recipe]:
        """Tell the network of the seasons that the training set shows, or no longer."""
        task = leader.require_task(Forecast)
        if task.fourier:
            return [_changed(leader, fourier=())]
        own, parts = own_rows_of(task, self._dataset, leader.preparation)
        known = own.table[task.target].iloc[parts.train]
        found = analysis.seasons(known.to_numpy(np.float64), time_axis.likely_seasons(known.index))
        return [_changed(leader, fourier=found[-3:])] if found else []

    def _complexity(self, entrant: Entrant) -> tuple[float, int]:
        """Order settings: the proposed start, other starts, and networks by the time that a step takes."""
        task = entrant.recipe.require_task(Forecast)
        if not entrant.is_network:
            return (0.0 if task.base == self._proposed.require_task(Forecast).base else 1e-9, 0)
        return (_step_seconds(entrant.recipe) * task.members, task.members)


def hold_contest(
    suggested: Suggestion, dataset: Series, attempt: Callable[[Recipe], Trial]
) -> SettingsContest | None:
    """Hold a contest to its end; None where the rows are too few for any.

    Args:
        suggested: what is proposed from the training set alone.
        dataset: the series.
        attempt: tries settings, as `components.engine.settings_contest.try_settings` does.
    """
    contest = ContestInProgress(suggested, dataset)
    while contest.next is not None:
        try:
            contest.take(attempt(contest.next.recipe))
        except UnrollError:
            contest.skip()
    return contest.outcome


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
        parts.append("the pretrained network’s states too")
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


def start_errors(problem: ForecastProblem) -> tuple[np.ndarray, Measure]:
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
) -> tuple[np.ndarray, Measure]:
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


def _errors(problem: ForecastProblem, forecasts: Sequence[np.ndarray]) -> tuple[np.ndarray, Measure]:
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


# --- Who wins -------------------------------------------------------------------------------------------


def judge(
    every: Sequence[Entrant], trials: Sequence[Trial], horizon: int, left_out: Sequence[str] = ()
) -> SettingsContest:
    """Return who won.

    Args:
        every: the simplest first.
        trials: of each, at the same origins, which follow each other.
        horizon: steps ahead.
        left_out: labels of those that weren't tried.
    """
    means = np.array([one.errors.mean() for one in trials])
    best = int(means.argmin())
    enough = _can_tell(trials[best], horizon)
    chances = [
        diebold_mariano(one.errors - trials[best].errors, horizon)[1] if enough and place != best else None
        for place, one in enumerate(trials)
    ]
    tied = (
        place
        for place, (mean, p) in enumerate(zip(means, chances, strict=True))
        if place == best or not enough or mean == means[best] or (p is not None and p >= _CHANCE)
    )
    winner = every[next(tied)]
    placings = [
        Placing(one.label, trial.error, trial.error - trials[best].error, p, trial.seconds)
        for one, trial, p in zip(every, trials, chances, strict=True)
    ]
    return SettingsContest(
        placings=tuple(sorted(placings, key=lambda one: one.error)),
        winner=winner.label,
        recipe=winner.recipe.to_json(),
        origins=len(trials[best].errors),
        measure=trials[best].measure,
        left_out=tuple(left_out),
    )


def _can_tell(trial: Trial, horizon: int) -> bool:
    """Return whether there are enough origins to tell a lead from chance."""
    return len(trial.errors) >= max(FEWEST_ORIGINS, 2 * horizon)
