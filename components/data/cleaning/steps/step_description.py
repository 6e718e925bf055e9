"""A mend in plain words, for the list of what was done to a table."""

from collections.abc import Callable, Sequence
from typing import Any

from components.recipe import CleaningStep
from components.recipe import cleaning as parts

_MAX_NAMES = 3  # columns that a line names
_ORDERS = {"day_first": "day first", "month_first": "month first", "year_first": "year first"}
_AGGREGATES = {
    "mean": "the mean is taken",
    "sum": "they are added up",
    "first": "the first is kept",
    "last": "the last is kept",
    "min": "the smallest is kept",
    "max": "the largest is kept",
}
_MARKS = {".": "a point", ",": "a comma", " ": "a space", "'": "an apostrophe"}


def describe_step(step: CleaningStep) -> str:
    """Say in one line what a mend does."""
    return _DESCRIPTIONS[step.kind](step)


def _describe_time(step: parts.SetTime) -> str:
    line = f"Time read from {_quote_names(step.columns)}"
    if step.parts[0] == "date" and step.order != "day_first":
        line += f", {_ORDERS[step.order]}"
    return line + (", as the clock showed it" if step.zone == "clock" else "")


def _describe_numbers(step: parts.ReadNumbers) -> str:
    line = f"{_quote_names(step.columns)} read as numbers"
    if step.decimal != "." or step.thousands:
        line += f" with {_MARKS[step.decimal]} before the decimals"
    if step.thousands:
        line += f" and {_MARKS[step.thousands]} between thousands"
    return line + (f", without {', '.join(step.units)}" if step.units else "")


def _describe_filling(step: parts.FillMissing) -> str:
    where = "" if step.columns is None else f" in {_quote_names(step.columns)}"
    if step.begins == "own":
        where += " after a series' first value"
    return {
        "interpolate": f"What is missing{where} filled on a straight line",
        "forward": f"What is missing{where} filled with the last value",
        "drop": f"Rows left out in which something is missing{where}",
    }[step.how]


def _describe_sentinels(step: parts.TreatAsMissing) -> str:
    values = ", ".join(f"{value:.10g}".replace("-", "−") for value in step.values[:_MAX_NAMES])
    more = " and others" if len(step.values) > _MAX_NAMES else ""
    return f"{values}{more} in {_quote_names(step.columns)} treated as missing"


def _describe_spread(step: parts.SpreadColumn) -> str:
    line = f"Series in “{step.column}” put side by side: {_quote_names(step.values)}"
    if not step.traits:
        return line
    kept = _quote_names([trait.column for trait in step.traits])
    return f"{line}; {kept} kept as what is known of each"


def _quote_names(columns: Sequence[str]) -> str:
    quoted = [f"“{column}”" for column in columns[:_MAX_NAMES]]
    if len(columns) > _MAX_NAMES:
        quoted.append(f"{len(columns) - _MAX_NAMES} more")
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else quoted[0]


def _duration(count: int, unit: str) -> str:
    word = unit.replace("_", " ")
    return word if count == 1 else f"{count:,} {word}s"


_DESCRIPTIONS: dict[str, Callable[[Any], str]] = {
    "set_time": _describe_time,
    "standard_time": lambda mend: (
        f"Clock times of {mend.zone.replace('_', ' ')} turned into its standard time"
    ),
    "read_numbers": _describe_numbers,
    "treat_as_missing": _describe_sentinels,
    "spread_column": _describe_spread,
    "drop_columns": lambda mend: f"{_quote_names(mend.columns)} left out",
    "drop_untimed": lambda mend: "Rows without a time left out",
    "sort_rows": lambda mend: "Rows put in order of time",
    "drop_repeats": lambda mend: f"Of rows of the same time, {_AGGREGATES[mend.how]}",
    "round_times": lambda mend: (
        f"Times rounded to {'the ' * (mend.count == 1)}{_duration(mend.count, mend.unit)}"
    ),
    "add_missing_times": lambda mend: (
        f"Empty rows added, one for every {_duration(mend.count, mend.unit)} without"
    ),
    "resample": lambda mend: (
        f"One row for every {_duration(mend.count, mend.unit)}: of its rows, {_AGGREGATES[mend.how]}"
    ),
    "fill_missing": _describe_filling,
}
