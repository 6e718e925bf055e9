"""Who is to blame when a loss stops being a number: the update, and the weight with the largest gradient."""

from collections import deque
from collections.abc import Sequence

import numpy as np

HISTORY_LENGTH = 200
"""Updates whose gradients are remembered, weight by weight."""
_LEAP_FACTOR = 10  # times the usual size, from which on a gradient is a leap


class GradientHistory:
    """Remembers the norm of each weight's gradient over the last updates.

    Args:
        weights: their names, in the order of the norms.
    """

    def __init__(self, weights: Sequence[str]):
        self._weights = tuple(weights)
        self._norms: deque[tuple[int, np.ndarray]] = deque(maxlen=HISTORY_LENGTH)

    def record(self, first: int, norms: np.ndarray) -> None:
        """Take the norms of consecutive updates, (K, weights); `first` is the number of the first."""
        self._norms.extend(enumerate(norms, first))

    def discard_after(self, step: int) -> None:
        """Drop what came after an update that the run went back to."""
        while self._norms and self._norms[-1][0] > step:
            self._norms.pop()

    def blame(self, step: int) -> tuple[int, str, float, float]:
        """Find the update at which it began → its number, whose gradient was largest, its norm, the usual.

        It began with the first of the leaps that went on to the end: of the gradients that are ten times as
        large as the median of the first half of what is remembered.

        Args:
            step: the first update whose loss was no number.
        """
        held = [(number, norms) for number, norms in self._norms if number <= step]
        sizes = np.array([_global_norm(norms) for _, norms in held])
        usual = np.median(sizes[: max(1, len(sizes) // 2)])
        calm = np.flatnonzero(sizes <= _LEAP_FACTOR * usual)
        place = min(int(calm[-1]) + 1 if len(calm) else 0, len(held) - 1)
        number, norms = held[place]
        weight = int(np.where(np.isfinite(norms), norms, np.inf).argmax())
        before = np.array([one[weight] for _, one in held[:place]])
        known = float(np.median(before)) if len(before) else float("nan")
        return number, self._weights[weight], float(norms[weight]), known


def _global_norm(norms: np.ndarray) -> float:
    """Return the norm of all weights' gradients together; infinite where one is no number."""
    with np.errstate(over="ignore"):
        size = float(np.sqrt(np.square(norms.astype(np.float64)).sum()))
    return size if np.isfinite(size) else float("inf")
