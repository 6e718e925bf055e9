"""Finds what a ready table has that makes scores look better or worse than they are."""

from collections.abc import Iterator

import numpy as np

from components.data.doctor.finding import MOST_ROWS, Case, Finding, Offer, count, number, spots, tally
from components.data.split import split
from components.recipe import DropColumns, TreatAsMissing

_LEAK_ROWS = 20_000  # that are compared
_LEAK_STEPS = 100  # ahead that are tried
_ALIKE = 0.9999  # correlation of changes above which two columns say the same
_SAMPLE = 1_000_000  # changes that show how large changes are
_SPIKE = 6.0  # times the change that one in twenty exceeds
_MOST_SPIKES = 0.005  # share of rows; where there are more, such jumps are the series' own way
_COPY = 16  # rows of a stretch that is looked for in the training part
_LOOKED_UP = 5_000  # stretches of the test part
_MANY_COPIES = 0.1  # share of the test part
_BLOCK = 1 << 14  # rows that are worked on at once, so that they stay in the processor's own memory
_RARE = 0.05
_FEW_ROWS = 30


def too_short(case: Case) -> Iterator[Finding]:
    """Say whether there are enough rows."""
    rows = len(case.frame)
    if rows < _FEW_ROWS:
        yield Finding(
            key="few rows",
            severity="must" if rows < 3 else "note",
            sentence=f"That is {count(rows, 'row')} only. Bring a longer series.",
        )


def untimed_series(case: Case) -> Iterator[Finding]:
    """Say that rows without times count as even."""
    if not case.timed:
        yield Finding(
            key="numbered",
            severity="note",
            sentence="The rows have no times, so they count as even steps, in the order they have.",
        )


def leaks(case: Case) -> Iterator[Finding]:
    """Say which columns give the target's future away, or only repeat the target."""
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
            _correlation(changes[: len(changes) - step], target[step:]) for step in _steps(len(target))
        ]
        best = int(np.argmax(likeness))
        if likeness[best] < _ALIKE:
            continue
        if likeness[0] >= _ALIKE:
            yield _same(column, case.target)
        else:
            yield _leak(column, case.target, best)


def counters(case: Case) -> Iterator[Finding]:
    """Say which columns only count the rows."""
    for column in case.frame.columns if len(case.frame) >= _FEW_ROWS else ():
        if len(case.frame.columns) > 1 and column != case.target and _counts(case.frame[column].to_numpy()):
            yield Finding(
                key="counter",
                severity="note",
                sentence=f"“{column}” only counts the rows.",
                columns=(column,),
                offers=(Offer(f"Leave “{column}” out", DropColumns(columns=(column,))),),
            )


def _counts(values: np.ndarray) -> bool:
    return bool(values[1] - values[0] == 1 and (np.diff(values) == 1).all())


