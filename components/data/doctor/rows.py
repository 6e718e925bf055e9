"""Finds what is wrong with the rows: those without a time, out of order, or of the same time."""

from collections.abc import Iterator
from zoneinfo import available_timezones

import numpy as np
import pandas as pd

from components.data.doctor.cells import words
from components.data.doctor.finding import Case, Finding, Offer, names, spots, tally, verb
from components.recipe import (
    DropRepeats,
    DropUntimed,
    SortRows,
    SpreadColumn,
    StandardTime,
    Trait,
)

# One zone for each rule of daylight saving; zones of the same rule give the same standard time.
_ZONES = ("Europe/Berlin", "Europe/London", "Europe/Helsinki", "America/New_York", "Australia/Sydney")
_MOST_SERIES = 50  # under each other in one table
_MOST_TRAITS = 20  # what the recipe allows
_LONGEST_VALUE = 200  # characters; what the recipe allows
_STACKED = 1 / 3  # share of rows that repeat a time, from which on these look like several series

# --- Times and order -------------------------------------------------------------------------------


def untimed(case: Case) -> Iterator[Finding]:
    """Say which rows have no time."""
    if not case.timed or not case.frame.index.hasnans:
        return
    lost = np.asarray(case.frame.index.isna())
    empty = not case.frame[lost].notna().to_numpy().any()
    total = int(lost.sum())
    yield Finding(
        key="no time",
        severity="must",
        sentence=(
            f"{tally(total, 'row', 'has', 'have')} no time, first {case.where(int(np.argmax(lost)))}"
            f"{', and nothing else either' if empty else ''}."
        ),
        rows=spots(lost),
        offers=(Offer(f"Leave {'these rows' if total > 1 else 'this row'} out", DropUntimed()),),
        choice="clear" if empty else "usual",
    )


def disorder(case: Case) -> Iterator[Finding]:
    """Say whether the rows are in order of time."""
    if not case.timed or case.frame.index.hasnans or case.frame.index.is_monotonic_increasing:
        return
    times = pd.DatetimeIndex(case.frame.index)
    back = np.concatenate([[False], times.asi8[1:] < times.asi8[:-1]])
    first = int(np.argmax(back))
    sentence = "The newest row comes first."
    if not times.is_monotonic_decreasing:
        sentence = (
            f"The rows aren't in order of time: {case.where(first)} comes after {case.where(first - 1)}. "
            f"{tally(int(back.sum()), 'row', 'is', 'are')} earlier than the one before."
        )
    yield Finding(
        key="order",
        severity="must",
        sentence=sentence,
        rows=spots(back),
        offers=(Offer("Put them in order of time", SortRows()),),
        choice="clear",
    )


# --- Repeats ---------------------------------------------------------------------------------------


def repeats_and_words(case: Case) -> Iterator[Finding]:
    """Say which times stand more than once, and which columns hold no numbers.

    Together, for such a column may tell whose row it is: then it is needed.
    """
    again = _again(case)
    if not again.any():
        yield from words(case)
        return
    stacked = _stacked(case) if again.mean() >= _STACKED else None
    if stacked is not None:
        yield _several_series(case, again, stacked)
        return
    left = list(words(case))
    yield from left
    if not left:
        yield _repeats(case, again)


def _again(case: Case) -> np.ndarray:
    """Tell which rows have the time of one before them."""
    index = case.frame.index
    if not isinstance(index, pd.DatetimeIndex) or index.hasnans:
        return np.zeros(len(index), dtype=bool)
    if index.is_monotonic_increasing:
        return np.concatenate([[False], index.asi8[1:] == index.asi8[:-1]])[: len(index)]
    return index.duplicated()


def _stacked(case: Case) -> str | None:
    """Find the column that tells rows of the same time apart: the series that each belongs to."""
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
        if kinds.dtype == "str" and kinds.str.len().max() > _LONGEST_VALUE:
            continue
        if not pd.MultiIndex.from_arrays([case.frame.index, kinds]).has_duplicates:
            return column
    return None


