"""How close forecasts come and how long they take: ours, NeuralForecast's, Darts', ETS, ARIMA, last season.

Everyone learns from the same first part of each series and forecasts the rest of it at once. Ours are the
settings that the product suggests; the libraries have their own defaults, a window of two horizons where
they have none, and a number of updates that is said.
"""

import json
import statistics
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from tests.benchmarks import forecasting_report
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.rivals.environment import python_of

HERE = Path(__file__).resolve().parent
SEEDS = (0, 1, 2)
UPDATES = {"neuralforecast": 300, "darts": 2000}
"""Of each library's models: more than their guides take for such series, and as many as leave the whole
within a quarter of an hour."""
MOST_LEARNT = 2000
"""Rows, the newest, that anybody learns from."""
NEURAL = {"neuralforecast": ("LSTM", "GRU", "NHITS"), "darts": ("RNNModel", "BlockRNNModel")}
OURS = "Unroll"


@dataclass(frozen=True)
class Question:
    """A series, of which the last `horizon` values are to be forecast from those before."""

    name: str
    values: np.ndarray
    season: int | None
    horizon: int
    index: pd.Index

    @property
    def known(self) -> np.ndarray:
        """What everyone learns from."""
        return self.values[: -self.horizon]


@dataclass(frozen=True)
class Answer:
    """What a contender said of a series, from a seed."""

    contender: str
    series: str
    seed: int
    mae: float
    mase: float
    seconds: float


