"""A search of 40 trials on two workers against the settings that Unroll suggests, on six samples.

What counts is the validation loss; the test loss of the winner and of the suggested settings, looked at once,
says how much of the gain is left. Where the suggested settings train nothing, the search begins with a
network, as on the page, and its winner is held against the start alone. A search that was cut off goes on
with what it has tried.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from components import data
from components.engine.engine import Engine
from components.recipe import Recipe, Sample
from components.runs.store import Run
from components.runs.studies import AT_WORK, StoredStudy
from components.studies import Search
from components.studies.factors import factors
from components.studies.gain import SearchGain
from components.studies.sampling import winner
from components.tasks import forecast, suggest_recipe
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.own_engine import OWNER, load_average, own_engine, wait_for_end, wait_until

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
    before, run = trials[0].value, trials[0].run
    if not _suggested(sample).training.epochs:
        start = _start_alone(engine, sample)
        before, run = engine.store.epochs(start.id)[0].validation, start.id
    first, last = (_test_loss(engine, one) for one in (run, best.run))
    return Searched(sample, len(trials), over.seconds, (before, best.value), (first, last), load_average())


def _start(engine: Engine, sample: str) -> StoredStudy:
    recipe = _suggested(sample)
    dataset = data.load(recipe.dataset, recipe.preparation)
    if not recipe.training.epochs:
        recipe = forecast.with_training(recipe, dataset)
    ranges = tuple(one.range for one in factors(recipe) if one.range is not None and one.is_usual)
    plan = Search(recipe=recipe, ranges=ranges, trials=TRIALS, seconds=SECONDS)
    return engine.studies.start(plan, sample, OWNER, dataset)


def _start_alone(engine: Engine, sample: str) -> Run:
    """Return the run of suggested settings that train nothing: they are measured once."""
    title = f"{sample}, the start alone"
    known = [run for run in engine.store.runs(OWNER, 1000) if run.title == title]
    if not known:
        known = [engine.store.add(_suggested(sample), OWNER, title)]
        engine.submit(known[0], OWNER)
    return wait_for_end(engine, known[0].id)


def _suggested(sample: str) -> Recipe:
    return suggest_recipe(data.load(Sample(name=sample)))


def _test_loss(engine: Engine, run_id: str | None) -> float:
    (entry,) = engine.store.catalog.entries([run_id or ""], OWNER)
    assert entry.evaluation is not None and entry.evaluation.loss is not None
    return entry.evaluation.loss
