"""What it costs to measure every gradient: our loop against one that only trains.

The bare loop makes the same updates of the same model from the same batches in one compiled call, clips
as TensorFlow does it, and gives back the losses alone.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from components.data import load
from components.recipe import Forecast, Generated, Model, Recipe, Recurrent, Training, Transformer
from components.tasks import task_of
from components.training import optimizer
from components.training.loop import Loop, TrainingProgress
from components.training.training_problem import Problem
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement

ROUNDS = 31
SECONDS = 0.5
CALL = 40  # steps
MODELS: dict[str, Model] = {
    "LSTM 32": Recurrent(kind="lstm", units=32),
    "GRU 32": Recurrent(kind="gru", units=32),
    "LSTM 2×64": Recurrent(kind="lstm", units=64, layers=2),
    "Transformer 2×32": Transformer(units=32, layers=2),
}


@dataclass(frozen=True)
class Pace:
    """Steps per second of the clock, and per second of processor time, which a busy machine disturbs less."""

    clock: float
    processor: float


@dataclass(frozen=True)
class Paired:
    """A model's pace with telemetry and without, round by round."""

    model: str
    pairs: tuple[tuple[Pace, Pace], ...]


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Yield steps per second of both, and what the telemetry costs, model by model."""
    for paired in ledger.pieces(Paired, MODELS, lambda name: _measure(name, ledger)):
        name, pairs = paired.model, paired.pairs
        yield Measurement.of(
            f"steps per second with gradient telemetry, {name}",
            [ours.clock for ours, _ in pairs],
            "steps/s",
            "the same without",
            statistics.median(theirs.clock for _, theirs in pairs),
        )
        for what in ("clock", "processor"):
            yield Measurement.of(
                f"cost of gradient telemetry, {name}, by the {what}",
                [100 * (getattr(theirs, what) / getattr(ours, what) - 1) for ours, theirs in pairs],
                "% more time a step",
                "at most",
                3.0,
            )


def _measure(name: str, ledger: Ledger) -> Paired:
    recipe = Recipe(
        dataset=Generated(name="sine", length=10_000),
        task=Forecast(target="value", window=48, horizon=12),
        model=MODELS[name],
        training=Training(batch=32, epochs=10_000, patience=None),
    )
    full, bare = _contender(recipe, _full), _contender(recipe, _bare)
    return Paired(name, tuple(_pair(full, bare, first=turn % 2 == 0) for turn in ledger.rounds(ROUNDS)))


Advance = Callable[[int], int]
"""Makes that many updates, or fewer where an epoch ends, and tells how many."""


def _contender(recipe: Recipe, make: Callable[[keras.Model, Problem, Recipe], Advance]) -> Advance:
    task = task_of(recipe)
    problem = task.prepare(recipe, load(recipe.dataset))
    advance = make(task.build(recipe, problem).model, problem, recipe)
    advance(CALL)
    return advance


def _pair(full: Advance, bare: Advance, first: bool) -> tuple[Pace, Pace]:
    """Time both, one right after the other, in turn who begins."""
    if first:
        return _rate(full), _rate(bare)
    theirs = _rate(bare)
    return _rate(full), theirs


def _rate(advance: Advance) -> Pace:
    """Time about half a second, in calls of the length that the app makes."""
    start, busy, steps = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - start < SECONDS:
        steps += advance(CALL)
    return Pace(steps / (time.perf_counter() - start), steps / (time.process_time() - busy))


def _full(model: keras.Model, problem: Problem, recipe: Recipe) -> Advance:
    loop = Loop(model, problem, recipe)

    def advance(count: int) -> int:
        made = len(loop.run(count).losses)
        if loop.at_epoch_end:  # on to the next, without the validation: it is no telemetry
            loop.progress = TrainingProgress(step=loop.progress.step, epoch=loop.progress.epoch + 1)
        return made

    return advance


def _bare(model: keras.Model, problem: Problem, recipe: Recipe) -> Advance:
    batch, generator = recipe.training.batch, np.random.default_rng(recipe.seed)
    rule = optimizer.build_optimizer(recipe.optimizer)
    rule.build(model.trainable_variables)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.int32), tf.TensorSpec([], tf.int32)])
    def train(order: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
        losses = tf.TensorArray(tf.float32, count, element_shape=[])
        for number in tf.range(count):
            inputs, targets = problem.batch(order[number * batch : (number + 1) * batch])
            with tf.GradientTape() as tape:
                loss = problem.loss(targets, model(inputs, training=True))
            gradients = tape.gradient(loss, model.trainable_variables)
            gradients, _ = tf.clip_by_global_norm(gradients, recipe.clipping.threshold)
            rule.apply(gradients)
            losses = losses.write(number, loss)
        return losses.stack()

    def advance(count: int) -> int:
        return len(train(tf.constant(generator.permutation(problem.train)), tf.constant(count)).numpy())

    return advance
