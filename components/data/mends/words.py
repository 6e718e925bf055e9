"""A mend in plain words, for the list of what was done to a table."""

from collections.abc import Callable, Sequence
from typing import Any

from components.recipe import Mend
from components.recipe import mends as parts

_NAMED = 3  # columns that a line names
_ORDERS = {"day_first": "day first", "month_first": "month first", "year_first": "year first"}
_HOW = {
    "mean": "the mean is taken",
    "sum": "they are added up",
    "first": "the first is kept",
    "last": "the last is kept",
    "min": "the smallest is kept",
    "max": "the largest is kept",
}
_MARKS = {".": "a point", ",": "a comma", " ": "a space", "'": "an apostrophe"}


def say(mend: Mend) -> str:
    """Say in one line what a mend does."""
    return _SAY[mend.kind](mend)


def _say_time(mend: parts.SetTime) -> str:
    line = f"Time read from {_names(mend.columns)}"
    if mend.parts[0] == "date" and mend.order != "day_first":
        line += f", {_ORDERS[mend.order]}"
    return line + (", as the clock showed it" if mend.zone == "clock" else "")


def _say_numbers(mend: parts.ReadNumbers) -> str:
    line = f"{_names(mend.columns)} read as numbers"
    if mend.decimal != "." or mend.thousands:
        line += f" with {_MARKS[mend.decimal]} before the decimals"
    if mend.thousands:
        line += f" and {_MARKS[mend.thousands]} between thousands"
    return line + (f", without {', '.join(mend.units)}" if mend.units else "")


def _say_filling(mend: parts.FillMissing) -> str:
    where = "" if mend.columns is None else f" in {_names(mend.columns)}"
    if mend.begins == "own":
        where += " after a series' first value"
    return {
        "interpolate": f"What is missing{where} filled on a straight line",
        "forward": f"What is missing{where} filled with the last value",
        "drop": f"Rows left out in which something is missing{where}",
    }[mend.how]


def _say_sentinels(mend: parts.TreatAsMissing) -> str:
    values = ", ".join(f"{value:.10g}".replace("-", "−") for value in mend.values[:_NAMED])
    more = " and others" if len(mend.values) > _NAMED else ""
    return f"{values}{more} in {_names(mend.columns)} treated as missing"


def _say_spread(mend: parts.SpreadColumn) -> str:
    line = f"Series in “{mend.column}” put side by side: {_names(mend.values)}"
    kept = _names([trait.column for trait in mend.traits])
    return f"{line}; {kept} kept as what is known of each" if mend.traits else line


def _names(columns: Sequence[str]) -> str:
    quoted = [f"“{column}”" for column in columns[:_NAMED]]
    if len(columns) > _NAMED:
        quoted.append(f"{len(columns) - _NAMED} more")
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else quoted[0]


def _span(count: int, unit: str) -> str:
    word = unit.replace("_", " ")
    return word if count == 1 else f"{count:,} {word}s"


_SAY: dict[str, Callable[[Any], str]] = {
    "set_time": _say_time,
    "standard_time": lambda mend: (
        f"Clock times of {mend.zone.replace('_', ' ')} turned into its standard time"
    ),
    "read_numbers": _say_numbers,
    "treat_as_missing": _say_sentinels,
    "spread_column": _say_spread,
    "drop_columns": lambda mend: f"{_names(mend.columns)} left out",
    "drop_untimed": lambda mend: "Rows without a time left out",
    "sort_rows": lambda mend: "Rows put in order of time",
    "drop_repeats": lambda mend: f"Of rows of the same time, {_HOW[mend.how]}",
    "round_times": lambda mend: (
        f"Times rounded to {'the ' * (mend.count == 1)}{_span(mend.count, mend.unit)}"
    ),
    "add_missing_times": lambda mend: (
        f"Empty rows added, one for every {_span(mend.count, mend.unit)} without"
    ),
    "resample": lambda mend: (
        f"One row for every {_span(mend.count, mend.unit)}: of its rows, {_HOW[mend.how]}"
    ),
    "fill_missing": _say_filling,
}
