"""Where in a sheet of cells the table is: titles stand above many, totals and sources below."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.data.parsing.date_parsing import DateColumn
from components.data.parsing.number_parsing import NumberFormat, is_missing
from components.recipe import TableEnd

EDGE_ROWS = 100
"""Rows at each end of a sheet in which its table is looked for to begin and to end."""

_NUMBER_FORMATS = (NumberFormat(".", ","), NumberFormat(",", "."))
SUM_NAME = re.compile(
    r"(grand |sub-?)?(total(e|en|s)?|sums?|summe|gesamt\w*|insgesamt|somme|suma|soma|average|mean|mittelwert|"
    r"moyenne|promedio|media|итого|合计|合計)\s*:?",
    re.IGNORECASE,
)
"""What begins a row that adds up those above it, or averages them."""
_LONG_WORD = re.compile(r"[^\W\d_]{3,}")
_MIN_UPPER_NAMES = 2  # cells of a row above the names that belongs to them
_MAX_CHARACTERS = 60  # characters of what was left out that a note shows

Rows = Sequence[Sequence[str]]
NumberedRows = Sequence[tuple[int, Sequence[str]]]
"""Rows, each with its number, as people count them."""


@dataclass(frozen=True)
class MarginRows:
    """Rows at one end of a sheet that look like titles or notes.

    Attributes:
        end: of the table.
        sentence: which rows, what stands in the first, and whether they were left out.
        rows: how many.
        kept: whether they are read as a part of the table all the same.
    """

    end: TableEnd
    sentence: str
    rows: int
    kept: bool


def count_title_rows(rows: Rows) -> int:
    """Return the number of rows above a table's header, or over its first row where it has none.

    Args:
        rows: the first ones of a sheet, those apart that are empty.
    """
    filled = _filled_counts(rows)
    # Titles are few; what comes later tells how full a row of the table is.
    usual = float(np.median(filled[len(filled) // 2 :])) if len(filled) else 0.0
    first = next(
        (at for at, cells in enumerate(filled) if 2 * cells > usual or _lacks_first_name(rows[at], cells)), 0
    )
    if first and may_be_header(rows[first]):
        return _with_upper_names(rows, first)
    # Without a header nothing tells a title from a row with gaps but what stands in it.
    return next((at for at in range(first) if are_values([_first_cell(rows[at])])[0]), first)


def count_note_rows(rows: Rows, usual: float) -> int:
    """Return the number of rows below a table's last one: totals, and half empty ones without values.

    Args:
        rows: the last ones of a sheet, those apart that are empty.
        usual: cells that are filled in a row of the table.
    """
    count = 0
    # What is named so further up as well is a series of the table.
    firsts = [_first_cell(cells) for cells in rows]
    forms = {_form(cell) for cells in rows if 2 * sum(map(bool, cells)) > usual for cell in cells}
    for cells in reversed(rows):
        words = [cell for cell in cells if cell]
        # A date behind a word, as in “Downloaded 2024-01-31”, is a value only where others are written so.
        written = np.array([_form(cell) in forms or not _LONG_WORD.match(cell) for cell in words], bool)
        is_note = 2 * len(words) <= usual and not (are_values(words) & written).any()
        name = _first_cell(cells)
        if not is_note and (not SUM_NAME.fullmatch(name) or firsts.count(name) > 1):
            break
        count += 1
    return count if count < len(rows) else 0


def typical_width(rows: Rows) -> float:
    """Return how many cells are filled in a row, as a rule."""
    return float(np.median(_filled_counts(rows))) if len(rows) else 0.0


def may_be_header(cells: Sequence[str]) -> bool:
    """Return whether a row may be a header: something stands in it that is neither number nor date."""
    return not are_values(cells).all()


def are_values(cells: Sequence[str]) -> np.ndarray:
    """Return whether each cell is empty, a number or a date, as people write them: bool (cells,)."""
    texts = pd.Series(cells, dtype="str")
    values = is_missing(texts)
    for style in _NUMBER_FORMATS:
        values = values | np.isfinite(style.read(texts))
    return values | ~np.isnat(DateColumn.of(texts).times())


def margin_rows(
    titles: NumberedRows, notes: NumberedRows, keep: Sequence[TableEnd]
) -> tuple[MarginRows, ...]:
    """Return the rows at both ends, where there are any.

    Args:
        titles: above the table.
        notes: below it.
        keep: at which ends they are kept.
    """
    ends: tuple[tuple[TableEnd, NumberedRows], ...] = (("above", titles), ("below", notes))
    return tuple(
        MarginRows(end, _margin_sentence(end, rows, end in keep), len(rows), end in keep)
        for end, rows in ends
        if rows
    )


def _margin_sentence(end: TableEnd, rows: NumberedRows, kept: bool) -> str:
    """Return which rows were left out, or kept all the same, and what stands in the first of them."""
    (first, cells), (last, _) = rows[0], rows[-1]
    shown = " ".join(" ".join(cell for cell in cells if cell).split())
    shown = f"{shown[:_MAX_CHARACTERS]}…" if len(shown) > _MAX_CHARACTERS else shown
    if len(rows) == 1:
        done = "is kept as part of it" if kept else "was left out"
        return f"Row {first:,}, {end} the table, {done}: “{shown}”."
    done = "are kept as part of it" if kept else "were left out"
    which = f"Rows {first:,} to {last:,}" if last - first == len(rows) - 1 else f"{len(rows)} rows"
    return f"{which}, {end} the table, {done}: “{shown}” and so on."


def _with_upper_names(rows: Rows, first: int) -> int:
    """Return the first row of a header: names that stand twice are told apart by those in the row above."""
    while first:
        names = [cell for cell in rows[first] if cell]
        if len(set(names)) == len(names) or sum(map(bool, rows[first - 1])) < _MIN_UPPER_NAMES:
            break
        first -= 1
    return first


def _lacks_first_name(cells: Sequence[str], filled: int) -> bool:
    """Return whether a row names all columns but the first: that one often holds days or the rows' names."""
    return not cells[0] and filled == len(cells) - 1 > 0


def _form(cell: str) -> str:
    """Return which of words and numbers follow each other in a cell."""
    return re.sub(r"\d+", "0", re.sub(r"[^\W\d_]+", "a", re.sub(r"[\W_]+", " ", cell))).strip()


def _filled_counts(rows: Rows) -> list[int]:
    return [sum(map(bool, cells)) for cells in rows]


def _first_cell(cells: Sequence[str]) -> str:
    return next((cell for cell in cells if cell), "")
