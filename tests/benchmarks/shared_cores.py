"""Whether a training keeps its pace: beside another one on the same cores, and on a series of any length."""

import os
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
import pandas as pd

from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement

ROUNDS = 9
SECONDS = 2.0
"""That one timing takes."""
SHORT, LONG = 10_000, 10_000_000
UNITS = (32, 128)


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Yield the share of half the machine's pace that each of two runs has, and what a long series costs."""
    for units in UNITS:
        yield _beside(units, ledger)
    yield _by_length(ledger)


def _process(threads: int) -> ProcessPoolExecutor:
    """Start a process that has so many threads to calculate with, as a worker is told."""
    return ProcessPoolExecutor(1, get_context("spawn"), _set_threads, (threads,))


def _set_threads(threads: int) -> None:
    os.environ["TF_NUM_INTRAOP_THREADS"] = str(threads)


def _beside(units: int, ledger: Ledger) -> Measurement:
    """Take turns: one run with the whole machine, then two at once with half of its threads each."""
    cores = os.cpu_count() or 1
    with _process(cores) as alone, _process(cores // 2) as one, _process(cores // 2) as other:
        for process in (alone, one, other):
            process.submit(_begin, units, SHORT).result()
        shares = []
        for _ in ledger.rounds(ROUNDS):
            whole = alone.submit(_steps_a_second).result()
            both = [process.submit(_steps_a_second) for process in (one, other)]
            shares.append(min(half.result() for half in both) / (whole / 2))
    return Measurement.of(
        f"the slower of two runs at once, LSTM of {units} units",
        shares,
        "of half the machine's pace",
        "at least",
        0.8,
    )


def _by_length(ledger: Ledger) -> Measurement:
    """Take turns: a step on a short series, and on a long one."""
    ratios = []
    with _process(os.cpu_count() or 1) as alone:
        for rows in (SHORT, LONG):
            alone.submit(_begin, 32, rows).result()
        for turn in ledger.rounds(ROUNDS):
            order = (SHORT, LONG) if turn % 2 else (LONG, SHORT)
            paces = {rows: alone.submit(_steps_a_second, rows).result() for rows in order}
            ratios.append(100 * (paces[SHORT] / paces[LONG] - 1))
    return Measurement.of(
        f"longer step on {LONG:,} rows than on {SHORT:,}", ratios, "% more time", "at most", 5.0
    )


# --- In a process of its own -------------------------------------------------------------------------

_here: dict[int, Any] = {}
"""Loops by the rows of their series."""


def _begin(units: int, rows: int) -> None:
    _here[rows] = _loop(units, rows)


def _steps_a_second(rows: int = SHORT) -> float:
    return _pace(_here[rows])


def _loop(units: int, rows: int) -> Any:
    """Return a loop that has made its first steps."""
    from components.data.datasets import Provenance, Series
    from components.recipe import Forecast, Generated, Recipe, Recurrent, Training
    from components.tasks import task_of
    from components.training.loop import Loop

    recipe = Recipe(
        dataset=Generated(name="sine"),
        task=Forecast(target="value", window=48, horizon=12),
        model=Recurrent(kind="lstm", units=units),
        training=Training(batch=32, epochs=10_000, patience=None),
    )
    table = pd.DataFrame({"value": np.sin(np.arange(rows) / 4).astype(np.float64)})
    series = Series(recipe.dataset, "waves", Provenance("made here", "none"), table)
    task = task_of(recipe)
    problem = task.prepare(recipe, series)
    loop = Loop(task.build(recipe, problem).model, problem, recipe)
    _pace(loop)
    return loop


def _pace(loop: Any) -> float:
    """Return the steps of a second, in calls as long as the app's, each from its beginning to its end."""
    from components.training.loop import TrainingProgress

    paces, began = [], time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        start = time.perf_counter()
        made = len(loop.run(100).losses)
        paces.append(made / (time.perf_counter() - start))
        if loop.at_epoch_end:
            loop.progress = TrainingProgress(step=loop.progress.step, epoch=loop.progress.epoch + 1)
    return statistics.median(paces)
