"""How well the product's own suggestion classifies sequences of the UCR/UEA archive, split as the archive is.

The sets aren't ours to ship. `.bench/ucr/`, or the folder that the environment names as `UNROLL_UCR`, has to
hold pairs of files such as `GunPoint_TRAIN.ts` and `GunPoint_TEST.ts`. Each set is trained from three seeds,
by what is suggested at once and by what the contest of settings suggests. What counts is the balanced
accuracy on the archive's test set, beside the nearest neighbour's.
"""

import os
import statistics
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

from components.data.datasets import Provenance, Sequences
from components.data.readers import train_test_pair, ts_reader
from components.recipe import Upload
from tests.benchmarks.classifiers import WAYS, train_each
from tests.benchmarks.ledger import ROOT, Ledger
from tests.benchmarks.measurement import Measurement

FOLDER = Path(os.environ.get("UNROLL_UCR", ROOT / ".bench" / "ucr"))
BOUNDS = {"GunPoint": 95.0, "JapaneseVowels": 98.0}
"""Balanced accuracy to reach, %."""
_PROVENANCE = Provenance("the UCR/UEA archive", "not stated")


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Hold the contest of every set, and train each from every seed, the first seeds of all first."""
    names = sorted(path.name.removesuffix("_TRAIN.ts") for path in FOLDER.glob("*_TRAIN.ts"))
    found = yield from train_each(ledger, names, _dataset)
    for way, name in product(WAYS, names):
        own = [one for one in found if (one.name, one.way) == (name, way)]
        if own:
            yield Measurement.of(
                f"balanced accuracy on {name}, {way}",
                [one.balanced["model"] for one in own],
                "%",
                "to reach" if name in BOUNDS else "the nearest neighbour's",
                BOUNDS.get(name, own[0].balanced["neighbour"]),
            )
            yield Measurement.of(f"seconds of a training on {name}, {way}", [one.seconds for one in own], "s")
    for way in WAYS:
        all_sets = [one.balanced for one in found if one.way == way]
        if all_sets:
            share = 100 * statistics.mean(one["model"] < one["neighbour"] - 5 for one in all_sets)
            yield Measurement.of(
                f"over 5 points below the nearest neighbour, {way}", [share], "%", "at most", 0
            )
            mean = statistics.mean(one["model"] for one in all_sets)
            yield Measurement.of(f"balanced accuracy, mean of all sets and seeds, {way}", [mean], "%")


@cache
def _dataset(name: str) -> Sequences:
    """Return a set of the archive as the product reads its two files."""
    reference = Upload(id="0" * 32, name=f"{name}.zip")
    files = (f"{name}_TRAIN.ts", f"{name}_TEST.ts")
    parts = [
        ts_reader.read_ts(FOLDER / file, reference.model_copy(update={"name": file}), _PROVENANCE)
        for file in files
    ]
    joined = train_test_pair.join(parts[0], parts[1], files, reference)
    assert isinstance(joined, Sequences)
    return joined
