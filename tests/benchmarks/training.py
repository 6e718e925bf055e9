"""How long a training step takes: our loop, `keras.fit`, a PyTorch loop, and what the hardware allows."""

import math
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import product

import keras
import tensorflow as tf

from tests.benchmarks import training_report
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.rivals.keras_fit import KerasFit
from tests.benchmarks.rivals.network import Cell, Characters, Dates, Network
from tests.benchmarks.rivals.own_loop import OwnLoop
from tests.benchmarks.rivals.pytorch import PyTorch
from tests.benchmarks.step_times import StepTimes, speed_ratios

ROUNDS = 3
SECONDS = 0.4
"""That one timing should take."""
NETWORKS: tuple[Network, ...] = (
    Characters(),
    Dates(),
    *(
        Cell(kind, units, steps, batch, layers)
        for kind, layers, units, steps, batch in product(
            ("lstm", "gru", "simple_rnn"), (1, 2), (32, 64, 128, 256), (24, 64, 200), (32, 128)
        )
    ),
)


def measure() -> Iterator[Measurement]:
    """Yield the ratios in front, then every network; write the table and the chart beside this file."""
    rate = matrix_rate()
    races = list(run(NETWORKS, rate))
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
    yield Measurement.of("large matrix products", [rate], "GFLOP/s")
    for race in races:
        ours = statistics.median(race.ours)
        yield Measurement.of(
            f"training step, {race.network}", race.ours, "ms", "the hardware's limit", race.limit
        )
        for rival, times in ((f"keras.fit, {race.keras_setting}", race.keras_fit), ("PyTorch", race.pytorch)):
            yield Measurement.of(f"training step, {race.network}, {rival}", times, "ms", "Unroll", ours)
    training_report.write(races, rate)


def run(networks: Iterable[Network], rate: float) -> Iterator[StepTimes]:
    """Let the contenders take turns, network by network.

    Args:
        networks: what to train.
        rate: GFLOP/s of large matrix products.
    """
    pytorch = PyTorch()
    for network in networks:
        ours, keras_fit = OwnLoop(network, SECONDS), KerasFit(network, SECONDS)
        pytorch.prepare(network, SECONDS)
        contenders = (ours, keras_fit, pytorch)
        rounds = []
        for number in range(ROUNDS):
            turn = contenders[number % 3 :] + contenders[: number % 3]
            took = {contender.name: contender.milliseconds() for contender in turn}
            rounds.append([took[contender.name] for contender in contenders])
        by_us, by_keras, by_pytorch = zip(*rounds, strict=True)
        limit = network.operations / rate / 1e6 if isinstance(network, Cell) else math.nan
        race = StepTimes(network, by_us, by_keras, keras_fit.setting, by_pytorch, limit)
        said = f"{race.against_keras:.2f} × keras.fit, {race.against_pytorch:.2f} × PyTorch"
        print(f"{network}: {statistics.median(by_us):.2f} ms, {said}", file=sys.stderr, flush=True)
        yield race
        keras.backend.clear_session()
    pytorch.close()


def matrix_rate() -> float:
    """Return what TensorFlow's large matrix products reach in this process, in GFLOP/s."""
    size = 2048
    one = tf.random.normal([size, size])

    def once() -> float:
        start = time.perf_counter()
        tf.matmul(one, one).numpy()
        return time.perf_counter() - start

    return 2 * size**3 / min(once() for _ in range(10)) / 1e9
