"""Forecasts from every origin by the pretrained network and by averaged smoothing, without any training."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from components.cancellation import checkpoint
from components.models.head_spec import predicted_quantiles
from components.models.pretrained.features import (
    AHEAD_WIDTH,
    CANDIDATES,
    HISTORY_WIDTH,
    LONGEST_HISTORY,
    Reading,
)
from components.models.pretrained.forecaster import (
    FEWEST_ROWS,
    LONGEST_CONTEXT,
    MEDIAN,
    QUANTILES,
    UNITS,
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
        encoded: (N, UNITS) what it made of the series, by its encoder's last state.
        pure: (N, H) median of the pretrained network that has recurrence alone.
        smoothing: (N, H) averaged exponential smoothing.
    """

    stack: np.ndarray
    encoded: np.ndarray
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
    return zero_shot_each((series,), (origins,), horizon, season, pure)[0]


def zero_shot_each(
    every: Sequence[np.ndarray],
    origins: Sequence[np.ndarray],
    horizon: int,
    season: int | None,
    pure: bool = True,
) -> tuple[ZeroShot, ...]:
    """Forecast several series from origins of their own; arguments as of `zero_shot`.

    Windows of one length are forecast together, whichever series they are of: of many short series that takes
    a fraction of the time.
    """
    longest = max(LONGEST_CONTEXT, 3 * (season or 1))
    # Who trains again on the same data, with another model or seed, needn't wait for it again.
    firsts = [max(0, int(at.min()) + 1 - longest) for at in origins]
    contents = tuple(
        np.ascontiguousarray(series[first : int(at.max()) + 1], dtype=np.float64).tobytes()
        for series, at, first in zip(every, origins, firsts, strict=True)
    )
    moved = tuple(tuple((at - first).tolist()) for at, first in zip(origins, firsts, strict=True))
    return _cached(contents, moved, horizon, season, pure)


@lru_cache(maxsize=16)
def _cached(
    contents: tuple[bytes, ...],
    origins: tuple[tuple[int, ...], ...],
    horizon: int,
    season: int | None,
    with_pure: bool,
) -> tuple[ZeroShot, ...]:
    every = [np.frombuffer(content) for content in contents]
    # Each origin by its series and its row, whatever series it is of.
    which = np.repeat(np.arange(len(every)), [len(at) for at in origins])
    rows_at = np.concatenate([np.array(at) for at in origins])
    newest = np.array([every[number][row] for number, row in zip(which, rows_at, strict=True)])
    stack = np.repeat(newest[:, None, None], horizon, 1) * np.ones(len(QUANTILES))
    encoded = np.zeros((len(newest), UNITS), np.float32)
    pure, smoothing = (np.repeat(newest[:, None], horizon, 1) for _ in range(2))
    if not with_pure:
        pure[:] = np.nan
    for some, reading in _readings(every, which, rows_at, horizon, season):
        forecast = apply(load_weights("stack"), reading.features("stack"))
        stack[some], encoded[some] = forecast.quantiles, forecast.encoded
        if with_pure:
            pure[some] = apply(load_weights("pure"), reading.features("pure")).median
        smoothing[some] = reading.averaged_smoothing
    own = [np.flatnonzero(which == number) for number in range(len(every))]
    return tuple(ZeroShot(stack[at], encoded[at], pure[at], smoothing[at]) for at in own)


