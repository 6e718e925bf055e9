"""How well the product's own suggestions classify texts, beside both linear models on TF-IDF.

Measured are the texts that ship, and every file of `.bench/texts/`, or of the folder that the environment
names as `UNROLL_TEXTS`, that the product reads as texts with classes when it is uploaded; those aren't ours
to ship. Each is trained from three seeds, by what is suggested at once and by what the contest of settings
suggests. What counts is the balanced accuracy on the test set.
"""

import os
import statistics
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

from components.data import load
from components.data.datasets import Dataset, Provenance, Texts
from components.data.isolation import reading
from components.data.readings import likeliest_shape, possible_readings
from components.errors import UnrollError
from components.recipe import Sample, Upload
from tests.benchmarks.classifiers import WAYS, Classified, train_each
from tests.benchmarks.ledger import ROOT, Ledger
from tests.benchmarks.measurement import Measurement

FOLDER = Path(os.environ.get("UNROLL_TEXTS", ROOT / ".bench" / "texts"))
SHIPPED = ("tweets", "first_names")
FEWEST = 300
"""Texts, of which the test set tells anything."""
_PROVENANCE = Provenance("a benchmark", "not stated")


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Hold the contest of every set, and train each from every seed, the first seeds of all first."""
    names = tuple(sorted(name for name in _paths() if _dataset(name) is not None)) + SHIPPED
    trained = yield from train_each(ledger, names, _texts)
    for way, name in product(WAYS, names):
        own = [one for one in trained if (one.name, one.way) == (name, way)]
        if own:
            values = [one.balanced["model"] for one in own]
            yield Measurement.of(
                f"{name}, {way}", values, "%", "the better TF-IDF rule's", _best_rule(own[0])
            )
            yield Measurement.of(f"seconds of a training on {name}, {way}", [one.seconds for one in own], "s")
    for way in WAYS:
        leads = [
            statistics.mean(one.balanced["model"] - _best_rule(one) for one in own)
            for name in names
            if (own := [one for one in trained if (one.name, one.way) == (name, way)])
        ]
        if leads:
            share = 100 * statistics.mean(lead >= 0 for lead in leads)
            yield Measurement.of(f"sets at or above both rules, {way}", [share], "%", "at least", 90)
            yield Measurement.of(f"smallest lead of any set, {way}", [min(leads)], "points", "at least", -1)


def _best_rule(one: Classified) -> float:
    return max(one.balanced["linear"], one.balanced["balanced"])


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


def _texts(name: str) -> Texts:
    found = _dataset(name)
    assert found is not None
    return found
