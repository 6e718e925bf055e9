"""Finds what a ready table has that makes scores look better or worse than they are."""

from collections.abc import Iterator

import numpy as np

from components.data.cleaning.doctor.finding import (
    MOST_ROWS,
    Finding,
    Fix,
    TableCase,
    count_phrase,
    first_positions,
    format_number,
)
from components.data.splits.time_split import time_split
from components.recipe import DropColumns, TreatAsMissing

_LEAK_ROWS = 20_000  # that are compared
_LEAK_STEPS = 100  # ahead that are tried
_SAME_CORRELATION = 0.9999  # correlation of changes above which two columns say the same
_SAMPLE = 1_000_000  # changes that show how large changes are
_SPIKE_RATIO = 6.0  # times the change that one in twenty exceeds
_MOST_SPIKES = 0.005  # share of rows; where there are more, such jumps are the series' own way
_COPY_ROWS = 16  # rows of a stretch that is looked for in the training set
_MOST_STRETCHES = 5_000  # stretches of the test set
_COPY_SHARE = 0.1  # share of the test set
_BLOCK = 1 << 14  # rows that are worked on at once, so that they stay in the processor's own memory
_RARE_SHARE = 0.05
_FEW_ROWS = 30


def find_short_series(case: TableCase) -> Iterator[Finding]:
    """Yield whether there are enough rows."""
    rows = len(case.frame)
    if rows < _FEW_ROWS:
        yield Finding(
            key="few rows",
            severity="must" if rows < 3 else "note",
            sentence=f"There {'is' if rows == 1 else 'are'} only {count_phrase(rows, 'row')}. "
            "Choose a longer series.",
        )


def find_missing_time_axis(case: TableCase) -> Iterator[Finding]:
    """Yield whether the rows lack times."""
    if not case.has_times:
        yield Finding(
            key="numbered",
            severity="note",
            sentence="The rows have no times, so each counts as one equal step, in the given order.",
        )


def find_leaks(case: TableCase) -> Iterator[Finding]:
    """Yield which columns give the target's future away, or only repeat the target."""
    if case.target is None or case.target not in case.frame.columns or len(case.frame) < _FEW_ROWS:
        return
    end = case.train.stop
    rows = slice(max(0, end - _LEAK_ROWS), end)
    target = np.diff(case.frame[case.target].to_numpy()[rows])
    for column in case.frame.columns:
        if column == case.target:
            continue
        changes = np.diff(case.frame[column].to_numpy()[rows])
        likeness = [
            _correlation(changes[: len(changes) - step], target[step:]) for step in _leak_steps(len(target))
        ]
        best = int(np.argmax(likeness))
        if likeness[best] < _SAME_CORRELATION:
            continue
        if likeness[0] >= _SAME_CORRELATION:
            yield _same_column_finding(column, case.target)
        else:
            yield _leak_finding(column, case.target, best)


def find_row_counters(case: TableCase) -> Iterator[Finding]:
    """Yield which columns only count the rows."""
    for column in case.frame.columns if len(case.frame) >= _FEW_ROWS else ():
        if (
            len(case.frame.columns) > 1
            and column != case.target
            and _is_row_counter(case.frame[column].to_numpy())
        ):
            yield Finding(
                key="counter",
                severity="note",
                sentence=f"“{column}” only counts the rows.",
                columns=(column,),
                fixes=(Fix(f"Leave “{column}” out", DropColumns(columns=(column,))),),
            )


def _is_row_counter(values: np.ndarray) -> bool:
    return bool(values[1] - values[0] == 1 and (np.diff(values) == 1).all())


