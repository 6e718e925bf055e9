"""Who is to blame when a loss stops being a number: the update, and the weight with the largest gradient."""

from collections import deque
from collections.abc import Sequence

import numpy as np

REMEMBERED = 200
"""Updates whose gradients are remembered, weight by weight."""
_RECENT = 10  # updates before the end, one of which did it


class Memory:
    """Remembers the norm of each weight's gradient over the last updates.

    Args:
        weights: their names, in the order of the norms.
    """

    def __init__(self, weights: Sequence[str]):
        self._weights = tuple(weights)
        self._norms: deque[tuple[int, np.ndarray]] = deque(maxlen=REMEMBERED)

    def remember(self, first: int, norms: np.ndarray) -> None:
        """Take the norms of consecutive updates, (K, weights); `first` is the number of the first."""
        self._norms.extend(enumerate(norms, first))

    def forget_after(self, step: int) -> None:
        """Drop what came after an update that the run went back to."""
        while self._norms and self._norms[-1][0] > step:
            self._norms.pop()

    def blame(self, step: int) -> tuple[int, str, float, float]:
        """Find the update that did it → its number, the weight of the largest gradient, its norm, the usual.

        Args:
            step: the first update whose loss was no number. Whatever blew up did so in an update before, with
                a gradient that was still one, or in this one.
        """
        held = [(number, norms) for number, norms in self._norms if number <= step]
        recent = held[-_RECENT:]
        sizes = [float(np.where(np.isfinite(norms), norms, -1.0).max()) for _, norms in recent]
        number, norms = recent[int(np.argmax(sizes))]
        place = int(np.where(np.isfinite(norms), norms, -1.0).argmax())
        earlier = np.array([one[place] for before, one in held if before < number])
        earlier = earlier[np.isfinite(earlier)]
        usual = float(np.median(earlier)) if len(earlier) else float("nan")
        return number, self._weights[place], float(norms[place]), usual
