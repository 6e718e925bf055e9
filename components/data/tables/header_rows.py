"""Which rows at the top of a table name its columns: none, one, several, and what else stands below them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.data.parsing.date_parsing import DateColumn
from components.data.parsing.number_parsing import NumberFormat, is_missing
from components.data.tables.table_bounds import Rows, are_values
from components.recipe import MOST_HEADER_ROWS

_FEW_DATES = 3
_FEW_BELOW = 2  # rows below the names, of which one may name the rows
_MOST_BELOW = 20  # rows of units and remarks below the names
_VALUE_SHARE = 0.7  # of a column's cells that are values, at least, where it holds values
_DIGITS_OF_A_DAY = r"[12]\d{3}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_MARKED_NUMBERS = (NumberFormat(footnotes=True), NumberFormat(",", ".", footnotes=True))
_LONG_NAME = 40  # characters of a name, at most, among texts
_SENTENCE_END = re.compile(r"\A[^\w\n]*+\w.*[.!?。！？…]['\"”»]?")
_KNOWN_NAME = re.compile(
    r"\A(?:"
    r"(?:v|col|column|field|text|sentence|label|class|target|source|src|tgt|id|input|output|question|answer)"
    r"[\s_-]?\d*|.*(?:text|label|sentence|category|sentiment|review|title|name|english|french|german|spanish|"
    r"language|message|comment|content|body|tweet|prompt|response|summary|source|target)s?)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Header:
    """The rows that name a table's columns.

    Attributes:
        names: of the columns; empty where a column has none.
        rows: how many name them, the first ones.
        below: how many after these hold no values, such as a row of units.
        sure: whether nothing else can be meant.
    """

    names: tuple[str, ...]
    rows: int
    below: int = 0
    sure: bool = True


@dataclass(frozen=True)
class HeaderChoice:
    """What was guessed of a header, and how else it may be read.

    Attributes:
        sentence: which rows name the columns, and which were left out below them.
        others: numbers of header rows that a person may choose instead.
    """

    sentence: str
    others: tuple[int, ...]


def find_header(rows: Rows, chosen: int | None = None) -> Header:
    """Find the names of a table's columns.

    Args:
        rows: the first ones of a table, those apart that are empty.
        chosen: how many name the columns, where a person said so.

    Example:
        >>> find_header([["date", "x"], ["", "kg"], ["2020-01-01", "5"], ["2020-01-02", "6"]])
        Header(names=('date', 'x'), rows=1, below=1, sure=False)
    """
    width = max((len(row) for row in rows), default=0)
    even = [[*row, *[""] * (width - len(row))] for row in rows]
    if chosen is not None:
        rows_of_names = min(chosen, len(even) - 1)
        return Header(_joined(even[:rows_of_names], width), rows_of_names)
    if len(even) < 2:
        return _single(even, width)
    empty, values = _kinds(even)
    later = slice(min(_MOST_BELOW, len(even) // 2), None)
    filled = (~empty[later]).sum(axis=0)
    numeric = (filled > 0) & (((values & ~empty)[later].sum(axis=0)) >= _VALUE_SHARE * np.maximum(filled, 1))
    if not numeric.any():
        return _text_header(even, width)
    above = _rows_without_values(empty, values, numeric)
    if above == 0:
        counts = _counts(even, numeric | ((filled == 0) & ~empty[0]))
        return Header(tuple(even[0]), 1, sure=False) if counts else Header(("",) * width, 0)
    return _named_by(even[:above], width)


def header_choice(header: Header, numbers: Sequence[int], rows: Rows) -> HeaderChoice | None:
    """Return what to say of a header; None where there is nothing to say.

    Args:
        header: of a table.
        numbers: of the first rows, as people count them.
        rows: the first ones.
    """
    if header.sure and header.rows == 1 and not header.below:
        return None
    if header.rows == 0:
        return HeaderChoice("No row names the columns; the first one is read as values.", (1,))
    last = numbers[header.rows - 1]
    if header.rows == 1:
        sentence = f"Row {numbers[0]:,} names the columns."
        others = [0]
    else:
        sentence = f"Rows {numbers[0]:,} to {last:,} name the columns together."
        others = [1]
    if header.below:
        first, end = header.rows, header.rows + header.below
        shown = " ".join(" ".join(filter(None, rows[first])).split())[:60]
        which = (
            f"Row {numbers[first]:,}"
            if header.below == 1
            else f"Rows {numbers[first]:,} to {numbers[end - 1]:,}"
        )
        was = "was" if header.below == 1 else "were"
        sentence += f" {which} below {'it' if header.rows == 1 else 'them'} {was} left out: “{shown}”."
        others = [header.rows]
        if header.rows + header.below <= MOST_HEADER_ROWS:
            others.append(header.rows + header.below)
    return HeaderChoice(sentence, tuple(others))


def _single(rows: list[list[str]], width: int) -> Header:
    if rows and not are_values(rows[0]).all():
        return Header(tuple(rows[0]), 1)
    return Header(("",) * width, 0)


def _kinds(rows: list[list[str]]) -> tuple[np.ndarray, np.ndarray]:
    """Return which cells are empty or mean that, and which are values: bool (rows, columns)."""
    flat = [cell for row in rows for cell in row]
    shape = (len(rows), len(rows[0]))
    texts = pd.Series(flat, dtype="str")
    values = are_values(flat).reshape(shape)
    for style in _MARKED_NUMBERS:  # at the top, “1s” may be a name; below it, it is a number and its mark
        values[1:] |= np.isfinite(style.read(texts)).reshape(shape)[1:]
    empty = is_missing(texts).reshape(shape)
    empty[1:] |= ~texts.str.contains(r"\w").to_numpy(bool).reshape(shape)[1:]  # such as “:” of Eurostat
    return empty, values


def _rows_without_values(empty: np.ndarray, values: np.ndarray, numeric: np.ndarray) -> int:
    """Return how many rows at the top hold no values in the columns that hold values further down."""
    count = 0
    for row in range(min(len(empty) - 1, _MOST_BELOW + MOST_HEADER_ROWS)):
        there = ~empty[row] & numeric
        if not there.any():
            # A row that says something only elsewhere belongs to the header where that goes on.
            if row == 0 or empty[row].all() or not _names_only_first(empty[row]):
                if row == 0 and not empty[row].all():
                    count += 1
                    continue
                break
            count += 1
            continue
        if 2 * (values[row] & there).sum() > there.sum():
            break
        count += 1
    return count


def _names_only_first(empty: np.ndarray) -> bool:
    return bool(not empty[0] and empty[1:].all())


def _named_by(above: list[list[str]], width: int) -> Header:
    """Return the names that rows without values give: as many of them together as it takes to be unique."""
    rows = 1
    while rows < min(len(above), MOST_HEADER_ROWS) and (
        not _tell_apart(_joined(above[:rows], width)) or _fills_gaps(above[rows - 1], above[rows])
    ):
        rows += 1
    names = list(_joined(above[:rows], width))
    rest = above[rows:]
    for row in rest:
        # The name of the rows stands below the others where pandas writes it.
        if row[0] and not any(row[1:]) and len(rest) <= _FEW_BELOW:
            names[0] = row[0]
    return Header(tuple(names), rows, len(rest), sure=rows == 1 and not rest)


def _tell_apart(names: Sequence[str]) -> bool:
    """Return whether names are unique, and no more than the first and a few others are empty."""
    filled = [name for name in names if name]
    return len(set(filled)) == len(filled) and 2 * len(filled) >= len(names)


def _fills_gaps(upper: list[str], lower: list[str]) -> bool:
    """Return whether a row names all columns right of the first that the row above leaves without a name."""
    gaps = [column for column in range(1, len(upper)) if not upper[column]]
    return bool(gaps) and all(lower[column] for column in gaps)


def _joined(rows: list[list[str]], width: int) -> tuple[str, ...]:
    """Join the names of several rows, from the top down; a merged cell names the columns to its right too."""
    if not rows:
        return ("",) * width
    if len(rows) == 1:
        return tuple(rows[0])
    spread = []
    for number, row in enumerate(rows):
        if number == len(rows) - 1:
            spread.append(row)
            continue
        held = ""
        wide = []
        for column, cell in enumerate(row):
            below = any(later[column] for later in rows[number + 1 :])
            held = cell or (held if below and column else "")
            wide.append(held)
        spread.append(wide)
    names = []
    for column in range(width):
        parts = list(dict.fromkeys(row[column] for row in spread if row[column]))
        names.append(parts[-1] if column == 0 and parts else " ".join(parts))
    return tuple(names)


def _counts(rows: list[list[str]], numeric: np.ndarray) -> bool:
    """Return whether the numbers of the first row count, as names do and values don't."""
    if _are_dates_above_numbers(rows, numeric):
        return True
    # A word above numbers is a name, and says that what stands beside it may be one.
    worded = numeric & ~are_values(rows[0])
    numeric = numeric & ~worded
    if not numeric.any():
        return False
    first = _steps_of(rows[0], numeric)
    if first is None or not all(rows[0][n] for n in np.flatnonzero(numeric)):
        return False
    return bool(worded.any()) or all(_steps_of(row, numeric) != first for row in rows[1:4])


