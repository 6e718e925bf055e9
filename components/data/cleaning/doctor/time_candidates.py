"""Finds the columns that may be the time of the rows, alone or together, the likeliest first."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.data.cleaning.doctor import time_column_names
from components.data.cleaning.steps import apply_step
from components.data.parsing import date_parsing, number_parsing, time_parts
from components.recipe import SetTime
from components.recipe.cleaning import Calendar, TimePart

_SAMPLE = 400  # cells that show whether a column is worth reading

_RANGES: dict[TimePart, tuple[int, int]] = {
    "year": (1000, 2999),
    "half": (1, 2),
    "quarter": (1, 4),
    "month": (1, 12),
    "week": (1, 53),
    "day": (1, 31),
    "day_of_year": (1, 366),
    "hour": (0, 25),
    "counted_half_hour": (1, 50),
    "minute": (0, 59),
    "second": (0, 60),
}
_SPELT: dict[TimePart, time_parts.Part] = {
    "half": "half",
    "quarter": "quarter",
    "month": "month",
    "week": "week",
}
# What makes a date of a year, the finest first.
_DATE_CHAINS: tuple[tuple[TimePart, ...], ...] = (
    ("year", "month", "day"),
    ("year", "day_of_year"),
    ("year", "week"),
    ("year", "month"),
    ("year", "quarter"),
    ("year", "half"),
)
_DAILY = {"day", "day_of_year"}
_UNIX: dict[TimePart, float] = {
    "unix_seconds": 1,
    "unix_milliseconds": 1e3,
    "unix_microseconds": 1e6,
    "unix_nanoseconds": 1e9,
}
_SOON_AFTER_1990, _BEFORE_2100 = 631_152_000, 4_102_444_800  # seconds since 1970
_USUAL_YEARS = (1700, 2100)  # those of a column that doesn't say that it holds years
_BARE_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"
_DIGIT_CALENDARS: tuple[Calendar, ...] = ("gregorian", "persian", "islamic")


@dataclass(frozen=True)
class TimeCandidate:
    """Columns that may be the time.

    Attributes:
        clear: whether nobody would take them for anything else.
        text: whether they can't be used as numbers.
    """

    columns: tuple[str, ...]
    parts: tuple[TimePart, ...]
    score: int
    clear: bool = True
    text: bool = True


def time_candidates(frame: pd.DataFrame) -> list[TimeCandidate]:
    """List the columns that may be the time, the likeliest first."""
    found = [candidate for column in frame.columns for candidate in _column_candidates(frame, column)]
    for date in [one for one in found if one.parts[0] in {"date", "digits", "serial_days"}]:
        clock = _clock_candidate(frame, date)
        if clock is not None:
            found.append(clock)
    found += _part_candidates(frame)
    return sorted(found, key=lambda candidate: -candidate.score)


def _clock_candidate(frame: pd.DataFrame, date: TimeCandidate) -> TimeCandidate | None:
    """Return a date together with the column that says when in the day, where it has no clock itself."""
    days = frame[date.columns[0]]
    if date.parts == ("date",) and _has_clock(days):
        return None
    # Where each row has a day of its own, a clock is told by its name alone: it may be the sunrise.
    repeats = bool(days.duplicated().any())
    # Numbers that would leave no others are the series, whatever it is called.
    is_alone = len(frame.columns) == len(date.columns) + 1
    for part, fits in _CLOCK_COLUMNS.items():
        if is_alone and part != "time":
            continue
        for name in frame.columns:
            named = has_time_name(name) if part == "time" else _normalise(name) != "hours"
            if name not in date.columns and (repeats or named) and fits(frame[name]):
                return TimeCandidate(
                    (*date.columns, name), (*date.parts, part), date.score + 30, date.clear, date.text
                )
    return None


# --- One column ------------------------------------------------------------------------------------


def _column_candidates(frame: pd.DataFrame, name: str) -> Iterator[TimeCandidate]:
    column = frame[name]
    first = 10 * (name == frame.columns[0])
    named = 20 * has_time_name(name)
    if column.dtype.kind == "M" or isinstance(column.dtype, pd.DatetimeTZDtype):
        if column.notna().any() and not _is_clock(column):
            yield TimeCandidate((name,), ("date",), 100 + first + named)
    elif column.dtype == np.float64:
        yield from _numeric_candidates(name, column.to_numpy(), first, named)
    else:
        sample = _sample(column)
        if not len(sample):
            return
        bare = sample.str.strip().str.fullmatch(_BARE_NUMBER)
        whole = sample.str.strip().str.fullmatch(r"\d+(?:\.0*)?")
        # Numbers with a point are numbers, though 1012.3 could be a March: see `_numeric_candidates`.
        if whole.all() or (bare.mean() >= 0.5 and not whole[bare].all()):
            numbers = number_parsing.NumberFormat().read(column)
            for one in _numeric_candidates(name, numbers, first, named):
                if one.parts in {("digits",), ("year",)}:
                    yield TimeCandidate(
                        one.columns, ("date",) if one.parts == ("digits",) else one.parts, one.score
                    )
                else:
                    yield one
        elif _date_share(sample, trusted=bool(named or first)) >= 0.5:
            yield TimeCandidate((name,), ("date",), 100 + first + named)


def _numeric_candidates(name: str, values: np.ndarray, first: int, named: int) -> Iterator[TimeCandidate]:
    """Find times that are written as a number: a year, 20200131, seconds since 1970 and the like."""
    values = values[np.isfinite(values)]
    if not len(values):
        return
    steps = np.diff(values)
    rising = bool((steps > 0).all()) and len(values) > 2
    if not (named or (first and rising)):
        return
    part = _number_part(name, values, bool(named), rising)
    if part is not None:
        monotone = rising or bool((steps < 0).all())
        sure = bool(named) and (monotone or part == "serial_days")
        yield TimeCandidate((name,), (part,), 60 + first + named + 10 * rising, clear=sure, text=False)


def _number_part(name: str, values: np.ndarray, named: bool, rising: bool) -> TimePart | None:
    """Return what numbers say of the time, if they say something."""
    low, high = float(values.min()), float(values.max())
    whole = bool((values == np.floor(values)).all())
    if whole and low >= 1000 and high < 3000:
        # Years may leave some out where the name says what they are.
        even = rising and (named or bool((np.diff(values) == 1).all()))
        return "year" if even or _is_named(name, "year") else None
    thousand_years = rising and low >= 1000 and high < 3000
    serial = low >= 20_000 and high < 90_000
    of_day = values % 1000
    tests: tuple[tuple[TimePart, bool], ...] = (
        ("year_week", whole and _are_weeks(name, values, low, high)),
        ("digits", whole and _are_digits(values, low, high)),
        (
            "year_day",
            whole and 1_700_001 <= low <= high < 2_101_000 and of_day.min() >= 1 and of_day.max() <= 366,
        ),
        ("year_dot_month", _are_dotted(values, 100, _USUAL_YEARS, (1, 12))),
        ("month_dot_year", _are_dotted(values, 10_000, (1, 12), _USUAL_YEARS)),
        ("decimal_month", thousand_years and _are_months(values)),
        ("decimal_year", thousand_years and named),
        # In any order, and repeated, only where the name says that these are dates.
        ("serial_days", serial and (_is_named(name, "date") or (rising and named))),
    )
    found = [part for part, fits in tests if fits]
    found += [
        part for part, size in _UNIX.items() if _SOON_AFTER_1990 * size <= low and high < _BEFORE_2100 * size
    ]
    return next(iter(found), None)


def _are_digits(values: np.ndarray, low: float, high: float) -> bool:
    """Return whether all numbers are 202001, 20200131 or longer, with a month and a day that exist."""
    if not 100_001 <= low <= high < 3e13:
        return False
    sample = pd.DataFrame({"t": values[:: max(1, len(values) // _SAMPLE)]})
    for calendar in _DIGIT_CALENDARS:
        step = SetTime(columns=("t",), parts=("digits",), calendar=calendar)
        times = pd.DatetimeIndex(apply_step(sample, step).index)
        if times.notna().all() and (times.year >= 1000).all() and (times.year < 3000).all():
            return True
    return False


def _are_weeks(name: str, values: np.ndarray, low: float, high: float) -> bool:
    """Return whether all numbers are such as 202053: a year and its week, and not its month."""
    year, week = values // 100, values % 100
    if not (_USUAL_YEARS[0] <= low // 100 and high // 100 <= _USUAL_YEARS[1]):
        return False
    if week.min() < 1 or week.max() > 53 or len(year) < 2:
        return False
    return bool(week.max() > 12 or "week" in _normalise(name) or _is_named(name, "week"))


def _are_dotted(values: np.ndarray, scale: int, before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Return whether numbers are two, parted by a point: 2020.01 … 2020.1, or 1.202 … 12.202."""
    scaled = values * scale
    if (np.abs(scaled - np.round(scaled)) > 1e-6 * scale).any():
        return False
    first, second = np.divmod(np.round(scaled), scale)
    return bool(
        (first >= before[0]).all()
        and (first <= before[1]).all()
        and (second >= after[0]).all()
        and (second <= after[1]).all()
        and len(np.unique(second if scale == 100 else first)) >= min(3, len(values))
    )


