"""How a series goes: whether its swings grow with its level, and which simple rule follows it best."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

NaiveRule = Literal["none", "last", "season"]
"""What comes next is like what was on average; like the last value; like the same time last season."""

_FEWEST_BLOCKS = 5  # by which a growth of swings is told
_MIN_POWER = 0.5  # power of the level with which swings grow, from which on a logarithm evens them out
_MIN_CORRELATION = 0.5  # correlation of the two at least
_MIN_LEVEL_RATIO = (
    1.5  # times that the level's highest block is its lowest: else there is no growth to speak of
)
_MOST_ORIGINS = 2_000
_FEWEST_CHANGES = 30  # of fewer the tests find nothing, whatever there is
_UNLIKELY = 1.96  # standard errors: beyond, chance explains one case in twenty
_RATIOS = (2, 4, 8, 16)  # steps that changes are added over
_HEAVY_KURTOSIS = 6.0  # kurtosis of changes: a normal distribution has 3


def has_growing_swings(values: np.ndarray, block: int) -> bool:
    """Return whether a series' swings grow with its level, so that its logarithm has even ones.

    The deviation in each block is held against its mean (Guerrero, 1993).

    Args:
        values: (rows,), finite.
        block: rows of one season, or of any stretch in which a series goes up and down.
    """
    blocks = len(values) // block
    if values.min() <= 0 or blocks < _FEWEST_BLOCKS or block < 2:
        return False
    cut = values[len(values) - blocks * block :].reshape(blocks, block)
    # What a straight line leaves: a steep block is not a wild one.
    along = np.arange(block) - (block - 1) / 2
    slopes = cut @ along / (along @ along)
    means = cut.mean(axis=1)
    swings = (cut - means[:, None] - slopes[:, None] * along).std(axis=1)
    if swings.min() <= 0 or means.max() < _MIN_LEVEL_RATIO * means.min():
        return False
    level, size = np.log(means), np.log(swings)
    power = float(np.polyfit(level, size, 1)[0])
    return power >= _MIN_POWER and float(np.corrcoef(level, size)[0, 1]) >= _MIN_CORRELATION


@dataclass(frozen=True)
class NaiveErrors:
    """How far off simple rules are within a series, on average over all steps ahead, in its own unit.

    Attributes:
        none: the mean of the window.
        last: the last value.
        season: the same time last season; infinite where there is none.
    """

    none: float
    last: float
    season: float

    @property
    def best(self) -> NaiveRule:
        """The rule that is off least."""
        errors: dict[NaiveRule, float] = {"none": self.none, "last": self.last, "season": self.season}
        return min(errors, key=errors.__getitem__)


def naive_errors(values: np.ndarray, window: int, horizon: int, season: int | None) -> NaiveErrors:
    """Measure simple rules within a series.

    Args:
        values: (rows,), finite; window + horizon of them at least.
        window: rows that are looked at.
        horizon: steps ahead.
        season: rows after which it repeats; None where it doesn't.
    """
    back = max(window, season or 1)
    origins = np.arange(min(back, len(values) - horizon) - 1, len(values) - horizon)
    origins = origins[:: max(1, len(origins) // _MOST_ORIGINS)]
    ahead = np.arange(1, horizon + 1)
    truth = values[origins[:, None] + ahead]
    sums = np.concatenate([[0.0], np.cumsum(values)])
    first = np.maximum(origins + 1 - window, 0)
    means = (sums[origins + 1] - sums[first]) / (origins + 1 - first)

    def error(said: np.ndarray) -> float:
        return float(np.abs(truth - said).mean())

    seasonal = np.inf
    if season and origins[0] + 1 >= season:
        seasonal = error(values[origins[:, None] + (ahead - 1) % season + 1 - season])
    return NaiveErrors(error(means[:, None]), error(values[origins][:, None]), seasonal)


def is_random_walk(values: np.ndarray) -> bool:
    """Return whether nothing speaks against a walk without drift: its best forecast is its last value.

    Two tests must find nothing at 5 %: whether the mean change differs from zero, and the variance ratios of
    Lo and MacKinlay (1988), which allow for calm and wild times: whether changes tell of later ones, as they
    do where a series goes on as it went, or comes back to a mean.

    Args:
        values: (rows,), finite.
    """
    changes = np.diff(values)
    if len(changes) < _FEWEST_CHANGES or not np.ptp(changes):
        return False
    error = changes.std(ddof=1) / np.sqrt(len(changes))
    if abs(changes.mean()) > _UNLIKELY * error:
        return False
    return all(abs(_variance_ratio(changes, steps)) <= _UNLIKELY for steps in _RATIOS)


def _variance_ratio(changes: np.ndarray, steps: int) -> float:
    """Return how many standard errors the variance of changes over several steps is from that of a walk."""
    centred = changes - changes.mean()
    squares, total = centred**2, centred @ centred
    ratio, variance = 0.0, 0.0
    for lag in range(1, steps):
        weight = 2 * (steps - lag) / steps
        ratio += weight * (centred[lag:] @ centred[:-lag]) / total
        variance += weight**2 * (squares[lag:] @ squares[:-lag]) / total**2
    return float(ratio / np.sqrt(variance))


def has_jumps(values: np.ndarray) -> bool:
    """Return whether a few changes are far greater than all others, as in prices: few of them, and heavy."""
    changes = np.diff(values)
    around = changes - changes.mean() if len(changes) else changes
    variance = float((around**2).mean()) if len(changes) else 0.0
    return variance > 0 and float((around**4).mean()) / variance**2 > _HEAVY_KURTOSIS
