"""Finds what stands in cells instead of numbers: nothing, words, numbers written for people, sentinels."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from components.data.cleaning.doctor.finding import (
    Finding,
    Fix,
    TableCase,
    count_clause,
    count_phrase,
    first_positions,
    format_number,
    join_words,
    quote_cell,
    quote_names,
    verb_form,
)
from components.data.cleaning.doctor.time_candidates import time_candidates
from components.data.cleaning.doctor.time_columns import find_time_columns
from components.data.cleaning.steps.columns import numeric_columns
from components.data.parsing.number_parsing import FormatGuess, NumberFormat, guess_format, is_missing
from components.recipe import DropColumns, ReadNumbers, TreatAsMissing

# Numbers that instruments and archives write where nothing was measured.
_SENTINELS = frozenset(
    (
        *(-99.0, -999.0, -9999.0, -99999.0, -999999.0, -99.9, -999.9, -9999.9, -99.99, -999.99, -9999.99),
        *(999.0, 9999.0, 99999.0, 999999.0, 999.9, 9999.9, 999.99, 9999.99, -200.0, -8888.0, -7777.0),
        *(-32768.0, 32767.0, 65535.0, -2147483648.0, 2147483647.0, -8999.0, 7999.0, -888.0),
    )
)
_MOST_UNITS = 20  # what the recipe allows
_HUGE = 1e20  # nothing that is measured is as large, but the fill values of scientific files are
_MOST_SENTINELS = 4  # in one column


def find_empty_columns(case: TableCase) -> Iterator[Finding]:
    """Yield which columns hold nothing."""
    frame = case.frame
    empty = tuple(column for column in frame.columns if not frame[column].notna().any())
    if empty and len(empty) < len(frame.columns):
        yield Finding(
            key="empty column",
            severity="must",
            sentence=f"{quote_names(empty)} {verb_form(empty, 'is', 'are')} empty.",
            columns=empty,
            fixes=(Fix(f"Leave {verb_form(empty, 'it', 'them')} out", DropColumns(columns=empty)),),
            choice="clear",
        )


# --- Numbers written for people --------------------------------------------------------------------


def find_times_and_numbers(case: TableCase) -> Iterator[Finding]:
    """Yield which columns are the time, and which of the others are numbers written as text."""
    found = [] if case.has_times else time_candidates(case.frame)
    yield from find_time_columns(case, found)
    yield from _find_numbers_as_text(case, {column for best in found[:1] for column in best.columns})


def _find_numbers_as_text(case: TableCase, times: set[str]) -> Iterator[Finding]:
    frame = case.frame
    texts = [column for column in frame.columns if frame[column].dtype == "str" and column not in times]
    guesses = {column: guess_format(frame[column]) for column in texts}
    guesses = {
        column: found
        for column, found in guesses.items()
        if found.styles and found.reads + 2 * found.noted >= found.others
    }
    # A column that can be read in two ways is meant like those beside it.
    decided = {
        found.styles[0].decimal for found in guesses.values() if found.marked and len(found.styles) == 1
    }
    alike: defaultdict[tuple[NumberFormat, ...], list[str]] = defaultdict(list)
    for column, found in guesses.items():
        meant = [style for style in found.styles if decided == {style.decimal}]
        styles = tuple(meant) if len(meant) == 1 else found.styles
        if found.others:
            yield _mixed_finding(case, column, replace(found, styles=styles))
        else:
            alike[styles].append(column)
    for styles, columns in alike.items():
        yield _number_finding(case, tuple(columns), styles)


def _number_finding(case: TableCase, columns: tuple[str, ...], styles: tuple[NumberFormat, ...]) -> Finding:
    column = case.frame[columns[0]]
    example = _example(column, styles)
    sentence = (
        f"{quote_names(columns)} {verb_form(columns, 'holds', 'hold')} numbers written as text, such as "
        f"{quote_cell(column.iloc[example])} in {case.describe_row(example)}."
    )
    if len(styles) > 1:
        sentence += " Is the mark between the digits a decimal mark or a thousands separator?"
    return Finding(
        key="numbers as text",
        severity="must",
        sentence=sentence,
        columns=columns,
        rows=(example,),
        fixes=tuple(_number_fix(case, columns, style, example) for style in styles),
        choice="clear" if len(styles) == 1 else "open",
    )


def _mixed_finding(case: TableCase, name: str, found: FormatGuess) -> Finding:
    column, style = case.frame[name], found.styles[0]
    wrong = np.isnan(style.read(column)) & ~is_missing(column)
    first = int(np.argmax(wrong))
    sentence = (
        f"“{name}” holds numbers, but {count_clause(found.others, 'cell', 'holds', 'hold')} something else, "
        f"such as {quote_cell(column.iloc[first])} in {case.describe_row(first)}."
    )
    if found.noted:
        return _footnote_finding(case, name, found, wrong)
    example = _example(column, found.styles)
    offers = [
        _number_fix(case, (name,), one, example, "; treat the others as missing") for one in found.styles
    ]
    units = (*style.units, *found.units)
    if found.units and len(units) <= _MOST_UNITS:
        sentence += f" The numbers come with {join_words(map(quote_cell, units))}."
        every = _read_numbers_step((name,), style).model_copy(update={"units": units})
        offers.append(Fix("Read all numbers and ignore the units", every))
    offers.append(Fix(f"Leave “{name}” out", DropColumns(columns=(name,))))
    # A quarter of other things may be slips of the pen; of more, only who knows the data can tell.
    sure = len(found.styles) == 1 and found.reads >= 3 * found.others
    return Finding(
        key="numbers and words",
        severity="must",
        sentence=sentence,
        columns=(name,),
        rows=first_positions(wrong),
        fixes=tuple(offers),
        choice="usual" if sure else "open",
    )


def _footnote_finding(case: TableCase, name: str, found: FormatGuess, wrong: np.ndarray) -> Finding:
    """Return what is said of numbers with marks beside them: the numbers stay, and the marks go."""
    column = case.frame[name]
    styles = [replace(style, footnotes=True) for style in found.styles]
    noted = wrong & np.isfinite(styles[0].read(column))
    first = int(np.argmax(noted))
    sentence = (
        f"In “{name}”, {count_clause(found.noted, 'number', 'has', 'have')} a mark beside "
        f"{'it' if found.noted == 1 else 'them'}, such as {quote_cell(column.iloc[first])} in "
        f"{case.describe_row(first)}."
    )
    rest, more = found.others - found.noted, ""
    if rest:
        other = int(np.argmax(wrong & ~noted))
        sentence += (
            f" {count_clause(rest, 'cell', 'holds', 'hold')} no number, such as "
            f"{quote_cell(column.iloc[other])} in {case.describe_row(other)}."
        )
        more = "; treat the other cells as missing"
    return Finding(
        key="numbers and words",
        severity="must",
        sentence=sentence,
        columns=(name,),
        rows=first_positions(wrong),
        fixes=(
            *(_number_fix(case, (name,), style, first, more) for style in styles),
            *(_number_fix(case, (name,), style, _example(column, (style,)), "; treat the others as missing")
              for style in found.styles[:1]),
            Fix(f"Leave “{name}” out", DropColumns(columns=(name,))),
        ),
        choice="usual" if len(styles) == 1 else "open",
    )  # fmt: skip


def _example(column: pd.Series, styles: tuple[NumberFormat, ...]) -> int:
    """Find a cell that shows the difference: between the styles, or to a plain number."""
    read = [style.read(column) for style in (*styles, NumberFormat())[:2]]
    unlike = (read[0] != read[1]) & ~np.isnan(read[0])
    return int(np.argmax(unlike if unlike.any() else ~np.isnan(read[0])))


def _number_fix(
    case: TableCase, columns: tuple[str, ...], style: NumberFormat, example: int, more: str = ""
) -> Fix:
    text = case.frame[columns[0]].iloc[[example]]
    value = format_number(float(style.read(text)[0]))
    return Fix(f"Read {quote_cell(text.iloc[0])} as {value}{more}", _read_numbers_step(columns, style))


def _read_numbers_step(columns: tuple[str, ...], style: NumberFormat) -> ReadNumbers:
    return ReadNumbers(
        columns=columns,
        decimal=style.decimal,
        thousands=style.thousands,
        units=style.units,
        magnitudes=style.magnitudes,
        footnotes=style.footnotes,
    )


# --- Numbers that mean nothing ---------------------------------------------------------------------


def find_sentinels(case: TableCase) -> Iterator[Finding]:
    """Yield where a number far off stands for a missing one."""
    found: defaultdict[tuple[float, ...], list[str]] = defaultdict(list)
    for column in numeric_columns(case.frame):
        values = _sentinel_values(case.frame[column].to_numpy())
        if values:
            found[values].append(column)
    for values, columns in found.items():
        yield _sentinel_finding(case, values, tuple(columns))


def _sentinel_finding(case: TableCase, values: tuple[float, ...], columns: tuple[str, ...]) -> Finding:
    where = case.frame[list(columns)].isin(values)
    first = int(np.argmax(where.any(axis=1).to_numpy()))
    total = int(where.to_numpy().sum())
    shown = join_words(format_number(value) for value in values)
    lone = total == 1 and not _SENTINELS.issuperset(values)  # a code comes again, or is one of those
    return Finding(
        key="sentinel",
        severity="should",
        sentence=(
            f"{quote_names(columns)} {verb_form(columns, 'holds', 'hold')} {shown} in "
            f"{count_phrase(total, 'cell')}, far from all other values, first in "
            f"{case.describe_row(first)}. "
            + (
                "It may be a mistake, or mean that nothing was measured. Is it a real value?"
                if lone
                else "Many files use this to mark a missing measurement."
            )
        ),
        columns=columns,
        rows=first_positions(where.any(axis=1).to_numpy()),
        fixes=(Fix(f"Treat {shown} as missing", TreatAsMissing(columns=columns, values=values)),),
        choice="open" if lone else "usual",
    )


def _sentinel_values(values: np.ndarray) -> tuple[float, ...]:
    """Return the outermost values that are sentinels."""
    values = values[np.isfinite(values)]
    found: list[float] = []
    while len(values) and len(found) < _MOST_SENTINELS:
        low, high = float(values.min()), float(values.max())
        suspects = [end for end in (low, high) if end in _SENTINELS or abs(end) >= _HUGE]
        rest = values[~np.isin(values, suspects)]
        apart = [
            end for end in suspects if len(rest) and _is_far_outside(rest, end, int((values == end).sum()))
        ]
        if not apart:
            break
        found += apart
        values = values[~np.isin(values, apart)]
    return tuple(sorted(set(found)))


def _is_far_outside(rest: np.ndarray, suspect: float, occurrences: int) -> bool:
    low, high = float(rest.min()), float(rest.max())
    distance = min(abs(suspect - low), abs(suspect - high))
    if abs(suspect) >= _HUGE:
        return distance > 1e6 * max(high - low, 1)
    # Among values that are never negative, one that comes again and again is no measurement.
    return distance > high - low or (suspect < 0 <= low and occurrences > 1)
