"""What conformal bands for 80 % hold of test sets: of all series that ship, of M3's, and of the questions.

Over a set they shall hold 75 to 85 %, and over its short, middle and long thirds 70 to 90 %. Of the M3
competition's series, where `m3.py` finds them, the last horizon is held against its band; of the others, the
test set as usual.
"""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, product

import numpy as np
import pandas as pd

from components.data import load
from components.data.datasets import Series
from components.data.sources.samples import SERIES_SAMPLES
from components.data.splits.time_split import time_split
from components.recipe import Preparation, Recipe, Sample
from components.tasks.forecasting.prediction_intervals import prediction_intervals
from components.tasks.forecasting.shrinkage import is_start_alone, shrink
from components.tasks.forecasting.suggest import suggestion
from tests.benchmarks import m3
from tests.benchmarks.forecast_questions import Question, questions
from tests.benchmarks.forecasting import Rival
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.suggested_recipe import question_dataset, suggested_recipe, train_forecaster

SEEDS = (0, 1, 2)
_THIRDS = ("short", "middle", "long")


@dataclass(frozen=True)
class Judged:
    """The share of a test set that bands for 80 % held, from a seed."""

    series: str
    seed: int
    coverage: float


@dataclass(frozen=True)
class SetMember:
    """The share that bands held of a series of so many rows."""

    rows: int
    coverage: float


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Measure the sets first, whose series are many, then each of the questions with three seeds."""
    names = [name for name in SERIES_SAMPLES if isinstance(load(Sample(name=name)), Series)]
    yield from _of_set(
        "the series that ship", ledger.pieces(SetMember, names, _judge_sample, lambda name: f"sample {name}")
    )
    for kind in m3.SAMPLES if m3.FOLDER.exists() else ():
        sample = m3.sample_of(kind)
        judged = ledger.pieces(SetMember, sample, _judge_m3, lambda one: f"{one.kind} {one.name}")
        yield from _of_set(f"{len(sample)} {kind} series of M3", judged)
    yield from _questions(ledger)


def _of_set(name: str, members: Iterator[SetMember]) -> Iterator[Measurement]:
    """Give the mean coverage of a set, and of its thirds by the length of their series."""
    found = sorted(members, key=lambda one: one.rows)
    if not found:
        return
    yield _mean(f"coverage of {name}", found)
    for third, places in zip(_THIRDS, np.array_split(np.arange(len(found)), len(_THIRDS)), strict=True):
        if len(places):
            yield _mean(f"coverage of {name}, {third} third", [found[place] for place in places])


def _mean(name: str, members: Sequence[SetMember]) -> Measurement:
    held = 100 * statistics.mean(one.coverage for one in members)
    return Measurement.of(name, [held], "%", "its level", 80)


def _judge_sample(name: str) -> SetMember:
    series = load(Sample(name=name))
    assert isinstance(series, Series)
    return SetMember(series.rows, coverage_of(suggestion(series, Preparation()).recipe, series))


def _judge_m3(one: m3.M3Series) -> SetMember:
    season = one.season if one.season > 1 else None
    question = Question(one.name, pd.DataFrame({"value": np.array(one.values)}), season, one.horizon)
    return SetMember(len(one.values), coverage_of(*suggested_recipe(question)))


def coverage_of(recipe: Recipe, series: Series) -> float:
    """Train a recipe, and return what its conformal bands hold of the test set, over all of its series."""
    model = train_forecaster(recipe, series)
    shrinkage = shrink(model.problem, model.loop.outputs, model.built.model)
    is_start = is_start_alone(model.problem.head, shrinkage)
    return statistics.mean(
        prediction_intervals(one, model.outputs_of(place), model.built, is_start)[0].coverage
        for place, one in enumerate(model.every)
    )


def _questions(ledger: Ledger) -> Iterator[Measurement]:
    """Train what the product suggests for each question, divided as usual, with three seeds."""
    lender = Rival("neuralforecast")
    asked = list(questions(lender.series))
    lender.close()
    judged = ledger.pieces(Judged, product(asked, SEEDS), _judge, lambda item: f"{item[0].name}, {item[1]}")
    for series, group in groupby(judged, lambda one: one.series):
        coverages = [100 * one.coverage for one in group]
        yield Measurement.of(f"coverage of {series}", coverages, "%", "its level", 80)


def _judge(item: tuple[Question, int]) -> Judged:
    """Train from a seed, and return the coverage of the bands of all series of a question.

    They reach as far as is asked, but at most over half of the test set: else few of them are judged.
    """
    question, seed = item
    series, preparation = question_dataset(question), Preparation()
    test = time_split(series.rows, preparation).test
    horizon = min(question.horizon, (test.stop - test.start) // 2)
    recipe = suggestion(series, preparation, horizon=horizon).recipe
    return Judged(question.name, seed, coverage_of(recipe.model_copy(update={"seed": seed}), series))
