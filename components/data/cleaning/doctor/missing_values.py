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
from components.recipe import DropColumns, FillMissing

_SPARSE_SHARE = 0.5  # share of a column that filling would make up
_LATE_SHARE = 0.6  # share of the training set after which a series of a panel begins too late
_MAX_NAMES = 3  # columns that a sentence names
_MAX_EARLY_END = 0.05  # share of the rows at whose end a series may be missing: the others then end with it
_FEW_LATE_ROWS = 0.05  # share of the rows that are left out where a column begins a little late
_MOST_CUT_ROWS = 0.25  # share of the rows that are left out so that a series of a panel stays that ends early


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
    """Yield what the series of a panel lack: each may begin when it does, but all have to end together."""
    rows = len(case.frame)
    begins = {column: rows if gap.all() else int(np.argmin(gap)) for column, gap in gaps.items()}
    ends = {column: int(np.argmin(gap[::-1])) for column, gap in gaps.items()}  # rows before the last
    within = {column: gap & (np.arange(rows) >= begins[column]) for column, gap in gaps.items()}
    sparse = tuple(
        column
        for column, gap in within.items()
        if begins[column] > _LATE_SHARE * case.train.stop
        or gap.sum() > _SPARSE_SHARE * (rows - begins[column])
        or ends[column] > _MOST_CUT_ROWS * rows
    )
    if len(sparse) >= len(case.frame.columns) - 1:
        sparse = ()
    if sparse:
        lacks = join_words(
            f"“{column}” ends early, after {case.describe_row(rows - 1 - ends[column])}"
            if ends[column] > _MOST_CUT_ROWS * rows
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
    early = tuple(column for column in left if ends[column] > _MAX_EARLY_END * rows)
    if left:
        finding = replace(_gap_finding(case, left), fixes=_filling_fixes(None, "own"))
        yield _with_early_ends(case, finding, early, max((ends[column] for column in left), default=0))
    late = tuple(column for column in gaps if begins[column] and column not in (*sparse, *left))
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


def _with_early_ends(case: TableCase, finding: Finding, early: tuple[str, ...], cut: int) -> Finding:
    """Return what is said of gaps in a panel, and of series that end before the others do."""
    if not early:
        return finding
    last = len(case.frame) - 1 - cut
    return replace(
        finding,
        sentence=f"{finding.sentence} {quote_names(early)} {verb_form(early, 'ends', 'end')} before the "
        f"others: to keep {verb_form(early, 'it', 'them')}, all end at {case.describe_row(last)}, "
        f"{count_phrase(cut, 'row')} earlier.",
        fixes=(
            *finding.fixes,
            Fix(f"Leave {quote_names(early)} out", DropColumns(columns=early)),
        ),
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
    columns: tuple[str, ...] | None, begins: Literal["together", "own"] = "together"
) -> tuple[Fix, ...]:
    if begins == "own":
        return (
            Fix(
                "Interpolate linearly and end all series together",
                FillMissing(columns=columns, begins=begins),
            ),
            Fix(
                "Repeat the last value and end all series together",
                FillMissing(columns=columns, how="forward", begins=begins),
            ),
        )
    return (
        Fix("Interpolate linearly", FillMissing(columns=columns)),
        Fix("Repeat the last value", FillMissing(columns=columns, how="forward")),
        Fix("Leave these rows out", FillMissing(columns=columns, how="drop")),
    )


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
