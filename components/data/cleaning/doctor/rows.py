"""Finds what is wrong with the rows: those without a time, out of order, or of the same time."""

from collections.abc import Iterator
from zoneinfo import available_timezones

import numpy as np
import pandas as pd

from components.data.cleaning.doctor.cells import find_words
from components.data.cleaning.doctor.finding import (
    Finding,
    Fix,
    TableCase,
    count_clause,
    first_positions,
    quote_names,
    verb_form,
)
from components.recipe import (
    LONGEST_NAME,
    DropRepeats,
    DropUntimed,
    SortRows,
    SpreadColumn,
    StandardTime,
    StaticFeature,
)

# One zone for each rule of daylight saving; zones of the same rule give the same standard time.
_ZONES = ("Europe/Berlin", "Europe/London", "Europe/Helsinki", "America/New_York", "Australia/Sydney")
_MOST_SERIES = 50  # under each other in one table
_MOST_FEATURES = 20  # what the recipe allows
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
        yield from find_words(case)
        return
    stacked = _series_column(case) if again.mean() >= _DUPLICATE_SHARE else None
    if stacked is not None:
        yield _several_series_finding(case, again, stacked)
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


def _series_column(case: TableCase) -> str | None:
    """Return the column that distinguishes rows of the same time: the series that each belongs to."""
    if len(case.frame.columns) < 2:
        return None  # nothing would be left beside it
    most = int(case.frame.index.value_counts().iloc[0])
    for column in case.frame.columns:
        kinds = case.frame[column]
        if kinds.dtype not in ("str", np.float64) or kinds.hasnans:
            continue
        # As many as there are rows of a time, or there would be gaps all over.
        if not 1 < kinds.iloc[:1000].nunique() <= _MOST_SERIES or not most <= kinds.nunique() <= 2 * most:
            continue
        if kinds.dtype == "str" and kinds.str.len().max() > LONGEST_NAME:
            continue
        if not pd.MultiIndex.from_arrays([case.frame.index, kinds]).has_duplicates:
            return column
    return None


def _several_series_finding(case: TableCase, duplicates: np.ndarray, column: str) -> Finding:
    sizes = case.frame[column].value_counts()
    values = tuple(_cell_text(value) for value in sizes.index)
    traits = _static_features(case.frame, column)
    offers = [
        Fix(f"Put the {len(values)} series side by side", _spread_step(column, values, traits)),
        *(Fix(f"Keep only “{value}”", _spread_step(column, (value,), traits)) for value in values[:3]),
    ]
    return Finding(
        key="several series",
        severity="must",
        sentence=(
            f"“{column}” divides the rows into {len(values)} series, such as {quote_names(values[:2])}, "
            "stacked one below the other: each time appears once per series."
            + (
                f" {quote_names(tuple(traits))} never {verb_form(tuple(traits), 'changes', 'change')} "
                "within a series."
                if traits
                else ""
            )
        ),
        columns=(column,),
        rows=first_positions(duplicates),
        fixes=tuple(offers),
    )


def _static_features(frame: pd.DataFrame, column: str) -> dict[str, dict[str, str]]:
    """Find what never changes within a series, and what that is in each; nothing if no one column is left."""
    rest = [name for name in frame.columns if name != column and frame[name].dtype in ("str", np.float64)]
    series = pd.Index(frame[column])  # not by its name, which the index may bear too
    each = frame[rest].groupby(series)
    lasting = [
        name
        for name in rest
        if not frame[name].hasnans
        and (frame[name].dtype == np.float64 or frame[name].str.len().max() <= LONGEST_NAME)
        and each[name].nunique().max() == 1
    ]
    if len(lasting) != len(frame.columns) - 2 or len(lasting) > _MOST_FEATURES:
        return {}
    return {
        name: {_cell_text(kind): _cell_text(value) for kind, value in each[name].first().items()}
        for name in lasting
    }


def _spread_step(column: str, values: tuple[str, ...], features: dict[str, dict[str, str]]) -> SpreadColumn:
    static = tuple(
        StaticFeature(column=name, of=tuple(of_series[value] for value in values))
        for name, of_series in features.items()
    )
    return SpreadColumn(column=column, values=values, traits=static)


def _cell_text(value: object) -> str:
    return value if isinstance(value, str) else f"{value:.17g}"


def _duplicate_finding(case: TableCase, duplicates: np.ndarray) -> Finding:
    first = int(np.argmax(duplicates))
    total = int(duplicates.sum())
    zone = _find_daylight_saving_zone(case, duplicates)
    ways = {
        "mean": "Take the mean",
        "first": "Keep the first",
        "last": "Keep the last",
        "sum": "Take the sum",
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
    if same:
        offers = [Fix("Keep one of each", DropRepeats(how="first"))]
    return Finding(
        key="repeats",
        severity="must",
        sentence=sentence,
        rows=first_positions(duplicates),
        fixes=tuple(offers),
        choice="clear" if same else "usual",
    )


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
