"""Series of all kinds without end, to pretrain a forecaster on: many at once, all of one season and length.

A mix in the spirit of ForecastPFN (Dooley et al., 2023) and KernelSynth (Ansari et al., 2024): trends,
seasons and noise put together; series of exponential smoothing and of seasonal ARIMA; Gaussian processes;
waves, regimes, prices and counts. On top of them come outliers, level shifts, rounding, and scales on which
things add or multiply.
"""

from collections.abc import Callable

import numpy as np

Kind = Callable[[np.random.Generator, int, int, int], np.ndarray]
"""(generator, number of series, season, rows) → (series, rows)"""

_LONGEST_PROCESS = 1000
"""Rows of a Gaussian process, whose cost grows with their cube."""


def draw_series(rng: np.random.Generator, count: int, season: int, rows: int) -> np.ndarray:
    """Return `count` series of all kinds, (count, rows), in random units.

    Args:
        rng: what they are drawn from.
        count: how many.
        season: rows after which they may repeat; 1: they don't.
        rows: length of each.
    """
    parts: list[np.ndarray] = []
    missing = count
    while missing:
        counts = rng.multinomial(missing + 2, [share for _, share in KINDS])
        with np.errstate(over="ignore", invalid="ignore"):
            drawn = [
                _observed(rng, kind, kind(rng, many, season, rows))
                for (kind, _), many in zip(KINDS, counts, strict=True)
                if many and (kind is not _gaussian_process or rows <= _LONGEST_PROCESS)
            ]
        if not drawn:
            continue
        found = np.concatenate(drawn)
        rng.shuffle(found)
        size = np.abs(found).max(1)
        found = found[np.isfinite(size) & (size < 1e9)][:missing]
        parts.append(found)
        missing -= len(found)
    return np.concatenate(parts)


def _observed(rng: np.random.Generator, kind: Kind, series: np.ndarray) -> np.ndarray:
    """Return series as somebody may have written them down: mixed, disturbed, scaled and rounded."""
    if kind is _counts:
        return series
    count, rows = series.shape
    if count > 3 and rng.random() < 0.25:  # two of them added (TSMixup; Ansari et al., 2024)
        plain = _standardised(series)
        series = plain + rng.uniform(0, 1, (count, 1)) * plain[rng.permutation(count)]
    step = np.abs(np.diff(series, axis=1)).mean(1, keepdims=True) + 1e-9
    outliers = (rng.random((count, rows)) < 0.02) & (rng.random((count, 1)) < 0.2)
    series = series + outliers * step * rng.standard_t(3, (count, rows)) * 4
    shifts = (rng.random((count, rows)) < 1.2 / rows) & (rng.random((count, 1)) < 0.2)
    series = series + np.cumsum(shifts * step * rng.normal(0, 5, (count, rows)), 1)
    plain = _standardised(series)
    variation, scale = _log_uniform(rng, 0.02, 0.7, (count, 1)), rng.random((count, 1))
    if rng.random() < 0.5:
        added = np.maximum(1 + plain * variation, 0)
    else:  # so that none is below zero
        added = 1 + plain * np.minimum(variation, 0.9 / (1e-6 - plain.min(1, keepdims=True)))
    multiplied = np.exp(np.clip(plain * variation, -5, 5))
    signed = series / (np.abs(series).max(1, keepdims=True) + 1e-9)
    series = np.select([scale < 0.5, scale < 0.92], [multiplied, added], signed)
    series = series * _log_uniform(rng, 1, 1e4, (count, 1))
    return np.where(rng.random((count, 1)) < 0.3, np.round(series), series)


# --- What series are made of --------------------------------------------------------------------------


def _log_uniform(
    rng: np.random.Generator, low: float, high: float, size: int | tuple[int, ...]
) -> np.ndarray:
    return np.exp(rng.uniform(np.log(low), np.log(high), size))


def _standardised(series: np.ndarray) -> np.ndarray:
    return (series - series.mean(1, keepdims=True)) / (series.std(1, keepdims=True) + 1e-9)


