"""A contest among settings, whatever the task: who is tried, how they did, and who wins.

They learn a little from the training set, and are measured on the validation set; nothing of the test set is
seen. Each round varies whichever network leads, so that settings which help only together are found. In the
end the simplest wins that isn't further from the best than a standard error (Breiman et al., 1984).

What is tried, and for how many updates, depends on the data and on guessed seconds, never on the clock: the
same data gets the same settings on every machine, however busy.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import ValidationError

from components.errors import UnrollError
from components.recipe import Recipe

CHANCE = 0.32
"""As often as chance alone makes a lag of more than a standard error."""

MeasureName = Literal["MASE", "RMSSE", "Balanced accuracy"]
Chance = Callable[[np.ndarray], float | None]
"""Maps the differences of two entrants' errors, (N,), to how often chance alone makes them differ as much."""


@dataclass(frozen=True)
class Measure:
    """What a contest is decided by.

    Attributes:
        best: what the best has of it: the lowest or the highest.
        error: of the mean of the errors.
        shown: an error, for people.
        lag: how much larger an error is than the best one, for people.
    """

    best: Literal["lowest", "highest"]
    error: Callable[[float], float]
    shown: Callable[[float], str]
    lag: Callable[[float], str]


def _root(mean: float) -> float:
    return mean**0.5


def _itself(mean: float) -> float:
    return mean


MEASURES: dict[MeasureName, Measure] = {
    "MASE": Measure("lowest", _itself, "{:.3g}".format, "{:+.3f}".format),
    "RMSSE": Measure("lowest", _root, "{:.3g}".format, "{:+.3f}".format),
    "Balanced accuracy": Measure(
        "highest", _itself, lambda error: f"{1 - error:.1%}", lambda lag: f"−{100 * lag:.1f} points"
    ),
}
"""Mean absolute scaled error, and the root of the mean squared one (Makridakis et al., 2022), 1 being that of
repeating the last season; and the mean over the classes of the share that is recognised."""


@dataclass(frozen=True)
class Entrant:
    """Settings that take part.

    Attributes:
        label: how they differ from those that were proposed, for people.
        recipe: as it would be trained.
        is_rule: whether it is a rule that the others are held against, and no settings that could be taken.
    """

    label: str
    recipe: Recipe
    is_rule: bool = False

    @property
    def is_network(self) -> bool:
        """Whether anything is trained."""
        return self.recipe.training.epochs > 0


@dataclass(frozen=True, eq=False)
class Trial:
    """How settings did.

    Attributes:
        errors: (N,) of which the measure's is made: of each forecast or example.
        measure: of the errors.
        seconds: that training and measuring took.
    """

    errors: np.ndarray
    measure: MeasureName
    seconds: float

    @property
    def error(self) -> float:
        """The error over all, by the measure."""
        return MEASURES[self.measure].error(float(self.errors.mean()))


@dataclass(frozen=True)
class Placing:
    """How settings did beside the others.

    Attributes:
        label: as of the entrant.
        error: by the contest's measure.
        lag: how much larger it is than the best one's.
        p: how often chance alone makes such a lag; None of the best, and where too few tell.
        seconds: that training and measuring took.
    """

    label: str
    error: float
    lag: float
    p: float | None
    seconds: float


@dataclass(frozen=True)
class ContestWords:
    """What a contest calls what it measures.

    Attributes:
        measured: begins a sentence, of so many: “In 60 forecasts of the validation set”.
        few: so few that nothing can be told: “forecasts”.
        examples: what there may be too few of for a contest: “rows”.
    """

    measured: str
    few: str
    examples: str