def _leak_steps(changes: int) -> range:
    return range(min(_LEAK_STEPS, changes // 4) + 1)


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Return the absolute correlation; 0 where one of the two never changes."""
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one @ one) * (other @ other)))
    return abs(float(one @ other)) / scale if scale > 1e-300 else 0.0


def _leak_finding(column: str, target: str, steps: int) -> Finding:
    return Finding(
        key="leak",
        severity="should",
        sentence=(
            f"“{column}” already shows what “{target}” will be {count_phrase(steps, 'row')} later. With this "
            "data leakage a forecast looks perfect here, but fails in practice, where the future isn't known."
        ),
        columns=(column,),
        fixes=(Fix(f"Leave “{column}” out", DropColumns(columns=(column,))),),
    )


def _same_column_finding(column: str, target: str) -> Finding:
    return Finding(
        key="same",
        severity="note",
        sentence=f"“{column}” holds the same information as “{target}”, so it adds nothing.",
        columns=(column,),
        fixes=(Fix(f"Leave “{column}” out", DropColumns(columns=(column,))),),
    )


def find_outliers(case: TableCase) -> Iterator[Finding]:
    """Yield values that jump away and come back at once. They may be true: nothing is removed unasked."""
    for column in case.frame.columns:
        values = case.frame[column].to_numpy()
        heights = _spike_heights(values)
        spikes = heights > 0
        if not 0 < spikes.sum() <= max(3, _MOST_SPIKES * len(values)):
            continue
        at, worst = np.flatnonzero(spikes), int(np.argmax(heights))
        chosen = tuple(np.unique(values[at]).tolist())
        yield Finding(
            key="outliers",
            severity="note",
            sentence=(
                f"“{column}” has {count_phrase(len(at), 'outlier')}, such as {format_number(values[worst])} "
                f"in {case.describe_row(worst)}. An outlier may be an error or a real event."
            ),
            columns=(column,),
            rows=first_positions(spikes),
            fixes=(Fix("Treat as missing", TreatAsMissing(columns=(column,), values=chosen)),)
            if len(chosen) <= 100 and not np.isin(np.delete(values, at), chosen).any()
            else (),
        )


def _spike_heights(values: np.ndarray) -> np.ndarray:
    """Return how far each value is above, or below, both of its neighbours; 0 where that is nothing
    unusual."""
    heights = np.zeros(len(values))
    if len(values) < _FEW_ROWS:
        return heights
    changes = np.diff(values)
    usual = float(np.quantile(np.abs(changes[:: max(1, len(changes) // _SAMPLE)]), 0.95))
    if usual == 0:  # where most values are alike, any change is a jump, and nothing can be told
        return heights
    for start in range(0, len(changes) - 1, _BLOCK):
        rise = changes[start : min(start + _BLOCK, len(changes) - 1)]
        fall = -changes[start + 1 : start + 1 + _BLOCK]
        # Above both neighbours, or below both; where it is neither, something negative comes out.
        found = np.maximum(np.minimum(rise, fall), -np.maximum(rise, fall))
        heights[1 + start : 1 + start + len(rise)] = np.where(found > _SPIKE_RATIO * usual, found, 0)
    return heights


def find_rare_values(case: TableCase) -> Iterator[Finding]:
    """Yield which columns of two values hardly ever show one of them."""
    for column in case.frame.columns:
        values = case.frame[column].to_numpy()
        low, high = values.min(), values.max()
        if low == high or not np.isin(values[:1000], (low, high)).all():
            continue
        ups = values == high
        if not (ups | (values == low)).all():
            continue
        share = min(ups.mean(), 1 - ups.mean())
        if share < _RARE_SHARE:
            value = high if ups.mean() < 0.5 else low
            yield Finding(
                key="rare",
                severity="note",
                sentence=(
                    f"“{column}” is {format_number(value)} in only {share:.1%} of the rows, so a model "
                    "rarely sees it."
                ),
                columns=(column,),
                rows=first_positions(values == value),
            )


def find_copied_stretches(case: TableCase) -> Iterator[Finding]:
    """Yield whether stretches of the test set are in the training set too, value for value."""
    rows = len(case.frame)
    if rows < 8 * _COPY_ROWS:
        return
    parts = time_split(rows, case.preparation)
    target = case.target if case.target in case.frame.columns else case.frame.columns[0]
    seen = _fingerprints(case.frame[target].to_numpy()[parts.train])
    later = np.arange(parts.test.start, rows - _COPY_ROWS + 1)
    later = later[:: max(1, len(later) // _MOST_STRETCHES)]
    stretches = case.frame[target].to_numpy()[later[:, None] + np.arange(_COPY_ROWS)]
    # Stretches that never change, such as dry nights, are no copies.
    lively = (stretches != stretches[:, :1]).any(axis=1)
    prints = _fingerprints(stretches[lively].T)[0]
    seen.sort()
    found = seen[np.minimum(np.searchsorted(seen, prints), len(seen) - 1)] == prints
    copied = later[lively][found]
    share = len(copied) / max(1, len(later))
    if share > _COPY_SHARE:
        yield Finding(
            key="copies",
            severity="note",
            sentence=(
                f"{share:.0%} of the test set also appears in the training set, in identical stretches of "
                f"{_COPY_ROWS} rows; the first begins at {case.describe_row(int(copied[0]))}. A model that "
                "memorises looks good on them."
            ),
            rows=tuple(copied[:MOST_ROWS].tolist()),
        )


def _fingerprints(values: np.ndarray) -> np.ndarray:
    """Return each stretch of `_COPY_ROWS` values down the first axis a number, the same for the same
    values."""
    count = len(values) - _COPY_ROWS + 1
    prints = np.zeros((count, *values.shape[1:]), dtype=np.uint64)
    for start in range(0, count, _BLOCK):
        block = prints[start : start + _BLOCK]
        stretch = np.ascontiguousarray(
            values[start : start + len(block) + _COPY_ROWS - 1] + 0.0
        )  # −0 becomes 0
        bits = stretch.view(np.uint64) >> np.uint64(11)  # the last digits may differ by rounding
        for place in range(_COPY_ROWS):
            block *= np.uint64(0x9E3779B97F4A7C15)
            block += bits[place : place + len(block)]
            block ^= block >> np.uint64(29)
    return prints
