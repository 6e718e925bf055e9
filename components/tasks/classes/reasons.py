"""What class a model tells of a sequence, and why."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.tasks.classes.problem import shares
from components.tasks.reasons import reasons

if TYPE_CHECKING:
    import tensorflow as tf

    from components.models.classifier import Classifier


@dataclass(frozen=True, eq=False)
class Told:
    """What a model tells of one sequence of T steps, and why.

    Attributes:
        probabilities: (K,) of the classes.
        occlusion: (T,) how much surer of the class that it tells the model is than without the step.
        gradient: (T,) gradient of that class's score times the input, summed over the channels.
        attention: (T,) weights that add up to 1; None where the model has no attention.
    """

    probabilities: np.ndarray
    occlusion: np.ndarray
    gradient: np.ndarray
    attention: np.ndarray | None


def told(built: "Classifier", given: np.ndarray, width: int, empty: float) -> Told:
    """Have a model tell the class of a sequence; `reasons` says what the arguments are."""
    why = reasons(built, given, width, empty, _score)
    said = shares(why.outputs[None])[0]
    code = int(said.argmax())
    occlusion = said[code] - shares(why.without)[:, code]
    return Told(said, occlusion, why.gradient, why.attention)


def _score(logits: "tf.Tensor") -> "tf.Tensor":
    """Return the score of the class that is told; of two only the second has a logit, and it speaks
    against."""
    import tensorflow as tf  # noqa: PLC0415 - only a worker gets here

    return tf.reduce_max(logits) if len(logits) > 1 else tf.abs(logits[0])
