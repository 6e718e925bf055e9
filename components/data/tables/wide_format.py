"""Wide tables, whose header holds the times: which columns these are, and what their names say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from components.data.parsing.date_parsing import DateColumn, parse_month_names, parse_times_of_day

HeaderPart = Literal["year", "quarter", "month", "day", "hour", "clock", "date", "step"]
"""What a header's names say: parts of a time, a whole one, or how manieth step it is."""

_MIN_TIMES = 3
_MIN_STEPS = 10  # numbered columns, from which on they are steps rather than measurements
_MIN_CLOCKS = 24
_YEARS = (1000, 2999)
_YEAR = re.compile(
    r"\A(?:[XYFC]|YR|FY|CY|year|jahr|an|año|ano)?[\s_.-]*(\d{4})(?:\.0+)?(?:\s*\[.*\])?", re.IGNORECASE
)
_PREFIXED_DATE = re.compile(r"X(?=\d{1,4}[.\-/_]\d)")
_QUARTER = re.compile(r"(?:Q|qtr|quarter)\s*([1-4])|([1-4])\.?\s*(?:Q|quarter|quartal)", re.IGNORECASE)
_MONTH = re.compile(r"(?:M|month[\s_]?)?(\d{1,2})", re.IGNORECASE)
_DAY = re.compile(r"(?:D|day[\s_]?|VALUE)?(\d{1,2})", re.IGNORECASE)
_HOUR = re.compile(r"\A(?:H|HE|hr|hour|h_)?[\s_]*(\d{1,2})(?:h|:00(?::00)?)?", re.IGNORECASE)
_NUMBERED = re.compile(r"\A(?P<stem>[A-Za-z_.\s-]*?)(?P<number>\d+)")
# What a column is named that sums the others up.
_SUMMARY = re.compile(
    r"\A(?:annual|yearly|year|grand|row|jahres-?)?[\s_-]*"
    r"(?:total|totale|sum|summe|suma|soma|gesamt|insgesamt|mean|average|avg|ave|ann|annual|mittel|mittelwert|"
    r"durchschnitt|moyenne|moy|promedio|media|média|"
    r"half\s?[12]|h[12]|min|max|median|d-?j-?f|djf|mam|jja|son|j-?d|d-?n)s?"
    r"(?:[\s_-]*(?:annuelle|annuel|anual|annuale|annual|year))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class HeaderTimes:
    """The columns of a wide table.

    Attributes:
        columns: whose names are times, in their order.
        part: what these names say.
        left_out: columns beside them that sum them up or mark them.
    """

    columns: tuple[str, ...]
    part: HeaderPart
    left_out: tuple[str, ...] = ()


def time_labels(names: Sequence[str]) -> list[str]:
    """Return what is written in a header's times, without what programs put around them.

    Example:
        >>> time_labels(["1990 [YR1990]", "X1991", "2020-01"])
        ['1990', '1991', '2020-01']
    """
    clean = [str(name).strip() for name in names]
    for pattern in (_YEAR, _QUARTER, _NUMBER_ALONE):
        found = [pattern.fullmatch(name) for name in clean]
        if all(found):
            return [next(group for group in match.groups() if group) for match in found if match]
    if not np.isnat(
        DateColumn.of(pd.Series([_without_prefix(name) for name in clean], dtype="str")).times()
    ).any():
        return [_without_prefix(name) for name in clean]
    numbered = _numbered(clean)
    return (
        [str(number) for number in numbered] if numbered is not None else [_without_prefix(n) for n in clean]
    )


_NUMBER_ALONE = re.compile(r"\A(?:M|month|D|day|VALUE|H|HE|hr|hour)?[\s_]*(\d{1,2})", re.IGNORECASE)


def find_header_times(
    names: Sequence[str], *, has_year: bool, has_month: bool, has_date: bool
) -> HeaderTimes | None:
    """Find the columns whose names are times; None where the names are those of measurements.

    Args:
        names: of all columns.
        has_year: whether another column holds years: then names of months may be times.
        has_month: whether another one holds months: then days may be.
        has_date: whether another one holds dates: then hours may be.
    """
    clean = [str(name).strip() for name in names]
    found = _years(clean)
    if found is None and has_year:
        found = _days(clean) if has_month else _months(clean)
    if found is None and has_date:
        return _hours(clean)
    return found or _dated(clean) or _steps(clean)


def _years(clean: list[str]) -> HeaderTimes | None:
    years = {n: _in_range(_YEAR.fullmatch(name), *_YEARS) for n, name in enumerate(clean)}
    return _rising("year", clean, {n: year for n, year in years.items() if year is not None}, most_apart=10)


def _months(clean: list[str]) -> HeaderTimes | None:
    numbers = parse_month_names(pd.Series(clean, dtype="str"))
    months = {n: int(month) for n, month in enumerate(numbers) if month}
    if sorted(months.values()) == list(range(1, 13)):
        return _header("month", clean, list(months))
    if at := _all_from_one(clean, _MONTH, 12, 12):
        return _header("month", clean, at)
    at = _all_from_one(clean, _QUARTER, 4, 4)
    return _header("quarter", clean, at) if at else None


def _days(clean: list[str]) -> HeaderTimes | None:
    at = _all_from_one(clean, _DAY, 28, 31)
    return _header("day", clean, at) if at else None


def _hours(clean: list[str]) -> HeaderTimes | None:
    hours = _all_from_one(clean, _HOUR, 24, 24) or _all_from_one(clean, _HOUR, 23, 23, first=0)
    clocks = parse_times_of_day(pd.Series(clean, dtype="str"))
    at = [n for n, clock in enumerate(clocks) if clock >= 0 and ":" in clean[n]]
    if len(at) > len(hours) and len(at) >= _MIN_CLOCKS and (np.diff(clocks[at]) > 0).all():
        return _header("clock", clean, at)
    return _header("hour", clean, hours) if hours else None


def _dated(clean: list[str]) -> HeaderTimes | None:
    bare = pd.Series([_without_prefix(name) for name in clean], dtype="str")
    dates = DateColumn.of(bare)
    for order in dates.orders():
        times = dates.times(order)
        at = np.flatnonzero(~np.isnat(times))
        if len(at) < _MIN_TIMES:
            continue
        steps = np.diff(times[at]).astype(np.int64)
        if (steps > 0).all() or (steps < 0).all():
            return _header("date", clean, at.tolist())
    return None


def _steps(clean: list[str]) -> HeaderTimes | None:
    """Find the longest run of numbered columns with the same stem."""
    stems: dict[str, list[int]] = {}
    for n, name in enumerate(clean):
        if match := _NUMBERED.fullmatch(name):
            stems.setdefault(match["stem"], []).append(n)
    best = max(stems.values(), key=len, default=[])
    numbers = _numbered([clean[n] for n in best])
    if numbers is None or len(best) < _MIN_STEPS or (np.diff(numbers) != 1).any():
        return None
    return HeaderTimes(tuple(clean[n] for n in best), "step")


def _numbered(clean: Sequence[str]) -> list[int] | None:
    """Return the numbers of columns with one stem; None where they have several, or no numbers."""
    found = [_NUMBERED.fullmatch(name) for name in clean]
    if not found or not all(found) or len({match["stem"] for match in found if match}) > 1:
        return None
    return [int(match["number"]) for match in found if match]


def _in_range(match: re.Match[str] | None, low: int, high: int) -> int | None:
    number = int(next(group for group in match.groups() if group)) if match else -1
    return number if low <= number <= high else None


def _rising(
    part: HeaderPart, clean: list[str], numbers: dict[int, int], most_apart: int
) -> HeaderTimes | None:
    """Return the columns of rising or falling numbers, if they are enough and not far apart."""
    steps = np.diff(list(numbers.values()))
    if len(numbers) < _MIN_TIMES or not ((steps > 0).all() or (steps < 0).all()):
        return None
    if np.abs(steps).max() > most_apart:
        return None
    return _header(part, clean, list(numbers))


def _all_from_one(
    clean: list[str], pattern: re.Pattern[str], least: int, most: int, first: int = 1
) -> list[int]:
    """Return the columns that count from the first number on, as far as they must; none where they don't."""
    numbers = {n: _in_range(pattern.fullmatch(name), 0, most) for n, name in enumerate(clean)}
    counted = {n: number for n, number in numbers.items() if number is not None}
    values = list(counted.values())
    right = values == list(range(first, first + len(values))) and bool(values) and values[-1] >= least
    return list(counted) if right else []


def _header(part: HeaderPart, clean: list[str], at: list[int]) -> HeaderTimes:
    times = {clean[n] for n in at}
    marks = [name for name in clean if name not in times and name[:-1].strip(" _") in times]
    sums = [name for name in clean if name not in times and _SUMMARY.fullmatch(name)]
    return HeaderTimes(
        tuple(clean[n] for n in at), part, (*marks, *(name for name in sums if name not in marks))
    )


def _without_prefix(name: str) -> str:
    """Return a date without the X that R puts before names which begin with a digit."""
    if _PREFIXED_DATE.match(name):
        return name[1:].replace(".", "-").replace("_", "-")
    return name
