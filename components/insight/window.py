"""The model of a run with its probe, brought to one set of weights: what every view looks through."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from components.insight.example import Answer, Asked, Example
from components.insight.probe import Probe, Seen
from components.insight.stepping import step
from components.models.fused.layer import stepped_by

Sampler = Callable[[Asked], Example]


@dataclass(frozen=True, eq=False)
class Answers:
    """What of a batch's outputs is asked: for each row a place, (rows, axes) int32, and a sign, (rows,)."""

    places: np.ndarray
    signs: np.ndarray

    @classmethod
    def of(cls, answers: list[Answer]) -> "Answers":
        """Ask one of every row."""
        return cls(
            np.array([answer.place for answer in answers], np.int32),
            np.array([answer.sign for answer in answers], np.float32),
        )


class Window:
    """A model to look into. Its weights may change.

    Args:
        model: as the task's `build` gave it.
        sample: gives an example that a person asks for.
        spread: gives examples from all of the data, as many as asked for at most.
    """

    def __init__(self, model: keras.Model, sample: Sampler, spread: Callable[[int], list[Example]]):
        self.model, self._sample = model, sample
        # They don't depend on the weights, and each view asks for the same ones.
        self.spread = cache(spread)

    def sample(self, asked: Asked) -> Example:
        """Give the example that a person asks for."""
        with stepped_by(step):
            return self._sample(asked)

    @cached_property
    def values(self) -> Probe:
        """Give the probe for answers that are values."""
        return Probe(self.model, _value, compiled=False)

    @cached_property
    def chances(self) -> Probe:
        """Give the probe for answers that are logits: scores are logarithms of probabilities."""
        return Probe(self.model, _chance, compiled=False)

    def probe(self, example: Example) -> Probe:
        """Give the probe for an example's scores."""
        return self.values if example.score == "value" else self.chances

    def gradients(self, example: Example, inputs: list[np.ndarray], answers: list[Answer]) -> Seen:
        """Look at a batch and the gradients of one answer of each row."""
        asked = Answers.of(answers)
        return self.probe(example).gradients(inputs, (asked.places, asked.signs))

    def scores(self, example: Example, inputs: list[np.ndarray], answer: Answer) -> np.ndarray:
        """Give one answer's score for every row of a batch, (rows,)."""
        outputs = self.probe(example).outputs(inputs)
        asked = Answers.of([answer] * len(outputs))
        by_row = _values if example.score == "value" else _chances
        return np.asarray(by_row((asked.places, asked.signs), tf.constant(outputs)))


def _values(targets: Any, outputs: tf.Tensor) -> tf.Tensor:
    places, signs = targets
    return tf.gather_nd(outputs, places, batch_dims=1) * signs


def _chances(targets: Any, outputs: tf.Tensor) -> tf.Tensor:
    if outputs.shape[-1] == 1:  # of two classes, only the second has a logit
        return tf.math.log_sigmoid(_values(targets, outputs))
    return tf.gather_nd(tf.nn.log_softmax(outputs), targets[0], batch_dims=1)


def _value(targets: Any, outputs: tf.Tensor) -> tf.Tensor:
    return tf.reduce_sum(_values(targets, outputs))


def _chance(targets: Any, outputs: tf.Tensor) -> tf.Tensor:
    return tf.reduce_sum(_chances(targets, outputs))
