"""Where the training set ends and the validation and test sets begin."""

from dataclasses import dataclass

from components.errors import DataError
from components.recipe import Preparation


@dataclass(frozen=True)
class TimeSplit:
    """Three slices of row numbers that follow each other and cover all rows."""

    train: slice
    validation: slice
    test: slice

    def within(self, rows: slice) -> "TimeSplit":
        """Return the same parts in the numbers that rows have in a stretch of them; a part may be empty."""
        ends = (
            max(0, min(part.stop, rows.stop) - rows.start)
            for part in (self.train, self.validation, self.test)
        )
        train, validation, test = ends
        return TimeSplit(slice(0, train), slice(train, validation), slice(validation, test))


def time_split(rows: int, preparation: Preparation) -> TimeSplit:
    """Divide rows 0 … rows−1 in order of time: training, validation, test. Each part has a row or more.

    Raises:
        DataError: if there are fewer than three rows.
    """
    if rows < 3:
        raise DataError(
            f"{rows} rows can't be split into training, validation and test sets.",
            where="dataset",
            remedy="Choose a longer series.",
        )
    test = rows - _set_size(rows, preparation.test)
    validation = test - _set_size(rows, preparation.validation)
    return TimeSplit(slice(0, validation), slice(validation, test), slice(test, rows))


def _set_size(rows: int, share: float) -> int:
    # 100 × 0.29 is 28.999999999999996 in floating point, and 29 rows are meant.
    return max(1, int(rows * share + 1e-9))
