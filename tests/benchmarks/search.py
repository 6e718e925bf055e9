"""A search of 40 trials on two workers against the settings that Unroll suggests, on six samples.

What counts is the validation loss; the test loss of the winner and of the suggested settings, looked at once,
says how much of the gain is left. A search that was cut off goes on with what it has tried.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from components import data
from components.engine.engine import Engine
from components.recipe import Recipe, Sample
from components.runs.studies import AT_WORK, StoredStudy
from components.studies import Search
from components.studies.factors import factors
from components.studies.gain import SearchGain
from components.studies.sampling import winner
from components.tasks import suggest_recipe
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.own_engine import OWNER, load_average, own_engine, wait_until

SAMPLES = ("sunspots", "electrical_equipment", "us_macro", "el_nino", "seattle_weather", "co2")
TRIALS, WORKERS, SECONDS = 40, 2, 140.0
WANTED = 4
"""Samples on which it has to be better."""


@dataclass(frozen=True)
class Searched:
    """How a search ended.

    Attributes:
        sample: what was learnt from.
        trials: that there was time for.
        seconds: that it was at work.
        validation, test: losses of the suggested settings, then of the winner.
        load: processes that wanted a core meanwhile.
    """

    sample: str
    trials: int
    seconds: float
    validation: tuple[float, float]
    test: tuple[float, float]
    load: float


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Search on each sample."""
    with own_engine("search", WORKERS) as engine:
        found = list(ledger.pieces(Searched, SAMPLES, lambda sample: _search(engine, sample)))
    for one in found:
        gain = SearchGain(one.trials, one.validation, one.test)
        before, after = one.validation
        name = f"{one.sample}: validation loss of the best of {one.trials} in {one.seconds:.0f} s"
        yield Measurement.of(name, [after], "", "suggested settings", before)
        share = gain.share_left
        if share is not None:
            yield Measurement.of(f"{one.sample}: share of the gain left on the test set", [share], "")
    if found:
        better = sum(one.validation[1] < one.validation[0] for one in found)
        yield Measurement.of(f"better, of {len(found)} samples", [better], "samples", "at least", WANTED)
        yield Measurement.of("load meanwhile", [one.load for one in found], "processes")


def _search(engine: Engine, sample: str) -> Searched:
    """Search on a sample, or go on with the search that was cut off."""
    studies = engine.store.studies
    known = [study for study in studies.studies(OWNER, 1000) if study.title == sample]
    study = known[0] if known else _start(engine, sample)
    if study.status == "stopped":
        engine.studies.resume(study.id, OWNER)
    wait_until(lambda: studies.study(study.id).status not in AT_WORK)
    over, trials = studies.study(study.id), studies.trials(study.id)
    best = winner(trials)
    assert best is not None and best.value is not None and trials[0].value is not None, over.reason
    first, last = (_test_loss(engine, run) for run in (trials[0].run, best.run))
    return Searched(
        sample, len(trials), over.seconds, (trials[0].value, best.value), (first, last), load_average()
    )


def _start(engine: Engine, sample: str) -> StoredStudy:
    recipe = _suggested(sample)
    ranges = tuple(one.range for one in factors(recipe) if one.range is not None and one.is_usual)
    plan = Search(recipe=recipe, ranges=ranges, trials=TRIALS, seconds=SECONDS)
    return engine.studies.start(plan, sample, OWNER, data.load(recipe.dataset, recipe.preparation))


def _suggested(sample: str) -> Recipe:
    return suggest_recipe(data.load(Sample(name=sample)))


def _test_loss(engine: Engine, run_id: str | None) -> float:
    (entry,) = engine.store.catalog.entries([run_id or ""], OWNER)
    assert entry.evaluation is not None and entry.evaluation.loss is not None
    return entry.evaluation.loss