def _are_months(values: np.ndarray) -> bool:
    steps = np.diff(values) * 12
    return bool((np.abs(steps - np.round(steps)) < 0.1).all() and (np.round(steps) >= 1).all())


# --- Several columns -------------------------------------------------------------------------------


def _part_candidates(frame: pd.DataFrame) -> list[TimeCandidate]:
    """Put a time together from a column for the year, one for the month and so on, known by their names."""
    held = _part_columns(frame)
    if "day" in held and "month" not in held and "day_of_year" not in held:
        held["day_of_year"] = held["day"]
    chain: list[TimePart] = list(next((chain for chain in _DATE_CHAINS if set(chain) <= held.keys()), ()))
    if not chain:
        return []
    if chain[-1] in _DAILY:
        for part in ("hour", "minute", "second"):
            if part not in held:
                break
            chain.append(part)
        if "hour" not in held and "counted_half_hour" in held:
            chain.append("counted_half_hour")
    columns = [held[part] for part in chain]
    if chain[-1] in _DAILY:
        clock = next(
            (name for name in frame.columns if name not in columns and _is_named_clock(frame[name])), None
        )
        if clock is not None:
            chain, columns = [*chain, "time"], [*columns, clock]
    parts = tuple(
        "counted_hour" if part == "hour" and _are_counted(frame[held[part]]) else part for part in chain
    )
    text = any(frame[column].dtype != np.float64 for column in columns)
    # Where year, month and day stand apart, they are the time, and nothing that merely looks like one.
    score = 90 + 5 * len(chain) + 30 * (chain[-1] in _DAILY or len(chain) > 3)
    return [TimeCandidate(tuple(columns), parts, score, text=text)]


