"""What the calendar tells of a time, and so of any to come: waves of the clock and the year, and holidays."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from components.data import time_axis
from components.errors import DataError

_DAY = np.timedelta64(1, "D")
_BLOCK = 1 << 16  # rows that are worked on at once, so that they stay in the processor's own memory
_MICROSECONDS = 86_400_000_000  # of a day
_NYQUIST_MARGIN = 0.98  # quarters, of 91 days or 92, are four a year and no more


@dataclass(frozen=True)
class Cycle:
    """Something that comes round in time.

    Attributes:
        name: of it.
        days: that one turn takes.
        waves: sines and cosines that tell its places apart: one turn, two turns, …
    """

    name: str
    days: float
    waves: int


# A week of seven days is told whole by three waves; the others only in their course.
CYCLES = (Cycle("hour", 1, 2), Cycle("weekday", 7, 3), Cycle("year", 365.25, 2))


def cycles(index: pd.Index) -> tuple[tuple[Cycle, int], ...]:
    """Return the cycles that rows of this rhythm can tell, each with as many waves as they can.

    A wave needs two rows a turn and more; of two exactly, the sine says nothing.
    """
    if not isinstance(index, pd.DatetimeIndex) or len(index) < 2:
        return ()
    step = float(np.median(np.diff(index.to_numpy()) / _DAY))
    able = ((cycle, min(cycle.waves, int(_NYQUIST_MARGIN * cycle.days / step / 2))) for cycle in CYCLES)
    return tuple((cycle, waves) for cycle, waves in able if waves)


def feature_names(index: pd.Index, holidays: str | None = None) -> tuple[str, ...]:
    """Name the columns of `features`."""
    found = [
        f"{cycle.name} {wave} {turn}"
        for cycle, waves in cycles(index)
        for turn in range(1, waves + 1)
        for wave in ("sine", "cosine")
    ]
    return (*found, "holiday") if holidays and isinstance(index, pd.DatetimeIndex) else tuple(found)


def features(index: pd.Index, ahead: int, holidays: str | None = None) -> np.ndarray:
    """Return what the calendar says of the rows of an index and of those that follow it.

    Args:
        index: of a dataset; numbered rows have no calendar.
        ahead: rows that follow.
        holidays: the country whose holidays count, by its two letters (ISO 3166-1); None: none do.

    Returns:
        (rows + ahead, `feature_names`) float32. Waves lie between −1 and 1, a holiday's row holds 1; of rows
        that last longer than a day, the share of its days that are holidays.

    Raises:
        DataError: if nothing is known of that country's holidays.
    """
    able = cycles(index)
    if not isinstance(index, pd.DatetimeIndex):
        return np.zeros((len(index) + ahead, 0), np.float32)
    rows = len(index) + ahead
    # One row more: a row lasts until the next begins.
    times = pd.DatetimeIndex(index.append(time_axis.future_index(index, ahead + 1)))
    said = np.empty((rows, len(feature_names(index, holidays))), np.float32)
    for start in range(0, rows, _BLOCK):
        _write_waves(times[start : min(start + _BLOCK, rows)], able, said[start : start + _BLOCK])
    if holidays:
        said[:, -1] = _holiday_share(times, holidays)[:rows]
    return said


def _write_waves(
    times: pd.DatetimeIndex, cycles_and_waves: tuple[tuple[Cycle, int], ...], out: np.ndarray
) -> None:
    """Write the waves of some times into the first columns of their rows."""
    column = 0
    for cycle, waves in cycles_and_waves:
        passed = (2 * np.pi * _FRACTIONS[cycle.name](times)).astype(np.float32)
        for turn in range(1, waves + 1):
            np.sin(turn * passed, out=out[:, column])
            np.cos(turn * passed, out=out[:, column + 1])
            column += 2


@cache
def countries() -> dict[str, str]:
    """Return the countries whose holidays are known: two letters → name, in the order of their names."""
    import holidays  # noqa: PLC0415 - 8 MB, for who asks for it
    from babel import Locale  # noqa: PLC0415

    territories = Locale("en").territories
    codes = holidays.list_supported_countries(include_aliases=False)
    return dict(sorted(((code, territories.get(code, code)) for code in codes), key=lambda pair: pair[1]))


def _day_fraction(times: pd.DatetimeIndex) -> np.ndarray:
    """Return the share of its day that has passed at each time."""
    clock = times.as_unit("us").asi8 % _MICROSECONDS
    return clock / _MICROSECONDS


def _week_fraction(times: pd.DatetimeIndex) -> np.ndarray:
    return (times.dayofweek.to_numpy() + _day_fraction(times)) / 7


def _year_fraction(times: pd.DatetimeIndex) -> np.ndarray:
    length = np.where(times.is_leap_year, 366, 365)
    return (times.dayofyear.to_numpy() - 1 + _day_fraction(times)) / length


_FRACTIONS = {"hour": _day_fraction, "weekday": _week_fraction, "year": _year_fraction}
"""The share of each cycle that has passed."""


def _holiday_share(times: pd.DatetimeIndex, country: str) -> np.ndarray:
    """Return the share of each time's row, which lasts until the next, that is a holiday."""
    import holidays  # noqa: PLC0415

    days = times.to_numpy().astype("datetime64[D]")
    try:
        found = holidays.country_holidays(country, years=range(times[0].year, times[-1].year + 1))
    except NotImplementedError:
        raise DataError(
            f"There is no holiday calendar for “{country}”.",
            where="calendar",
            remedy="Choose another country.",
        ) from None
    free = np.array(sorted(found), dtype="datetime64[D]")
    ends = np.maximum(np.append(days[1:], days[-1] + 1), days + 1)
    many = np.searchsorted(free, ends) - np.searchsorted(free, days)
    return many / (ends - days).astype(np.int64)
