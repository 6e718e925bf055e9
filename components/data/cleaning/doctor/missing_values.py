"""Finds what is missing, and columns that say nothing."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import numpy as np

from components.data.cleaning.doctor.finding import (
    Finding,
    Fix,
    TableCase,
    count_clause,
    count_phrase,
    first_positions,
    join_words,
    quote_names,
    verb_form,
)
from components.data.cleaning.steps.columns import numeric_columns
from components.data.splits.time_split import time_split
from components.recipe import DropColumns, FillMissing

_SPARSE_SHARE = 0.5  # share of a column that filling would make up
_FEWEST_OWN_ROWS = 10  # that a series of a panel has in the training set, at least
_OWN_SHARE = 0.1  # share of the training set that is its own, likewise
_MAX_NAMES = 3  # columns that a sentence names
_FEW_LATE_ROWS = 0.05  # share of the rows that are left out where a column begins a little late


def find_missing_values(case: TableCase) -> Iterator[Finding]:
    """Yield which columns lack values; those that lack most of them first."""
    gaps = {column: ~np.isfinite(case.frame[column].to_numpy()) for column in numeric_columns(case.frame)}
    gaps = {column: gap for column, gap in gaps.items() if gap.any()}
    if not gaps:
        return
    if case.is_panel:
        yield from _find_panel_gaps(case, gaps)
        return
    nothing = tuple(column for column, gap in gaps.items() if gap.all())
    if len(nothing) == len(case.frame.columns):
        yield Finding(key="missing", severity="must", sentence="No numbers are left.", columns=nothing)
        return
    sparse = tuple(
        column for column, gap in gaps.items() if gap.all() or (_is_sparse(gap) and column != case.target)
    )
    if len(sparse) == len(case.frame.columns):
        sparse = nothing
    if sparse:
        yield _sparse_finding(case, sparse, gaps)
        gaps = {column: gap for column, gap in gaps.items() if column not in sparse}
    late = {column: gap for column, gap in gaps.items() if np.argmin(gap) > _FEW_LATE_ROWS * len(gap)}
    if late:
        yield _late_finding(case, late)
        gaps = {column: gap for column, gap in gaps.items() if column not in late}
    if gaps:
        yield _gap_finding(case, gaps)


def _find_panel_gaps(case: TableCase, gaps: dict[str, np.ndarray]) -> Iterator[Finding]:
    """Yield what the series of a panel lack; each may begin and end when it does."""
    rows, train = len(case.frame), case.train.stop
    begins = {column: rows if gap.all() else int(np.argmin(gap)) for column, gap in gaps.items()}
    ends = {column: rows if gap.all() else rows - int(np.argmin(gap[::-1])) for column, gap in gaps.items()}
    fewest = max(_OWN_SHARE * train, min(_FEWEST_OWN_ROWS, train / 2))
    within = {
        column: gap & (np.arange(rows) >= begins[column]) & (np.arange(rows) < ends[column])
        for column, gap in gaps.items()
    }
    sparse = tuple(
        column
        for column, gap in within.items()
        if min(ends[column], train) - begins[column] < fewest
        or gap.sum() > _SPARSE_SHARE * (ends[column] - begins[column])
    )
    if len(sparse) >= len(case.frame.columns) - 1:
        sparse = tuple(column for column, gap in gaps.items() if gap.all())
    if sparse:
        lacks = join_words(
            f"“{column}” ends early, after {case.describe_row(ends[column] - 1)}"
            if begins[column] == 0 and ends[column] < rows
            else f"“{column}” begins late, at {case.describe_row(begins[column])}"
            if 0 < begins[column] < rows and not within[column].any()
            else _gap_clause(case, column, gaps[column])
            for column in sparse[:_MAX_NAMES]
        )
        yield Finding(
            key="mostly missing",
            severity="must",
            sentence=f"Some series are too short or too sparse to train and test on: {lacks}"
            f"{' and others' * (len(sparse) > _MAX_NAMES)}.",
            columns=sparse,
            rows=first_positions(np.logical_or.reduce([gaps[column] for column in sparse])),
            fixes=(Fix(f"Leave {quote_names(sparse)} out", DropColumns(columns=sparse)),),
        )
    left = {column: gap for column, gap in within.items() if gap.any() and column not in sparse}
    if left:
        yield replace(_gap_finding(case, left), fixes=_filling_fixes(None, "unequal"))
    kept = [column for column in gaps if column not in sparse]
    yield from _unequal_findings(case, {c: begins[c] for c in kept}, {c: ends[c] for c in kept})


def _unequal_findings(case: TableCase, begins: dict[str, int], ends: dict[str, int]) -> Iterator[Finding]:
    """Yield which series of a panel begin after the others, and which end before them: nothing is made up."""
    late = tuple(column for column, begin in begins.items() if begin)
    if late:
        begun = join_words(
            f"“{column}” at {case.describe_row(begins[column])}" for column in late[:_MAX_NAMES]
        )
        yield Finding(
            key="late",
            severity="note",
            sentence="Some series begin later than others: "
            f"{begun}{' and others' * (len(late) > _MAX_NAMES)}. "
            "Each is used from its own first value on; nothing is filled in before it.",
            columns=late,
        )
    early = tuple(column for column, end in ends.items() if end < len(case.frame))
    if early:
        ended = join_words(
            f"“{column}” after {case.describe_row(ends[column] - 1)}" for column in early[:_MAX_NAMES]
        )
        test = time_split(len(case.frame), case.preparation).test.start if len(case.frame) >= 3 else 0
        untested = sum(ends[column] <= test for column in early)
        yield Finding(
            key="early",
            severity="note",
            sentence="Some series end earlier than others: "
            f"{ended}{' and others' * (len(early) > _MAX_NAMES)}. "
            "Each is used up to its own last value; nothing is filled in after it."
            + (
                f" {untested:,} of them {'ends' if untested == 1 else 'end'} before the test set begins: a "
                f"model learns from {'it' if untested == 1 else 'them'}, and isn't tested there."
                if untested
                else ""
            ),
            columns=early,
        )


def _late_finding(case: TableCase, gaps: dict[str, np.ndarray]) -> Finding:
    """Return what is said of columns that begin late: they stay, and so do the rows before."""
    columns = tuple(gaps)
    begins = {column: int(np.argmin(gap)) for column, gap in gaps.items()}
    begun = join_words(
        f"“{column}” at {case.describe_row(begins[column])}, {begins[column] / len(case.frame):.0%} in"
        for column in columns[:_MAX_NAMES]
    )
    most = max(begins.values())
    keep = Fix(
        f"Keep all rows: {verb_form(columns, 'it stays', 'each stays')} at its first value until then",
        FillMissing(columns=columns, begins="first"),
    )
    drop = Fix(f"Leave {quote_names(columns)} out", DropColumns(columns=columns))
    cut = Fix(f"Leave the first {count_phrase(most, 'row')} out", FillMissing(columns=columns))
    late = most >= case.train.stop  # then nothing of it can be learnt
    return Finding(
        key="late",
        severity="must",
        sentence=f"{verb_form(columns, 'A column begins', 'Some columns begin')} late: {begun}"
        f"{' and others' * (len(columns) > _MAX_NAMES)}.",
        columns=columns,
        rows=first_positions(np.logical_or.reduce(list(gaps.values()))),
        fixes=(drop, keep, cut) if late or case.target in columns else (keep, drop, cut),
    )


def _is_sparse(gap: np.ndarray) -> bool:
    """Return whether most of a column is missing, those rows apart that come before its first value."""
    return bool(gap.all() or gap.mean() > _SPARSE_SHARE)


def _sparse_finding(case: TableCase, columns: tuple[str, ...], gaps: dict[str, np.ndarray]) -> Finding:
    lacks = join_words(_gap_clause(case, column, gaps[column]) for column in columns[:_MAX_NAMES])
    return Finding(
        key="mostly missing",
        severity="must",
        sentence="Too many values are missing to be filled: "
        f"{lacks}{' and others' * (len(columns) > _MAX_NAMES)}.",
        columns=columns,
        rows=first_positions(np.logical_or.reduce([gaps[column] for column in columns])),
        fixes=(Fix(f"Leave {quote_names(columns)} out", DropColumns(columns=columns)),),
    )


def _gap_clause(case: TableCase, column: str, gap: np.ndarray) -> str:
    share = gap.mean()
    if share > _SPARSE_SHARE:
        return f"“{column}” is missing {share:.0%} of its values"
    return f"“{column}” begins late, at {case.describe_row(int(np.argmin(gap)))}"


def _gap_finding(case: TableCase, gaps: dict[str, np.ndarray]) -> Finding:
    columns = tuple(gaps)
    worst = sorted(columns, key=lambda column: -int(gaps[column].sum()))[:_MAX_NAMES]
    where = np.logical_or.reduce(list(gaps.values()))
    lacks = join_words(f"{int(gaps[column].sum()):,} in “{column}”" for column in worst)
    if len(columns) == 1:
        lacks = f"in “{columns[0]}”"
    total = sum(int(gap.sum()) for gap in gaps.values())
    sentence = (
        f"{count_clause(total, 'value', 'is', 'are')} missing{', such as' * (len(columns) > len(worst))}"
        f"{':' * (1 < len(columns) <= len(worst))} {lacks}, first in "
        f"{case.describe_row(int(np.argmax(where)))}."
    )
    longest = _longest_run(where)
    if longest > 1:
        sentence += f" The longest gap is {count_phrase(longest, 'row')} long."
    every = set(columns) == set(numeric_columns(case.frame))
    return Finding(
        key="missing",
        severity="must",
        sentence=sentence,
        columns=columns,
        rows=first_positions(where),
        fixes=_filling_fixes(None if every else columns),
    )


def _filling_fixes(
    columns: tuple[str, ...] | None, begins: Literal["together", "unequal"] = "together"
) -> tuple[Fix, ...]:
    filling = (
        Fix("Interpolate linearly", FillMissing(columns=columns, begins=begins)),
        Fix("Repeat the last value", FillMissing(columns=columns, how="forward", begins=begins)),
    )
    if begins == "unequal":
        return filling
    return (*filling, Fix("Leave these rows out", FillMissing(columns=columns, how="drop")))


def _longest_run(mask: np.ndarray) -> int:
    """Return the length of the longest run of true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def find_constant_columns(case: TableCase) -> Iterator[Finding]:
    """Yield which columns never change in the training set: what they do later isn't known yet."""
    rows = case.frame.iloc[case.train]
    still = tuple(
        column
        for column in numeric_columns(rows)
        if len(rows) > 1 and rows[column].min() == rows[column].max()
    )
    if not still:
        return
    needed = len(still) == len(case.frame.columns) or case.target in still
    yield Finding(
        key="constant",
        severity="note" if needed else "should",
        sentence=(
            f"{quote_names(still)} never {verb_form(still, 'changes', 'change')} in the training set, so "
            "there is nothing to learn from."
        ),
        columns=still,
        fixes=()
        if needed
        else (Fix(f"Leave {verb_form(still, 'it', 'them')} out", DropColumns(columns=still)),),
    )
