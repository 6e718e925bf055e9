"""A problem small enough to train in milliseconds: say the mean of six numbers."""

import keras
import numpy as np
import tensorflow as tf

from components.models.fused.layers import LSTM
from components.models.seeds import Seeds
from components.recipe import Clipping, Forecast, Optimizer, Recipe, Sample, Training
from components.training.events import Snapshot
from components.training.loop import Loop


class MeanOfSix:
    """Inputs (50, 6, 1) and their means; forty to train on, ten to validate."""

    def __init__(self, scale: float = 1.0):
        self.inputs = np.random.default_rng(1).normal(size=(50, 6, 1)).astype("float32") * scale
        self.train, self.validation = np.arange(40, dtype="int32"), np.arange(40, 50, dtype="int32")

    def batch(self, examples):
        inputs = tf.gather(tf.constant(self.inputs), examples)
        return inputs, tf.reduce_mean(inputs, axis=1)

    def loss(self, targets, outputs):
        return tf.reduce_mean(tf.square(outputs - targets))

    def snapshot(self, outputs):
        return Snapshot(tuple(outputs(self.validation[:3]).ravel().tolist()))


def recipe(optimizer=None, clipping=None, seed=0, **training) -> Recipe:
    """Make a recipe whose dataset and task nobody looks at."""
    return Recipe(
        dataset=Sample(name="toy"),
        task=Forecast(target="toy"),
        optimizer=optimizer or Optimizer(),
        clipping=clipping or Clipping(),
        training=Training(**{"batch": 16, "epochs": 4, "patience": None} | training),
        seed=seed,
    )


def loop(
    recipe: Recipe,
    problem: MeanOfSix | None = None,
    dropout: float = 0.2,
    lstm: type[keras.layers.LSTM] = LSTM,
) -> Loop:
    """Set a small LSTM with dropout before the problem; ours, which is compiled in half of Keras' time."""
    past, seeds = keras.Input((6, 1)), Seeds(recipe.seed)
    states = seeds.layer(lstm, 4, name="lstm_1")(past)
    states = seeds.layer(keras.layers.Dropout, dropout, name="dropout_1")(states)
    outputs = seeds.layer(keras.layers.Dense, 1, name="forecast")(states)
    return Loop(keras.Model(past, outputs), problem or MeanOfSix(), recipe)


def train(loop: Loop, portion: int) -> list[float]:
    """Train to the end in portions; give every loss, validation included."""
    losses = []
    while not loop.is_over:
        losses += loop.run(portion).losses
        if loop.at_epoch_end:
            losses.append(loop.end_epoch().validation)
    return losses
