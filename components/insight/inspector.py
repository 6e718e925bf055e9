"""The model of a run with its probe, brought to one set of weights: what every view looks through."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from components.insight.example import Example, ExampleChoice, ModelOutput
from components.insight.numpy_rnn import step
from components.insight.probe import Probe, ProbeResult
from components.models.fused.base import stepped_by

Sampler = Callable[[ExampleChoice], Example]


@dataclass(frozen=True, eq=False)
class OutputBatch:
    """What of a batch's outputs is asked: for each row a place, (rows, axes) int32, and a sign, (rows,)."""

    places: np.ndarray
    signs: np.ndarray

    @classmethod
    def of(cls, answers: list[ModelOutput]) -> "OutputBatch":
        """Ask one of every row."""
        return cls(
            np.array([answer.place for answer in answers], np.int32),
            np.array([answer.sign for answer in answers], np.float32),
        )


class Inspector:
    """A model to look into. Its weights may change.

    Args:
        model: as the task's `build` gave it.
        sample: gives an example that a person asks for.
        sample_evenly: gives examples from all of the data, as many as asked for at most.
    """

    def __init__(self, model: keras.Model, sample: Sampler, spread: Callable[[int], list[Example]]):
        self.model, self._sample = model, sample
        # They don't depend on the weights, and each view asks for the same ones.
        self.sample_evenly = cache(spread)

    def sample(self, asked: ExampleChoice) -> Example:
        """Return the example that a person asks for."""
        with stepped_by(step):
            return self._sample(asked)

    @cached_property
    def values(self) -> Probe:
        """Return the probe for answers that are values."""
        return Probe(self.model, _value_sum, compiled=False)

    @cached_property
    def chances(self) -> Probe:
        """Return the probe for answers that are logits: scores are logarithms of probabilities."""
        return Probe(self.model, _log_probability_sum, compiled=False)

    def probe(self, example: Example) -> Probe:
        """Return the probe for an example's scores."""
        return self.values if example.score == "value" else self.chances

    def gradients(
        self, example: Example, inputs: list[np.ndarray], answers: list[ModelOutput]
    ) -> ProbeResult:
        """Look at a batch and the gradients of one answer of each row."""
        asked = OutputBatch.of(answers)
        return self.probe(example).gradients(inputs, (asked.places, asked.signs))

    def scores(self, example: Example, inputs: list[np.ndarray], answer: ModelOutput) -> np.ndarray:
        """Return one answer's score for every row of a batch, (rows,)."""
        outputs = self.probe(example).outputs(inputs)
        asked = OutputBatch.of([answer] * len(outputs))
        by_row = _value_scores if example.score == "value" else _log_probabilities
        return np.asarray(by_row((asked.places, asked.signs), tf.constant(outputs)))


def _value_scores(targets: Any, outputs: tf.Tensor) -> tf.Tensor:
    places, signs = targets
    return tf.gather_nd(outputs, places, batch_dims=1) * signs


def _log_probabilities(targets: Any, outputs: tf.Tensor) -> tf.Tensor:
    if outputs.shape[-1] == 1:  # of two classes, only the second has a logit
        return tf.math.log_sigmoid(_value_scores(targets, outputs))
    return tf.gather_nd(tf.nn.log_softmax(outputs), targets[0], batch_dims=1)


def _value_sum(targets: Any, outputs: tf.Tensor) -> tf.Tensor:
    return tf.reduce_sum(_value_scores(targets, outputs))


def _log_probability_sum(targets: Any, outputs: tf.Tensor) -> tf.Tensor:
    return tf.reduce_sum(_log_probabilities(targets, outputs))
