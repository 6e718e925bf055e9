"""Keras' optimisers and schedules, as a recipe names them."""

import keras
import tensorflow as tf

from components.recipe import Optimizer


def build_optimizer(settings: Optimizer) -> keras.optimizers.Optimizer:
    """Make the optimiser; its learning rate is set anew before every step."""
    rate = settings.learning_rate
    match settings.kind:
        case "adam":
            return keras.optimizers.Adam(rate)
        case "adamw":
            return keras.optimizers.AdamW(rate, weight_decay=settings.weight_decay)
        case "rmsprop":
            return keras.optimizers.RMSprop(rate)
        case "sgd":
            return keras.optimizers.SGD(rate, momentum=settings.momentum)


@tf.autograph.experimental.do_not_convert  # it doesn't know `match`, and there is nothing to convert
def lr_multiplier(settings: Optimizer, step: tf.Tensor, total: int) -> tf.Tensor:
    """Return the share of the learning rate that the schedule leaves at a step (a scalar, from 1
    downwards)."""
    match settings.schedule:
        case "constant":
            return tf.constant(1.0)
        case "cosine":
            return keras.optimizers.schedules.CosineDecay(1.0, total)(step)
        case "exponential":
            return keras.optimizers.schedules.ExponentialDecay(1.0, total, 0.1)(step)
