"""What conformal bands for 80 % hold of the test set of every series that forecasts are asked of."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, product

from components.data.splits.time_split import time_split
from components.recipe import Preparation
from components.tasks.forecasting.prediction_intervals import prediction_intervals
from components.tasks.forecasting.suggest import suggestion
from tests.benchmarks.forecast_questions import Question, questions
from tests.benchmarks.forecasting import Rival
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.suggested_recipe import question_dataset, train_forecaster

SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class Judged:
    """The share of a test set that bands for 80 % held, from a seed."""

    series: str
    seed: int
    coverage: float


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Train what the product suggests for each series, divided as usual, with three seeds."""
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
    model = train_forecaster(recipe.model_copy(update={"seed": seed}), series)
    coverage = statistics.mean(
        prediction_intervals(one, model.outputs_of(place), model.built)[0].coverage
        for place, one in enumerate(model.every)
    )
    return Judged(question.name, seed, coverage)
