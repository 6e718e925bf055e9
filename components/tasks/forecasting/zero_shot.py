"""Forecasts from every origin by the pretrained network and by averaged smoothing, without any training."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from components.cancellation import checkpoint
from components.models.head_spec import predicted_quantiles
from components.models.pretrained.forecaster import (
    FEWEST_ROWS,
    LONGEST_CONTEXT,
    MEDIAN,
    QUANTILES,
    apply,
    load_weights,
    read_context,
)
from components.recipe import Forecast

_BATCH = 256  # origins at a time: of more, the baselines' grids no longer fit into the caches


@dataclass(frozen=True, eq=False)
class ZeroShot:
    """What is forecast from N origins, H steps ahead, in the units of the series.

    Attributes:
        stack: (N, H, 5) quantiles of the pretrained network, those of `QUANTILES`.
        pure: (N, H) median of the pretrained network that has recurrence alone.
        smoothing: (N, H) averaged exponential smoothing.
    """

    stack: np.ndarray
    pure: np.ndarray
    smoothing: np.ndarray

    @property
    def median(self) -> np.ndarray:
        """(N, H) of the pretrained network."""
        return self.stack[..., MEDIAN]


def zero_shot(
    series: np.ndarray, origins: np.ndarray, horizon: int, season: int | None, pure: bool = True
) -> ZeroShot:
    """Forecast from each origin, which knows every value up to it and none after.

    Args:
        series: (rows,) in the target's own units.
        origins: (N,) rows of the last known values.
        horizon: steps ahead.
        season: rows after which it repeats; None where it doesn't.
        pure: whether the network that has recurrence alone is asked too; else its forecasts are NaN.
    """
    # Who trains again on the same data, with another model or seed, needn't wait for it again.
    newest = int(origins.max()) + 1
    first = max(0, int(origins.min()) + 1 - max(LONGEST_CONTEXT, 3 * (season or 1)))
    content = np.ascontiguousarray(series[first:newest], dtype=np.float64).tobytes()
    return _cached(content, tuple((origins - first).tolist()), horizon, season, pure)


@lru_cache(maxsize=16)
def _cached(
    content: bytes, origins: tuple[int, ...], horizon: int, season: int | None, with_pure: bool
) -> ZeroShot:
    series, at = np.frombuffer(content), np.array(origins)
    stack = np.repeat(series[at][:, None, None], horizon, 1) * np.ones(len(QUANTILES))
    pure, smoothing = (np.repeat(series[at][:, None], horizon, 1) for _ in range(2))
    if not with_pure:
        pure[:] = np.nan
    longest = max(LONGEST_CONTEXT, 3 * (season or 1))
    known = np.minimum(at + 1, longest)  # rows that each looks at
    for rows in np.unique(known[known >= FEWEST_ROWS]):
        places = np.flatnonzero(known == rows)
        for some in np.array_split(places, -(-len(places) // _BATCH)):
            checkpoint()
            reading = read_context(series[at[some][:, None] + np.arange(1 - rows, 1)], season, horizon)
            stack[some] = apply(load_weights("stack"), reading.features("stack")).quantiles
            if with_pure:
                pure[some] = apply(load_weights("pure"), reading.features("pure")).median
            smoothing[some] = reading.averaged_smoothing
    return ZeroShot(stack, pure, smoothing)


def start_forecasts(task: Forecast, series: np.ndarray, origins: np.ndarray) -> np.ndarray:
    """Return what a model's output is added to, (N, horizon, numbers), in the units of the series.

    Args:
        task: names the start; its quantiles are wanted where the model learns some.
        series: (rows,) in the target's own units.
        origins: (N,) rows of the last known values.
    """
    found = zero_shot(series, origins, task.horizon, task.season, pure=False)
    if task.base == "classical":
        return found.smoothing[..., None]
    return (
        at_quantiles(found.stack, predicted_quantiles(task))
        if predicted_quantiles(task)
        else found.median[..., None]
    )


def at_quantiles(stack: np.ndarray, wanted: Sequence[float]) -> np.ndarray:
    """Return other quantiles, (N, H, wanted), than those of the pretrained network, (N, H, 5).

    Between two of them, and beyond the last ones, values are taken to be normally distributed.
    """
    known, asked = (
        np.array([NormalDist().inv_cdf(share) for share in shares]) for shares in (QUANTILES, wanted)
    )
    left = np.clip(np.searchsorted(known, asked, side="right") - 1, 0, len(known) - 2)
    part = (asked - known[left]) / (known[left + 1] - known[left])
    return stack[..., left] * (1 - part) + stack[..., left + 1] * part
