"""Twelve cheap forecasts of many series of one length and one season at once, in NumPy.

Every one of them moves with its series: of a · y + b, with a > 0, it is a · its forecast of y + b. So what is
multiplicative is measured from an origin that the series itself has, some way below its lowest value, rather
than from the zero of its unit.
"""

from dataclasses import dataclass

import numpy as np

BASELINES = (
    "naive",
    "seasonal naive",
    "seasonal mean",
    "theta",
    "multiplicative theta",
    "additive smoothing",
    "multiplicative smoothing",
    "smoothing without trend",
    "smoothing without season",
    "autoregression",
    "regression",
    "averaged smoothing",
)
"""In the order of `Baselines.forecasts`."""

_RESTS = (0.5, 2.0)
"""The origins of what is multiplicative: so many ranges of the series below its lowest value."""
_WEAKEST_SEASON = 0.1
"""Strength of a season below which there is none."""
_THETA_ALPHAS = np.array([0.03, 0.08, 0.15, 0.25, 0.4, 0.6, 0.8, 0.99])


@dataclass(frozen=True, eq=False)
class Baselines:
    """What the twelve say of B series, H steps ahead, and what they saw in them.

    Attributes:
        forecasts: (B, 12, H).
        errors: (B, 12) logarithm of the mean squared error of one step ahead, within the known rows.
        deseasonalised: (B, n) the series without its season.
        residuals: (B, n) one step ahead, of the averaged additive smoothing.
        strength: (B,) of the season, from 0 to 1.
    """

    forecasts: np.ndarray
    errors: np.ndarray
    deseasonalised: np.ndarray
    residuals: np.ndarray
    strength: np.ndarray


@dataclass(frozen=True, eq=False)
class _Grid:
    """Parameters of exponential smoothing to average over, (G,) each; after Holt, Winters and Gardner."""

    level: np.ndarray
    trend: np.ndarray
    damping: np.ndarray
    season: np.ndarray

    @classmethod
    def of(
        cls,
        levels: tuple[float, ...],
        trends: tuple[float, ...],
        dampings: tuple[float, ...],
        seasons: tuple[float, ...],
    ) -> "_Grid":
        """Return all combinations; a trend is smoothed with a share of the level's parameter."""
        points = [(level, 0.0, 1.0, season) for level in levels for season in seasons]
        points += [
            (level, level * trend, damping, season)
            for level in levels
            for trend in trends
            for damping in dampings
            for season in seasons
        ]
        return cls(*np.array(points, np.float32).T)

    @property
    def has_trend(self) -> np.ndarray:
        """(G,) whether there is a trend."""
        return (self.trend > 0) | (self.damping < 1)

    @property
    def parameters(self) -> np.ndarray:
        """(G,) how many numbers are fitted."""
        return np.where(self.has_trend, 5.0, 3.0)


_LEVELS = (0.04, 0.12, 0.25, 0.45, 0.7, 0.95)
_SEASONAL = _Grid.of(_LEVELS, (0.02, 0.15), (0.9, 0.98), (0.03, 0.2))
_NON_SEASONAL = _Grid.of(_LEVELS, (0.02, 0.1, 0.3), (0.85, 0.93, 0.98, 1.0), (0.0,))


