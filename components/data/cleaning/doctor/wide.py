"""Finds times that stand in the header of a table, where each row is a series, or a part of one."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from components.data.cleaning.doctor.finding import (
    Finding,
    Fix,
    TableCase,
    count_phrase,
    quote_cell,
    quote_names,
    verb_form,
)
from components.data.cleaning.doctor.time_candidates import has_clock, holds_part, is_date_column
from components.data.cleaning.doctor.totals import are_same_numbers
from components.data.parsing.number_parsing import NumberFormat, is_missing
from components.data.tables.wide_format import HeaderPart, HeaderTimes, find_header_times
from components.recipe import DropColumns, Unpivot
from components.recipe.cleaning import TimePart

_SUM_ROUNDING = 0.01  # of a sum or a mean, by which rounding may move it
_NUMBER_SHARE = 0.5  # of the filled cells below times in a header that begin with a digit, at least
_WORDS: dict[HeaderPart, tuple[str, str]] = {
    "year": ("years", "year"),
    "quarter": ("quarters", "quarter"),
    "month": ("months", "month"),
    "day": ("days of the month", "day"),
    "hour": ("hours", "hour"),
    "clock": ("times of day", "time"),
    "date": ("dates", "date"),
    "step": ("steps", "step"),
}


def find_wide_table(case: TableCase) -> Iterator[Finding]:
    """Yield whether times stand in the header."""
    if case.has_times:
        return
    frame = case.frame
    header = wide_header(frame)
    if header is None:
        return
    ids = tuple(column for column in frame.columns if column not in {*header.columns, *header.left_out})
    plural, name = _WORDS[header.part]
    step = Unpivot(
        ids=ids,
        left_out=header.left_out,
        time=_free_name(name, ids),
        number=_free_name("value", (*ids, name)),
    )
    first, last = header.columns[0], header.columns[-1]
    sentence = (
        f"The header holds {plural}, {quote_cell(first)} to {quote_cell(last)} in "
        f"{count_phrase(len(header.columns), 'column')}, so each row is "
    )
    square = header.part in {"month", "quarter", "day", "hour", "clock"} or _has_season_rows(frame, ids)
    sentence += "a stretch of time." if square else "a series."
    if header.left_out:
        sentence += (
            f" {quote_names(header.left_out)} {verb_form(header.left_out, 'isn’t', 'aren’t')} one of them."
        )
    label = (
        "Make one row of each cell" if square else f"Make {count_phrase(len(frame), 'series')} of the rows"
    )
    if len(frame) == 1:
        label = "Make a series of the row"
    offers = [Fix(label.replace("seriess", "series"), step)]
    if ids:
        offers.append(
            Fix(
                f"Leave {quote_names(ids)} out: each column is a series and each row a step",
                DropColumns(columns=ids),
            )
        )
    yield Finding(
        key="wide table",
        severity="must",
        sentence=sentence.replace("’", "'"),
        columns=header.columns,
        fixes=tuple(offers),
    )


def wide_header(frame: pd.DataFrame) -> HeaderTimes | None:
    """Return the times in a table's header; None where it has none, or its rows have times of their own."""
    others = [column for column in frame.columns if not column.strip()[:1].isdigit()]
    has_year = any(holds_part(frame[column], "year") for column in others)
    has_month = any(holds_part(frame[column], "month") for column in others)
    dates = [column for column in others if is_date_column(frame[column]) and not has_clock(frame[column])]
    has_date = bool(dates) or (has_year and has_month and any(holds_part(frame[c], "day") for c in others))
    found = find_header_times(tuple(frame.columns), has_year=has_year, has_month=has_month, has_date=has_date)
    if found is None or not _are_numbers(frame[list(found.columns)]):
        return None
    found = replace(found, left_out=(*found.left_out, *_sums(frame, found)))
    ids = [column for column in frame.columns if column not in {*found.columns, *found.left_out}]
    if not ids and len(frame) > 1:
        return None  # nothing says whose rows they are
    if found.part in {"year", "date", "step"}:
        if found.part != "year" and any(is_date_column(frame[column]) for column in ids):
            return None
        if found.part == "year" and (has_year or any(_is_full_date(frame[column]) for column in ids)):
            return None
        if found.part == "step" and not (_name_rows(frame, ids) and len(frame) <= len(found.columns) * 50):
            return None
    return found


def _sums(frame: pd.DataFrame, header: HeaderTimes) -> tuple[str, ...]:
    """Return the columns beside the times that hold the sum or the mean of each row, whatever their names."""
    others = [column for column in frame.columns if column not in {*header.columns, *header.left_out}]
    for style in (NumberFormat(), NumberFormat(",", ".")):
        cells = np.column_stack([_read(frame[column], style) for column in header.columns])
        if not np.isfinite(cells).any():
            continue
        made = (
            np.nansum(cells, axis=1),
            np.nansum(cells, axis=1) / np.maximum(np.isfinite(cells).sum(axis=1), 1),
        )
        found = tuple(
            column
            for column in others
            if any(are_same_numbers(_read(frame[column], style), sums, _SUM_ROUNDING) for sums in made)
        )
        if found:
            return found
    return ()


def _read(column: pd.Series, style: NumberFormat) -> np.ndarray:
    return column.to_numpy() if column.dtype == np.float64 else style.read(column.astype("str"))


def _name_rows(frame: pd.DataFrame, ids: list[str]) -> bool:
    """Return whether text in the first columns says whose row each is."""
    words = [column for column in ids if frame[column].dtype == "str"]
    return bool(words) and not frame[words].duplicated().any() and not frame[words].isna().all(axis=1).any()


def _is_full_date(column: pd.Series) -> bool:
    """Return whether a column holds days of certain years, rather than months that come again each year."""
    return is_date_column(column) and not holds_part(column, "month")


def _has_season_rows(frame: pd.DataFrame, ids: tuple[str, ...]) -> bool:
    """Return whether the rows are the months or weeks of the years in the header."""
    parts: tuple[TimePart, ...] = ("month", "quarter", "week")
    return any(holds_part(frame[column], part) for column in ids for part in parts)


def _are_numbers(cells: pd.DataFrame) -> bool:
    filled = numbers = 0
    for column in cells.columns:
        values = cells[column]
        if values.dtype == np.float64:
            filled, numbers = filled + int(values.notna().sum()), numbers + int(values.notna().sum())
        elif values.dtype == "str":
            texts = values[~is_missing(values)]
            filled += len(texts)
            numbers += int(texts.str.match(r"\s*[<>~(+\-−]?\s*[$€£]?\s*[.,]?\d").sum())
    return filled > 0 and numbers >= _NUMBER_SHARE * filled


def _free_name(name: str, taken: tuple[str, ...]) -> str:
    return name if name not in taken else f"{name} in the header"