def _profile(rng: np.random.Generator, count: int, season: int) -> np.ndarray:
    """Return a season of each, (count, season), mean 0, spread 1: waves, free shapes, peaks, plateaus."""
    if season == 1:
        return np.zeros((count, 1))
    time, waves = np.arange(season) / season, np.arange(1, max(1, min(6, season // 2)) + 1)
    heights = rng.normal(size=(count, len(waves))) / waves ** rng.uniform(0, 2, (count, 1))
    phases = rng.uniform(0, 2 * np.pi, (count, len(waves)))
    waved = (heights[:, :, None] * np.sin(2 * np.pi * waves[:, None] * time + phases[:, :, None])).sum(1)
    free = rng.normal(size=(count, season))
    peaks = rng.random((count, season)) < rng.uniform(1, 3, (count, 1)) / season
    peaked = peaks * rng.normal(1, 0.5, (count, season)) * rng.choice([-1, 1], (count, 1))
    peaked = peaked + 0.1 * rng.normal(size=(count, season))
    since = (np.arange(season) - rng.integers(0, season, (count, 1))) % season
    plateau = (since < rng.integers(1, max(2, season // 2 + 1), (count, 1))) * 1.0
    plateau += 0.15 * rng.normal(size=(count, season))
    shape = rng.choice(4, (count, 1), p=[0.4, 0.3, 0.15, 0.15])
    profile = _standardised(np.select([shape == 0, shape == 1, shape == 2], [waved, free, peaked], plateau))
    return _standardised(np.where(rng.random((count, 1)) < 0.3, profile + 0.5 * free, profile))


def _shocks(rng: np.random.Generator, count: int, rows: int) -> np.ndarray:
    """Return independent noise, some of it heavy-tailed, some of slowly changing size."""
    shocks = rng.normal(size=(count, rows))
    heavy = rng.random(count) < 0.28
    shocks[heavy] = rng.standard_t(4, (heavy.sum(), rows)) / 1.4
    changing = rng.random(count) < 0.15
    shocks[changing] *= np.exp(0.5 * np.cumsum(rng.normal(0, 0.15, (changing.sum(), rows)), 1))
    return shocks


def _noise(rng: np.random.Generator, count: int, rows: int) -> np.ndarray:
    """Return noise of spread 1 that may remember: ARMA(2, 1)."""
    shocks = _shocks(rng, count, rows + 20)
    one = np.where(rng.random(count) < 0.4, 0, rng.uniform(-0.4, 0.95, count))
    two = np.where(rng.random(count) < 0.8, 0, rng.uniform(-0.4, 0.3, count))
    two = np.clip(two, -0.9, 0.97 - np.abs(one))
    moving = np.where(rng.random(count) < 0.7, 0, rng.uniform(-0.7, 0.7, count))
    noise = shocks.T.copy()
    for row in range(2, rows + 20):
        noise[row] += one * noise[row - 1] + two * noise[row - 2] + moving * shocks[:, row - 1]
    noise = noise[20:].T
    return noise / (noise.std(1, keepdims=True) + 1e-6)


def _trend(rng: np.random.Generator, count: int, rows: int) -> np.ndarray:
    """Return trends that move by about 1 in all: none, lines, damped, growing, piecewise, walks, logistic."""
    time = np.linspace(0, 1, rows)[None]
    sign = rng.choice([-1, 1], (count, 1), p=[0.35, 0.65])
    line = sign * time
    damped = sign * (1 - np.exp(-rng.uniform(1, 6, (count, 1)) * time))
    growing = sign * (np.exp(rng.uniform(0.5, 2.5, (count, 1)) * time) - 1) / 3
    logistic = sign / (1 + np.exp(-rng.uniform(4, 14, (count, 1)) * (time - rng.uniform(0.1, 1, (count, 1)))))
    bends = rng.random((count, rows)) < 4 / rows
    bends[:, 0] = True
    latest = np.maximum.accumulate(np.where(bends, np.arange(rows), 0), axis=1)
    slopes = np.take_along_axis(rng.normal(size=(count, rows)), latest, 1)
    piecewise = np.cumsum(slopes, 1) / rows * 1.5
    drift = sign * rng.uniform(0, 0.3, (count, 1))
    walk = np.cumsum(rng.normal(size=(count, rows)) + drift, 1) / np.sqrt(rows)
    keeps, steps = rng.uniform(0.8, 1, count), rng.normal(size=(rows, count))
    steps[0] *= 2
    for row in range(1, rows):
        steps[row] += keeps * steps[row - 1]
    smooth = np.cumsum(steps.T, 1)
    smooth /= np.abs(smooth).max(1, keepdims=True) + 1e-6
    shapes = [line, damped, growing, piecewise, walk, smooth, logistic]
    kind = rng.choice(8, (count, 1), p=[0.07, 0.07, 0.05, 0.23, 0.30, 0.11, 0.05, 0.12])
    return np.select([kind == number for number in range(7)], shapes, 0.0)


# --- The kinds ----------------------------------------------------------------------------------------


def _structural(rng: np.random.Generator, count: int, season: int, rows: int) -> np.ndarray:
    """Trend, season and noise; the season may grow, wander or turn into another."""
    time, begin = np.linspace(0, 1, rows)[None], rng.integers(0, season)
    at = (np.arange(rows) + begin) % season
    profile, other = _profile(rng, count, season)[:, at], _profile(rng, count, season)[:, at]
    how = rng.random((count, 1))
    growing = np.exp(rng.normal(0, 0.8, (count, 1)) * time)
    wandering = np.exp(np.cumsum(rng.normal(0, 0.8 / np.sqrt(rows), (count, rows)), 1))
    height = np.select([how < 0.5, how < 0.75], [1.0, growing], wandering)
    turned = (rng.random((count, 1)) < 0.25) * time * rng.uniform(0, 1, (count, 1))
    seasonal = height * ((1 - turned) * profile + turned * other)
    amplitude = _log_uniform(rng, 0.1, 3.5, (count, 1)) * (rng.random((count, 1)) > 0.25) * (season > 1)
    # The rarer the rows, the more trend there is from one to the next.
    movement = _log_uniform(rng, 0.3, 12 if season >= 7 else 30, (count, 1))
    return movement * _trend(rng, count, rows) + amplitude * seasonal + _noise(rng, count, rows)


def _smoothing(rng: np.random.Generator, count: int, season: int, rows: int) -> np.ndarray:
    """What exponential smoothing is right about: level, damped trend and season moved by every error."""
    alpha = rng.beta(1.2, 1.6, count)
    beta = alpha * rng.beta(1, 4, count) * (rng.random(count) < 0.6)
    damping = np.where(rng.random(count) < 0.3, 1, rng.uniform(0.8, 0.99, count))
    gamma = (1 - alpha) * rng.beta(1, 4, count) * (rng.random(count) < 0.7) * (season > 1)
    amplitude = _log_uniform(rng, 0.1, 3.5, (count, 1)) * (rng.random((count, 1)) > 0.25)
    seasons = (_profile(rng, count, season) * amplitude).T.copy()
    level = np.zeros(count)
    slope = rng.normal(0, 0.1 if season >= 7 else 0.25, count) * (rng.random(count) < 0.6)
    shocks, series = _shocks(rng, count, rows).T.copy(), np.empty((rows, count))
    for row in range(rows):
        position, expected, shock = row % season, level + damping * slope, shocks[row]
        series[row] = expected + seasons[position] + shock
        level, slope = expected + alpha * shock, damping * slope + beta * shock
        seasons[position] += gamma * shock
    return series.T


def _sarima(rng: np.random.Generator, count: int, season: int, rows: int) -> np.ndarray:
    """Noise averaged, remembered and added up, in time and from season to season."""
    warm = 2 * season + 5
    shocks = rng.normal(size=(rows + warm, count))
    series = shocks.copy()
    series[1:] += rng.uniform(-0.95, 0.3, count) * shocks[:-1]
    seasonal = (rng.random(count) < 0.65) & (season > 1)
    turned = series.copy()
    turned[season:] += rng.uniform(-0.95, 0.1, count) * series[:-season]
    series = np.where(seasonal, turned, series)
    keeps = rng.uniform(-0.3, 0.8, count) * (rng.random(count) < 0.5)
    for row in range(1, rows + warm):
        series[row] += keeps * series[row - 1]
    if season > 1:
        added = series.copy()
        added[:season] += (_profile(rng, count, season) * _log_uniform(rng, 0.2, 3.5, (count, 1))).T
        for row in range(season, rows + warm):
            added[row] += added[row - season]
        series = np.where(seasonal, added, series)
    drift = rng.normal(0, 0.08 if season >= 7 else 0.2, count) * (rng.random(count) < 0.5) * ~seasonal
    once = np.cumsum(series + drift, 0)
    times = rng.choice(3, count, p=[0.25, 0.7, 0.05])
    series = np.where(times >= 1, once, series)
    series = np.where((times == 2) & ~seasonal, np.cumsum(0.2 * once, 0), series)
    return series[warm:].T


def _gaussian_process(rng: np.random.Generator, count: int, season: int, rows: int) -> np.ndarray:
    """Draws of kernels added and multiplied at random; several series share a kernel."""
    time = np.arange(rows) / rows
    apart = time[:, None] - time
    kernels = min(6, count)
    factors = np.empty((kernels, rows, rows))
    for number in range(kernels):
        kernel = _kernel(rng, apart, time, season) * _log_uniform(rng, 0.2, 1, 1)
        for _ in range(rng.integers(0, 4)):
            other = _kernel(rng, apart, time, season)
            kernel = kernel + other * _log_uniform(rng, 0.2, 1, 1) if rng.random() < 0.6 else kernel * other
        factors[number] = np.linalg.cholesky(kernel + 1e-4 * (1 + kernel.diagonal().max()) * np.eye(rows))
    chosen = factors[rng.integers(0, kernels, count)]
    drawn = 5 * (chosen @ rng.normal(size=(count, rows, 1)))[..., 0]
    return drawn + 0.2 * rng.normal(size=(count, rows)) * rng.random((count, 1))


def _kernel(rng: np.random.Generator, apart: np.ndarray, time: np.ndarray, season: int) -> np.ndarray:
    match rng.integers(6):
        case 0:
            return np.exp(-0.5 * (apart / _log_uniform(rng, 0.03, 1, 1)) ** 2)
        case 1:
            return (1 + apart**2 / _log_uniform(rng, 0.05, 1, 1) ** 2) ** -0.5
        case 2 if season > 1:
            return np.exp(-2 * np.sin(np.pi * apart * len(time) / season) ** 2 / rng.uniform(0.3, 1.5) ** 2)
        case 3:
            return 4 * np.outer(time - 0.5, time - 0.5)
        case 4:
            return np.exp(-np.abs(apart) / _log_uniform(rng, 0.02, 0.5, 1))
        case _:
            return np.eye(len(time)) * _log_uniform(rng, 0.01, 0.5, 1)


def _waves(rng: np.random.Generator, count: int, season: int, rows: int) -> np.ndarray:
    """Three sine waves of any period, one of which may be the season, a slow trend, and noise."""
    time = np.arange(rows)
    periods = _log_uniform(rng, 3, 2 * rows, (count, 3, 1))
    if season > 1:
        periods[:, 0] = np.where(rng.random((count, 1)) < 0.5, season, periods[:, 0])
    heights = rng.exponential(1, (count, 3, 1)) * _log_uniform(rng, 0.3, 4, (count, 1, 1))
    phases = rng.uniform(0, 2 * np.pi, (count, 3, 1))
    waves = (heights * np.sin(2 * np.pi * time / periods + phases)).sum(1)
    return waves + rng.normal(0, 1, (count, 1)) * time / rows + _noise(rng, count, rows)


def _regimes(rng: np.random.Generator, count: int, season: int, rows: int) -> np.ndarray:
    """A level and a size of the noise that switch, over a season."""
    switches = rng.random((count, rows)) < 1 / _log_uniform(rng, 4, max(5, rows), (count, 1))
    latest = np.maximum.accumulate(np.where(switches, np.arange(rows), 0), axis=1)
    level = np.take_along_axis(rng.normal(0, 2, (count, rows)), latest, 1)
    size = np.take_along_axis(_log_uniform(rng, 0.2, 2, (count, rows)), latest, 1)
    seasonal = _profile(rng, count, season)[:, np.arange(rows) % season] * rng.exponential(1, (count, 1))
    return level + size * _noise(rng, count, rows) + seasonal * (season > 1)


def _prices(rng: np.random.Generator, count: int, season: int, rows: int) -> np.ndarray:
    """A walk whose steps have calm and wild times."""
    volatility = np.exp(0.6 * np.cumsum(rng.normal(0, 0.15, (count, rows)), 1))
    return np.cumsum(rng.normal(size=(count, rows)) * volatility + rng.normal(0, 0.05, (count, 1)), 1)


def _counts(rng: np.random.Generator, count: int, season: int, rows: int) -> np.ndarray:
    """Poisson and negative binomial counts, many of them zero, of a mean that has trend and season."""
    logarithm = _standardised(_structural(rng, count, season, rows)) * rng.uniform(0.1, 0.7, (count, 1))
    mean = np.clip(_log_uniform(rng, 0.1, 30, (count, 1)) * np.exp(logarithm), 0, 500)
    wide = rng.random((count, 1)) < 0.5
    return rng.poisson(mean * np.where(wide, rng.gamma(3, 1 / 3, (count, rows)), 1.0)).astype(np.float64)


KINDS: tuple[tuple[Kind, float], ...] = (
    (_structural, 0.42),
    (_smoothing, 0.26),
    (_sarima, 0.14),
    (_gaussian_process, 0.05),
    (_waves, 0.03),
    (_regimes, 0.02),
    (_prices, 0.04),
    (_counts, 0.04),
)
"""Each kind with its share."""
