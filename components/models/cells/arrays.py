"""NumPy as a cell's step computes with it."""

from collections.abc import Sequence

import numpy as np


class _NumPy:
    def sigmoid(self, x: np.ndarray, /) -> np.ndarray:
        # By way of tanh: no power of e that overflows.
        return 0.5 * (1 + np.tanh(0.5 * x))

    def tanh(self, x: np.ndarray, /) -> np.ndarray:
        return np.tanh(x)

    def split(self, x: np.ndarray, parts: int, axis: int, /) -> Sequence[np.ndarray]:
        return np.split(x, parts, axis)

    def concat(self, arrays: Sequence[np.ndarray], axis: int, /) -> np.ndarray:
        return np.concatenate(arrays, axis)


NUMPY = _NumPy()