@dataclass(frozen=True)
class SettingsContest:
    """How it ended, or stands.

    Attributes:
        placings: the best first.
        winner: label of what wins.
        recipe: the settings to take, as JSON: the winner's, unless that is a rule.
        suggested: label of the settings to take; None where only a rule was tried.
        measure: of the errors.
        words: what it calls what it measures.
        left_out: labels of those that there was no time for, or that couldn't be trained.
    """

    placings: tuple[Placing, ...]
    winner: str
    recipe: str
    suggested: str | None
    measure: MeasureName
    words: ContestWords
    left_out: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Say what won, by how much, and why."""
        best, measure = self.placings[0], MEASURES[self.measure]
        name = self.measure if self.measure.isupper() else self.measure.lower()
        winner = next(one for one in self.placings if one.label == self.winner)
        said = f"{self.words.measured}, “{best.label}” has the {measure.best} {name}, "
        said += f"{measure.shown(best.error)}. "
        if len(self.placings) == 1:
            return f"{said}Nothing else could be tried on so few {self.words.examples}."
        if winner == best:
            second = self.placings[1]
            if second.error == best.error:
                return f"{said}“{second.label}” does as well, but isn't simpler.{self._rule}"
            return f"{said}“{second.label}” comes second with {measure.shown(second.error)}.{self._rule}"
        if all(one.p is None for one in self.placings):
            return f"{said}So few {self.words.few} can't tell it from chance, so “{winner.label}” stays."
        return (
            f"{said}“{winner.label}” is simpler, and its {measure.shown(winner.error)} is within a standard "
            f"error of that, so it is preferred.{self._rule}"
        )

    @property
    def _rule(self) -> str:
        if self.winner == self.suggested:
            return ""
        advice = " It is a rule that needs no network: take that."
        if self.suggested is None:
            return advice
        return f"{advice} Of the networks, “{self.suggested}” is suggested."


class ContestInProgress(ABC):
    """Names the settings that are to be tried, one after the other, and says who won.

    Args:
        proposed: what is suggested before anything is tried.
    """

    def __init__(self, proposed: Recipe):
        self.proposed = proposed
        self.tried: list[tuple[Entrant, Trial]] = []
        self._left_out: list[str] = []
        self._seen = set[str]()
        self._seconds = 0.0
        self._course = self.entrants()
        self.next: Entrant | None = next(self._course, None)
        """who is to be tried now; None where it is over"""

    def take(self, trial: Trial) -> None:
        """Keep how the next settings did, and go on."""
        assert self.next is not None
        self.tried.append((self.next, trial))
        self.next = next(self._course, None)

    def skip(self) -> None:
        """Go on without the next settings, which couldn't be trained."""
        assert self.next is not None
        self._left_out.append(self.next.label)
        self.next = next(self._course, None)

    @property
    def outcome(self) -> SettingsContest | None:
        """How it stands; None where nothing has been tried."""
        if not self.tried:
            return None
        ordered = sorted(self.tried, key=lambda one: self.complexity(one[0]))
        trials = [trial for _, trial in ordered]
        many = len(trials[0].errors)
        chance = self.chance if self.can_tell(many) else None
        return judge([one for one, _ in ordered], trials, chance, self.words(many), self._left_out)

    # --- What a task says ------------------------------------------------------------------------

    @abstractmethod
    def entrants(self) -> Iterator[Entrant]:
        """Yield who is to be tried, each as `able` gives it, by how those before did."""

    @abstractmethod
    def label(self, recipe: Recipe) -> str:
        """Return how settings differ from those that were proposed."""

    @abstractmethod
    def is_unable(self, recipe: Recipe) -> bool:
        """Return whether settings can't be trained."""

    @abstractmethod
    def guessed_seconds(self, recipe: Recipe) -> float:
        """Return how long settings take to try, about, on any machine."""

    @property
    @abstractmethod
    def most_seconds(self) -> float:
        """How long all of it may take, by the guesses: what would take longer isn't tried."""

    @abstractmethod
    def complexity(self, entrant: Entrant) -> tuple[float, int]:
        """Return what orders entrants, the simplest first."""

    @abstractmethod
    def can_tell(self, many: int) -> bool:
        """Return whether so many errors can tell a lead from chance."""

    @abstractmethod
    def chance(self, differences: np.ndarray) -> float | None:
        """Return how often chance alone makes two entrants differ as much; `Chance` says of what."""

    @abstractmethod
    def words(self, many: int) -> ContestWords:
        """Return what the contest calls so many errors."""

    # --- What a task's course is made of ---------------------------------------------------------

    def able(self, recipes: Sequence[Recipe], *, are_rules: bool = False) -> Iterator[Entrant]:
        """Yield those that are new and can be trained, as long as there is time for them."""
        for recipe in recipes:
            try:
                read = Recipe.model_validate_json(recipe.to_json())
            except ValidationError:
                continue  # as last season's value without a season
            if read.to_json() in self._seen or self.is_unable(read):
                continue
            self._seen.add(read.to_json())
            entrant, seconds = Entrant(self.label(read), read, are_rules), self.guessed_seconds(read)
            if self._seconds + seconds > self.most_seconds:
                self._left_out.append(entrant.label)
                continue
            self._seconds += seconds
            yield entrant

    def leading_network(self) -> Recipe | None:
        """Return the network that leads; None where none has been tried."""
        networks = [(trial.error, one.recipe) for one, trial in self.tried if one.is_network]
        return min(networks, key=lambda one: one[0])[1] if networks else None


def hold(contest: ContestInProgress, attempt: Callable[[Recipe], Trial]) -> SettingsContest | None:
    """Hold a contest to its end; None where there is too little for any.

    Args:
        contest: at its beginning.
        attempt: tries settings, as `components.engine.settings_contest.try_settings` does.
    """
    while contest.next is not None:
        try:
            contest.take(attempt(contest.next.recipe))
        except UnrollError:
            contest.skip()
    return contest.outcome


def judge(
    every: Sequence[Entrant],
    trials: Sequence[Trial],
    chance: Chance | None,
    words: ContestWords,
    left_out: Sequence[str] = (),
) -> SettingsContest:
    """Return who won.

    Args:
        every: the simplest first.
        trials: of each, on the same forecasts or examples.
        chance: tells a lag from chance; None where there are too few of them for that.
        words: what the contest calls what it measures.
        left_out: labels of those that weren't tried.
    """
    winner = winning_place(range(len(every)), trials, chance)
    able = [place for place, one in enumerate(every) if not one.is_rule]
    taken = winner
    if every[winner].is_rule and able:
        taken = winning_place(able, trials, chance)
    best = min(range(len(trials)), key=lambda place: trials[place].errors.mean())
    placings = [
        Placing(
            one.label,
            trial.error,
            trial.error - trials[best].error,
            None if chance is None or place == best else chance(trial.errors - trials[best].errors),
            trial.seconds,
        )
        for place, (one, trial) in enumerate(zip(every, trials, strict=True))
    ]
    return SettingsContest(
        placings=tuple(sorted(placings, key=lambda one: one.error)),
        winner=every[winner].label,
        recipe=every[taken].recipe.to_json(),
        suggested=None if every[taken].is_rule else every[taken].label,
        measure=trials[best].measure,
        words=words,
        left_out=tuple(left_out),
    )


def winning_place(places: Sequence[int], trials: Sequence[Trial], chance: Chance | None) -> int:
    """Return the first place, of the simplest first, that is no further from the best than by chance."""
    means = [trial.errors.mean() for trial in trials]
    best = min(places, key=means.__getitem__)
    for place in places:
        if chance is None or means[place] == means[best]:
            return place
        p = chance(trials[place].errors - trials[best].errors)
        if p is not None and p >= CHANCE:
            return place
    return best
