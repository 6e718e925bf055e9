"""How much of what a network has learnt is added to the logits that it started from."""

from typing import TYPE_CHECKING

import numpy as np

from components.tasks.classification.problem import LabelledProblem
from components.tasks.shrinkage import AddedLayers, Shrinkage, shrink_by_errors
from components.tasks.task import Outputs

if TYPE_CHECKING:
    import keras

_HEAD = "classes"
"""The layer whose outputs are added to the start."""
_STANDARD_ERRORS = 1.0  # by which the network has to be ahead of its start, or nothing of it is added


def shrink(problem: LabelledProblem, outputs: Outputs, model: "keras.Model") -> Shrinkage:
    """Choose λ in logits = start + λ · network by the validation set, and build it into the model.

    Args:
        problem: whose model starts from something.
        outputs: maps examples to the trained model's outputs, whatever weights it has at the time.
        model: the trained one.
    """
    # Files often list one class after the other, and each fold shall be like the others.
    shuffled = np.random.default_rng(0).permutation(problem.validation)
    return shrink_by_errors(
        _added_layers(model), lambda: problem.cross_entropies(shuffled, outputs(shuffled)), _STANDARD_ERRORS
    )


def apply_shrinkage(model: "keras.Model", weight: float) -> None:
    """Multiply what a trained model adds to its start."""
    _added_layers(model).shrink(weight)


def _added_layers(model: "keras.Model") -> AddedLayers:
    return AddedLayers([model.get_layer(_HEAD)])
