"""Windows as row numbers only: which stretches of a series belong to which part."""

from dataclasses import dataclass

import numpy as np

from components.data.splits.time_split import TimeSplit


@dataclass(frozen=True, eq=False)
class WindowStarts:
    """First rows of the windows of each part: int32 arrays of shape (N,), rising by one.

    The window that starts at row s sees rows s … s+window−1 and its targets are the horizon rows after.
    """

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def window_starts(split: TimeSplit, window: int, horizon: int, first: int = 0) -> WindowStarts:
    """List every possible window of each part, none twice.

    A window belongs to a part if all its targets lie in it. Those of validation and test may look back
    into earlier rows, as a forecaster of that day could; those of training have no earlier rows.

    Args:
        split: the parts, in rows of the whole series.
        window: rows that the model sees.
        horizon: rows that it forecasts.
        first: first row that may be seen; those before it were lost to differencing.
    """

    def starts(part: slice) -> np.ndarray:
        earliest = max(first, part.start - window)
        return np.arange(earliest, max(earliest, part.stop - window - horizon + 1), dtype=np.int32)

    return WindowStarts(starts(split.train), starts(split.validation), starts(split.test))
