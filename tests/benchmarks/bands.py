"""What conformal bands for 80 % hold of the test part of every series that forecasts are asked of."""

import statistics
from collections.abc import Iterator

from components.tasks.forecasting.bands import bands
from components.tasks.forecasting.suggesting import suggestion
from tests.benchmarks.forecasting import Rival
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.series import Question, questions
from tests.benchmarks.suggested import dataset_of, mended, trained

SEEDS = (0, 1, 2)


def measure() -> Iterator[Measurement]:
    """Train what the product suggests for each series, divided as usual, with three seeds."""
    lender = Rival("neuralforecast")
    asked = list(questions(lender.series))
    lender.close()
    for question in asked:
        held = [100 * _held(question, seed) for seed in SEEDS]
        yield Measurement.of(f"held of {question.name}", held, "%", "its level", 80)


def _held(question: Question, seed: int) -> float:
    """Give the share of the test part that the bands of all series of a question held."""
    series = dataset_of(question)
    recipe = suggestion(series, mended(question), horizon=question.horizon).recipe
    model = trained(recipe.model_copy(update={"seed": seed}), series)
    return statistics.mean(
        bands(one, model.outputs_of(place), model.built)[0].coverage for place, one in enumerate(model.every)
    )
