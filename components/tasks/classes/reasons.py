"""What made a model tell a class: which steps, by three ways of asking, none of which is a proof."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.tasks.classes.problem import shares

if TYPE_CHECKING:
    from components.models.classifier import Classifier

MOST_STRETCHES = 64
"""Most pieces of a sequence that are left out in turn."""


@dataclass(frozen=True, eq=False)
class Told:
    """What a model tells of one sequence of T steps, and why.

    Attributes:
        probabilities: (K,) of the classes.
        occlusion: (T,) how much surer of the class that it tells the model is than without the step
            (Zeiler and Fergus, 2014).
        gradient: (T,) gradient of that class's score times the input, summed over the channels
            (Simonyan et al., 2014; Shrikumar et al., 2017).
        attention: (T,) weights that add up to 1; None where the model has no attention.
    """

    probabilities: np.ndarray
    occlusion: np.ndarray
    gradient: np.ndarray
    attention: np.ndarray | None


def told(built: "Classifier", given: np.ndarray, width: int, empty: float) -> Told:
    """Have a model tell the class of a sequence.

    Args:
        built: the model and its windows.
        given: (T, channels) or (T,), at least one step.
        width: steps that it is filled up to, T at least, so that all sequences have one shape.
        empty: what a step that is filled in holds.
    """
    import tensorflow as tf  # noqa: PLC0415 - only a worker gets here

    steps = len(given)
    filled = np.full((width, *given.shape[1:]), empty, given.dtype)
    filled[:steps] = given
    pieces = np.array_split(np.arange(steps), min(steps, MOST_STRETCHES))
    # As many rows whatever was given: then nothing is compiled anew for it.
    block = np.repeat(filled[None], 1 + min(width, MOST_STRETCHES), axis=0)
    for row, piece in enumerate(pieces, 1):
        block[row, piece] = empty
    said = shares(built.model(block).numpy())
    code = int(said[0].argmax())

    vectors, present = built.vectors(filled[None])
    with tf.GradientTape() as tape:
        tape.watch(vectors)
        logits = built.reader([vectors, present])
        # Of two classes only the second has a logit; it speaks against the first.
        score = logits[0, code] if logits.shape[1] > 1 else (2 * code - 1) * logits[0, 0]
    gradient = tf.reduce_sum(tape.gradient(score, vectors) * vectors, axis=-1)[0].numpy()

    occlusion = np.zeros(steps)
    for row, piece in enumerate(pieces, 1):
        occlusion[piece] = said[0, code] - said[row, code]
    attention = None if built.attention is None else np.array(built.attention(filled[None]))[0, :steps]
    return Told(said[0], occlusion, gradient[:steps], attention)
