"""What the product suggests for a series of the benchmarks, trained as a worker trains it."""

from collections.abc import Callable
from dataclasses import dataclass
from tempfile import TemporaryDirectory

import numpy as np

from components.data.datasets import Provenance, Series
from components.engine.settings_contest import try_on
from components.models.forecaster import Forecaster
from components.recipe import Forecast, Preparation, Recipe, Sample
from components.storage import Folder
from components.tasks import forecast
from components.tasks.forecasting.backtest import truncate
from components.tasks.forecasting.problem import ForecastProblem
from components.tasks.forecasting.settings_contest import ForecastContest
from components.tasks.forecasting.suggest import suggestion
from components.tasks.settings_contest import hold
from components.training.control import CommandQueue
from components.training.limits import Budget, Limits
from components.training.loop import Loop
from components.training.session import Session
from tests.benchmarks.forecast_questions import Question

LIMITS = Limits(seconds=600, memory=2**40, pause_seconds=600)


@dataclass(frozen=True, eq=False)
class TrainedForecaster:
    """A trained model and its problem."""

    loop: Loop
    problem: ForecastProblem
    built: Forecaster

    @property
    def every(self) -> tuple[ForecastProblem, ...]:
        """The problem of each series."""
        return (self.problem, *self.problem.others)

    def outputs_of(self, place: int) -> Callable[[np.ndarray], np.ndarray]:
        """Return what maps examples of the series in that place to outputs."""
        first = self.problem.first_example_of(place)
        return lambda examples: self.loop.outputs((examples + first).astype(np.int32))

    def newest(self) -> np.ndarray:
        """Forecast the last horizon of each series, (series, horizon)."""
        return np.array(
            [one.forecasts(self.outputs_of(place), one.test[-1:])[0] for place, one in enumerate(self.every)]
        )


def question_dataset(question: Question) -> Series:
    """Return the series of a question as the product reads them."""
    provenance = Provenance("a benchmark", "none")
    return Series(
        Sample(name="asked"),
        question.name,
        provenance,
        question.table,
        season=question.season,
        is_panel=question.table.shape[1] > 1,
    )


def suggested_recipe(question: Question) -> tuple[Recipe, Series]:
    """Return what the product suggests, its contest held, where the test set is the horizon that is asked."""
    series, horizon = question_dataset(question), question.horizon
    asked = Recipe(
        dataset=series.reference,
        task=Forecast(target=series.columns[0], horizon=horizon, window=horizon),
    )
    before = series.rows - horizon
    preparation = truncate(asked, series, 0, before, series.rows)[0].preparation
    assert isinstance(preparation, Preparation)
    proposed = suggestion(series, preparation, horizon=horizon)
    outcome = hold(ForecastContest(proposed, series), lambda recipe: try_on(recipe, series, LIMITS))
    return proposed.recipe if outcome is None else Recipe.from_json(outcome.recipe), series


def train_forecaster(recipe: Recipe, series: Series) -> TrainedForecaster:
    """Train a recipe to its end."""
    problem = forecast.prepare(recipe, series)
    built = forecast.build(recipe, problem)
    loop = Loop(built.model, problem, recipe)
    with TemporaryDirectory() as folder:
        Session(loop, lambda message: None, CommandQueue(), Folder(folder), Budget(LIMITS)).train()
    loop.load_selected_weights()
    return TrainedForecaster(loop, problem, built)
