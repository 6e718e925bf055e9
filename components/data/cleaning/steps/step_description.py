"""A cleaning step in plain words, for the list of what was done to a table."""

from collections.abc import Callable, Sequence
from typing import Any

from components.recipe import CleaningStep
from components.recipe import cleaning as parts

_MAX_NAMES = 3  # columns that a line names
_ORDERS = {"day_first": "day first", "month_first": "month first", "year_first": "year first"}
CALENDARS: dict[parts.Calendar, str] = {
    "gregorian": "Gregorian",
    "buddhist": "Thai Buddhist",
    "minguo": "Minguo",
    "persian": "Persian",
    "islamic": "Islamic",
}
_AGGREGATES = {
    "mean": "the mean is taken",
    "sum": "the sum is taken",
    "first": "the first is kept",
    "last": "the last is kept",
    "min": "the smallest is kept",
    "max": "the largest is kept",
}
_MARKS = {".": "a point", ",": "a comma", " ": "a space", "'": "an apostrophe"}


def describe_step(step: CleaningStep) -> str:
    """Return one line on what a cleaning step does."""
    return _DESCRIPTIONS[step.kind](step)


def _describe_time(step: parts.SetTime) -> str:
    line = f"Time read from {_quote_names(step.columns)}"
    if step.parts[0] == "date" and step.order != "day_first":
        line += f", {_ORDERS[step.order]}"
    if step.turned:
        line += ", day and month exchanged where the year stands first"
    if step.calendar != "gregorian":
        line += f", in the {CALENDARS[step.calendar]} calendar"
    if step.first_year != 1969:
        line += f", years of two digits meaning {step.first_year} to {step.first_year + 99}"
    return line + (", ignoring time zones" if step.zone == "clock" else "")


def _describe_regular_times(step: parts.SetRegularTimes) -> str:
    start = step.start.isoformat(sep=" ").removesuffix(" 00:00:00").removesuffix(":00")
    return f"Times from {start} on, one every {_duration(step.count, step.unit)}"


def _describe_numbers(step: parts.ReadNumbers) -> str:
    line = f"{_quote_names(step.columns)} read as numbers"
    if step.decimal != "." or step.thousands:
        line += f" with {_MARKS[step.decimal]} as the decimal mark"
    if step.thousands:
        line += f" and {_MARKS[step.thousands]} as the thousands separator"
    ignored = [*step.units, *(["marks beside them"] if step.footnotes else [])]
    return line + (f", ignoring {', '.join(ignored)}" if ignored else "")


def _describe_filling(step: parts.FillMissing) -> str:
    where = "" if step.columns is None else f" in {_quote_names(step.columns)}"
    if step.begins == "own":
        where += " after each series' first value"
    if step.begins == "unequal":
        where += " between each series' first value and its last"
    if step.begins == "first":
        return f"What is before the first value{where} takes that value"
    return {
        "interpolate": f"Missing values{where} interpolated linearly",
        "forward": f"Missing values{where} filled with the last value",
        "drop": f"Rows with missing values{where} left out",
    }[step.how]


def _describe_sentinels(step: parts.TreatAsMissing) -> str:
    values = ", ".join(f"{value:.10g}".replace("-", "−") for value in step.values[:_MAX_NAMES])
    more = " and others" if len(step.values) > _MAX_NAMES else ""
    return f"{values}{more} in {_quote_names(step.columns)} treated as missing"


def _describe_spread(step: parts.SpreadColumn) -> str:
    what = "Series" if step.number is None else f"Series of “{step.number}”"
    line = (
        f"{what} in {_quote_names([step.column, *step.others])} put side by side: {_quote_names(step.values)}"
    )
    if not step.traits:
        return line
    return f"{line}; {_quote_names([trait.column for trait in step.traits])} kept as static features"


def _quote_names(columns: Sequence[str]) -> str:
    quoted = [f"“{column}”" for column in columns[:_MAX_NAMES]]
    if len(columns) > _MAX_NAMES:
        quoted.append(f"{len(columns) - _MAX_NAMES} more")
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else quoted[0]


def _duration(count: int, unit: str) -> str:
    word = unit.replace("_", " ")
    return word if count == 1 else f"{count:,} {word}s"


def _describe_unpivot(step: parts.Unpivot) -> str:
    line = f"The times in the header became rows, with their values in “{step.number}”"
    return f"{line}; {_quote_names(step.left_out)} left out" if step.left_out else line


def _describe_totals(step: parts.DropTotals) -> str:
    return f"Rows of whole {' and '.join(_PERIODS[period] for period in step.periods)} left out"


_PERIODS = {"year": "years", "half": "half-years", "quarter": "quarters"}
_DESCRIPTIONS: dict[str, Callable[[Any], str]] = {
    "set_time": _describe_time,
    "set_regular_times": _describe_regular_times,
    "standard_time": lambda step: (
        f"Clock times of {step.zone.replace('_', ' ')} converted to its standard time"
    ),
    "read_numbers": _describe_numbers,
    "treat_as_missing": _describe_sentinels,
    "read_flags": lambda step: (
        f"{_quote_names(step.columns)} read as 1 for {_quote_names(step.yes)} and "
        f"0 for {_quote_names(step.no)}"
    ),
    "one_hot": lambda step: (
        f"“{step.column}” turned into a column of 0 and 1 for each of {_quote_names(step.values)}"
    ),
    "fill_down": lambda step: f"Empty cells in {_quote_names(step.columns)} filled with the cell above",
    "unpivot": _describe_unpivot,
    "spread_column": _describe_spread,
    "drop_totals": _describe_totals,
    "drop_rows": lambda step: f"Rows with {_quote_names(step.values)} in “{step.column}” left out",
    "drop_columns": lambda step: f"{_quote_names(step.columns)} left out",
    "keep_columns": lambda step: f"All columns left out but {_quote_names(step.columns)}",
    "drop_untimed": lambda step: "Rows without a time left out",
    "sort_rows": lambda step: "Rows sorted by time",
    "drop_repeats": lambda step: f"Rows with the same time merged: {_AGGREGATES[step.how]}",
    "round_times": lambda step: (
        f"Times rounded to {'the ' * (step.count == 1)}{_duration(step.count, step.unit)}"
    ),
    "add_missing_times": lambda step: (
        f"Empty rows added for missing times, one every {_duration(step.count, step.unit)}"
    ),
    "resample": lambda step: (
        f"Resampled to one row every {_duration(step.count, step.unit)}: {_AGGREGATES[step.how]}"
    ),
    "fill_missing": _describe_filling,
}