def _steps(changes: int) -> range:
    return range(min(_LEAK_STEPS, changes // 4) + 1)


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Give the absolute correlation; 0 where one of the two never changes."""
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one @ one) * (other @ other)))
    return abs(float(one @ other)) / scale if scale > 1e-300 else 0.0


def _leak(column: str, target: str, steps: int) -> Finding:
    return Finding(
        key="leak",
        severity="should",
        sentence=(
            f"“{column}” shows what “{target}” will be {count(steps, 'row')} later. With it a forecast looks "
            "perfect, and fails as soon as the future isn't known."
        ),
        columns=(column,),
        offers=(Offer(f"Leave “{column}” out", DropColumns(columns=(column,))),),
    )


def _same(column: str, target: str) -> Finding:
    return Finding(
        key="same",
        severity="note",
        sentence=f"“{column}” says the same as “{target}”, so it adds nothing.",
        columns=(column,),
        offers=(Offer(f"Leave “{column}” out", DropColumns(columns=(column,))),),
    )


def outliers(case: Case) -> Iterator[Finding]:
    """Show values that jump away and come back at once. They may be true: nothing is removed unasked."""
    for column in case.frame.columns:
        values = case.frame[column].to_numpy()
        heights = _spikes(values)
        spikes = heights > 0
        if not 0 < spikes.sum() <= max(3, _MOST_SPIKES * len(values)):
            continue
        at, worst = np.flatnonzero(spikes), int(np.argmax(heights))
        chosen = tuple(np.unique(values[at]).tolist())
        yield Finding(
            key="outliers",
            severity="note",
            sentence=(
                f"In “{column}”, {tally(len(at), 'value', 'stands', 'stand')} far out, such as "
                f"{number(values[worst])} in {case.where(worst)}. A slip, or something that did happen?"
            ),
            columns=(column,),
            rows=spots(spikes),
            offers=(Offer("Treat as missing", TreatAsMissing(columns=(column,), values=chosen)),)
            if len(chosen) <= 100 and not np.isin(np.delete(values, at), chosen).any()
            else (),
        )


def _spikes(values: np.ndarray) -> np.ndarray:
    """Give how far each value is above, or below, both of its neighbours; 0 where that is nothing unusual."""
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
        heights[1 + start : 1 + start + len(rise)] = np.where(found > _SPIKE * usual, found, 0)
    return heights


def rare(case: Case) -> Iterator[Finding]:
    """Say which columns of two values hardly ever show one of them."""
    for column in case.frame.columns:
        values = case.frame[column].to_numpy()
        low, high = values.min(), values.max()
        if low == high or not np.isin(values[:1000], (low, high)).all():
            continue
        ups = values == high
        if not (ups | (values == low)).all():
            continue
        share = min(ups.mean(), 1 - ups.mean())
        if share < _RARE:
            value = high if ups.mean() < 0.5 else low
            yield Finding(
                key="rare",
                severity="note",
                sentence=(
                    f"“{column}” is {number(value)} in {share:.1%} of the rows only: a model sees it rarely."
                ),
                columns=(column,),
                rows=spots(values == value),
            )


def copies(case: Case) -> Iterator[Finding]:
    """Say whether stretches of the test part stand in the training part too, value for value."""
    rows = len(case.frame)
    if rows < 8 * _COPY:
        return
    parts = split(rows, case.preparation)
    target = case.target if case.target in case.frame.columns else case.frame.columns[0]
    seen = _prints(case.frame[target].to_numpy()[parts.train])
    later = np.arange(parts.test.start, rows - _COPY + 1)
    later = later[:: max(1, len(later) // _LOOKED_UP)]
    stretches = case.frame[target].to_numpy()[later[:, None] + np.arange(_COPY)]
    # Stretches that never change, such as dry nights, are no copies.
    lively = (stretches != stretches[:, :1]).any(axis=1)
    prints = _prints(stretches[lively].T)[0]
    seen.sort()
    found = seen[np.minimum(np.searchsorted(seen, prints), len(seen) - 1)] == prints
    copied = later[lively][found]
    share = len(copied) / max(1, len(later))
    if share > _MANY_COPIES:
        yield Finding(
            key="copies",
            severity="note",
            sentence=(
                f"{share:.0%} of the test part stands in the training part too, value for value over {_COPY} "
                f"rows, first from {case.where(int(copied[0]))} on. A model that learns by heart looks good."
            ),
            rows=tuple(copied[:MOST_ROWS].tolist()),
        )


def _prints(values: np.ndarray) -> np.ndarray:
    """Give each stretch of `_COPY` values down the first axis a number, the same for the same values."""
    count = len(values) - _COPY + 1
    prints = np.zeros((count, *values.shape[1:]), dtype=np.uint64)
    for start in range(0, count, _BLOCK):
        block = prints[start : start + _BLOCK]
        stretch = np.ascontiguousarray(values[start : start + len(block) + _COPY - 1] + 0.0)  # −0 becomes 0
        bits = stretch.view(np.uint64) >> np.uint64(11)  # the last digits may differ by rounding
        for place in range(_COPY):
            block *= np.uint64(0x9E3779B97F4A7C15)
            block += bits[place : place + len(block)]
            block ^= block >> np.uint64(29)
    return prints
