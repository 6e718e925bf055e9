"""Finds what is wrong with the rows: those without a time, out of order, or of the same time."""

from collections.abc import Iterator
from zoneinfo import available_timezones

import numpy as np
import pandas as pd

from components.data.cleaning.doctor.finding import (
    Finding,
    Fix,
    TableCase,
    count_clause,
    first_positions,
    quote_names,
    verb_form,
)
from components.data.cleaning.doctor.series_keys import SeriesKeys, find_series_keys, spread_step
from components.data.cleaning.doctor.totals import SumSeries, find_sum_series
from components.data.cleaning.doctor.words import find_words
from components.data.cleaning.steps.columns import cell_texts, numeric_columns, series_names
from components.recipe import MOST_SERIES, DropRepeats, DropUntimed, SortRows, SpreadColumn, StandardTime

# One zone for each rule of daylight saving; zones of the same rule give the same standard time.
_ZONES = ("Europe/Berlin", "Europe/London", "Europe/Helsinki", "America/New_York", "Australia/Sydney")
_STRONG_DIFFERENCE = 0.1  # of the standard deviation, between rows of the same time
_DUPLICATE_SHARE = 1 / 3  # share of rows that repeat a time, from which on these look like several series

# --- Times and order -------------------------------------------------------------------------------


def find_missing_times(case: TableCase) -> Iterator[Finding]:
    """Yield which rows have no time."""
    if not case.has_times or not case.frame.index.hasnans:
        return
    lost = np.asarray(case.frame.index.isna())
    empty = not case.frame[lost].notna().to_numpy().any()
    total = int(lost.sum())
    yield Finding(
        key="no time",
        severity="must",
        sentence=(
            f"{count_clause(total, 'row', 'has', 'have')} no time{' and no values' if empty else ''}; the "
            f"first is {case.describe_row(int(np.argmax(lost)))}."
        ),
        rows=first_positions(lost),
        fixes=(Fix(f"Leave {'these rows' if total > 1 else 'this row'} out", DropUntimed()),),
        choice="clear" if empty else "usual",
    )


def find_unsorted_times(case: TableCase) -> Iterator[Finding]:
    """Yield whether the rows are in order of time."""
    if not case.has_times or case.frame.index.hasnans or case.frame.index.is_monotonic_increasing:
        return
    times = pd.DatetimeIndex(case.frame.index)
    back = np.concatenate([[False], times.asi8[1:] < times.asi8[:-1]])
    first = int(np.argmax(back))
    sentence = "The newest row comes first."
    if not times.is_monotonic_decreasing:
        sentence = (
            f"The rows aren't sorted by time: {case.describe_row(first)} comes after "
            f"{case.describe_row(first - 1)}. In all, {count_clause(int(back.sum()), 'row', 'is', 'are')} "
            "earlier than the one before."
        )
    yield Finding(
        key="order",
        severity="must",
        sentence=sentence,
        rows=first_positions(back),
        fixes=(Fix("Sort the rows by time", SortRows()),),
        choice="clear",
    )


# --- Repeats ---------------------------------------------------------------------------------------


def find_duplicates_and_words(case: TableCase) -> Iterator[Finding]:
    """Yield which times stand more than once, and which columns hold no numbers.

    Together, for such a column may tell whose row it is: then it is needed.
    """
    again = _duplicate_mask(case)
    if not again.any():
        found = None if case.has_times else find_series_keys(case.frame, None)
        if found is not None:
            yield _several_series_finding(case, None, found)
        else:
            yield from find_words(case)
        return
    if again.mean() >= _DUPLICATE_SHARE:
        frame = case.frame
        found = find_series_keys(frame, pd.Series(frame.index, index=frame.index))
        if found is not None:
            yield _several_series_finding(case, again, found)
            return
    left = list(find_words(case))
    yield from left
    if not left:
        yield _duplicate_finding(case, again)


def _duplicate_mask(case: TableCase) -> np.ndarray:
    """Return which rows have the time of one before them."""
    index = case.frame.index
    if not isinstance(index, pd.DatetimeIndex) or index.hasnans:
        return np.zeros(len(index), dtype=bool)
    if index.is_monotonic_increasing:
        return np.concatenate([[False], index.asi8[1:] == index.asi8[:-1]])[: len(index)]
    return index.duplicated()


