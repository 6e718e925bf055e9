"""What can't work where classes are to be told, said before any training."""

import numpy as np

from components.data.dataset import Classes
from components.recipe import Recipe, Recurrent, Transformer
from components.tasks.complaint import Complaint

MOST_CLASSES = 100
_FEWEST = 10  # examples, so that each part has a few
_MOST_BYTES = 2 * 2**30  # that attention may need for one batch


def complaints(recipe: Recipe, classes: Classes, width: int) -> tuple[Complaint, ...]:
    """Say what in a recipe can't work.

    Args:
        recipe: to tell classes.
        classes: of the examples.
        width: steps that the model reads.
    """
    found = [_classes(classes), _attention(recipe, width)]
    return tuple(complaint for complaint in found if complaint)


def _classes(classes: Classes) -> Complaint | None:
    there = int((classes.counts > 0).sum())
    if there < 2:
        return Complaint("dataset", "All examples are of one class, so there is nothing to tell apart.")
    if len(classes.names) > MOST_CLASSES:
        return Complaint(
            "dataset",
            f"There are {len(classes.names):,} classes, and at most {MOST_CLASSES} can be told apart here. "
            "Choose another column for the classes.",
        )
    if len(classes.codes) < _FEWEST:
        return Complaint(
            "dataset",
            f"{len(classes.codes)} examples are too few to learn from and to test on. Bring {_FEWEST} or "
            "more.",
        )
    return None


def _attention(recipe: Recipe, width: int) -> Complaint | None:
    """Refuse attention whose weights alone would fill the memory."""
    model, batch = recipe.model, recipe.training.batch
    need = 0.0
    if isinstance(model, Transformer):
        need = 4.0 * batch * model.heads * model.layers * np.square(float(width))
    elif isinstance(model, Recurrent) and model.attention == "additive":
        need = 4.0 * batch * width * model.units * (2 if model.bidirectional else 1)
    if need <= _MOST_BYTES:
        return None
    return Complaint(
        "task.longest",
        f"With {width:,} steps, attention needs {need / 2**30:.0f} GB for each step of training. "
        "Read fewer steps, or choose a smaller batch.",
    )