def forecast_baselines(series: np.ndarray, season: int, horizon: int) -> Baselines:
    """Forecast many series at once.

    Args:
        series: (B, n) known values, n ≥ season + 2.
        season: rows after which they repeat; 1: they don't.
        horizon: steps ahead.
    """
    count, rows = series.shape
    ahead = (rows + np.arange(horizon)) % season
    profile = seasonal_profile(series, season)
    strength = _strength(series, profile, season)
    profile = np.where((strength > _WEAKEST_SEASON)[:, None], profile, 0.0)
    plain = series - profile[:, np.arange(rows) % season]
    level = plain[:, -max(season, 3) :].mean(1, keepdims=True)
    found = {
        "naive": (np.repeat(series[:, -1:], horizon, 1), _mean_square(np.diff(series, axis=1))),
        "seasonal naive": (
            series[:, rows - season + np.arange(horizon) % season],
            _mean_square(series[:, season:] - series[:, :-season]),
        ),
        "seasonal mean": (level + profile[:, ahead], plain.var(1)),
    }
    theta, error = _theta(plain, horizon)
    found["theta"] = theta + profile[:, ahead], error
    found["autoregression"] = _autoregression(series, season, horizon)
    found["regression"] = _regression(series, season, horizon)
    grid = _SEASONAL if season > 1 else _NON_SEASONAL
    seasonal_numbers = season / 2 if season > 1 else 0.0  # half of them: they are read off, not fitted
    fitted = grid.parameters + seasonal_numbers
    errors, forecasts, steps = _smooth(series, season, profile, grid, horizon)
    tested = rows - _warm_up(rows, season)
    forecast, error, weights = _average(errors, forecasts, fitted, tested)
    found["additive smoothing"] = forecast, error
    forecast, error, _ = _average(errors, forecasts, fitted, tested, ~grid.has_trend)
    found["smoothing without trend"] = forecast, error
    residuals = np.einsum("bg,tbg->bt", weights, steps)
    found["multiplicative smoothing"], found["multiplicative theta"] = _multiplicative(
        series, season, strength, grid, fitted, horizon
    )
    if season > 1:
        none = np.zeros((count, 1))
        errors, forecasts, _ = _smooth(series, 1, none, _NON_SEASONAL, horizon)
        tested_here = rows - _warm_up(rows, 1)
        forecast, error, _ = _average(errors, forecasts, _NON_SEASONAL.parameters, tested_here)
        found["smoothing without season"] = forecast, error
    else:
        found["smoothing without season"] = found["additive smoothing"]
    trio = [
        found[name] for name in ("additive smoothing", "multiplicative smoothing", "smoothing without season")
    ]
    forecast, error, _ = _average(
        np.stack([error for _, error in trio], 1),
        np.stack([forecast for forecast, _ in trio], 1),
        np.array([4.0 + seasonal_numbers, 4.0 + seasonal_numbers, 4.0]),
        tested,
    )
    found["averaged smoothing"] = forecast, error
    return Baselines(
        forecasts=np.stack([found[name][0] for name in BASELINES], 1),
        errors=np.log(np.stack([found[name][1] for name in BASELINES], 1) + 1e-12),
        deseasonalised=plain,
        residuals=residuals,
        strength=strength,
    )


def seasonal_profile(series: np.ndarray, season: int) -> np.ndarray:
    """Return the additive season by position, (B, season), of mean 0: row t has position t mod season.

    It is the mean distance from the centred moving average; zeros where fewer than two seasons are known.
    """
    count, rows = series.shape
    if season == 1 or rows < 2 * season:
        return np.zeros((count, season))
    sums = np.cumsum(np.concatenate([np.zeros((count, 1)), series], 1), 1)
    means = (sums[:, season:] - sums[:, :-season]) / season
    if season % 2 == 0:
        means = (means[:, 1:] + means[:, :-1]) / 2
    first = season // 2
    distances = series[:, first : first + means.shape[1]] - means
    positions = (np.arange(distances.shape[1]) + first) % season
    member = (positions[:, None] == np.arange(season)).astype(np.float64)
    profile = distances @ (member / np.maximum(member.sum(0), 1))
    return profile - profile.mean(1, keepdims=True)


def _strength(series: np.ndarray, profile: np.ndarray, season: int) -> np.ndarray:
    """Return the share of the variance of the differences that is seasonal, (B,)."""
    rows = series.shape[1]
    if season == 1 or rows < 2 * season:
        return np.zeros(len(series))
    plain = series - profile[:, np.arange(rows) % season]
    left, whole = np.diff(plain, axis=1).var(1), np.diff(series, axis=1).var(1)
    return np.clip(1 - left / (whole + 1e-12), 0, 1)


