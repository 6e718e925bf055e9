"""Fourier features: how far a step has come in each of several seasons, as waves (Young, Pedregal and Tych,
1999; Hyndman and Athanasopoulos, “Forecasting: Principles and Practice”, 3rd edition, section 7.4)."""

from collections.abc import Sequence

import numpy as np

_MOST_WAVES = 3
"""Of a season: its course, and what is sharper in it than a sine."""


def width(seasons: Sequence[int]) -> int:
    """Return how many numbers are told of each step."""
    return sum(2 * _waves(season) for season in seasons)


def features(rows: int, ahead: int, seasons: Sequence[int]) -> np.ndarray:
    """Return sines and cosines of each season for the rows of a dataset and for those that follow it.

    They are counted from its end, so that series that begin later than others have the same.

    Args:
        rows: of the dataset.
        ahead: rows that follow.
        seasons: rows of one turn each, 2 or more.

    Returns:
        (rows + ahead, `width`) float32, between −1 and 1.
    """
    at = np.arange(-rows, ahead)
    columns = [
        wave(2 * np.pi * turn * (at % season) / season)
        for season in seasons
        for turn in range(1, _waves(season) + 1)
        for wave in (np.sin, np.cos)
    ]
    return np.column_stack(columns).astype(np.float32) if columns else np.zeros((len(at), 0), np.float32)


def _waves(season: int) -> int:
    """Return how many waves tell the steps of a season apart: each needs more than two steps a turn."""
    return max(1, min(_MOST_WAVES, (season - 1) // 2))
