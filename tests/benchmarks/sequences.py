"""How well the product's own suggestion classifies sequences of the UCR/UEA archive, split as the archive is.

The sets aren't ours to ship. `.bench/ucr/`, or the folder that the environment names as `UNROLL_UCR`, has to
hold pairs of files such as `GunPoint_TRAIN.ts` and `GunPoint_TEST.ts`. Each set is trained from three seeds;
what counts is the balanced accuracy on the archive's test set, beside the nearest neighbour's.
"""

import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from components.data.datasets import Provenance, Sequences
from components.data.readers import train_test_pair, ts_reader
from components.recipe import Upload
from components.storage import Folder
from components.tasks import classify_sequences
from components.training.control import CommandQueue
from components.training.limits import Budget
from components.training.loop import Loop
from components.training.session import Session
from tests.benchmarks.ledger import ROOT, Ledger
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.suggested_recipe import LIMITS

FOLDER = Path(os.environ.get("UNROLL_UCR", ROOT / ".bench" / "ucr"))
SEEDS = (0, 1, 2)
BOUNDS = {"GunPoint": 95.0, "JapaneseVowels": 98.0}
"""Balanced accuracy to reach, %."""
_PROVENANCE = Provenance("the UCR/UEA archive", "not stated")


@dataclass(frozen=True)
class Classified:
    """What one training came to: balanced accuracy, %, and seconds."""

    name: str
    model: float
    neighbour: float
    seconds: float


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Train every set of the folder from every seed, the first seeds of all first."""
    names = sorted(path.name.removesuffix("_TRAIN.ts") for path in FOLDER.glob("*_TRAIN.ts"))
    asked = [(name, seed) for seed, name in product(SEEDS, names)]
    found = list(ledger.pieces(Classified, asked, _classify, lambda one: f"{one[0]}, seed {one[1]}"))
    for name in names:
        own = [one for one in found if one.name == name]
        if own:
            yield Measurement.of(
                f"balanced accuracy on {name}",
                [one.model for one in own],
                "%",
                "to reach" if name in BOUNDS else "the nearest neighbour's",
                BOUNDS.get(name, own[0].neighbour),
            )
            yield Measurement.of(f"seconds of a training on {name}", [one.seconds for one in own], "s")
    if found:
        share = 100 * statistics.mean(one.model < one.neighbour - 5 for one in found)
        yield Measurement.of("over 5 points below the nearest neighbour", [share], "%", "at most", 0)
        mean = statistics.mean(one.model for one in found)
        yield Measurement.of("balanced accuracy, mean of all sets and seeds", [mean], "%")


def dataset(name: str) -> Sequences:
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


def _classify(asked: tuple[str, int]) -> Classified:
    name, seed = asked
    data = dataset(name)
    recipe = classify_sequences.suggest(data).model_copy(update={"seed": seed})
    began = time.perf_counter()
    problem = classify_sequences.prepare(recipe, data)
    built = classify_sequences.build(recipe, problem)
    loop = Loop(built.model, problem, recipe)
    with TemporaryDirectory() as folder:
        Session(loop, lambda message: None, CommandQueue(), Folder(folder), Budget(LIMITS)).train()
    loop.load_selected_weights()
    seconds = time.perf_counter() - began
    result = classify_sequences.evaluate(problem, loop.outputs, built, loop.kept_epoch)
    scores = {score.name: 100 * score.balanced for score in result.scores}
    return Classified(name, scores["model"], scores["neighbour"], seconds)
