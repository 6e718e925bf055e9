"""What the product suggests for a series of the benchmarks, trained as a worker trains it."""

from collections.abc import Callable
from dataclasses import dataclass
from tempfile import TemporaryDirectory

import numpy as np

from components.data.dataset import Provenance, Series
from components.models.build import Forecaster
from components.models.seeds import seeded
from components.recipe import Forecast, Preparation, Recipe, Sample, SpreadColumn
from components.storage import Folder
from components.tasks import forecast
from components.tasks.forecasting.backtest import shortened
from components.tasks.forecasting.problem import ForecastProblem
from components.tasks.forecasting.suggesting import suggestion
from components.training.control import Control
from components.training.limits import Limits
from components.training.loop import Loop
from components.training.session import Session
from tests.benchmarks.series import Question

LIMITS = Limits(seconds=600, memory=2**40, pause_seconds=600)


@dataclass(frozen=True, eq=False)
class Trained:
    """A trained model and its problem."""

    loop: Loop
    problem: ForecastProblem
    built: Forecaster

    @property
    def every(self) -> tuple[ForecastProblem, ...]:
        """The problem of each series."""
        return (self.problem, *self.problem.others)

    def outputs_of(self, place: int) -> Callable[[np.ndarray], np.ndarray]:
        """Give what maps examples of the series in that place to outputs."""
        first = self.problem.first_of(place)
        return lambda examples: self.loop.outputs((examples + first).astype(np.int32))

    def newest(self) -> np.ndarray:
        """Forecast the last horizon of each series, (series, horizon)."""
        return np.array(
            [one.forecasts(self.outputs_of(place), one.test[-1:])[0] for place, one in enumerate(self.every)]
        )


def dataset_of(question: Question) -> Series:
    """Give the series of a question as the product reads them."""
    provenance = Provenance("a benchmark", "none")
    return Series(Sample(name="asked"), question.name, provenance, question.table, season=question.season)


def suggested(question: Question) -> tuple[Recipe, Series]:
    """Give what the product suggests where the test part is the horizon that is asked."""
    series, horizon = dataset_of(question), question.horizon
    asked = Recipe(
        dataset=series.reference,
        preparation=mended(question),
        task=Forecast(target=series.columns[0], horizon=horizon, window=horizon),
    )
    before = series.rows - horizon
    preparation = shortened(asked, series, 0, before, series.rows)[0].preparation
    assert isinstance(preparation, Preparation)
    return suggestion(series, preparation, horizon=horizon).recipe, series


def mended(question: Question) -> Preparation:
    """Say of a panel that its series stood under each other, as the product finds them in a file."""
    names = tuple(str(name) for name in question.table.columns)
    return Preparation(mends=(SpreadColumn(column="series", values=names),) if len(names) > 1 else ())


def trained(recipe: Recipe, series: Series) -> Trained:
    """Train a recipe to its end."""
    problem = forecast.prepare(recipe, series)
    with seeded(recipe.seed):
        built = forecast.build(recipe, problem)
    loop = Loop(built.model, problem, recipe)
    with TemporaryDirectory() as folder:
        Session(loop, lambda message: None, Control(), Folder(folder), LIMITS).train()
    loop.keep()
    return Trained(loop, problem, built)
