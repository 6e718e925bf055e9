"""The borders in a series: where its validation and test sets begin, and no filling looks across."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from components.data.splits.time_split import time_split
from components.errors import DataError
from components.recipe import Preparation


@dataclass(frozen=True, eq=False)
class SplitBorders:
    """The labels of the first rows of validation and test; none where nothing is divided.

    Labels and not positions, for rows may come and go between a cleaning step and the finished table.
    """

    labels: pd.Index

    @classmethod
    def of(cls, index: pd.Index, preparation: Preparation) -> Self:
        """Find them for a finished table; one too short to be divided has none."""
        if len(index) < 3:
            return cls(index[:0])
        parts = time_split(len(index), preparation)
        return cls(index[[parts.validation.start, parts.test.start]])

    def set_numbers(self, index: pd.Index, positions: np.ndarray) -> np.ndarray:
        """Return the part that each row of an increasing index lies in, 0, 1 or 2.

        Raises:
            DataError: if the rows still got their times after this.
        """
        if not len(self.labels):
            return np.zeros(len(positions), dtype=np.int64)
        if isinstance(index, pd.DatetimeIndex) != isinstance(self.labels, pd.DatetimeIndex):
            raise DataError(
                "The rows have no times yet.",
                where="time",
                remedy="Set the time before filling missing values.",
            )
        return np.searchsorted(index.searchsorted(self.labels), positions, side="right")


NO_BORDERS = SplitBorders(pd.RangeIndex(0))
