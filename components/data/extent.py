"""Where in a sheet of cells the table is: titles stand above many, totals and sources below."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.data.moments import Dates
from components.data.numerals import Style, absent
from components.recipe import End

LOOKED_AT = 100
"""Rows at each end of a sheet in which its table is looked for to begin and to end."""

_STYLES = (Style(".", ","), Style(",", "."))
# What begins a row that adds up those above it, or averages them.
_TOTAL = re.compile(
    r"(grand |sub-?)?(total(e|en|s)?|sums?|summe|gesamt\w*|insgesamt|somme|suma|soma|average|mean|mittelwert|"
    r"moyenne|promedio|media|итого|合计|合計)\s*:?",
    re.IGNORECASE,
)
_SHOWN = 60  # characters of what was left out that a note shows

Rows = Sequence[Sequence[str]]
Numbered = Sequence[tuple[int, Sequence[str]]]
"""Rows, each with its number, as people count them."""


@dataclass(frozen=True)
class Cut:
    """Rows at one end of a sheet that look like titles or notes.

    Attributes:
        end: of the table.
        sentence: which rows, what stands in the first, and whether they were left out.
        rows: how many.
        kept: whether they are read as a part of the table all the same.
    """

    end: End
    sentence: str
    rows: int
    kept: bool


def above(rows: Rows) -> int:
    """Count the rows over a table's header, or over its first row where it has none.

    Args:
        rows: the first ones of a sheet, those apart that are empty.
    """
    filled = _filled(rows)
    # Titles are few; what comes later tells how full a row of the table is.
    usual = float(np.median(filled[len(filled) // 2 :])) if len(filled) else 0.0
    first = next(
        (at for at, cells in enumerate(filled) if 2 * cells > usual or _lacks_one(rows[at], cells)), 0
    )
    if first and has_names(rows[first]):
        return first
    # Without a header nothing tells a title from a row with gaps but what stands in it.
    return next((at for at in range(first) if are_values([_first_cell(rows[at])])[0]), first)


def below(rows: Rows, usual: float) -> int:
    """Count the rows under a table's last one: totals, and half empty ones without a number or a date.

    Args:
        rows: the last ones of a sheet, those apart that are empty.
        usual: cells that are filled in a row of the table.
    """
    count = 0
    for cells in reversed(rows):
        words = [cell for cell in cells if cell]
        is_note = 2 * len(words) <= usual and not are_values(words).any()
        if not is_note and not _TOTAL.fullmatch(_first_cell(cells)):
            break
        count += 1
    return count if count < len(rows) else 0


def usual_width(rows: Rows) -> float:
    """Give how many cells are filled in a row, as a rule."""
    return float(np.median(_filled(rows))) if len(rows) else 0.0


def has_names(cells: Sequence[str]) -> bool:
    """Tell whether a row may be a header: something stands in it that is neither number nor date."""
    return not are_values(cells).all()


def are_values(cells: Sequence[str]) -> np.ndarray:
    """Tell of each cell whether it is empty, a number or a date, as people write them: bool (cells,)."""
    texts = pd.Series(cells, dtype="str")
    values = absent(texts)
    for style in _STYLES:
        values = values | np.isfinite(style.read(texts))
    return values | ~np.isnat(Dates.of(texts).times())


def cuts(titles: Numbered, notes: Numbered, keep: Sequence[End]) -> tuple[Cut, ...]:
    """Take note of the rows at both ends, where there are any.

    Args:
        titles: above the table.
        notes: below it.
        keep: at which ends they are kept.
    """
    ends: tuple[tuple[End, Numbered], ...] = (("above", titles), ("below", notes))
    return tuple(Cut(end, _say(end, rows, end in keep), len(rows), end in keep) for end, rows in ends if rows)


def _say(end: End, rows: Numbered, kept: bool) -> str:
    """Say which rows were left out, or kept all the same, and what stands in the first of them."""
    (first, cells), (last, _) = rows[0], rows[-1]
    shown = " ".join(" ".join(cell for cell in cells if cell).split())
    shown = f"{shown[:_SHOWN]}…" if len(shown) > _SHOWN else shown
    if len(rows) == 1:
        done = "is read as a part of it" if kept else "was left out"
        return f"Row {first:,}, {end} the table, {done}: “{shown}”."
    done = "are read as a part of it" if kept else "were left out"
    which = f"Rows {first:,} to {last:,}" if last - first == len(rows) - 1 else f"{len(rows)} rows"
    return f"{which}, {end} the table, {done}: “{shown}” and so on."


def _lacks_one(cells: Sequence[str], filled: int) -> bool:
    """Tell whether a row names all columns but the first: that one often holds days or the rows' names."""
    return not cells[0] and filled == len(cells) - 1 > 0


def _filled(rows: Rows) -> list[int]:
    return [sum(map(bool, cells)) for cells in rows]


def _first_cell(cells: Sequence[str]) -> str:
    return next((cell for cell in cells if cell), "")
