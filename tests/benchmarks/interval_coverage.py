"""What conformal bands for 80 % hold of the test part of every series that forecasts are asked of."""

import statistics
from collections.abc import Iterator

from components.data.splits.time_split import time_split
from components.recipe import Preparation
from components.tasks.forecasting.bands import bands
from components.tasks.forecasting.suggesting import suggestion
from tests.benchmarks.forecast_questions import Question, questions
from tests.benchmarks.forecasting import Rival
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.suggested_recipe import question_dataset, train_forecaster

SEEDS = (0, 1, 2)


def measure() -> Iterator[Measurement]:
    """Train what the product suggests for each series, divided as usual, with three seeds."""
    lender = Rival("neuralforecast")
    asked = list(questions(lender.series))
    lender.close()
    for question in asked:
        held = [100 * _coverage(question, seed) for seed in SEEDS]
        yield Measurement.of(f"held of {question.name}", held, "%", "its level", 80)


def _coverage(question: Question, seed: int) -> float:
    """Return the share of the test part that the bands of all series of a question held.

    They reach as far as is asked, but at most over half of the test part: else few of them are judged.
    """
    series, preparation = question_dataset(question), Preparation()
    test = time_split(series.rows, preparation).test
    horizon = min(question.horizon, (test.stop - test.start) // 2)
    recipe = suggestion(series, preparation, horizon=horizon).recipe
    model = train_forecaster(recipe.model_copy(update={"seed": seed}), series)
    return statistics.mean(
        bands(one, model.outputs_of(place), model.built)[0].coverage for place, one in enumerate(model.every)
    )
