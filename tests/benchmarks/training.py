"""How long a training step takes: our loop, `keras.fit`, a PyTorch loop, and what the hardware allows."""

import math
import os
import statistics
import time
from collections.abc import Iterator
from itertools import product

import keras
import tensorflow as tf

from tests.benchmarks import training_report
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.rivals.keras_fit import KerasFit
from tests.benchmarks.rivals.network import Cell, Characters, Dates, Network
from tests.benchmarks.rivals.own_loop import OwnLoop
from tests.benchmarks.rivals.pytorch import PyTorch
from tests.benchmarks.step_times import StepTimes, speed_ratios

ROUNDS = 3
SECONDS = 0.4
"""That one timing should take."""
KINDS, LAYERS, UNITS, STEPS, BATCHES = (
    ("lstm", "gru", "simple_rnn"),
    (1, 2),
    (32, 64, 128, 256),
    (24, 64, 200),
    (32, 128),
)
GRID = tuple(
    Cell(kind, units, steps, batch, layers)
    for kind, layers, units, steps, batch in product(KINDS, LAYERS, UNITS, STEPS, BATCHES)
)


def representatives() -> Iterator[Cell]:
    """Choose 22 of the grid's 144 cells: every kind with nearly all sizes, both batches and depths.

    Their geometric means lay within 6 % of the whole grid's when that was measured.
    """
    for kind, units, batch in product(range(3), range(4), range(2)):
        if (KINDS[kind], UNITS[units]) != ("simple_rnn", 128):
            layers, steps = LAYERS[(units + batch) % 2], STEPS[(units + kind) % 3]
            yield Cell(KINDS[kind], UNITS[units], steps, BATCHES[batch], layers)


def networks() -> tuple[Network, ...]:
    """Return what is trained: 24 networks that represent the others, or all 146."""
    return Characters(), Dates(), *(GRID if is_full() else representatives())


def is_full() -> bool:
    """Return whether FULL=1 asks for all networks."""
    return os.environ.get("FULL") == "1"


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Race network by network, then sum up; of all, write the table and the chart beside this file."""
    rate, pytorch = matrix_rate(), PyTorch()
    yield Measurement.of("large matrix products", [rate], "GFLOP/s")
    races = []
    for race in ledger.pieces(StepTimes, networks(), lambda network: run(network, rate, pytorch)):
        races.append(race)
        yield from _rows(race)
    pytorch.close()
    if ledger.is_cut_off:
        return
    for standing in speed_ratios(races):
        yield Measurement(
            standing.name,
            standing.mean,
            "×",
            "at least",
            standing.wanted[0],
            min(standing.ratios),
            max(standing.ratios),
            len(standing.ratios),
        )
    if is_full():
        training_report.write(races, rate)


def _rows(race: StepTimes) -> Iterator[Measurement]:
    ours = statistics.median(race.ours)
    limit = race.limit if isinstance(race.network, Cell) else None
    yield Measurement.of(f"training step, {race.network}", race.ours, "ms", "the hardware's limit", limit)
    for rival, times in ((f"keras.fit, {race.keras_setting}", race.keras_fit), ("PyTorch", race.pytorch)):
        yield Measurement.of(f"training step, {race.network}, {rival}", times, "ms", "Unroll", ours)


def run(network: Network, rate: float, pytorch: PyTorch) -> StepTimes:
    """Let the contenders take turns with a network.

    Args:
        network: what to train.
        rate: GFLOP/s of large matrix products.
        pytorch: that contender, whose process serves all networks.
    """
    ours, keras_fit = OwnLoop(network, SECONDS), KerasFit(network, SECONDS)
    pytorch.prepare(network, SECONDS)
    contenders = (ours, keras_fit, pytorch)
    rounds = []
    for number in range(ROUNDS):
        turn = contenders[number % 3 :] + contenders[: number % 3]
        took = {contender.name: contender.milliseconds() for contender in turn}
        rounds.append([took[contender.name] for contender in contenders])
    by_us, by_keras, by_pytorch = zip(*rounds, strict=True)
    keras.backend.clear_session()
    limit = network.operations / rate / 1e6 if isinstance(network, Cell) else math.nan
    return StepTimes(network, by_us, by_keras, keras_fit.setting, by_pytorch, limit)


def matrix_rate() -> float:
    """Return what TensorFlow's large matrix products reach in this process, in GFLOP/s."""
    size = 2048
    one = tf.random.normal([size, size])

    def once() -> float:
        start = time.perf_counter()
        tf.matmul(one, one).numpy()
        return time.perf_counter() - start

    return 2 * size**3 / min(once() for _ in range(10)) / 1e9
