"""Finds rows that sum up others, such as years above their months, and names that stand above their rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.data.cleaning.doctor.finding import (
    Finding,
    Fix,
    TableCase,
    count_clause,
    first_positions,
    join_words,
    quote_cell,
    quote_names,
    verb_form,
)
from components.data.cleaning.doctor.time_candidates import holds_part, time_candidates
from components.data.cleaning.steps.columns import cell_texts, folded
from components.data.parsing.date_parsing import DateColumn, parse_month_names
from components.data.parsing.number_parsing import is_missing
from components.data.parsing.periods import named_periods
from components.data.tables.table_bounds import SUM_NAME
from components.recipe import MOST_SERIES, DropRows, DropTotals, FillDown

_FINER_SHARE = 0.5  # of the rows that are finer than the totals among them, at least
_MONTH_SHARE = 0.8  # of a column's cells that name months, at least, where the others are totals
_FEWEST_SUMS = 4  # rows by which sums are told
_SUM_TOLERANCE = 1e-3  # of a sum, by which rounding may move it
_SUM_SHARE = 0.9  # of the rows that are sums, at least
_WORDS = {"year": "whole years", "half": "half-years", "quarter": "quarters"}
_ORDER = ("year", "half", "quarter")


def find_period_totals(case: TableCase) -> Iterator[Finding]:
    """Yield whether rows of years or quarters stand among finer ones, in the column of the times."""
    if case.has_times:
        return
    for name in case.frame.columns:
        column = case.frame[name]
        if column.dtype != "str":
            continue
        finding = _mixed_periods(case, name, column) or _totals_beside_months(case, name, column)
        if finding is not None:
            yield finding
            return


def _mixed_periods(case: TableCase, name: str, column: pd.Series) -> Finding | None:
    some = column.iloc[:: max(1, len(column) // 2000)]
    if len(set(named_periods(some))) < 2:
        return None
    kinds = named_periods(column)
    dated = ~np.isnat(DateColumn.of(column).times()) & (kinds == "")
    counts = {kind: int((kinds == kind).sum()) for kind in _ORDER} | {"finer": int(dated.sum())}
    present = [kind for kind, count in counts.items() if count]
    if len(present) < 2 or counts[present[-1]] < _FINER_SHARE * sum(counts.values()):
        return None
    coarse = tuple(kind for kind in present[:-1])
    where = np.isin(kinds, coarse)
    first = int(np.argmax(where))
    total = int(where.sum())
    words = join_words(_WORDS[kind] for kind in coarse)
    return Finding(
        key="totals",
        severity="must",
        sentence=(
            f"In “{name}”, {count_clause(total, 'row', 'is', 'are')} of {words} among shorter times, such as "
            f"{quote_cell(column.iloc[first])} in {case.describe_row(first)}."
        ),
        columns=(name,),
        rows=first_positions(where),
        fixes=(
            Fix(f"Leave the rows of {words} out", DropTotals(column=name, periods=coarse)),  # type: ignore[arg-type]
        ),
    )


def _totals_beside_months(case: TableCase, name: str, column: pd.Series) -> Finding | None:
    """Find words such as “Annual” among the names of months, in a column beside that of the year."""
    if not any(holds_part(case.frame[other], "year") for other in case.frame.columns if other != name):
        return None
    filled = ~is_missing(column)
    months = parse_month_names(column.fillna("")) > 0
    others = filled & ~months
    if not others.any() or months.sum() < _MONTH_SHARE * filled.sum():
        return None
    words = tuple(dict.fromkeys(folded(column[others])))
    if len(words) > 5:
        return None
    first = int(np.argmax(others))
    return Finding(
        key="totals",
        severity="must",
        sentence=(
            f"“{name}” names months, but {count_clause(int(others.sum()), 'row', 'is', 'are')} of something "
            f"else, such as {quote_cell(column.iloc[first])} in {case.describe_row(first)}."
        ),
        columns=(name,),
        rows=first_positions(others),
        fixes=(Fix(f"Leave {quote_names(words)} out", DropRows(column=name, values=words)),),
    )


# --- Series that sum up others ---------------------------------------------------------------------


@dataclass(frozen=True)
class SumSeries:
    """A value of a column that tells series apart, whose series sum up the others.

    Attributes:
        key: the column.
        value: its cell in their rows.
        sure: whether their numbers say so, not only their name.
    """

    key: str
    value: str
    sure: bool


def find_sum_series(
    frame: pd.DataFrame, keys: Sequence[str], times: pd.Series, number: str
) -> SumSeries | None:
    """Find the series that hold, at each time, the sum or the mean of those beside them.

    Args:
        frame: a long table.
        keys: the columns that tell its series apart.
        times: or steps, of its rows.
        number: the column that they are made of.
    """
    for key in keys:
        names = cell_texts(frame[key])
        if not 3 <= names.nunique() <= MOST_SERIES:
            continue
        others = [cell_texts(frame[other]).to_numpy() for other in keys if other != key]
        index = pd.MultiIndex.from_arrays([times.to_numpy(), *others, names.to_numpy()])
        beside = pd.Series(frame[number].to_numpy(), index=index).unstack().dropna()
        named = [name for name in beside.columns if SUM_NAME.fullmatch(str(name).strip())]
        for name in (*named, *(name for name in beside.columns if name not in named)):
            whole, parts = beside[name].to_numpy(), beside.drop(columns=[name]).to_numpy()
            made = (parts.sum(axis=1), parts.mean(axis=1)) if name in named else (parts.sum(axis=1),)
            if any(are_same_numbers(whole, sums) for sums in made):
                return SumSeries(key, str(name), sure=True)
        if named:
            return SumSeries(key, str(named[0]), sure=False)
    return None


def are_same_numbers(whole: np.ndarray, made: np.ndarray, rounding: float = _SUM_TOLERANCE) -> bool:
    """Return whether numbers are those that others make, but for rounding and slips: (rows,) and (rows,)."""
    if len(whole) < _FEWEST_SUMS or not np.isfinite(whole).all() or np.ptp(whole) == 0:
        return False
    return bool(np.isclose(whole, made, rtol=rounding, atol=0).mean() >= _SUM_SHARE)


def find_names_above(case: TableCase) -> Iterator[Finding]:
    """Yield which columns name a series in its first row alone, as merged cells and pivot tables do."""
    frame = case.frame
    gaps = {
        column: is_missing(frame[column])
        for column in frame.columns[: len(frame.columns) - 1]
        if frame[column].dtype == "str"
    }
    sparse = tuple(column for column, gap in gaps.items() if _stand_above(gap))
    if not sparse or case.has_times:
        return
    times = next((one.columns for one in time_candidates(frame) if not set(one.columns) & set(sparse)), None)
    if times is None or not frame[list(times)].duplicated().any():
        return
    filled = frame.assign(**{column: frame[column].ffill() for column in sparse})
    if filled[[*sparse, *times]].duplicated().any():
        return
    example = int(np.flatnonzero(gaps[sparse[0]])[0])
    yield Finding(
        key="names above",
        severity="must",
        sentence=(
            f"{quote_names(sparse)} {verb_form(sparse, 'is', 'are')} filled only where a new series begins, "
            f"and empty below it, first in {case.describe_row(example)}."
        ),
        columns=sparse,
        rows=first_positions(gaps[sparse[0]]),
        fixes=(Fix("Repeat each name in the rows below it", FillDown(columns=sparse)),),
        choice="clear",
    )


def _stand_above(gap: np.ndarray) -> bool:
    """Return whether most cells are empty, but never the first."""
    return bool(len(gap) > 2 and not gap[0] and 0.5 <= gap.mean() < 1 and (~gap).sum() >= 2)
