"""How wrong a model was on each example of its test set, and which test set that was."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class ExampleErrors:
    """Errors on the examples of a test set, in their order.

    Attributes:
        values: (N,) how wrong each prediction is; of answers that are right or wrong, 0 and 1.
        is_wrong: whether they are such answers.
        horizon: steps ahead of a forecast; examples that follow each other share some of them.
    """

    values: np.ndarray
    is_wrong: bool = False
    horizon: int = 1


def fingerprint(*parts: Any) -> str:
    """Return a short text that is the same for the same test set only.

    Args:
        parts: what it consists of: arrays, numbers and texts.
    """
    digest = sha256()
    for part in parts:
        numbers = np.asarray(part)
        content = repr(part).encode() if numbers.dtype.hasobject or numbers.ndim == 0 else numbers.tobytes()
        digest.update(f"{numbers.dtype} {numbers.shape} {len(content)} ".encode() + content)
    return digest.hexdigest()[:32]