def _several_series(case: Case, again: np.ndarray, column: str) -> Finding:
    sizes = case.frame[column].value_counts()
    values = tuple(_text(value) for value in sizes.index)
    traits = _traits(case.frame, column)
    offers = [
        Offer(f"Put the {len(values)} series side by side", _spread(column, values, traits)),
        *(Offer(f"Keep “{value}” only", _spread(column, (value,), traits)) for value in values[:3]),
    ]
    return Finding(
        key="several series",
        severity="must",
        sentence=(
            f"“{column}” parts the rows into {len(values)} series that stand under each other, such as "
            f"{names(values[:2])}: each time stands there once for each."
            + (
                f" {names(tuple(traits))} never {verb(tuple(traits), 'changes', 'change')} within one."
                if traits
                else ""
            )
        ),
        columns=(column,),
        rows=spots(again),
        offers=tuple(offers),
    )


def _traits(frame: pd.DataFrame, column: str) -> dict[str, dict[str, str]]:
    """Find what never changes within a series, and what that is in each; nothing if no one column is left."""
    rest = [name for name in frame.columns if name != column and frame[name].dtype in ("str", np.float64)]
    series = pd.Index(frame[column])  # not by its name, which the index may bear too
    each = frame[rest].groupby(series)
    lasting = [
        name
        for name in rest
        if not frame[name].hasnans
        and (frame[name].dtype == np.float64 or frame[name].str.len().max() <= _LONGEST_VALUE)
        and each[name].nunique().max() == 1
    ]
    if len(lasting) != len(frame.columns) - 2 or len(lasting) > _MOST_TRAITS:
        return {}
    return {name: {_text(kind): _text(said) for kind, said in each[name].first().items()} for name in lasting}


def _spread(column: str, values: tuple[str, ...], traits: dict[str, dict[str, str]]) -> SpreadColumn:
    told = tuple(
        Trait(column=name, of=tuple(said[value] for value in values)) for name, said in traits.items()
    )
    return SpreadColumn(column=column, values=values, traits=told)


def _text(value: object) -> str:
    return value if isinstance(value, str) else f"{value:.17g}"


def _repeats(case: Case, again: np.ndarray) -> Finding:
    first = int(np.argmax(again))
    total = int(again.sum())
    zone = _daylight_saving(case, again)
    ways = {"mean": "Take the mean", "first": "Keep the first", "last": "Keep the last", "sum": "Add them up"}
    offers = [Offer(label, DropRepeats(how=how)) for how, label in ways.items()]  # type: ignore[arg-type]
    if zone is not None:
        return Finding(
            key="daylight saving",
            severity="must",
            sentence=(
                f"{tally(total, 'time', 'stands', 'stand')} twice, first {case.where(first)}: in autumn, "
                f"when the clock was put back as in {zone.replace('_', ' ')}."
            ),
            rows=spots(again),
            offers=(Offer("Count in standard time all year", StandardTime(zone=zone)), *offers),
        )
    same = _alike(case, again)
    sentence = (
        f"{tally(total, 'row', 'has', 'have')} the time of another one, first {case.where(first)}, "
        f"{'and the same values too' if same else 'but other values'}."
    )
    if same:
        offers = [Offer("Keep one of each", DropRepeats(how="first"))]
    return Finding(
        key="repeats",
        severity="must",
        sentence=sentence,
        rows=spots(again),
        offers=tuple(offers),
        choice="clear" if same else "usual",
    )


def _alike(case: Case, again: np.ndarray) -> bool:
    """Tell whether rows of the same time are the same in all their cells."""
    frame = case.frame
    if not frame.index.is_monotonic_increasing:
        frame = frame.sort_index(kind="stable")
    times = frame.index.to_numpy()
    later = np.flatnonzero(times[1:] == times[:-1]) + 1
    return all(
        np.array_equal(values[later], values[later - 1], equal_nan=True)
        for values in (frame[column].to_numpy() for column in frame.columns)
    )


def _daylight_saving(case: Case, again: np.ndarray) -> str | None:
    """Find the zone whose clock shows just these times twice, and whose missing hours are missing."""
    times = pd.DatetimeIndex(case.frame.index)
    twice = times[again]
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
