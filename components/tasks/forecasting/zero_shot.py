"""Forecasts from every origin by pretrained networks, averaged smoothing and Theta, without any training."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from threading import Lock

import numpy as np

from components.cancellation import raise_if_cancelled
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
_LONG, _STEP = 160, 32  # rows: of more, whole steps are looked at, so that many origins go together


@dataclass(frozen=True, eq=False)
class ZeroShot:
    """What is forecast from N origins, H steps ahead, in the units of the series.

    Attributes:
        stack: (N, H, 5) quantiles of the pretrained network, those of `QUANTILES`.
        encoded: (N, UNITS) what it made of the series, by its encoder's last state.
        pure: (N, H) median of the pretrained network that has recurrence alone.
        smoothing: (N, H) averaged exponential smoothing.
        theta: (N, H) Theta.
    """

    stack: np.ndarray
    encoded: np.ndarray
    pure: np.ndarray
    smoothing: np.ndarray
    theta: np.ndarray

    @property
    def combination(self) -> np.ndarray:
        """(N, H) the mean of both pretrained networks and Theta: they err differently (Bates and Granger,
        1969)."""
        return (self.median + self.pure + self.theta) / 3

    @property
    def combined_quantiles(self) -> np.ndarray:
        """(N, H, 5) quantiles of the pretrained network round the combination."""
        return self.stack + (self.combination - self.median)[..., None]

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
    # Who trains again on the same data, with another window, model or seed, needn't wait for it again.
    contents = tuple(np.ascontiguousarray(series, dtype=np.float64).tobytes() for series in every)
    return _kept(contents, horizon, season, pure).forecast(origins)


class _Kept:
    """What was forecast of some series so far, to be looked up.

    Args:
        contents: (rows,) of each series, as bytes.
        horizon: steps ahead.
        season: rows after which they repeat; None where they don't.
        with_pure: whether the network that has recurrence alone is asked too.
    """

    def __init__(self, contents: tuple[bytes, ...], horizon: int, season: int | None, with_pure: bool):
        self._every = [np.frombuffer(content) for content in contents]
        self._horizon, self._season, self._with_pure = horizon, season, with_pure
        self._firsts = np.cumsum([0, *map(len, self._every)])  # numbers of the series' first rows
        self._rows = np.zeros(0, int)  # by number, in order
        self._held = self._empty(0)
        self._lock = Lock()

    def forecast(self, origins: Sequence[np.ndarray]) -> tuple[ZeroShot, ...]:
        """Return what is forecast from origins of each series."""
        wanted = [np.asarray(at) + first for at, first in zip(origins, self._firsts, strict=False)]
        with self._lock:
            missing = np.setdiff1d(np.concatenate(wanted), self._rows)
            if len(missing):
                made, rows = self._make(missing), np.concatenate([self._rows, missing])
                order = np.argsort(rows)
                pairs = zip(self._held, made, strict=True)
                self._held = tuple(np.concatenate([old, new])[order] for old, new in pairs)
                self._rows = rows[order]
            places = [np.searchsorted(self._rows, numbers) for numbers in wanted]
            return tuple(ZeroShot(*(part[at] for part in self._held)) for at in places)

    def _empty(self, count: int) -> tuple[np.ndarray, ...]:
        """Return arrays as of `ZeroShot`, in its order."""
        shapes = ((self._horizon, len(QUANTILES)), (UNITS,), *[(self._horizon,)] * 3)
        return tuple(np.zeros((count, *shape)) for shape in shapes)

    def _make(self, numbers: np.ndarray) -> tuple[np.ndarray, ...]:
        """Forecast from the rows of these numbers."""
        which = np.searchsorted(self._firsts, numbers, side="right") - 1
        rows_at = numbers - self._firsts[which]
        found = self._empty(len(numbers))
        stack, encoded, pure, smoothing, theta = found
        newest = np.array([self._every[number][row] for number, row in zip(which, rows_at, strict=True)])
        stack[:] = newest[:, None, None]  # of too few rows
        smoothing[:] = theta[:] = newest[:, None]
        pure[:] = newest[:, None] if self._with_pure else np.nan
        for some, reading in _readings(self._every, which, rows_at, self._horizon, self._season):
            forecast = apply(load_weights("stack"), reading.features("stack"))
            stack[some], encoded[some] = forecast.quantiles, forecast.encoded
            if self._with_pure:
                pure[some] = apply(load_weights("pure"), reading.features("pure")).median
            smoothing[some], theta[some] = reading.averaged_smoothing, reading.theta
        return found


_kept = lru_cache(maxsize=8)(_Kept)


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
    most = max(LONGEST_CONTEXT, 3 * (season or 1))
    known = np.minimum(rows_at + 1, most)  # rows that each looks at
    known = np.where((known > _LONG) & (known < most), known // _STEP * _STEP, known)
    for rows in np.unique(known[known >= FEWEST_ROWS]):
        places = np.flatnonzero(known == rows)
        for some in np.array_split(places, -(-len(places) // _BATCH)):
            raise_if_cancelled()
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
    is_combined = task.base == "combination"
    found = zero_shot_each(every, origins, task.horizon, task.season, pure=is_combined)
    if task.base == "classical":
        return tuple(one.smoothing[..., None] for one in found)
    quantiles = [one.combined_quantiles if is_combined else one.stack for one in found]
    wanted = predicted_quantiles(task) or (QUANTILES[MEDIAN],)
    return tuple(at_quantiles(one, wanted) for one in quantiles)


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
