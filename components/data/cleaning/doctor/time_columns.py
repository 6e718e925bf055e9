"""Finds the columns that say when each row was."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.data.cleaning.doctor import time_column_names
from components.data.cleaning.doctor.finding import (
    Finding,
    Fix,
    TableCase,
    count_clause,
    count_phrase,
    first_positions,
    quote_cell,
    quote_names,
    verb_form,
)
from components.data.cleaning.steps import apply_step
from components.data.parsing import date_parsing, number_parsing
from components.data.time_axis import frequency
from components.recipe import DropColumns, SetTime
from components.recipe.cleaning import TimePart

_SAMPLE = 400  # cells that show whether a column is worth reading
_MOST_OFFERS = 3

_RANGES: dict[TimePart, tuple[int, int]] = {
    "year": (1000, 2999),
    "quarter": (1, 4),
    "month": (1, 12),
    "day": (1, 31),
    "hour": (0, 24),
    "minute": (0, 59),
    "second": (0, 60),
}
_UNIX: dict[TimePart, float] = {
    "unix_seconds": 1,
    "unix_milliseconds": 1e3,
    "unix_microseconds": 1e6,
    "unix_nanoseconds": 1e9,
}
_SOON_AFTER_1990, _BEFORE_2100 = 631_152_000, 4_102_444_800  # seconds since 1970


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
    clocks = [column for column in frame.columns if _is_clock(frame[column])]
    hours = [column for column in frame.columns if _is_part(frame[column], "hour")]
    for date in [one for one in found if one.parts == ("date",) and not _has_clock(frame[one.columns[0]])]:
        others = [clock for clock in clocks if clock not in date.columns]
        if others:
            found.append(TimeCandidate((*date.columns, others[0]), ("date", "time"), date.score + 30))
        elif hours:
            found.append(TimeCandidate((*date.columns, hours[0]), ("date", "hour"), date.score + 30))
    found += _part_candidates(frame)
    return sorted(found, key=lambda candidate: -candidate.score)


def find_time_columns(case: TableCase, found: list[TimeCandidate]) -> Iterator[Finding]:
    """Yield which columns are the time, and how they are written."""
    if not found:
        return
    best, *rivals = found
    # A time that a better one contains is no rival.
    rivals = [one for one in rivals if not set(one.columns) & set(best.columns)]
    column = case.frame[best.columns[0]]
    orders: tuple[date_parsing.DateOrder, ...] = ("day_first",)
    mixed = None
    if best.parts[0] == "date" and column.dtype == "str":
        orders, mixed = _date_orders(column)
    step = SetTime(columns=best.columns, parts=best.parts, order=orders[0])
    others = tuple(_time_fix(rival) for rival in rivals[: _MOST_OFFERS - 1])
    if len(orders) > 1:
        yield _order_finding(case, step, orders, others)
    elif mixed is not None:
        yield _zone_finding(case, step, mixed, others)
    else:
        yield _time_finding(case, best, step, rivals, others)


def _date_orders(
    column: pd.Series,
) -> tuple[tuple[date_parsing.DateOrder, ...], date_parsing.DateColumn | None]:
    """Return the orders that dates may be written in, and the dates where only some name their zone."""
    dates = date_parsing.DateColumn.of(column)
    mixed = bool(dates.has_offset.any()) and not dates.has_offset[dates.year >= 0].all()
    return dates.orders(), dates if mixed else None


def _time_finding(
    case: TableCase, best: TimeCandidate, step: SetTime, rivals: list[TimeCandidate], others: tuple[Fix, ...]
) -> Finding:
    times = apply_step(case.frame[list(step.columns)], step).index
    unread = np.asarray(times.isna())
    it = verb_form(step.columns, "it", "them")
    sentence = (
        f"{quote_names(step.columns)} {verb_form(step.columns, 'holds', 'hold')} the time of each row. "
        f"Without {it}, the rows are only numbered."
    )
    first = case.frame[step.columns[0]]
    wrong = unread & ~number_parsing.is_missing(first) if first.dtype == "str" else unread
    if wrong.any():
        at = int(np.argmax(wrong))
        shown = " ".join(str(case.frame[column].iloc[at]) for column in step.columns)
        sentence += (
            f" {count_phrase(int(wrong.sum()), 'cell')} can't be read as a time, the first in "
            f"{case.describe_row(at)}: "
            f"{quote_cell(shown)}."
        )
    if rivals:
        sentence += f" {quote_names([rival.columns[0] for rival in rivals])} could be the time too."
    without = Fix(f"Leave {it} out and number the rows", DropColumns(columns=step.columns))
    return Finding(
        key="time",
        severity="must" if best.text else "should",
        sentence=sentence,
        columns=step.columns,
        rows=first_positions(wrong),
        fixes=(
            Fix(f"Use {quote_names(step.columns)} as the time", step),
            *others,
            *([without] if len(case.frame.columns) > len(step.columns) else []),
        ),
        choice="clear" if best.clear and not wrong.any() and not rivals else "usual",
    )


def _order_finding(
    case: TableCase, step: SetTime, orders: tuple[date_parsing.DateOrder, ...], others: tuple[Fix, ...]
) -> Finding:
    columns = case.frame[list(step.columns)]
    readings = [step.model_copy(update={"order": order}) for order in orders]
    times = [apply_step(columns, one).index.to_numpy() for one in readings]
    even = [_is_even(one) for one in times]
    decided = even.count(True) == 1
    if decided and even[1]:
        readings.reverse()
        times.reverse()
    dated = (~np.isnat(times)).sum(axis=0)
    at = int(np.argmax(np.where(times[0] != times[1], dated, -1)))  # the first that is a date either way
    shown = str(columns.iloc[at, 0]).strip()
    first = "day" if readings[0].order == "day_first" else "month"
    question = f"Only with the {first} first are the rows evenly spaced." if decided else "Which is it?"
    offers = [Fix(f"{shown} is {_long_date(one[at])}", way) for one, way in zip(times, readings, strict=True)]
    return Finding(
        key="day or month",
        severity="must",
        sentence=(
            f"{quote_names(step.columns)} {verb_form(step.columns, 'holds', 'hold')} the time of each row, "
            f"but {quote_cell(shown)} in {case.describe_row(at)} can be read with the day or the month "
            f"first, and so can every other date. {question}"
        ),
        columns=step.columns,
        rows=(at,),
        fixes=(*offers, *others),
        choice="usual" if decided else "open",
    )


def _is_even(times: np.ndarray) -> bool:
    return frequency(pd.DatetimeIndex(np.unique(times[~np.isnat(times)]))) != "unevenly"


def _zone_finding(
    case: TableCase, step: SetTime, dates: date_parsing.DateColumn, others: tuple[Fix, ...]
) -> Finding:
    bare = ~dates.has_offset & (dates.year >= 0)
    with_zone, without = int(np.argmax(dates.has_offset)), int(np.argmax(bare))
    column = case.frame[step.columns[0]]
    return Finding(
        key="time zones",
        severity="must",
        sentence=(
            f"In {quote_names(step.columns)}, {quote_cell(column.iloc[with_zone])} in "
            f"{case.describe_row(with_zone)} names its time zone, but {quote_cell(column.iloc[without])} in "
            f"{case.describe_row(without)} doesn't. In all, "
            f"{count_clause(int(bare.sum()), 'time', 'has', 'have')} no zone. Which zone should apply?"
        ),
        columns=step.columns,
        rows=first_positions(bare),
        fixes=(
            Fix("Read them as UTC", step),
            Fix("Ignore the zones: all show the same clock", step.model_copy(update={"zone": "clock"})),
            *others,
        ),
        choice="open",
    )


def _time_fix(candidate: TimeCandidate) -> Fix:
    step = SetTime(columns=candidate.columns, parts=candidate.parts)
    return Fix(f"Use {quote_names(step.columns)} as the time", step)


def _long_date(time: np.datetime64) -> str:
    if np.isnat(time):  # such as a day in a year that is too early
        return "not a date"
    day = pd.Timestamp(time)
    return f"{day.day} {day:%B %Y}"


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
        digits = sample.str.fullmatch(r"\s*\d+(?:\.0*)?\s*")
        if digits.all():
            numbers = number_parsing.NumberFormat().read(column)
            for one in _numeric_candidates(name, numbers, first, named):
                if one.parts in {("digits",), ("year",)}:
                    yield TimeCandidate(
                        one.columns, ("date",) if one.parts == ("digits",) else one.parts, one.score
                    )
                else:
                    yield one
        elif _date_share(sample) >= 0.5:
            yield TimeCandidate((name,), ("date",), 100 + first + named)


def _numeric_candidates(name: str, values: np.ndarray, first: int, named: int) -> Iterator[TimeCandidate]:
    """Find times that are written as a number: a year, 20200131, seconds since 1970 and the like."""
    values = values[np.isfinite(values)]
    if not len(values):
        return
    low, high = float(values.min()), float(values.max())
    rising = bool((np.diff(values) > 0).all()) and len(values) > 2
    if not (named or (first and rising)):
        return
    sure = bool(named) and (rising or len(values) < 3)
    whole = bool((values == np.floor(values)).all())
    found: list[TimePart] = []
    if whole and low >= 1000 and high < 3000:
        # Years may leave some out where the name says what they are.
        if _normalise(name) in time_column_names.PART_NAMES["year"] or (
            rising and (named or (np.diff(values) == 1).all())
        ):
            found.append("year")
    elif whole and _are_digits(values, low, high):
        found.append("digits")
    elif rising and low >= 1000 and high < 3000 and _are_months(values):
        found.append("decimal_month")
    elif rising and low >= 1000 and high < 3000 and named:
        found.append("decimal_year")
    elif rising and low >= 20_000 and high < 90_000 and named:
        found.append("serial_days")
    found += [
        part for part, size in _UNIX.items() if _SOON_AFTER_1990 * size <= low and high < _BEFORE_2100 * size
    ]
    for part in found[:1]:
        yield TimeCandidate((name,), (part,), 60 + first + named + 10 * rising, clear=sure, text=False)


def _are_digits(values: np.ndarray, low: float, high: float) -> bool:
    """Return whether all numbers are 202001, 20200131 or longer, with a month and a day that exist."""
    if not 100_001 <= low <= high < 3e13:
        return False
    sample = pd.DataFrame({"t": values[:: max(1, len(values) // _SAMPLE)]})
    times = pd.DatetimeIndex(apply_step(sample, SetTime(columns=("t",), parts=("digits",))).index)
    return bool(times.notna().all() and (times.year >= 1000).all() and (times.year < 3000).all())


def _are_months(values: np.ndarray) -> bool:
    steps = np.diff(values) * 12
    return bool((np.abs(steps - np.round(steps)) < 0.1).all() and (np.round(steps) >= 1).all())


# --- Several columns -------------------------------------------------------------------------------


def _part_candidates(frame: pd.DataFrame) -> list[TimeCandidate]:
    """Put a time together from a column for the year, one for the month and so on, known by their names."""
    held: dict[TimePart, str] = {}
    for part in time_column_names.PART_NAMES:
        match = next((name for name in frame.columns if _is_part(frame[name], part)), None)
        if match is not None and match not in held.values():
            held[part] = match
    if "year" not in held or not {"month", "quarter"} & held.keys():
        return []
    if "month" in held:
        held.pop("quarter", None)
    chain: list[TimePart] = ["year", "month" if "month" in held else "quarter"]
    for part in ("day", "hour", "minute", "second"):
        if part not in held:
            break
        chain.append(part)
    text = any(frame[held[part]].dtype != np.float64 for part in chain)
    return [TimeCandidate(tuple(held[part] for part in chain), tuple(chain), 90 + 5 * len(chain), text=text)]


def _is_part(column: pd.Series, part: TimePart) -> bool:
    if _normalise(str(column.name)) not in time_column_names.PART_NAMES[part] or column.dtype.kind == "M":
        return False
    if column.dtype == np.float64:
        values = column.to_numpy()
    else:
        sample = _sample(column)
        values = number_parsing.NumberFormat().read(sample)
        if part == "month" and len(sample) and not np.isfinite(values).any():
            return bool((date_parsing.parse_month_names(sample) > 0).all())
    values = values[np.isfinite(values)]
    low, high = _RANGES[part]
    return bool(
        len(values) and (values == np.floor(values)).all() and low <= values.min() and values.max() <= high
    )


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
    return bool(len(sample) and (date_parsing.parse_times_of_day(sample) >= 0).mean() >= 0.5)


def _has_clock(column: pd.Series) -> bool:
    if column.dtype == "str":
        return bool((date_parsing.DateColumn.of(_sample(column)).clock != 0).any())
    days = column.dropna().to_numpy()
    return bool((days != days.astype("datetime64[D]")).any())


# --- Looking ---------------------------------------------------------------------------------------


def has_time_name(name: str) -> bool:
    """Return whether the name of a column speaks of time."""
    return not time_column_names.TIME_WORDS.isdisjoint(re.split(r"[^a-z0-9]+", _normalise(name)))


def _normalise(name: str) -> str:
    letters = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).strip()


def _sample(column: pd.Series) -> pd.Series:
    """Return some cells from all over a column of text, those without anything left out."""
    some = column.iloc[:: max(1, len(column) // _SAMPLE)]
    some = some[~number_parsing.is_missing(some)]
    return some if len(some) else column[~number_parsing.is_missing(column)].iloc[:_SAMPLE]


def _date_share(sample: pd.Series) -> float:
    dates = date_parsing.DateColumn.of(sample)
    return max(
        float((~np.isnat(dates.times(order))).mean()) for order in ("day_first", "month_first", "year_first")
    )
