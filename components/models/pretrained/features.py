"""What the pretrained forecaster reads of a series: the same numbers for every unit and every offset."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from components.models.pretrained.baselines import BASELINES, Baselines, forecast_baselines

Variant = Literal["stack", "pure"]
"""*stack* weighs twelve baselines and corrects them; *pure* corrects the seasonal naive alone."""

LONGEST_HISTORY = 128
"""Newest rows that the recurrent layer reads at most."""
_SMALLEST_UNIT = 0.05  # of the spread: where a season repeats without any noise, nothing else would be seen
_SEASONAL_NAIVE = BASELINES.index("seasonal naive")
_AVERAGED = BASELINES.index("averaged smoothing")
_THETA = BASELINES.index("multiplicative theta")
HISTORY_WIDTH = {"stack": 11, "pure": 9}
AHEAD_WIDTH = {"stack": 9 + 11 + 3 * len(BASELINES), "pure": 9 + 5}
CANDIDATES = {"stack": len(BASELINES), "pure": 1}


@dataclass(frozen=True, eq=False)
class Features:
    """What the network reads of B series, H steps ahead, in units of the mean seasonal difference.

    Attributes:
        history: (B, n, HISTORY_WIDTH) each known row.
        ahead: (B, H, AHEAD_WIDTH) each step ahead.
        candidates: (B, H, CANDIDATES) the baselines that the forecast starts from.
        scale: (B, 1) the unit, in that of the series; 0 where a series is constant.
        location: (B, 1) what is 0, in the unit of the series.
    """

    history: np.ndarray
    ahead: np.ndarray
    candidates: np.ndarray
    scale: np.ndarray
    location: np.ndarray


@dataclass(frozen=True, eq=False)
class Reading:
    """B series brought to one unit, with what the twelve baselines say of them.

    Attributes:
        values: (B, n), in units of the mean seasonal difference.
        gaps: (B, n) where a value was missing.
        season, horizon: as in `read`.
        baselines: of the values.
        scale, location: as in `Features`.
    """

    values: np.ndarray
    gaps: np.ndarray
    season: int
    horizon: int
    baselines: Baselines
    scale: np.ndarray
    location: np.ndarray

    def features(self, variant: Variant) -> Features:
        """Return what a variant of the network reads."""
        found, horizon = self.baselines, self.horizon
        candidates = np.clip(found.forecasts, -60, 60)
        history = _history(self.values, self.gaps, self.season, found)
        ahead = _ahead(self.values, self.season, horizon)
        traits = _traits(self.values, self.season, found)
        if variant == "pure":
            history, traits = history[..., :9], traits[:, :5]
            sides = [ahead, _repeat(traits, horizon)]
            candidates = candidates[:, [_SEASONAL_NAIVE]]
        else:
            distances = np.clip(candidates - candidates[:, [_AVERAGED]], -6, 6)
            errors = np.clip(found.errors - found.errors[:, [_AVERAGED]], -4, 4)
            sides = [
                ahead,
                distances.transpose(0, 2, 1),
                np.arcsinh(candidates).transpose(0, 2, 1),
                _repeat(np.concatenate([traits, errors], 1), horizon),
            ]
        return Features(
            history=history[:, -LONGEST_HISTORY:].astype(np.float32),
            ahead=np.concatenate(sides, 2).astype(np.float32),
            candidates=np.ascontiguousarray(candidates.transpose(0, 2, 1), np.float32),
            scale=self.scale,
            location=self.location,
        )

    def in_units(self, values: np.ndarray) -> np.ndarray:
        """Bring (B, …) numbers back to the units of the series."""
        shape = (-1,) + (1,) * (values.ndim - 1)
        return self.location.reshape(shape) + self.scale.reshape(shape) * values

    @property
    def theta(self) -> np.ndarray:
        """(B, H) the forecast of Theta with a multiplicative season, in the units of the series."""
        return self.in_units(self.baselines.forecasts[:, _THETA])

    @property
    def averaged_smoothing(self) -> np.ndarray:
        """(B, H) the forecast of the averaged smoothing, in the units of the series."""
        return self.in_units(self.baselines.forecasts[:, _AVERAGED])


def read(series: np.ndarray, season: int, horizon: int) -> Reading:
    """Bring series to one unit, and forecast them by the baselines.

    Args:
        series: (B, n) known values, n ≥ season + 2; NaN where a row has no value.
        season: rows after which they repeat; 1: they don't.
        horizon: steps ahead.
    """
    gaps = np.isnan(series)
    series = fill_gaps(series, season) if gaps.any() else series
    location = series[:, -max(season, 3) :].mean(1, keepdims=True)
    # First roughly: how far a number is from 0 shall not cost it its digits.
    spread = np.ptp(series, axis=1)[:, None]
    values = (series - location) / np.where(spread > 0, spread, 1.0)
    unit = np.abs(values[:, season:] - values[:, :-season]).mean(1, keepdims=True)
    unit = np.maximum(unit, _SMALLEST_UNIT * values.std(1, keepdims=True))
    values = values / np.where(unit > 0, unit, 1.0)
    found = forecast_baselines(values, season, horizon)
    return Reading(values, gaps, season, horizon, found, unit * spread, location)


def fill_gaps(series: np.ndarray, season: int) -> np.ndarray:
    """Fill missing values between the neighbours of their own position in the season; then along the rows."""
    filled = series.copy()
    for values in filled:
        for start in range(season):
            _interpolate(values[start::season])
        _interpolate(values)
    return filled


def _interpolate(values: np.ndarray) -> None:
    gaps = np.isnan(values)
    if gaps.any() and not gaps.all():
        places = np.arange(len(values))
        values[gaps] = np.interp(places[gaps], places[~gaps], values[~gaps])


def _history(values: np.ndarray, gaps: np.ndarray, season: int, found: Baselines) -> np.ndarray:
    count, rows = values.shape
    time = np.arange(rows) - rows
    seasonal, steps = np.zeros_like(values), np.zeros_like(values)
    seasonal[:, season:] = values[:, season:] - values[:, :-season]
    steps[:, 1:] = np.diff(values, axis=1)
    same = lambda side: np.broadcast_to(side, (count, rows))  # noqa: E731
    return np.stack(
        [
            np.arcsinh(values),
            np.arcsinh(seasonal),
            np.arcsinh(steps),
            same(np.sin(2 * np.pi * time / season)),
            same(np.cos(2 * np.pi * time / season)),
            same(np.arcsinh(time / season) / 2),
            same(np.log(season) / 3),
            same(float(season == 1)),
            gaps.astype(np.float64),
            np.arcsinh(found.deseasonalised),
            np.arcsinh(found.residuals),
        ],
        2,
    )


def _ahead(values: np.ndarray, season: int, horizon: int) -> np.ndarray:
    count, rows = values.shape
    steps = np.arange(horizon)
    lags = []
    for back in range(3):  # the same position of the last three seasons
        at = rows + steps - season * (steps // season + 1 + back)
        lags.append(np.arcsinh(values[:, np.where(at < 0, at % season, at)]))
    same = lambda side: np.broadcast_to(side, (count, horizon))  # noqa: E731
    return np.stack(
        [
            *lags,
            same(np.sin(2 * np.pi * steps / season)),
            same(np.cos(2 * np.pi * steps / season)),
            same((steps + 1) / 24),
            same(np.arcsinh((steps + 1) / season) / 2),
            same(np.log(season) / 3),
            same(float(season == 1)),
        ],
        2,
    )


def _traits(values: np.ndarray, season: int, found: Baselines) -> np.ndarray:
    """Return (B, 11) numbers on each series as a whole; the first five need no baseline."""
    count, rows = values.shape
    plain, residuals = found.deseasonalised, found.residuals
    recent = plain[:, -min(rows, 2 * max(season, 4)) :]
    low = values.min(1)
    traits = np.stack(
        [
            np.full(count, np.log(rows) / 5),
            np.full(count, np.log(rows / season) / 3),
            np.log(1 / (values.std(1) + 1e-9) + 1e-6),
            np.arcsinh(low) / 5,
            (np.diff(values, axis=1) == 0).mean(1),
            found.strength,
            0.5 * found.errors[:, _AVERAGED],
            _autocorrelation(residuals, 1),
            _autocorrelation(residuals, min(season, rows - 2) if season > 1 else 2),
            np.arcsinh(_slope(plain) * season),
            np.arcsinh(_slope(recent) * season),
        ],
        1,
    )
    return np.clip(traits, -8, 8)


def _autocorrelation(values: np.ndarray, lag: int) -> np.ndarray:
    return (values[:, lag:] * values[:, :-lag]).mean(1) / (np.square(values).mean(1) + 1e-12)


def _slope(values: np.ndarray) -> np.ndarray:
    time = np.arange(values.shape[1]) - (values.shape[1] - 1) / 2
    return (values @ time) / (time @ time)


def _repeat(traits: np.ndarray, horizon: int) -> np.ndarray:
    return np.repeat(traits[:, None], horizon, 1)
