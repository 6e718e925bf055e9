"""Finds what is missing, and columns that say nothing."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import numpy as np

from components.data.doctor.finding import Case, Finding, Offer, count, names, spots, tally, together, verb
from components.data.mends.columns import numeric
from components.recipe import DropColumns, FillMissing

_MOSTLY = 0.5  # share of a column that filling would make up
_NAMED = 3  # columns that a sentence names
_EARLY = 0.05  # share of the rows at whose end a series may be missing: the others then end with it
_LATE = 0.25  # share of the rows that filling would leave out


def missing(case: Case) -> Iterator[Finding]:
    """Say which columns lack values; those that lack most of them first."""
    gaps = {column: ~np.isfinite(case.frame[column].to_numpy()) for column in numeric(case.frame)}
    gaps = {column: gap for column, gap in gaps.items() if gap.any()}
    if not gaps:
        return
    if case.alike:
        yield from _of_series(case, gaps)
        return
    nothing = tuple(column for column, gap in gaps.items() if gap.all())
    if len(nothing) == len(case.frame.columns):
        yield Finding(key="missing", severity="must", sentence="No number is left.", columns=nothing)
        return
    sparse = tuple(
        column for column, gap in gaps.items() if gap.all() or (_is_sparse(gap) and column != case.target)
    )
    if len(sparse) == len(case.frame.columns):
        sparse = nothing
    if sparse:
        yield _sparse(case, sparse, gaps)
        gaps = {column: gap for column, gap in gaps.items() if column not in sparse}
    if gaps:
        yield _gaps(case, gaps)


def _of_series(case: Case, gaps: dict[str, np.ndarray]) -> Iterator[Finding]:
    """Say of series of one kind what they lack: each may begin when it does, but all have to end together."""
    rows = len(case.frame)
    begins = {column: rows if gap.all() else int(np.argmin(gap)) for column, gap in gaps.items()}
    ends = {column: int(np.argmin(gap[::-1])) for column, gap in gaps.items()}  # rows before the last
    within = {column: gap & (np.arange(rows) >= begins[column]) for column, gap in gaps.items()}
    sparse = tuple(
        column
        for column, gap in within.items()
        if begins[column] > _MOSTLY * case.train.stop
        or gap.sum() > _MOSTLY * (rows - begins[column])
        or ends[column] > _EARLY * rows
    )
    if len(sparse) >= len(case.frame.columns) - 1:
        sparse = ()
    if sparse:
        lacks = together(
            f"“{column}” ends early, after {case.where(rows - 1 - ends[column])}"
            if ends[column] > _EARLY * rows
            else _lack(case, column, gaps[column])
            for column in sparse[:_NAMED]
        )
        yield Finding(
            key="mostly missing",
            severity="must",
            sentence=f"Too little is there to learn or to measure by: {lacks}"
            f"{' and others' * (len(sparse) > _NAMED)}.",
            columns=sparse,
            rows=spots(np.logical_or.reduce([gaps[column] for column in sparse])),
            offers=(Offer(f"Leave {names(sparse)} out", DropColumns(columns=sparse)),),
        )
    left = {column: gap for column, gap in within.items() if gap.any() and column not in sparse}
    if left:
        yield replace(_gaps(case, left), offers=_ways(None, "own"))
    late = tuple(column for column in gaps if begins[column] and column not in (*sparse, *left))
    if late:
        begun = together(f"“{column}” in {case.where(begins[column])}" for column in late[:_NAMED])
        yield Finding(
            key="late",
            severity="note",
            sentence=f"Some series begin later than others: {begun}{' and others' * (len(late) > _NAMED)}. "
            "Each is learnt from its own first value on; nothing is filled in before.",
            columns=late,
        )


def _is_sparse(gap: np.ndarray) -> bool:
    return bool(gap.mean() > _MOSTLY or np.argmin(gap) > _LATE * len(gap))


def _sparse(case: Case, columns: tuple[str, ...], gaps: dict[str, np.ndarray]) -> Finding:
    lacks = together(_lack(case, column, gaps[column]) for column in columns[:_NAMED])
    return Finding(
        key="mostly missing",
        severity="must",
        sentence=f"Too much is missing to be filled: {lacks}{' and others' * (len(columns) > _NAMED)}.",
        columns=columns,
        rows=spots(np.logical_or.reduce([gaps[column] for column in columns])),
        offers=(Offer(f"Leave {names(columns)} out", DropColumns(columns=columns)),),
    )


def _lack(case: Case, column: str, gap: np.ndarray) -> str:
    share = gap.mean()
    if share > _MOSTLY:
        return f"“{column}” lacks {share:.0%} of its values"
    return f"“{column}” begins late, in {case.where(int(np.argmin(gap)))}"


def _gaps(case: Case, gaps: dict[str, np.ndarray]) -> Finding:
    columns = tuple(gaps)
    worst = sorted(columns, key=lambda column: -int(gaps[column].sum()))[:_NAMED]
    where = np.logical_or.reduce(list(gaps.values()))
    lacks = together(f"{int(gaps[column].sum()):,} in “{column}”" for column in worst)
    if len(columns) == 1:
        lacks = f"in “{columns[0]}”"
    total = sum(int(gap.sum()) for gap in gaps.values())
    sentence = (
        f"{tally(total, 'value', 'is', 'are')} missing{', such as' * (len(columns) > len(worst))}"
        f"{':' * (1 < len(columns) <= len(worst))} {lacks}, first in {case.where(int(np.argmax(where)))}."
    )
    longest = _longest(where)
    if longest > 1:
        sentence += f" The longest gap is {count(longest, 'row')} long."
    every = set(columns) == set(numeric(case.frame))
    return Finding(
        key="missing",
        severity="must",
        sentence=sentence,
        columns=columns,
        rows=spots(where),
        offers=_ways(None if every else columns),
    )


def _ways(
    columns: tuple[str, ...] | None, begins: Literal["together", "own"] = "together"
) -> tuple[Offer, ...]:
    if begins == "own":
        return (
            Offer(
                "Fill on a straight line; all end with the first", FillMissing(columns=columns, begins=begins)
            ),
            Offer(
                "Fill with the last value; all end with the first",
                FillMissing(columns=columns, how="forward", begins=begins),
            ),
        )
    return (
        Offer("Fill on a straight line", FillMissing(columns=columns)),
        Offer("Fill with the last value", FillMissing(columns=columns, how="forward")),
        Offer("Leave these rows out", FillMissing(columns=columns, how="drop")),
    )


def _longest(mask: np.ndarray) -> int:
    """Give the length of the longest run of true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def constant(case: Case) -> Iterator[Finding]:
    """Say which columns never change in the training part: what they do later isn't known yet."""
    rows = case.frame.iloc[case.train]
    still = tuple(
        column for column in numeric(rows) if len(rows) > 1 and rows[column].min() == rows[column].max()
    )
    if not still:
        return
    needed = len(still) == len(case.frame.columns) or case.target in still
    yield Finding(
        key="constant",
        severity="note" if needed else "should",
        sentence=(
            f"{names(still)} never {verb(still, 'changes', 'change')} in the training part: there is nothing "
            "to learn from."
        ),
        columns=still,
        offers=()
        if needed
        else (Offer(f"Leave {verb(still, 'it', 'them')} out", DropColumns(columns=still)),),
    )
