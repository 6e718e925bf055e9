"""What class a model predicts of a sequence, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.insight.occlusion import OcclusionBatch
from components.tasks.attribution import attribute
from components.tasks.classification.problem import class_probabilities

if TYPE_CHECKING:
    import tensorflow as tf

    from components.models.classifier import Classifier


@dataclass(frozen=True, eq=False)
class ClassPrediction:
    """What a model predicts of one sequence of T steps, and why.

    Attributes:
        probabilities: (K,) of the classes.
        occlusion: (T,) how much surer of the class that it predicts the model is than without the step.
        gradient: (T,) gradient of that class's score times the input, summed over the channels; of a start,
            which is no part of the network, there is nothing in it.
        attention: (T,) weights that add up to 1; None where the model has no attention.
    """

    probabilities: np.ndarray
    occlusion: np.ndarray
    gradient: np.ndarray
    attention: np.ndarray | None


def predict_class(
    built: "Classifier",
    given: np.ndarray,
    width: int,
    empty: float,
    starts: Callable[[OcclusionBatch], np.ndarray] | None = None,
) -> ClassPrediction:
    """Return the class that a model predicts, and why; `attribute` says what the arguments are."""
    why = attribute(built, given, width, empty, _score, starts)
    said = class_probabilities(why.outputs[None])[0]
    code = int(said.argmax())
    occlusion = said[code] - class_probabilities(why.without)[:, code]
    return ClassPrediction(said, occlusion, why.gradient, why.attention)


def _score(logits: "tf.Tensor") -> "tf.Tensor":
    """Return the predicted class's score; of two only the second has a logit, against the first."""
    import tensorflow as tf  # noqa: PLC0415 - only a worker gets here

    return tf.reduce_max(logits) if len(logits) > 1 else tf.abs(logits[0])
