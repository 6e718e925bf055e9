"""How well the product's own suggestion translates pairs that people wrote, beside the most similar pair.

Such pairs aren't ours to ship. `.bench/pairs/`, or the folder that the environment names as `UNROLL_PAIRS`,
has to hold files of UTF-8 lines, each a text, a tab and its translation; what stands behind another tab is
left out. Each file is trained from three seeds; what counts is chrF on the test set that the product draws,
in which no source of the training set stands.
"""

import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from components.data.datasets import Pairs, Provenance
from components.recipe import Upload
from components.storage import Folder
from components.tasks import translate
from components.training.control import CommandQueue
from components.training.limits import Budget
from components.training.loop import Loop
from components.training.session import Session
from tests.benchmarks.ledger import ROOT, Ledger
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.suggested_recipe import LIMITS

FOLDER = Path(os.environ.get("UNROLL_PAIRS", ROOT / ".bench" / "pairs"))
SEEDS = (0, 1, 2)
LEAD = 5.0
"""Points of chrF above the most similar pair's, to reach."""
SECONDS = 180.0
"""That a training may take."""


@dataclass(frozen=True)
class Translated:
    """What one training came to.

    Attributes:
        name: of the file.
        chrf, bleu, exact: the model's on the test set, from 0 to 100.
        near: chrF of the most similar training pairs' answers.
        best_epoch: whose weights were kept.
        seconds: of the training alone.
    """

    name: str
    chrf: float
    bleu: float
    exact: float
    near: float
    best_epoch: int
    seconds: float


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Train on every file of the folder from every seed, the first seeds of all first."""
    names = sorted(path.name for path in FOLDER.glob("*.t[sx][vt]"))
    asked = [(name, seed) for seed, name in product(SEEDS, names) if name != "SOURCE.txt"]
    found = list(ledger.pieces(Translated, asked, _translate, lambda one: f"{one[0]}, seed {one[1]}"))
    for name in names:
        own = [one for one in found if one.name == name]
        if not own:
            continue
        near = statistics.median(one.near for one in own)
        chrf = [one.chrf for one in own]
        yield Measurement.of(f"chrF on {name}", chrf, "", "the most similar pair's and 5", near + LEAD)
        yield Measurement.of(f"BLEU on {name}", [one.bleu for one in own], "")
        yield Measurement.of(f"exact answers on {name}", [one.exact for one in own], "%")
        yield Measurement.of(f"best epoch on {name}", [one.best_epoch for one in own], "")
        seconds = [one.seconds for one in own]
        yield Measurement.of(f"seconds of a training on {name}", seconds, "s", "at most", SECONDS)


def dataset(name: str) -> Pairs:
    """Return the pairs of a file."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t")[:2] for line in lines if line.count("\t")]
    sources, targets = zip(
        *((one, other) for one, other in pairs if one.strip() and other.strip()), strict=True
    )
    return Pairs(
        Upload(id="0" * 32, name=name),
        name,
        Provenance("a benchmark", "not stated"),
        sources=sources,
        targets=targets,
    )


def _translate(asked: tuple[str, int]) -> Translated:
    name, seed = asked
    data = dataset(name)
    recipe = translate.suggest(data).model_copy(update={"seed": seed})
    problem = translate.prepare(recipe, data)
    built = translate.build(recipe, problem)
    loop = Loop(built.model, problem, recipe)
    began = time.perf_counter()
    with TemporaryDirectory() as folder:
        Session(loop, lambda message: None, CommandQueue(), Folder(folder), Budget(LIMITS)).train()
    seconds = time.perf_counter() - began
    loop.load_selected_weights()
    result = translate.evaluate(problem, loop.outputs, built, loop.kept_epoch)
    model, near, _ = result.scores
    assert model.bleu is not None
    return Translated(name, model.chrf, model.bleu, 100 * model.exact, near.chrf, loop.kept_epoch, seconds)
