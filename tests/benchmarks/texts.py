"""How well the product's own suggestions classify texts, beside both linear models on TF-IDF.

Measured are the texts that ship, and every file of `.bench/texts/`, or of the folder that the environment
names as `UNROLL_TEXTS`, that the product reads as texts with classes when it is uploaded; those aren't ours
to ship. Each is trained from three seeds, by what is suggested at once and by what the contest of settings
suggests. What counts is the balanced accuracy on the test set.
"""

import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

from components.data import load
from components.data.datasets import Dataset, Provenance, Texts
from components.data.isolation import reading
from components.data.readings import likeliest_shape, possible_readings
from components.engine.settings_contest import try_on
from components.engine.train_job import train_and_evaluate
from components.errors import UnrollError
from components.recipe import Recipe, Sample, Upload
from components.tasks import classify_texts
from components.tasks.classification.settings_contest import begin_contest
from components.tasks.settings_contest import hold
from tests.benchmarks.ledger import ROOT, Ledger
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.suggested_recipe import LIMITS

FOLDER = Path(os.environ.get("UNROLL_TEXTS", ROOT / ".bench" / "texts"))
SHIPPED = ("tweets", "first_names")
SEEDS = (0, 1, 2)
WAYS = ("contest", "at once")
FEWEST = 300
"""Texts, of which the test set tells anything."""
CONTEST_SECONDS = 30.0
_PROVENANCE = Provenance("a benchmark", "not stated")


@dataclass(frozen=True)
class Suggested:
    """What the contest of settings came to: the recipe as JSON, and the seconds that it took."""

    name: str
    recipe: str
    winner: str
    seconds: float


@dataclass(frozen=True)
class Classified:
    """What one training came to: balanced accuracies, %, and seconds."""

    name: str
    way: str
    model: float
    linear: float
    balanced: float
    seconds: float

    @property
    def lead(self) -> float:
        """Points by which the model leads the better of both linear models."""
        return self.model - max(self.linear, self.balanced)


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Hold the contest of every set, and train each from every seed, the first seeds of all first."""
    names = tuple(sorted(name for name in _paths() if _dataset(name) is not None)) + SHIPPED
    found = {one.name: one for one in ledger.pieces(Suggested, names, _suggest)}
    for name, one in found.items():
        yield Measurement.of(
            f"contest on {name}, which “{one.winner}” won", [one.seconds], "s", "at most", CONTEST_SECONDS
        )
    asked = [(name, way, seed) for seed, name, way in product(SEEDS, found, WAYS)]
    trained = list(
        ledger.pieces(
            Classified,
            asked,
            lambda one: _classify(*one, found[one[0]].recipe),
            lambda one: f"{one[0]}, {one[1]}, seed {one[2]}",
        )
    )
    for way, name in product(WAYS, found):
        own = [one for one in trained if (one.name, one.way) == (name, way)]
        if own:
            best = max(own[0].linear, own[0].balanced)
            values = [one.model for one in own]
            yield Measurement.of(f"{name}, {way}", values, "%", "the better TF-IDF rule's", best)
            yield Measurement.of(f"seconds of a training on {name}, {way}", [one.seconds for one in own], "s")
    for way in WAYS:
        leads = [
            statistics.mean(one.lead for one in trained if (one.name, one.way) == (name, way))
            for name in found
            if any((one.name, one.way) == (name, way) for one in trained)
        ]
        if leads:
            share = 100 * statistics.mean(lead >= 0 for lead in leads)
            yield Measurement.of(f"sets at or above both rules, {way}", [share], "%", "at least", 90)
            yield Measurement.of(f"smallest lead of any set, {way}", [min(leads)], "points", "at least", -1)


def _paths() -> dict[str, Path]:
    return {path.name: path for path in sorted(FOLDER.rglob("*")) if path.is_file()}


@cache
def _dataset(name: str) -> Texts | None:
    """Return the texts of a file as the product reads them; None where they have no classes or are few."""
    if name in SHIPPED:
        found: Dataset = load(Sample(name=name))
        assert isinstance(found, Texts)
        return found
    reference = Upload(id="0" * 32, name=name)
    try:
        read = reading.read(_paths()[name], reference, _PROVENANCE)
        if not isinstance(read, Dataset):
            shape = likeliest_shape(possible_readings(read.frame))
            if shape is None:
                return None
            read = reading.convert(read, reference.model_copy(update={"shape": shape}), _PROVENANCE)
    except UnrollError:
        return None
    is_asked = isinstance(read, Texts) and read.classes is not None and read.size >= FEWEST
    return read if is_asked else None


def _suggest(name: str) -> Suggested:
    data = _dataset(name)
    assert data is not None
    began = time.perf_counter()
    contest = begin_contest(data, classify_texts.suggest(data))
    outcome = hold(contest, lambda recipe: try_on(recipe, data, LIMITS))
    assert outcome is not None
    return Suggested(name, outcome.recipe, outcome.winner, time.perf_counter() - began)


def _classify(name: str, way: str, seed: int, suggested: str) -> Classified:
    data = _dataset(name)
    assert data is not None
    recipe = Recipe.from_json(suggested) if way == "contest" else classify_texts.suggest(data)
    began = time.perf_counter()
    result = train_and_evaluate(recipe.model_copy(update={"seed": seed}), data, LIMITS)
    scores = {score.name: 100 * score.balanced for score in result.scores}
    seconds = time.perf_counter() - began
    return Classified(name, way, scores["model"], scores["linear"], scores["balanced"], seconds)
