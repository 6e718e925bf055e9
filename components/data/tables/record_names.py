"""What people call the records of a file: row 3, line 7."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, eq=False)
class RecordNames:
    """Names of records, which are counted from 0.

    Attributes:
        first: number of the first record, where they follow each other.
        word: what a record is called.
        numbers: of the records, (records,) int64, where they don't; what comes after them follows `first`.
    """

    first: int = 1
    word: str = "row"
    numbers: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))

    def __call__(self, record: int) -> str:
        """Return the words for a record."""
        known = record < len(self.numbers)
        return f"{self.word} {self.numbers[record] if known else self.first + record}"