def _part_columns(frame: pd.DataFrame) -> dict[TimePart, str]:
    """Return the columns that hold a part each, known by their names.

    All may have before it what the year's has, as in arrival_date_year and arrival_date_month.
    """
    names = {name: _normalise(name) for name in frame.columns}
    befores = [""]
    for plain in names.values():
        before, _, last = plain.rpartition(" ")
        if before and last in time_column_names.PART_NAMES["year"]:
            befores.append(f"{before} ")
    for before in befores:
        held: dict[TimePart, str] = {}
        for part in _RANGES:
            match = next(
                (
                    name
                    for name, plain in names.items()
                    if plain.startswith(before)
                    and plain.removeprefix(before) in time_column_names.PART_NAMES[part]
                    and name not in held.values()
                    and _is_part(frame[name], part)
                ),
                None,
            )
            if match is not None:
                held[part] = match
        if "year" in held and len(held) > 1:
            return held
    return {}


def _is_part(column: pd.Series, part: TimePart) -> bool:
    if column.dtype.kind == "M":
        return False
    if column.dtype == np.float64:
        values = column.to_numpy()
    else:
        sample = _sample(column)
        values = number_parsing.NumberFormat().read(sample)
        if part in _SPELT and len(sample) and not np.isfinite(values).any():
            spelt = time_parts.parse_part(sample, _SPELT[part]) > 0
            if part == "month" and not spelt.any():
                spelt = date_parsing.parse_month_names(sample) > 0
            return bool(spelt.mean() > 0.9)
    values = values[np.isfinite(values)]
    low, high = _RANGES[part]
    return bool(
        len(values) and (values == np.floor(values)).all() and low <= values.min() and values.max() <= high
    )


def _are_counted(column: pd.Series) -> bool:
    """Return whether the hours of a day are counted from 1, up to 24 and 25 where clocks go back."""
    values = number_parsing.NumberFormat().read(column) if column.dtype == "str" else column.to_numpy()
    values = values[np.isfinite(values)]
    return bool(len(values) and values.min() == 1 and values.max() in {24, 25})


