"""A sequence without each of its pieces in turn: what an answer owes to each (Zeiler and Fergus, 2014)."""

from dataclasses import dataclass
from typing import Self

import numpy as np

MOST_PIECES = 64
"""Most pieces of a sequence that are left out in turn: of a long one, stretches instead of steps."""


@dataclass(frozen=True, eq=False)
class OcclusionBatch:
    """A sequence of S steps, whole and without each of its pieces.

    Attributes:
        rows: (1 + pieces or more, width, …): the first is whole, and so are those that are left over.
        sizes: steps of each piece.
    """

    rows: np.ndarray
    sizes: tuple[int, ...]

    @classmethod
    def of(
        cls, sequence: np.ndarray, first: int, steps: int, missing: np.ndarray | float, together: int = 1
    ) -> Self:
        """Leave out one piece after the other.

        Args:
            sequence: (width, …), as the model gets it.
            first: place in it where what is read begins.
            steps: that are read.
            missing: what stands for a step that is left out.
            together: neighbouring steps, counted from the first, that are left out together or not at all.
        """
        begins = np.arange(first, first + steps, together)
        pieces = [
            np.arange(part[0], min(part[-1] + together, first + steps))
            for part in np.array_split(begins, min(len(begins), MOST_PIECES))
        ]
        # As many rows whatever was given: then nothing is traced anew for it.
        rows = np.repeat(sequence[None], 1 + min(len(sequence), MOST_PIECES), axis=0)
        for row, piece in enumerate(pieces, 1):
            rows[row, piece] = missing
        return cls(rows, tuple(map(len, pieces)))

    def per_step(self, told: np.ndarray) -> np.ndarray:
        """Return what was told without each step, (S, …), of what was told of all rows."""
        return np.repeat(told[1 : len(self.sizes) + 1], self.sizes, axis=0)
