"""How close forecasts come and how long they take: ours, NeuralForecast's, Darts', ETS, ARIMA, last season.

Everyone learns from the same first part of each series and forecasts the rest of it at once. Ours are the
settings that the product suggests; the libraries have their own defaults, a window of two horizons where
they have none, and a number of updates that is said.
"""

import json
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks import forecasting_report
from tests.benchmarks.forecast_questions import Question, questions
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.rivals.environment import python_of
from tests.benchmarks.suggested_recipe import suggested_recipe, train_forecaster

HERE = Path(__file__).resolve().parent
SEEDS = (0, 1, 2)
UPDATES = {"neuralforecast": 200, "darts": 2000}
"""Of each model: what NeuralForecast’s guides to its LSTM and GRU take, and Darts’ to its RNN."""
LONGEST_WINDOW = 132
"""Rows that the libraries look back over at most; more would take them minutes a fit."""
NEURAL = {"neuralforecast": ("LSTM", "GRU", "NHITS"), "darts": ("RNNModel", "BlockRNNModel")}
OURS = "Unroll"


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

    def ask(self, **said: object) -> dict[str, Any]:
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

    def series(self, name: str) -> list[float]:
        """Return a series that lies in its environment."""
        return self.ask(series=name)["values"]

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Ask everyone everything, write the table beside this file, and give what is to be reached."""
    rivals = {name: Rival(name) for name in NEURAL}
    asked = list(questions(rivals["neuralforecast"].series))
    fits = [fit for question in asked for fit in fits_of(question, rivals)]
    answers: list[Answer] = []
    for fitted in ledger.pieces(Fitted, fits, lambda fit: Fitted(fit.answers()), lambda fit: fit.name):
        answers += fitted.answers
        for answer in fitted.answers:
            name = f"{answer.series}, {answer.contender}, seed {answer.seed}"
            yield Measurement.of(f"MAE of {name}", [answer.mae], "the series' own unit")
    for rival in rivals.values():
        rival.close()
    if not ledger.is_cut_off:
        forecasting_report.write(asked, answers)
        yield from _figures(answers)


# --- The contenders ----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Fit:
    """What is asked of one contender, or of those that are quick together, on one series from one seed."""

    name: str
    answers: Callable[[], tuple[Answer, ...]]


@dataclass(frozen=True)
class Fitted:
    """What came of a fit."""

    answers: tuple[Answer, ...]


def fits_of(question: Question, rivals: dict[str, Rival]) -> Iterator[Fit]:
    """List what is asked of everyone on a series."""
    for seed in SEEDS:
        yield Fit(f"{question.name}, {OURS}, {seed}", partial(ours, question, seed))
    yield Fit(f"{question.name}, classical", lambda: tuple(classical(question)))
    for library, models in NEURAL.items():
        for model, seed in product(models, SEEDS):
            ask = partial(neural, question, library, model, seed, rivals[library])
            yield Fit(f"{question.name}, {library} {model}, {seed}", ask)


def ours(question: Question, seed: int) -> tuple[Answer, ...]:
    """Train what the product suggests for such a horizon."""
    recipe, series = suggested_recipe(question)
    began = time.perf_counter()
    forecast = train_forecaster(recipe.model_copy(update={"seed": seed}), series).newest()
    return (_scored(question, OURS, seed, forecast, time.perf_counter() - began),)


def classical(question: Question) -> Iterator[Answer]:
    """Fit ETS and ARIMA as the product does, each series by itself, and repeat the last season."""
    from components.tasks.forecasting import baselines
    from components.tasks.forecasting.classical import classical as fitted

    start, horizon, season = len(question.known), question.horizon, question.season
    origins = np.array([start - 1])
    columns = question.table.to_numpy(np.float64).T
    began = time.perf_counter()
    fits = [fitted(column, start, origins, horizon, season) for column in columns]
    seconds = (time.perf_counter() - began) / 2
    for forms in zip(*fits, strict=True):
        if all(one.forecasts is not None for one in forms):
            said = np.array([one.forecasts[0] for one in forms])
            yield _scored(question, forms[0].label, 0, said, seconds)
    naive = [baselines.seasonal_naive(column, origins, horizon, season or 1)[0] for column in columns]
    yield _scored(question, "seasonal naive", 0, np.array(naive), 0.0)


def neural(question: Question, library: str, model: str, seed: int, rival: Rival) -> tuple[Answer, ...]:
    """Ask a library."""
    window = max(24, min(2 * question.horizon, LONGEST_WINDOW))
    answer = rival.ask(
        model=model,
        values=question.known.T.tolist(),
        horizon=question.horizon,
        window=min(window, len(question.known) // 3),
        updates=UPDATES[library],
        seed=seed,
    )
    forecast = np.array(answer["forecast"], dtype=np.float64)
    return (_scored(question, f"{library} {model}", seed, forecast, answer["seconds"]),)


def _scored(question: Question, contender: str, seed: int, said: np.ndarray, seconds: float) -> Answer:
    """Average over the series what (series, horizon) forecasts of them reach."""
    from components.tasks.metrics import mae, mase

    pairs = list(zip(question.truth.T, said, question.known.T, strict=True))
    return Answer(
        contender,
        question.name,
        seed,
        mae=statistics.mean(mae(truth, one) for truth, one, _ in pairs),
        mase=statistics.mean(mase(truth, one, known, question.season) for truth, one, known in pairs),
        seconds=seconds,
    )


# --- What it comes to --------------------------------------------------------------------------------


def mean_of(answers: list[Answer], contender: str, series: str | None = None, what: str = "mase") -> float:
    """Average what a contender reached: over the seeds, and over the series where none is named."""
    own = [one for one in answers if one.contender == contender and series in (None, one.series)]
    return statistics.mean(getattr(one, what) for one in own)


def seconds_of(answers: list[Answer], contender: str) -> float:
    """Return the middle of the seconds that a contender took."""
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
