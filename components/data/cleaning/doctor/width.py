"""Finds that a table has more columns than can be learnt from, and the most useful of them."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from components.data.cleaning.doctor.finding import Finding, Fix, TableCase
from components.data.cleaning.steps.columns import numeric_columns
from components.data.target_choice import likely_target
from components.recipe import MOST_COLUMNS, KeepColumns

KEY = "too many columns"
_ROWS = 20_000  # by which columns are judged
_MOST_WORDED = 20  # columns of words that stay: they may tell series apart, or become numbers
_MOST_AT_ONCE = 2_000  # columns that are held against the target together


def find_too_many_columns(case: TableCase) -> Iterator[Finding]:
    """Yield whether there are more columns than can be learnt from."""
    frame = case.frame
    if len(frame.columns) <= MOST_COLUMNS:
        return
    kept = useful_columns(case)
    target = case.target if case.target in frame.columns else _target(frame)
    beside = "" if target is None else f" that hold most values and go with “{target}”"
    first = tuple(frame.columns[:MOST_COLUMNS])
    if target is not None and target not in first:
        first = (*first[:-1], target)
    yield Finding(
        key=KEY,
        severity="must",
        sentence=f"The table has {len(frame.columns):,} columns; at most {MOST_COLUMNS} can be learnt from.",
        columns=tuple(column for column in frame.columns if column not in set(kept)),
        fixes=(
            Fix(f"Keep the {len(kept)} columns{beside}", KeepColumns(columns=kept)),
            Fix(f"Keep the first {MOST_COLUMNS} columns", KeepColumns(columns=first)),
        ),
    )


def useful_columns(case: TableCase) -> tuple[str, ...]:
    """Return the columns that tell most: `MOST_COLUMNS` of them, words included as far as they are few.

    Of the numbers, those come first that change in the training set, then those that have most values there,
    and of these the ones whose changes go with the target's. Nothing is looked at that comes after the
    training set.
    """
    frame = case.frame
    numbers = numeric_columns(frame)
    worded = [column for column in frame.columns if column not in set(numbers)][:_MOST_WORDED]
    room = MOST_COLUMNS - len(worded)
    rows = frame.iloc[case.train].iloc[-_ROWS:][numbers]
    target = case.target if case.target in numbers else _target(frame)
    if target is None:
        return tuple(worded)
    values = rows.to_numpy(np.float64)
    there = np.isfinite(values)
    filled = there.mean(axis=0) if len(values) else np.zeros(len(numbers))
    low = np.where(there, values, np.inf).min(axis=0, initial=np.inf)
    high = np.where(there, values, -np.inf).max(axis=0, initial=-np.inf)
    likeness = _likeness(values, values[:, numbers.index(target)])
    order = sorted(
        range(len(numbers)),
        key=lambda n: (numbers[n] != target, high[n] <= low[n], -round(float(filled[n]), 2), -likeness[n], n),
    )
    kept = {*worded, *(numbers[n] for n in order[:room])}
    return tuple(column for column in frame.columns if column in kept)


def _target(frame: pd.DataFrame) -> str | None:
    numbers = numeric_columns(frame)
    return likely_target(frame[numbers].iloc[:_ROWS]) if numbers else None


def _likeness(values: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return how far the changes of columns, (rows, columns), go with a target's: 0 to 1 for each column."""
    change = np.diff(target)
    change = np.where(np.isfinite(change), change - np.nanmean(change) if np.isfinite(change).any() else 0, 0)
    found = []
    for at in range(0, values.shape[1], _MOST_AT_ONCE):
        own = np.diff(values[:, at : at + _MOST_AT_ONCE], axis=0)
        known = np.isfinite(own)
        own = np.where(known, own, 0)
        own = np.where(known, own - own.sum(axis=0) / np.maximum(known.sum(axis=0), 1), 0)
        scale = np.sqrt((own**2).sum(axis=0) * (change @ change))
        found.append(np.abs(change @ own) / np.where(scale > 0, scale, 1))
    return np.concatenate(found) if found else np.zeros(0)
