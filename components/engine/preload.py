"""What a worker does before its first run: load TensorFlow and make one tiny step, so that Train is quick.

An outside cluster's workers take it as `dask worker … --preload components.engine.preload`.
"""

import random

import dask.sizeof
import keras
import numpy as np
import tensorflow as tf

import components.engine.running
import components.engine.work  # noqa: F401 - with all that a run needs

# The same seed gives the same run. This has to be said before the first operation.
tf.config.experimental.enable_op_determinism()


# Keras draws the seeds of weights from Python's one generator of random numbers, which Dask draws from
# as well, now and then, in a thread of its own. It may have one to itself.
dask.sizeof.random = random.Random()  # type: ignore[assignment]


def warm_up() -> None:
    """Compile and make two training steps of a tiny LSTM, the loop over steps inside the graph."""
    model = keras.Sequential([keras.Input((3, 1)), keras.layers.LSTM(2), keras.layers.Dense(1)])
    optimizer = keras.optimizers.Adam()
    optimizer.build(model.trainable_variables)
    inputs = tf.constant(np.ones((2, 3, 1), "float32"))

    @tf.function
    def train(count: tf.Tensor) -> tf.Tensor:
        loss = tf.constant(0.0)
        for _ in tf.range(count):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.square(model(inputs, training=True)))
            optimizer.apply(tape.gradient(loss, model.trainable_variables))
        return loss

    train(tf.constant(2))
    keras.utils.clear_session()


warm_up()
