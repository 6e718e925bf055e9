"""How much a network gains that reads a long window in segments, on long series that ship, 96 steps ahead.

After Lin et al. (2023): the same recurrent network, the same window, the same updates, with and without
segments, and a Transformer with and without patches. The error is the mean squared error of all origins of
the test set, in standard deviations of the training set, as that literature has it.
"""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from components.data import load
from components.data.datasets import require_series
from components.recipe import Forecast, Optimizer, Recipe, Recurrent, Sample, Training, Transformer
from components.recipe.model import Model
from components.tasks.forecasting import baselines
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.suggested_recipe import train_forecaster

HORIZON = 96
SEEDS = (0, 1, 2)
SHARE = 0.8
"""Of the error without segments, that with them may be at most."""
MODELS: dict[str, Model] = {
    "GRU": Recurrent(kind="gru", units=32, dropout=0.1),
    "Transformer": Transformer(units=32, layers=1, dropout=0.1),
}


@dataclass(frozen=True)
class LongSeries:
    """A series that ships, and how it is read."""

    name: str
    target: str
    season: int
    window: int
    segment: int


SERIES = (
    LongSeries("co2", "co2", 52, 208, 26),
    LongSeries("seattle_weather", "maximum temperature", 365, 360, 30),
    LongSeries("el_nino", "temperature", 12, 144, 12),
)


@dataclass(frozen=True)
class Fit:
    """What one training came to."""

    error: float
    naive: float
    seconds: float


@dataclass(frozen=True)
class Asked:
    """One training."""

    series: LongSeries
    model: str
    segmented: bool
    seed: int

    def __str__(self) -> str:
        return f"{self.model}, {self.series.name}, {'segments' if self.segmented else 'steps'}, {self.seed}"


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Train every network on every series, with segments and without, seed by seed."""
    asked = [
        Asked(series, model, segmented, seed)
        for seed, model, series, segmented in product(SEEDS, MODELS, SERIES, (True, False))
    ]
    found = dict(zip(asked, ledger.pieces(Fit, asked, _fit), strict=False))
    for series, model in product(SERIES, MODELS):
        both = {
            segmented: [
                fit
                for one, fit in found.items()
                if (one.series, one.model, one.segmented) == (series, model, segmented)
            ]
            for segmented in (True, False)
        }
        if not all(both.values()):
            continue
        name = f"{model} on {series.name}, {HORIZON} ahead"
        errors = {segmented: [fit.error for fit in fits] for segmented, fits in both.items()}
        plain = statistics.mean(errors[False])
        yield Measurement.of(f"MSE of a {name}, step by step", errors[False], "standardised")
        yield Measurement.of(
            f"MSE of a {name}, in segments of {series.segment}",
            errors[True],
            "standardised",
            f"{SHARE:.0%} of that step by step",
            SHARE * plain,
        )
        yield Measurement.of(
            f"seconds of a {name}, in segments",
            [fit.seconds for fit in both[True]],
            "s",
            "step by step",
            statistics.median(fit.seconds for fit in both[False]),
        )
        yield Measurement.of(
            f"MSE of the last season on {series.name}", [both[True][0].naive], "standardised"
        )


def _fit(asked: Asked) -> Fit:
    series = asked.series
    dataset = require_series(load(Sample(name=series.name)))
    recipe = Recipe(
        dataset=Sample(name=series.name),
        task=Forecast(
            target=series.target if series.target in dataset.columns else dataset.columns[0],
            window=series.window,
            segment=series.segment if asked.segmented else 1,
            horizon=HORIZON,
            season=series.season,
            base="last",
            strategy="direct",
        ),
        model=MODELS[asked.model],
        optimizer=Optimizer(learning_rate=0.002),
        training=Training(batch=64, epochs=60, patience=12),
        seed=asked.seed,
    )
    began = time.monotonic()
    trained = train_forecaster(recipe, dataset)
    seconds, problem = time.monotonic() - began, trained.problem
    spread = problem.raw[problem.split.train].std()
    truth = problem.truth(problem.test)
    naive = baselines.seasonal_naive(problem.raw, problem.origins(problem.test), HORIZON, series.season)
    said = problem.forecasts(trained.outputs_of(0), problem.test)
    return Fit(
        float(np.square((said - truth) / spread).mean()),
        float(np.square((naive - truth) / spread).mean()),
        seconds,
    )
