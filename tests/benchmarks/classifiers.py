"""What the product suggests for examples with classes, at once or by its contest of settings, and how good it
is."""

import time
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from itertools import product

from components.data.datasets import Sequences, Texts
from components.engine.settings_contest import try_on
from components.engine.train_job import train_and_evaluate
from components.recipe import Recipe
from components.tasks import classify_sequences, classify_texts
from components.tasks.classification.settings_contest import begin_contest
from components.tasks.settings_contest import hold
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.suggested_recipe import LIMITS

SEEDS = (0, 1, 2)
WAYS = ("contest", "at once")
CONTEST_SECONDS = 30.0
"""That a contest may take."""


@dataclass(frozen=True)
class ContestResult:
    """What the contest of settings about a dataset came to: the recipe as JSON, and its seconds."""

    name: str
    recipe: str
    winner: str
    seconds: float


@dataclass(frozen=True)
class Classified:
    """What one training came to: balanced accuracies, %, of the model and the rules, and seconds."""

    name: str
    way: str
    balanced: dict[str, float]
    seconds: float


def hold_contest(name: str, data: Texts | Sequences) -> ContestResult:
    """Have the product compare settings on a dataset."""
    began = time.perf_counter()
    contest = begin_contest(data, _suggest(data))
    outcome = hold(contest, lambda recipe: try_on(recipe, data, LIMITS))
    assert outcome is not None
    return ContestResult(name, outcome.recipe, outcome.winner, time.perf_counter() - began)


def classify(contest: ContestResult, way: str, seed: int, data: Texts | Sequences) -> Classified:
    """Train what one of the ways suggests, from a seed."""
    recipe = Recipe.from_json(contest.recipe) if way == "contest" else _suggest(data)
    began = time.perf_counter()
    result = train_and_evaluate(recipe.model_copy(update={"seed": seed}), data, LIMITS)
    balanced = {score.name: 100 * score.balanced for score in result.scores}
    return Classified(contest.name, way, balanced, time.perf_counter() - began)


def train_each(
    ledger: Ledger, names: Iterable[str], load: Callable[[str], Texts | Sequences]
) -> Generator[Measurement, None, list[Classified]]:
    """Hold the contest of every set and say how long it took; then train each from every seed.

    Args:
        ledger: of the benchmark.
        names: of the sets.
        load: returns a set by its name.

    Returns:
        All trainings, the first seeds of all sets first.
    """
    held = ledger.pieces(ContestResult, names, lambda name: hold_contest(name, load(name)))
    contests = {one.name: one for one in held}
    for one in contests.values():
        name = f"contest on {one.name}, which “{one.winner}” won"
        yield Measurement.of(name, [one.seconds], "s", "at most", CONTEST_SECONDS)
    asked = [(name, way, seed) for seed, name, way in product(SEEDS, contests, WAYS)]
    return list(
        ledger.pieces(
            Classified,
            asked,
            lambda one: classify(contests[one[0]], one[1], one[2], load(one[0])),
            lambda one: f"{one[0]}, {one[1]}, seed {one[2]}",
        )
    )


def _suggest(data: Texts | Sequences) -> Recipe:
    return classify_texts.suggest(data) if isinstance(data, Texts) else classify_sequences.suggest(data)