class Rival:
    """A library in a process and an environment of its own."""

    def __init__(self, name: str) -> None:
        self._process = subprocess.Popen(
            [python_of(name), str(HERE / "rivals" / f"{name}_fits.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def ask(self, **said: object) -> dict[str, object]:
        """Ask and wait.

        Raises:
            RuntimeError: if it went down.
        """
        assert self._process.stdin and self._process.stdout
        print(json.dumps(said), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args} ended without an answer to {said.get('model')}")
        return json.loads(line)

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def measure() -> Iterator[Measurement]:
    """Ask everyone everything, write the table beside this file, and give what is to be reached."""
    answers: list[Answer] = []
    rivals = {name: Rival(name) for name in NEURAL}
    questions = list(ask(rivals["neuralforecast"]))
    for question in questions:
        for answer in (*classical(question), *ours(question), *neural(question, rivals)):
            print(
                f"  {answer.series}, {answer.contender}, seed {answer.seed}: MAE {answer.mae:.4g}", flush=True
            )
            answers.append(answer)
    for rival in rivals.values():
        rival.close()
    forecasting_report.write(questions, answers)
    yield from _figures(answers)


def ask(airline: Rival) -> Iterator[Question]:
    """Give the series; the airline's is not ours to ship and comes out of a rival's package."""
    from components.data import load
    from components.recipe import Sample

    passengers = np.array(airline.ask(airline=True)["values"], dtype=np.float64)
    months = pd.date_range("1949-01-01", periods=len(passengers), freq="MS")
    yield Question("airline passengers", passengers, 12, 24, months)
    for name, sample, horizon in (
        ("sunspots, yearly", "sunspots", 11),
        ("CO₂, weekly", "co2", 52),
        ("temperature in Seattle, daily", "seattle_weather", 14),
        ("electrical equipment, monthly", "electrical_equipment", 24),
    ):
        dataset = load(Sample(name=sample))
        table = dataset.table.iloc[-(MOST_LEARNT + horizon) :, 0]
        yield Question(name, table.to_numpy(np.float64), dataset.season, horizon, table.index)


# --- The contenders ----------------------------------------------------------------------------------


def ours(question: Question) -> Iterator[Answer]:
    """Train what the product suggests, horizon apart, from each seed."""
    from components.data.dataset import Provenance, Series
    from components.models.seeds import seeded
    from components.recipe import Forecast, Preparation, Recipe, Sample
    from components.storage import Folder
    from components.tasks import forecast
    from components.tasks.forecasting.backtest import shortened
    from components.tasks.forecasting.suggesting import suggestion
    from components.training.control import Control
    from components.training.limits import Limits
    from components.training.loop import Loop
    from components.training.session import Session

    rows, horizon = len(question.values), question.horizon
    table = pd.DataFrame({"value": question.values}, index=question.index)
    reference = Sample(name="airline")
    series = Series(reference, question.name, Provenance("here", "none"), table, season=question.season)
    asked = Recipe(dataset=reference, task=Forecast(target="value", horizon=horizon, window=horizon))
    preparation = shortened(asked, series, 0, rows - horizon, rows)[0].preparation
    assert isinstance(preparation, Preparation)
    suggested = suggestion(series, preparation).recipe
    task = suggested.task_as(Forecast).model_copy(update={"horizon": horizon})
    for seed in SEEDS:
        recipe = suggested.model_copy(update={"task": task, "seed": seed})
        began = time.perf_counter()
        problem = forecast.prepare(recipe, series)
        with seeded(seed):
            built = forecast.build(recipe, problem)
        loop = Loop(built.model, problem, recipe)
        with TemporaryDirectory() as folder:
            limits = Limits(600, 2**40, 600)
            Session(loop, lambda message: None, Control(), Folder(folder), limits).train()
        loop.keep()
        said = problem.forecasts(loop.outputs, problem.test[-1:])[0]
        yield _scored(question, OURS, seed, said, time.perf_counter() - began)


def classical(question: Question) -> Iterator[Answer]:
    """Fit ETS and ARIMA as the product does, and repeat the last season."""
    from components.tasks.forecasting import baselines
    from components.tasks.forecasting.classical import classical as fitted

    start, origins = len(question.known), np.array([len(question.known) - 1])
    began = time.perf_counter()
    both = fitted(question.values, start, origins, question.horizon, question.season)
    seconds = (time.perf_counter() - began) / 2
    for one in both:
        if one.forecasts is not None:
            yield _scored(question, one.label, 0, one.forecasts[0], seconds)
    naive = baselines.seasonal_naive(question.values, origins, question.horizon, question.season or 1)
    yield _scored(question, "seasonal naive", 0, naive[0], 0.0)


def neural(question: Question, rivals: dict[str, Rival]) -> Iterator[Answer]:
    """Ask the libraries."""
    window = max(2 * question.horizon, 24)
    for library, models in NEURAL.items():
        for model in models:
            for seed in SEEDS:
                answer = rivals[library].ask(
                    model=model,
                    values=question.known.tolist(),
                    horizon=question.horizon,
                    window=min(window, len(question.known) // 3),
                    updates=UPDATES[library],
                    seed=seed,
                )
                said = np.array(answer["forecast"], dtype=np.float64)
                yield _scored(question, f"{library} {model}", seed, said, float(str(answer["seconds"])))


def _scored(question: Question, contender: str, seed: int, said: np.ndarray, seconds: float) -> Answer:
    from components.tasks.metrics import mae, mase

    truth = question.values[-question.horizon :]
    scaled = mase(truth, said, question.known, question.season)
    return Answer(contender, question.name, seed, mae(truth, said), scaled, seconds)


# --- What it comes to --------------------------------------------------------------------------------


def mean_of(answers: list[Answer], contender: str, series: str | None = None, what: str = "mase") -> float:
    """Average what a contender reached: over the seeds, and over the series where none is named."""
    own = [one for one in answers if one.contender == contender and series in (None, one.series)]
    return statistics.mean(getattr(one, what) for one in own)


def seconds_of(answers: list[Answer], contender: str) -> float:
    """Give the middle of the seconds that a contender took."""
    return statistics.median(one.seconds for one in answers if one.contender == contender)


def peers(answers: list[Answer]) -> list[str]:
    """Name the neural contenders beside ours."""
    return sorted({one.contender for one in answers if one.contender.startswith(tuple(NEURAL))})


def _figures(answers: list[Answer]) -> Iterator[Measurement]:
    best = min(peers(answers), key=lambda name: mean_of(answers, name))
    own = [one.mase for one in answers if one.contender == OURS]
    yield Measurement.of("mean MASE of ours", [statistics.mean(own)], "MASE", best, mean_of(answers, best))
    series = list(dict.fromkeys(one.series for one in answers))
    won = sum(mean_of(answers, OURS, name) <= mean_of(answers, "ETS", name) for name in series)
    yield Measurement.of(
        f"of {len(series)} series, at or below ETS", [won], "series", "at least", len(series) / 2
    )
    third = statistics.median(seconds_of(answers, name) for name in peers(answers)) / 3
    took = [one.seconds for one in answers if one.contender == OURS]
    yield Measurement.of("seconds to a forecast of ours", took, "s", "a third of the neural peers'", third)
    airline = [one.mae for one in answers if one.contender == OURS and one.series.startswith("airline")]
    yield Measurement.of("airline, 24 months, MAE", airline, "thousand passengers", "at most", 13)
    for name in ("ETS", "ARIMA", "seasonal naive", *peers(answers)):
        yield Measurement.of(f"mean MASE of {name}", [mean_of(answers, name)], "MASE")