def _warm_up(rows: int, season: int) -> int:
    return min(rows // 3, season)


def _smooth(
    series: np.ndarray, season: int, profile: np.ndarray, grid: _Grid, horizon: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Smooth at every point of a grid, after the first profile → mean squared errors (B, G), forecasts
    (B, G, H), errors of all steps (n, B, G)."""
    rows = series.shape[1]
    first = min(rows, max(4, season))
    plain = series - profile[:, np.arange(rows) % season]
    begin = plain[:, :first].mean(1)
    second = plain[:, first : 2 * first].mean(1) if rows >= 2 * first else plain[:, -1]
    slope = np.where(grid.has_trend, ((second - begin) / first)[:, None], 0.0).astype(np.float32)
    level = (begin[:, None] - slope * (first + 1) / 2).astype(np.float32)
    seasons = np.repeat(profile.T.astype(np.float32)[:, :, None], len(grid.level), 2)
    values, total = series.astype(np.float32), np.zeros(level.shape, np.float32)
    steps, skipped = np.empty((rows, *level.shape), np.float32), _warm_up(rows, season)
    for row in range(rows):
        position, damped = row % season, grid.damping * slope
        known = level + damped
        error = steps[row] = values[:, row, None] - known - seasons[position]
        level, slope = known + grid.level * error, damped + grid.trend * error
        if season > 1:
            seasons[position] += grid.season * error
        if row >= skipped:
            total += error * error
    growth = np.cumsum(grid.damping ** np.arange(1, horizon + 1)[:, None], 0).T
    ahead = seasons[(rows + np.arange(horizon)) % season].transpose(1, 2, 0)
    forecasts = level[:, :, None] + slope[:, :, None] * growth + ahead
    return total / (rows - skipped) + 1e-12, forecasts, steps


def _average(
    errors: np.ndarray,
    forecasts: np.ndarray,
    parameters: np.ndarray,
    rows: int,
    chosen: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Average forecasts (B, G, H) by weights of AICc (Burnham and Anderson, 2002) → (B, H), their mean
    squared error (B,) and the weights (B, G)."""
    criterion = rows * np.log(errors) + 2 * parameters * rows / np.maximum(rows - parameters - 1, 1)
    if chosen is not None:
        criterion = np.where(chosen, criterion, np.inf)
    weights = np.exp(-0.5 * np.clip(criterion - criterion.min(1, keepdims=True), 0, 60))
    weights /= weights.sum(1, keepdims=True)
    return np.einsum("bg,bgh->bh", weights, forecasts), (weights * errors).sum(1), weights


def _theta(plain: np.ndarray, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Smooth exponentially, with half the slope of the line (Assimakopoulos and Nikolopoulos, 2000)."""
    rows, alphas = plain.shape[1], _THETA_ALPHAS
    time = np.arange(rows) - (rows - 1) / 2
    slope = (plain @ time) / (time @ time)
    level = np.repeat(plain[:, : min(rows, 3)].mean(1)[:, None], len(alphas), 1)
    total = np.zeros_like(level)
    for row in range(rows):
        error = plain[:, row, None] - level
        level = level + alphas * error
        total += error * error
    reach = np.arange(horizon) + ((1 - (1 - alphas) ** rows) / alphas)[:, None]
    forecasts = level[:, :, None] + slope[:, None, None] / 2 * reach
    forecast, error, _ = _average(total / rows + 1e-12, forecasts, np.full(len(alphas), 2.0), rows)
    return forecast, error


def _multiplicative(
    series: np.ndarray, season: int, strength: np.ndarray, grid: _Grid, fitted: np.ndarray, horizon: int
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Smooth, and forecast by theta, the logarithm of the distance from an origin, averaged over origins."""
    rows = series.shape[1]
    low, spread = series.min(1, keepdims=True), np.ptp(series, axis=1)[:, None] + 1e-9
    positions, ahead = np.arange(rows) % season, (rows + np.arange(horizon)) % season
    smoothed, thetas = [], []
    for rest in _RESTS:
        origin = low - rest * spread
        logs = np.log(series - origin)
        highest = np.log((rest + 3) * spread)
        unit = logs.std(1, keepdims=True) + 1e-6
        profile = np.where((strength > _WEAKEST_SEASON)[:, None], seasonal_profile(logs, season), 0.0)
        errors, forecasts, _ = _smooth(logs / unit, season, profile / unit, grid, horizon)
        tested = rows - _warm_up(rows, season)
        forecast, error, _ = _average(errors, forecasts, fitted, tested)
        # In the units of the values: the Jacobian of the logarithm is the geometric mean.
        jacobian = (unit[:, 0] * np.exp(logs.mean(1))) ** 2
        smoothed.append((origin + np.exp(np.minimum(forecast * unit, highest)), error * jacobian))
        forecast, error = _theta(np.exp(logs - profile[:, positions]), horizon)
        thetas.append((origin + forecast * np.exp(profile[:, ahead]), error))
    each = []
    for found in (smoothed, thetas):
        forecast, error, _ = _average(
            np.stack([error for _, error in found], 1),
            np.stack([forecast for forecast, _ in found], 1),
            np.zeros(len(found)),
            rows,
        )
        each.append((forecast, error))
    return each[0], each[1]


def _autoregression(series: np.ndarray, season: int, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Lags 1, 2 and a season of the seasonal differences, by ridge regression, fed back step by step."""
    differences = series[:, season:] - series[:, :-season]
    unit = np.abs(differences).mean(1, keepdims=True) + 1e-9
    scaled = differences / unit
    rows = scaled.shape[1]
    short = (1, 2, 3) if rows > 12 else (1,)
    lags = (1, 2, season) if season > 2 and rows > season + 12 else short
    longest = max(lags)
    if rows <= longest:
        flat = series[:, series.shape[1] - season + np.arange(horizon) % season]
        return flat, _mean_square(differences)
    sides = [scaled[:, longest - lag : rows - lag] for lag in lags]
    design = np.stack([*sides, np.ones_like(sides[0])], 2)
    wanted = scaled[:, longest:]
    gram = design.transpose(0, 2, 1) @ design + np.diag([1.0] * len(lags) + [3.0])
    weights = np.linalg.solve(gram, design.transpose(0, 2, 1) @ wanted[..., None])
    errors = wanted - (design @ weights)[..., 0]
    known, steps = list(scaled.T), list(series.T)
    for _ in range(horizon):
        step = sum(weights[:, place, 0] * known[-lag] for place, lag in enumerate(lags)) + weights[:, -1, 0]
        known.append(np.clip(step, -8, 8))
        steps.append(steps[-season] + known[-1] * unit[:, 0])
    return np.stack(steps[series.shape[1] :], 1), _mean_square(errors) * unit[:, 0] ** 2


def _regression(series: np.ndarray, season: int, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """A line and a season by least squares, newer rows counting more, after the level of the newest."""
    rows = series.shape[1]
    level = series[:, -1:]  # the penalty shall not pull towards the zero of the unit
    time = np.arange(rows + horizon) - rows
    weight = 0.5 ** (-time[:rows] / max(2 * season, rows / 3))
    sides, penalty = [np.ones(rows + horizon), time / rows], [1e-6, 0.02 * weight.sum() / 3]
    if season > 1:
        sides += list(np.eye(season)[np.arange(rows + horizon) % season].T)
        penalty += [0.5] * season
    design = np.stack(sides, 1)
    weighted = design[:rows].T * weight
    weights = np.linalg.solve(weighted @ design[:rows] + np.diag(penalty), weighted @ (series - level).T)
    fitted = (design @ weights).T + level
    return fitted[:, rows:], _mean_square(series - fitted[:, :rows])


def _mean_square(values: np.ndarray) -> np.ndarray:
    return np.square(values).mean(1)
