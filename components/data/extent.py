"""Where in a sheet of cells the table is: titles stand above many, totals and sources below."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from components.data.moments import Dates
from components.data.numerals import Style, absent

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


def say(where: str, numbers: Sequence[int], rows: Rows) -> str:
    """Say which rows were left out, and what stands in the first of them.

    Args:
        where: above or below.
        numbers: of the rows, as people count them.
        rows: what stands in them.
    """
    shown = " ".join(" ".join(cell for cell in rows[0] if cell).split())
    shown = f"{shown[:_SHOWN]}…" if len(shown) > _SHOWN else shown
    if len(numbers) == 1:
        return f"Row {numbers[0]:,}, {where} the table, was left out: “{shown}”."
    first, last = numbers[0], numbers[-1]
    which = f"Rows {first:,} to {last:,}" if last - first == len(numbers) - 1 else f"{len(numbers)} rows"
    return f"{which}, {where} the table, were left out: “{shown}” and so on."


def _lacks_one(cells: Sequence[str], filled: int) -> bool:
    """Tell whether a row names all columns but the first: that one often holds days or the rows' names."""
    return not cells[0] and filled == len(cells) - 1 > 0


def _filled(rows: Rows) -> list[int]:
    return [sum(map(bool, cells)) for cells in rows]


def _first_cell(cells: Sequence[str]) -> str:
    return next((cell for cell in cells if cell), "")
