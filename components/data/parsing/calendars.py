"""Days of other calendars than the Gregorian one."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd

from components.recipe.cleaning import Calendar

# What these are ahead of the Gregorian years; their months and days are the same.
_YEARS_AHEAD: dict[str, int] = {"gregorian": 0, "buddhist": 543, "minguo": -1911}


def midnights(
    year: np.ndarray, month: np.ndarray | int, day: np.ndarray | int, calendar: Calendar = "gregorian"
) -> np.ndarray:
    """Return midnights as datetime64[us], NaT where the calendar has no such day, or it isn't in the years
    1 to 9999.

    Args:
        year: (rows,) whole numbers.
        month: of that calendar, from 1; likewise.
        day: likewise.
        calendar: the Thai Buddhist one, that of Taiwan (Minguo), the Persian one (Solar Hijri), or the
            Islamic one as Saudi Arabia keeps it (Umm al-Qura, known from 1343 to 1500).
    """
    if calendar in {"persian", "islamic"}:
        return _converted(year, month, day, _DAYS[calendar])
    year = year.astype("int64") - _YEARS_AHEAD[calendar]
    right = (year >= 1) & (year <= 9999) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    month, day = np.where(right, month, 1), np.where(right, day, 1)
    months = ((np.where(right, year, 1970) - 1970) * 12 + month - 1).astype("datetime64[M]")
    found = months.astype("datetime64[D]") + (day - 1)
    right &= found.astype("datetime64[M]") == months
    return np.where(right, found, np.datetime64("NaT")).astype("datetime64[us]")


def _converted(
    year: np.ndarray, month: np.ndarray | int, day: np.ndarray | int, convert: Callable[[int, int, int], date]
) -> np.ndarray:
    """Convert each different day once."""
    parts = np.broadcast_arrays(year.astype("int64"), month, day)
    keys = (parts[0] * 100 + parts[1]) * 100 + parts[2]
    codes, days = pd.factorize(keys)
    found = np.full(len(days), np.datetime64("NaT"), dtype="datetime64[D]")
    for at, key in enumerate(days.tolist()):
        try:
            found[at] = np.datetime64(convert(key // 10_000, key // 100 % 100, key % 100))
        except (ValueError, OverflowError):  # no such day
            continue
    return found[codes].astype("datetime64[us]")


def _persian_day(year: int, month: int, day: int) -> date:
    from persiantools.jdatetime import JalaliDate  # noqa: PLC0415 - few files need it

    return JalaliDate(year, month, day).to_gregorian()


def _islamic_day(year: int, month: int, day: int) -> date:
    from hijridate import Hijri  # noqa: PLC0415 - as above

    found = Hijri(year, month, day).to_gregorian()
    return date(found.year, found.month, found.day)


_DAYS: dict[str, Callable[[int, int, int], date]] = {"persian": _persian_day, "islamic": _islamic_day}
