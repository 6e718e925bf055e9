"""What the pictures of a series show: how its values are spread, how it repeats, and what it is made of."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from components.errors import DataError

_MOST_BINS = 80
_FEWEST_BINS = 8
CORRELATED_ROWS = 1_000_000
"""Rows that `autocorrelation` and `season` take at most: the last of them."""
_LONGEST_SEASON = 10_000  # what the recipe allows
_CANDIDATES = 12  # seasons that are tried
_MIN_STRENGTH = 0.25  # share of the variance around the trend that a season foretells at least
_MIN_TURNS = 2.0  # over the number of seasons that there are: the same where these are few
_NEAR_BEST = 0.9  # of the best season's share: then the shorter one is meant, not its multiple
_FALSE_ALARMS = 0.002  # share of series without a season in which one is seen, at most
_ROUNDING = 0.4  # times the last digit: what rounding alone leaves is spread by 0.29, or 0.35 of halves
_MIN_CLIMB = 3.0  # last digits that a trend goes up or down at least, for its rounding to look like a season
_OVERTONES = 6  # of a season's waves that its own course is made of: of a year of months, all
_LEAST_SHARE = 0.1  # of the variance around the trend that a further season explains
_CALENDAR_SHARE = 0.5  # of the best season's share: then a season of the calendar is meant
DECOMPOSED_ROWS = 20_000
"""Rows that `decompose` takes at most: the last of them. It needs about a second for these."""


# --- How values are spread -------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Histogram:
    """How many values lie in each interval.

    Attributes:
        edges: (bins + 1,) of the intervals, rising.
        counts: (bins,) int64.
    """

    edges: np.ndarray
    counts: np.ndarray


def histogram(values: np.ndarray) -> Histogram:
    """Count values in intervals of equal width, chosen after Freedman and Diaconis (1981).

    Args:
        values: (rows,), finite, one or more.
    """
    low, high = float(values.min()), float(values.max())
    if low == high:
        return Histogram(np.array([low - 0.5, high + 0.5]), np.array([len(values)]))
    quarter, three_quarters = np.quantile(values, [0.25, 0.75])
    width = 2 * (three_quarters - quarter) / np.cbrt(len(values))
    bins = np.clip(np.ceil((high - low) / width) if width > 0 else _MOST_BINS, _FEWEST_BINS, _MOST_BINS)
    # Between neighbouring floats there is no room for edges.
    room = (high - low) / np.spacing(max(abs(low), abs(high)))
    counts, edges = np.histogram(values, bins=max(1, int(min(bins, room))))
    return Histogram(edges, counts)


# --- How a series repeats --------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Autocorrelation:
    """How much a series is like itself some rows earlier.

    Attributes:
        values: (lags + 1,); the first is 1.
        bound: correlations of pure noise stay within ± this, 19 times in 20.
        season: rows after which the series repeats, as far as it tells; None where it doesn't.
    """

    values: np.ndarray
    bound: float
    season: int | None


def autocorrelation(values: np.ndarray, lags: int, likely: tuple[int, ...] = ()) -> Autocorrelation:
    """Correlate a series with itself (Box and Jenkins, 1970), and suggest its season.

    Args:
        values: (rows,), finite, two or more; only the last `CORRELATED_ROWS` are taken.
        lags: rows back to look at most; fewer where the series is shorter.
        likely: as in `season`.
    """
    values = values[-CORRELATED_ROWS:]
    lags = min(lags, len(values) - 1)
    bound = 1.96 / float(np.sqrt(len(values)))
    return Autocorrelation(_autocorrelation(values, lags), bound, season(values, likely))


def _autocorrelation(values: np.ndarray, lags: int) -> np.ndarray:
    """Return the autocorrelation for 0 … lags rows back, by way of the spectrum; 0 for a constant series."""
    centred = values - values.mean()
    size = 1 << (len(values) + lags).bit_length()
    spectrum = np.fft.rfft(centred, size)
    products = np.fft.irfft(spectrum * spectrum.conj(), size)[: lags + 1]
    one = np.zeros(lags + 1)
    one[0] = 1.0
    return products / products[0] if np.ptp(values) > 0 and products[0] > 0 else one


def season(values: np.ndarray, likely: tuple[int, ...] = (), longest: int = _LONGEST_SEASON) -> int | None:
    """Suggest after how many rows a series repeats.

    Peaks of the autocorrelation are the candidates. Of each, it is measured how well one half of the series
    foretells the other, and tested whether its turns are more alike than chance makes them: noise and random
    walks have peaks too. What rounding makes of a trend is no season. In fewer than one of 100 series
    without a season one is seen, whatever their frequency; the benchmark “seasons” measures that.

    Args:
        values: (rows,), finite; only the last `CORRELATED_ROWS` are taken.
        likely: seasons that the calendar suggests, as `components.data.time_axis.likely_seasons` gives them.
        longest: rows that it may have.

    Returns:
        Rows, from 2 to a quarter of the series; None where nothing repeats.
    """
    values = values[-CORRELATED_ROWS:]
    longest = min(len(values) // 4, longest)
    if longest < 2 or np.ptp(values) == 0:
        return None
    rows = np.arange(len(values))
    straight = values - np.polyval(np.polyfit(rows, values, 1), rows)
    found = {lag for series in (straight, np.diff(values)) for lag in _peaks(series, longest)}
    found |= {lag for lag in likely if 2 <= lag <= longest}
    digit = _last_digit(values)
    told = {}
    for lag in sorted(found):
        swings = _swings(values, lag)
        strength = _season_strength(swings, lag)
        if strength < max(_MIN_STRENGTH, _MIN_TURNS * lag / len(values)):
            continue
        chance = _FALSE_ALARMS / (len(likely) if lag in likely else len(found))
        if _turns_agree(swings, lag, chance) and not _is_rounding(values, swings, lag, digit):
            told[lag] = strength
    best = max(told.values(), default=0.0)
    by_calendar = (lag for lag in likely if told.get(lag, -1) >= _CALENDAR_SHARE * best)
    shortest = (lag for lag, strength in told.items() if strength >= _NEAR_BEST * best)
    return next(by_calendar, next(shortest, None))


def seasons(values: np.ndarray, likely: tuple[int, ...] = (), most: int = 3) -> tuple[int, ...]:
    """Suggest all seasons of a series, such as the day and the week of half-hourly rows, shortest first.

    The clearest one comes first, or one within it that is none of its first overtones. The others are looked
    for in what it leaves.

    Args:
        values, likely: as in `season`.
        most: of them.
    """
    values = values[-CORRELATED_ROWS:]
    clearest = season(values, likely)
    if clearest is None:
        return ()
    least = _LEAST_SHARE * np.var(_swings(values, clearest))
    first, within = clearest, season(values, likely, clearest - 1)
    if within is not None:
        rest = _without_season(values, within)
        is_overtone = clearest % within == 0 and clearest <= _OVERTONES * within
        # Turns of the shorter one come round in the longer one, too: that may be all that this one is.
        if not is_overtone or np.var(rest - _without_season(rest, clearest)) < least:
            first = within
    found, rest = [first], _without_season(values, first)
    while len(found) < most and (next_one := season(rest, likely)) is not None and next_one not in found:
        left = _without_season(rest, next_one)
        if np.var(rest - left) < least:
            break
        found.append(next_one)
        rest = left
    return tuple(sorted(found))


def _without_season(values: np.ndarray, lag: int) -> np.ndarray:
    """Subtract the mean swing of each phase."""
    swings = _swings(values, lag)
    phases = (np.arange(len(values)) - lag // 2) % lag
    inner = phases[lag // 2 : lag // 2 + len(swings)]
    means = np.bincount(inner, swings, minlength=lag) / np.bincount(inner, minlength=lag)
    return values - means[phases]


def _peaks(series: np.ndarray, longest: int) -> list[int]:
    """List the lags of the highest local peaks of the autocorrelation."""
    if np.ptp(series) == 0:
        return []
    correlation = _autocorrelation(series, min(longest + 1, len(series) - 1))
    inner = correlation[1:-1]
    peaks = np.flatnonzero((inner > correlation[:-2]) & (inner >= correlation[2:]) & (inner > 0)) + 1
    peaks = peaks[peaks >= 2]
    return peaks[np.argsort(-correlation[peaks])][:_CANDIDATES].tolist()


def _swings(values: np.ndarray, lag: int) -> np.ndarray:
    """Return how far values are from the mean of the turn around them: (rows − lag + 1,)."""
    sums = np.concatenate([[0.0], np.cumsum(values - values.mean())])
    running = (sums[lag:] - sums[:-lag]) / lag
    return values[lag // 2 : lag // 2 + len(running)] - values.mean() - running


def _season_strength(swings: np.ndarray, lag: int) -> float:
    """Return the share of the swings' variance that the other half's means by phase explain."""
    total = float(swings @ swings)
    if total <= 0:
        return 0.0
    middle = len(swings) // 2
    early, early_counts = _sums_by_phase(swings[:middle], lag, 0)
    late, late_counts = _sums_by_phase(swings[middle:], lag, middle % lag)
    # Of Σ (x − m)², with the means m of the other half: Σ x² − 2 Σ m Σ x + Σ m² n, phase by phase.
    rest = total
    for sums, counts, others, other_counts in (
        (early, early_counts, late, late_counts),
        (late, late_counts, early, early_counts),
    ):
        means = others / np.maximum(other_counts, 1)
        rest += float(means @ (means * counts - 2 * sums))
    return 1 - rest / total


def _sums_by_phase(values: np.ndarray, lag: int, first: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the sum and the number of the values at each phase, (lag,), the first of them being at one."""
    rows = -(-(first + len(values)) // lag)
    padded = np.zeros(rows * lag)
    padded[first : first + len(values)] = values
    counts = np.full(lag, float(rows))
    counts[:first] -= 1
    counts[lag - (rows * lag - first - len(values)) :] -= 1
    return padded.reshape(rows, lag).sum(axis=0), counts


def _turns_agree(swings: np.ndarray, lag: int, chance: float) -> bool:
    """Return whether each turn is like the others, more than chance would make them.

    A t-test of the correlations of each turn with the mean of all others. Within a turn, values may depend on
    each other as they like. The others' means share their turns, so the correlations' mean varies by √2 more.
    """
    turns = len(swings) // lag
    if turns < 3:
        return False
    profiles = swings[len(swings) - turns * lag :].reshape(turns, lag)
    profiles = profiles - profiles.mean(axis=1, keepdims=True)
    others = (profiles.sum(axis=0) - profiles) / (turns - 1)
    sizes = np.sqrt((profiles**2).sum(axis=1) * (others**2).sum(axis=1))
    likeness = np.divide((profiles * others).sum(axis=1), sizes, out=np.zeros(turns), where=sizes > 0)
    mean, error = float(likeness.mean()), float(np.sqrt(2 / turns))
    # Of a few values each, turns are alike so often by chance that their own spread says too little.
    by_chance = NormalDist().inv_cdf(1 - chance) * error / float(np.sqrt(lag - 1))
    return mean > max(by_chance, _t_quantile(chance, turns - 1) * float(likeness.std(ddof=1)) * error)


def _t_quantile(chance: float, degrees: int) -> float:
    """Return what a variable of Student's distribution exceeds with a small chance (Hill, 1970)."""
    if degrees == 1:
        return 1 / np.tan(np.pi * chance)
    if degrees == 2:
        return float(np.sqrt(2 / (2 * chance * (2 - 2 * chance)) - 2))
    two_sided = 2 * chance
    a = 1 / (degrees - 0.5)
    b = 48 / a**2
    c = ((20_700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * np.sqrt(a * np.pi / 2) * degrees
    y = (d * two_sided) ** (2 / degrees)
    if y > a + 0.05:
        x = NormalDist().inv_cdf(chance)
        y = x**2
        if degrees < 5:
            c += 0.3 * (degrees - 4.5) * (x + 0.6)
        c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
        y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
        y = np.expm1(a * y**2)
    else:
        y = (
            (
                1 / (((degrees + 6) / (degrees * y) - 0.089 * d - 0.822) * (degrees + 2) * 3)
                + 0.5 / (degrees + 4)
            )
            * y
            - 1
        ) * (degrees + 1) / (degrees + 2) + 1 / y
    return float(np.sqrt(degrees * y))


def _last_digit(values: np.ndarray) -> float:
    """Return the least step between two different values; 0 where all are equal."""
    steps = np.diff(np.unique(values))
    return float(steps.min()) if len(steps) else 0.0


def _is_rounding(values: np.ndarray, swings: np.ndarray, lag: int, digit: float) -> bool:
    """Return whether swings are what the rounding of a trend leaves, or of numbers in a computer."""
    spread = float(swings.std())
    if spread <= 1e-9 * max(float(np.abs(values).max()), 1e-300):
        return True
    trend = values[lag // 2 : lag // 2 + len(swings)] - swings
    if float(np.ptp(trend)) < _MIN_CLIMB * digit or len(swings) <= lag:
        return False
    # Twice, for where a trend is curved, it leaves something of itself in the swings.
    return float(_swings(swings, lag).std()) <= _ROUNDING * digit


# --- What a series is made of ----------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Decomposition:
    """A series as the sum of three.

    Attributes:
        first: row of the whole series that this begins with.
        trend: (rows,) its slow course.
        seasonal: (rows,) what repeats.
        remainder: (rows,) what is left.
        trend_strength: from 0 to 1: how much of the ups and downs is trend (Wang, Smith and Hyndman, 2006).
        seasonal_strength: likewise of what repeats.
    """

    first: int
    trend: np.ndarray
    seasonal: np.ndarray
    remainder: np.ndarray
    trend_strength: float
    seasonal_strength: float


def decompose(values: np.ndarray, season: int) -> Decomposition:
    """Part a series into trend, season and rest: STL of Cleveland et al. (1990), proof against outliers.

    For a worker: statsmodels takes long to import.

    Args:
        values: (rows,), finite; only the last `DECOMPOSED_ROWS` are taken.
        season: rows after which it repeats, 2 or more.

    Raises:
        DataError: if the series is shorter than two seasons.
    """
    first = max(0, len(values) - DECOMPOSED_ROWS)
    values = values[first:]
    if len(values) < 2 * season:
        raise DataError(
            f"A season of {season:,} rows needs at least {2 * season:,} rows, but there are only "
            f"{len(values):,}.",
            where="season",
            remedy="Choose a shorter season.",
        )
    from statsmodels.tsa.seasonal import STL  # noqa: PLC0415

    parts = STL(values, period=season, robust=True).fit()
    trend, seasonal, rest = (np.asarray(part) for part in (parts.trend, parts.seasonal, parts.resid))
    return Decomposition(
        first,
        trend,
        seasonal,
        rest,
        _strength_against_remainder(trend, rest),
        _strength_against_remainder(seasonal, rest),
    )


def _strength_against_remainder(part: np.ndarray, remainder: np.ndarray) -> float:
    together = float(np.var(part + remainder))
    return max(0.0, 1 - float(np.var(remainder)) / together) if together > 0 else 0.0
