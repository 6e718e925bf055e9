"""A long text as many streams that are read side by side, window after window."""

from dataclasses import dataclass

import numpy as np

from components.errors import DataError


@dataclass(frozen=True, eq=False)
class StatefulBatches:
    """Windows in the order in which they are read: the first of each stream, then the second of each, …

    Batch after batch of as many windows as there are streams, row n goes on where row n of the batch before
    it ended. What doesn't fill a window of every stream, at the end of the part, is left out.

    Attributes:
        starts: place of each window's first token, (windows,) int32.
        starts_stream: whether a window begins its stream, (windows,) bool.
    """

    starts: np.ndarray
    starts_stream: np.ndarray


def windows_per_stream(tokens: int, streams: int, window: int) -> int:
    """Count the windows of each stream. A window needs one token more than it has, to be the last answer."""
    return max(0, tokens - 1) // (streams * window)


def stateful_batches(part: slice, streams: int, window: int) -> StatefulBatches:
    """Cut a part of a text into streams of equal length.

    Args:
        part: first and last place of its tokens.
        streams: that are read side by side.
        window: tokens that are read at a time.

    Raises:
        DataError: if the part is too short for one window of each stream.
    """
    turns = windows_per_stream(part.stop - part.start, streams, window)
    if not turns:
        raise DataError(
            f"{part.stop - part.start:,} tokens are too few for {streams:,} streams of {window:,} tokens "
            "each.",
            where="dataset",
            remedy="Choose a smaller batch or a shorter window.",
        )
    turn, stream = np.divmod(np.arange(turns * streams), streams)
    starts = part.start + (stream * turns + turn) * window
    return StatefulBatches(starts.astype(np.int32), turn == 0)