def _readings(
    every: Sequence[np.ndarray], which: np.ndarray, rows_at: np.ndarray, horizon: int, season: int | None
) -> Iterator[tuple[np.ndarray, Reading]]:
    """Yield places among the origins, and what is read there of the rows up to each, if they are enough.

    Args:
        every: (rows,) of each series.
        which: (N,) the series of each origin.
        rows_at: (N,) its row there.
        horizon: steps ahead.
        season: rows after which they repeat; None where they don't.
    """
    known = np.minimum(rows_at + 1, max(LONGEST_CONTEXT, 3 * (season or 1)))  # rows that each looks at
    for rows in np.unique(known[known >= FEWEST_ROWS]):
        places = np.flatnonzero(known == rows)
        for some in np.array_split(places, -(-len(places) // _BATCH)):
            checkpoint()
            contexts = np.stack(
                [every[which[one]][rows_at[one] + 1 - rows : rows_at[one] + 1] for one in some]
            )
            yield some, read_context(contexts, season, horizon)


def start_forecasts(
    task: Forecast, every: Sequence[np.ndarray], origins: Sequence[np.ndarray]
) -> tuple[np.ndarray, ...]:
    """Return what a model's output is added to, (N, horizon, numbers) of each series, in its units.

    Args:
        task: names the start; its quantiles are wanted where the model learns some.
        every: (rows,) of each series, in its own units.
        origins: (N,) rows of the last known values of each.
    """
    found = zero_shot_each(every, origins, task.horizon, task.season, pure=False)
    if task.base == "classical":
        return tuple(one.smoothing[..., None] for one in found)
    wanted = predicted_quantiles(task)
    return tuple(at_quantiles(one.stack, wanted) if wanted else one.median[..., None] for one in found)


@dataclass(frozen=True, eq=False)
class NetworkInputs:
    """What the pretrained network reads at N origins, to learn on from there.

    Attributes:
        history: (N, LONGEST_HISTORY, features) the newest rows last; zeros in front where there are fewer.
        ahead: (N, H, features).
        candidates: (N, H, candidates).
        place: (N, 2) what is 0 to the network, and how large 1 is, in the units of the series.
    """

    history: np.ndarray
    ahead: np.ndarray
    candidates: np.ndarray
    place: np.ndarray


def network_inputs(task: Forecast, series: np.ndarray, origins: np.ndarray) -> NetworkInputs:
    """Return what the pretrained network reads at each origin; arguments as of `zero_shot`."""
    horizon, many = task.horizon, len(origins)
    found = NetworkInputs(
        np.zeros((many, LONGEST_HISTORY, HISTORY_WIDTH["stack"]), np.float32),
        np.zeros((many, horizon, AHEAD_WIDTH["stack"]), np.float32),
        np.zeros((many, horizon, CANDIDATES["stack"]), np.float32),
        np.column_stack([series[origins], np.zeros(many)]),
    )
    for some, reading in _readings((series,), np.zeros(many, int), origins, horizon, task.season):
        features = reading.features("stack")
        found.history[some, LONGEST_HISTORY - features.history.shape[1] :] = features.history
        found.ahead[some], found.candidates[some] = features.ahead, features.candidates
        found.place[some] = np.concatenate([features.location, features.scale], axis=1)
    return found


def start_states(task: Forecast, series: np.ndarray, origins: np.ndarray) -> np.ndarray:
    """Return what the pretrained network made of the series up to each origin, (N, UNITS); arguments as of
    `zero_shot`."""
    return zero_shot(series, origins, task.horizon, task.season, pure=False).encoded


def quantile_weights(task: Forecast) -> np.ndarray:
    """Return what a task's numbers are made of, (5, numbers): of its quantiles, or of the median alone."""
    wanted = predicted_quantiles(task)
    return at_quantiles(np.eye(len(QUANTILES)), wanted or (QUANTILES[MEDIAN],))


def at_quantiles(stack: np.ndarray, wanted: Sequence[float]) -> np.ndarray:
    """Return other quantiles, (…, wanted), than those of the pretrained network, (…, 5).

    Between two of them, and beyond the last ones, values are taken to be normally distributed.
    """
    known, asked = (
        np.array([NormalDist().inv_cdf(share) for share in shares]) for shares in (QUANTILES, wanted)
    )
    left = np.clip(np.searchsorted(known, asked, side="right") - 1, 0, len(known) - 2)
    part = (asked - known[left]) / (known[left + 1] - known[left])
    return stack[..., left] * (1 - part) + stack[..., left + 1] * part
