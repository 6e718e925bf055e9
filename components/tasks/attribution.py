"""What made a model say what it says: which steps, by three ways of asking, none of which is a proof."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.insight.occlusion import OcclusionBatch

if TYPE_CHECKING:
    import tensorflow as tf

    from components.models.classifier import Classifier


@dataclass(frozen=True, eq=False)
class Attribution:
    """Why a model says something of a sequence of T steps.

    Attributes:
        outputs: (outputs,) of the model.
        without: (T, outputs) of it without each step (Zeiler and Fergus, 2014), or without all those that the
            model reads as one with it.
        gradient: (T,) gradient of what it says times the input, summed over the channels
            (Simonyan et al., 2014; Shrikumar et al., 2017).
        attention: (T,) weights that add up to 1; None where the model has no attention.
    """

    outputs: np.ndarray
    without: np.ndarray
    gradient: np.ndarray
    attention: np.ndarray | None


def attribute(
    built: "Classifier",
    given: np.ndarray,
    width: int,
    empty: float,
    target: "Callable[[tf.Tensor], tf.Tensor]",
    starts: Callable[[OcclusionBatch], np.ndarray] | None = None,
) -> Attribution:
    """Ask a model about a sequence, and why it says what it says.

    Args:
        built: the model and its windows.
        given: (T, channels) or (T,), at least one step.
        width: steps that it is filled up to, T at least, so that all sequences have one shape.
        empty: what a step that is filled in holds.
        target: of the model's outputs, (outputs,), the one number that the gradient is of.
        starts: what the model's outputs are added to, (rows, outputs), of a sequence whole and without each
            of its pieces; None where they are added to nothing.
    """
    import tensorflow as tf  # noqa: PLC0415 - only a worker gets here

    steps = len(given)
    filled = np.full((width, *given.shape[1:]), empty, given.dtype)
    filled[:steps] = given
    occluded = OcclusionBatch.of(filled, 0, steps, empty, built.stride)
    begins = None if starts is None else starts(occluded)
    outputs = built.model(occluded.rows if begins is None else [occluded.rows, begins]).numpy()

    vectors, present = built.vectors(filled[None])
    with tf.GradientTape() as tape:
        tape.watch(vectors)
        read = [vectors, present] if begins is None else [vectors, present, tf.constant(begins[:1])]
        number = target(built.reader(read)[0])
    gradient = tf.reduce_sum(tape.gradient(number, vectors) * vectors, axis=-1)[0].numpy()

    attention = None if built.attention is None else np.array(built.attention(filled[None]))[0, :steps]
    return Attribution(outputs[0], occluded.per_step(outputs), gradient[:steps], attention)