def _several_series_finding(case: TableCase, duplicates: np.ndarray | None, found: SeriesKeys) -> Finding:
    frame = case.frame
    step = spread_step(frame, found, found.names[:MOST_SERIES])
    total = len(found.names)
    alone = f", of “{step.number}” alone" if step.number else ""
    if total <= MOST_SERIES:
        whole = f"Put the {total} series side by side"
    else:
        whole = f"Put the longest {MOST_SERIES} series side by side"
    offers = [Fix(whole + alone, step)]
    sums = _sum_series(frame, found, step) if total <= MOST_SERIES else None
    if sums is not None:
        of = series_names(frame, found.keys)[(cell_texts(frame[sums.key]) == sums.value).to_numpy()]
        parts = tuple(name for name in found.names if name not in set(of))
        label = f"Put {len(parts)} series side by side{alone}, without “{sums.value}”"
        offers.insert(0, Fix(label, spread_step(frame, found, parts)))
    if step.number is not None and total <= MOST_SERIES:
        every = spread_step(frame, found, found.names, one_number=False)
        offers.append(Fix("Put all columns of all series side by side", every))
    offers += [
        Fix(f"Keep only “{value}”", spread_step(frame, found, (value,), one_number=False))
        for value in found.names[:3]
    ]
    traits = tuple(trait.column for trait in step.traits if trait.column not in found.keys)
    together = " together" * (len(found.keys) > 1)
    sentence = (
        f"{quote_names(found.keys)}{together} {verb_form(found.keys, 'divides', 'divide')} the rows into "
        f"{total:,} series, such as {quote_names(found.names[:2])}, stacked one below the other: each "
        f"{'time' if found.steps is None else f'“{found.steps}”'} appears once per series."
    )
    if traits:
        sentence += f" {quote_names(traits)} never {verb_form(traits, 'changes', 'change')} within a series."
    if sums is not None and sums.sure:
        sentence += f" “{sums.value}” sums up the others."
    elif sums is not None:
        sentence += f" “{sums.value}” is named like a sum of the others. Should it be a series beside them?"
    if total > MOST_SERIES:
        sentence += f" At most {MOST_SERIES} series can be learnt together. Which should they be?"
    return Finding(
        key="several series",
        severity="must",
        sentence=sentence,
        columns=found.keys,
        rows=first_positions(duplicates) if duplicates is not None else (),
        fixes=tuple(offers),
        choice="usual" if total <= MOST_SERIES and (sums is None or sums.sure) else "open",
    )


def _sum_series(frame: pd.DataFrame, found: SeriesKeys, step: SpreadColumn) -> SumSeries | None:
    """Return which of several series sum up the others, if any do."""
    measured = [
        column
        for column in numeric_columns(frame)
        if column not in {*found.keys, found.steps, *(trait.column for trait in step.traits)}
    ]
    number = step.number or next(iter(measured), None)
    if number is None:
        return None
    times = pd.Series(frame.index) if found.steps is None else frame[found.steps]
    return find_sum_series(frame, found.keys, times, number)


def _duplicate_finding(case: TableCase, duplicates: np.ndarray) -> Finding:
    first = int(np.argmax(duplicates))
    total = int(duplicates.sum())
    zone = _find_daylight_saving_zone(case, duplicates)
    ways = {
        "last": "Keep the last",
        "first": "Keep the first",
        "sum": "Take the sum",
        "mean": "Take the mean",
    }
    offers = [Fix(label, DropRepeats(how=how)) for how, label in ways.items()]  # type: ignore[arg-type]
    if zone is not None:
        return Finding(
            key="daylight saving",
            severity="must",
            sentence=(
                f"{count_clause(total, 'time', 'appears', 'appear')} twice, when the clocks went back in "
                f"autumn as in {zone.replace('_', ' ')}; the first is {case.describe_row(first)}."
            ),
            rows=first_positions(duplicates),
            fixes=(Fix("Use standard time all year", StandardTime(zone=zone)), *offers),
        )
    same = _are_identical(case, duplicates)
    sentence = (
        f"{count_clause(total, 'row', 'has', 'have')} the same time as another row, "
        f"{'with the same values' if same else 'but with other values'}; the first is "
        f"{case.describe_row(first)}."
    )
    differ = not same and (duplicates.mean() >= _DUPLICATE_SHARE or _differ_strongly(case))
    if differ:
        sentence += " They may be corrections, parts of a whole or several series. Which is it?"
    if same:
        offers = [Fix("Keep one of each", DropRepeats(how="first"))]
    return Finding(
        key="repeats",
        severity="must",
        sentence=sentence,
        rows=first_positions(duplicates),
        fixes=tuple(offers),
        choice="clear" if same else "open" if differ else "usual",
    )


def _differ_strongly(case: TableCase) -> bool:
    """Return whether rows of the same time are about as far apart as rows of different times."""
    frame = case.frame.sort_index(kind="stable")
    times = frame.index.to_numpy()
    later = np.flatnonzero(times[1:] == times[:-1]) + 1
    for column in frame.columns:
        values = frame[column].to_numpy()
        apart = np.abs(values[later] - values[later - 1])
        apart = apart[np.isfinite(apart)]
        there = values[np.isfinite(values)]
        spread = float(np.std(there)) if len(there) else 0.0
        if len(apart) and spread and float(np.mean(apart)) > _STRONG_DIFFERENCE * spread:
            return True
    return False


def _are_identical(case: TableCase, duplicates: np.ndarray) -> bool:
    """Return whether rows of the same time are the same in all their cells."""
    frame = case.frame
    if not frame.index.is_monotonic_increasing:
        frame = frame.sort_index(kind="stable")
    times = frame.index.to_numpy()
    later = np.flatnonzero(times[1:] == times[:-1]) + 1
    return all(
        np.array_equal(values[later], values[later - 1], equal_nan=True)
        for values in (frame[column].to_numpy() for column in frame.columns)
    )


def _find_daylight_saving_zone(case: TableCase, duplicates: np.ndarray) -> str | None:
    """Find the zone whose clock shows just these times twice, and whose missing hours are missing."""
    times = pd.DatetimeIndex(case.frame.index)
    twice = times[duplicates]
    if twice.has_duplicates:
        return None
    for zone in filter(available_timezones().__contains__, _ZONES):
        # What stands twice is NaT here, and so is below what never was.
        if twice.tz_localize(zone, ambiguous="NaT", nonexistent="shift_forward").notna().any():
            continue
        summer = np.ones(len(times), dtype=bool)
        if not times.tz_localize(zone, ambiguous=summer, nonexistent="NaT").hasnans:
            return zone
    return None