def _are_dates_above_numbers(rows: list[list[str]], numeric: np.ndarray) -> bool:
    """Return whether the first row holds rising or falling dates, and the rows below it plain numbers."""
    columns = np.flatnonzero(numeric)
    first = pd.Series([rows[0][n] for n in columns], dtype="str")
    below = pd.Series([row[n] for row in rows[1:] for n in columns if row[n]], dtype="str")
    if len(columns) < _FEW_DATES:
        return False
    digits = first.str.fullmatch(_DIGITS_OF_A_DAY).all() and not below.str.fullmatch(_DIGITS_OF_A_DAY).any()
    if np.isfinite(NumberFormat().read(first)).any() and not digits:
        return False
    times = DateColumn.of(first).times()
    steps = np.diff(times).astype(np.int64)
    rising = not np.isnat(times).any() and bool((steps > 0).all() or (steps < 0).all())
    read = [np.isfinite(style.read(below)).mean() for style in _MARKED_NUMBERS]
    return rising and bool(max(read) >= _VALUE_SHARE)


def _steps_of(row: list[str], numeric: np.ndarray) -> tuple[float, bool] | None:
    """Return how far apart a row's numbers are, where they count, and whether they are years."""
    cells = pd.Series([row[n] for n in np.flatnonzero(numeric)], dtype="str")
    numbers = NumberFormat().read(cells)
    if len(numbers) < 2 or not np.isfinite(numbers).all() or (numbers != np.floor(numbers)).any():
        return None
    steps = np.diff(numbers)
    if (steps != steps[0]).any() or steps[0] not in {1, -1, 2, 5, 10, -10, -5, -2}:
        return None
    years = bool((numbers >= 1000).all() and (numbers <= 2999).all())
    counts = len(numbers) >= _FEW_DATES and abs(steps[0]) == 1 and numbers.min() in {0, 1}
    return (float(steps[0]), years) if years or counts else None


# --- Tables of text --------------------------------------------------------------------------------


def _text_header(rows: list[list[str]], width: int) -> Header:
    """Tell by what its cells are like whether the first row of a table of texts names the columns."""
    first, others = rows[0], rows[1:]
    named = 0
    for column, cell in enumerate(first):
        if not cell:
            continue
        below = [row[column] for row in others if row[column]]
        if cell in below or _SENTENCE_END.fullmatch(cell) or len(cell) > _LONG_NAME:
            return Header(("",) * width, 0, sure=False)
        usual = float(np.median([len(text) for text in below])) if below else 0.0
        named += bool(_KNOWN_NAME.fullmatch(cell)) or (2 * len(cell) <= usual and len(cell.split()) <= 3)
    if any(_KNOWN_NAME.fullmatch(cell) for cell in first if cell):
        return Header(tuple(first), 1)
    return Header(tuple(first), 1, sure=named > 0)