def _is_counted_hour(column: pd.Series) -> bool:
    return _is_hour(column) and _are_counted(column)


def _is_hour(column: pd.Series) -> bool:
    return _is_named(str(column.name), "hour") and _is_part(column, "hour")


def _is_half_hour(column: pd.Series) -> bool:
    return _is_named(str(column.name), "counted_half_hour") and _is_part(column, "counted_half_hour")


def _is_named_clock(column: pd.Series) -> bool:
    return has_time_name(str(column.name)) and _is_clock(column)


def _is_clock(column: pd.Series) -> bool:
    """Return whether a column holds times of day."""
    if column.dtype == np.float64:
        return False
    if column.dtype.kind == "M":
        # A spreadsheet writes a time of day as one of its first days.
        days = column.dropna()
        return bool(len(days) and days.max() < pd.Timestamp("1900-01-02"))
    if column.dtype != "str":
        return False
    sample = _sample(column)
    # 12.34 is a number, unless its column says that it is a time.
    if len(sample) and not has_time_name(str(column.name)):
        sample = sample[~sample.str.strip().str.fullmatch(_BARE_NUMBER)]
    return bool(
        len(sample) and (date_parsing.parse_times_of_day(sample) >= 0).sum() >= 0.5 * len(_sample(column))
    )


# What may stand beside a date and say when in the day, the likelier first.
_CLOCK_COLUMNS: dict[TimePart, Callable[[pd.Series], bool]] = {
    "time": _is_clock,
    "counted_hour": _is_counted_hour,
    "hour": _is_hour,
    "counted_half_hour": _is_half_hour,
}


def _has_clock(column: pd.Series) -> bool:
    if column.dtype == "str":
        return bool((date_parsing.DateColumn.of(_sample(column)).clock != 0).any())
    if column.dtype.kind != "M":
        return False
    days = column.dropna().to_numpy()
    return bool((days != days.astype("datetime64[D]")).any())


# --- Looking ---------------------------------------------------------------------------------------


def has_time_name(name: str) -> bool:
    """Return whether the name of a column speaks of time."""
    return not time_column_names.TIME_WORDS.isdisjoint(re.split(r"[^a-z0-9]+", _normalise(name)))


def _is_named(name: str, part: TimePart) -> bool:
    """Return whether the name of a column says that it holds a part of the time, and nothing else."""
    return _normalise(name) in time_column_names.PART_NAMES[part]


def _normalise(name: str) -> str:
    """Return the words of a name in small letters, without accents."""
    letters = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[\s_.-]+", " ", plain).strip()


def _sample(column: pd.Series) -> pd.Series:
    """Return some cells from all over a column of text, those without anything left out."""
    some = column.iloc[:: max(1, len(column) // _SAMPLE)]
    some = some[~number_parsing.is_missing(some)]
    return some if len(some) else column[~number_parsing.is_missing(column)].iloc[:_SAMPLE]


def _date_share(sample: pd.Series, trusted: bool) -> float:
    """Return which share of cells are dates; bare numbers count only where the column is trusted."""
    bare = sample.str.strip().str.fullmatch(r"\d+").to_numpy()
    dates = date_parsing.DateColumn.of(sample)
    return max(
        float((~np.isnat(dates.times(order)) & (trusted | ~bare)).mean())
        for order in ("day_first", "month_first", "year_first")
    )


# --- What other rules ask --------------------------------------------------------------------------


def holds_part(column: pd.Series, part: TimePart) -> bool:
    """Return whether a column holds a part of the time, such as the year, by its name and what is in it."""
    return _is_named(str(column.name), part) and _is_part(column, part)


def has_clock(column: pd.Series) -> bool:
    """Return whether a column of dates says the time of day as well."""
    return _has_clock(column)


def is_date_column(column: pd.Series) -> bool:
    """Return whether at least half of a column's cells are dates written as text, or all are dates."""
    if column.dtype.kind == "M" or isinstance(column.dtype, pd.DatetimeTZDtype):
        return bool(column.notna().any()) and not _is_clock(column)
    if column.dtype != "str":
        return False
    sample = _sample(column)
    bare = sample.str.strip().str.fullmatch(_BARE_NUMBER)
    return bool(len(sample)) and not bare.all() and _date_share(sample, trusted=False) >= 0.5
