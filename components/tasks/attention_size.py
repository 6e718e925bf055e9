"""Attention to long sequences whose weights would fill the memory: refused before any training."""

import numpy as np

from components.recipe import Recipe, Recurrent, Transformer
from components.tasks.issue import Issue

_MOST_BYTES = 2 * 2**30  # that attention may need for one batch


def memory_issue(recipe: Recipe, width: int) -> Issue | None:
    """Refuse attention whose weights alone would fill the memory."""
    model, batch = recipe.model, recipe.training.batch
    need = 0.0
    if isinstance(model, Transformer):
        need = 4.0 * batch * model.heads * model.layers * np.square(float(width))
    elif isinstance(model, Recurrent) and model.attention == "additive":
        need = 4.0 * batch * width * model.units * (2 if model.bidirectional else 1)
    if need <= _MOST_BYTES:
        return None
    return Issue(
        "task.longest",
        f"Attention over {width:,} steps needs {need / 2**30:.0f} GB for each training step. Read "
        "fewer steps, or choose a smaller batch size.",
    )
