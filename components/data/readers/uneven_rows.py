"""The rows of a delimited text that aren't all alike: some short, some long, comments among them."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from components.data.tables.header_rows import Header

_COMMENT = re.compile(r"\A\s*(?:#|//|%)")
_ROW_NAMES_SHARE = 0.9  # of the rows that have one cell more than there are names, where one names the row
_MOST_UNEVEN = 0.7  # share of the rows that may be uneven: with more, this is no table


@dataclass
class EvenRows:
    """Makes rows equally long, and keeps the numbers of those that weren't.

    Attributes:
        width: cells of each.
        uneven: what becomes of the others; None: short ones are filled, long ones left out.
        short: numbers of the rows with too few cells.
        long: of those with too many.
        comments: of those that are comments.
        rows: how many came out.
    """

    width: int
    uneven: str | None
    short: list[int] = field(default_factory=list)
    long: list[int] = field(default_factory=list)
    comments: list[int] = field(default_factory=list)
    rows: int = 0

    def __call__(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
        """Yield numbered rows, each with as many cells."""
        for number, row in rows:
            cells = _without_last_empty(row, self.width)
            if not any(cells):
                continue
            if _COMMENT.match(cells[0]) and (len(cells) != self.width or cells[0].lstrip().startswith("#")):
                self.comments.append(number)
                continue
            if len(cells) < self.width:
                self.short.append(number)
                if self.uneven == "drop":
                    continue
                cells = [*cells, *[""] * (self.width - len(cells))]
            elif len(cells) > self.width:
                self.long.append(number)
                if self.uneven != "fill":
                    continue
                cells = cells[: self.width]
            self.rows += 1
            yield number, cells

    @property
    def is_table(self) -> bool:
        """Whether enough of the rows were even, and some are left."""
        odd = len(self.short) + len(self.long)
        return self.rows > 0 and odd <= _MOST_UNEVEN * (odd + self.rows)


def is_comment(cells: Sequence[str]) -> bool:
    """Return whether a row is a comment."""
    return bool(cells) and bool(_COMMENT.match(cells[0]))


def table_width(header: Header, rows: Sequence[Sequence[str]]) -> tuple[int, tuple[str, ...]]:
    """Return how many columns a table has, and their names.

    Args:
        header: of it; as R writes it, a name for the first column may lack.
        rows: some below it.
    """
    names = list(header.names)
    while names and header.rows and not names[-1]:
        names.pop()
    widths = Counter(len(_without_last_empty(row, len(names))) for row in rows)
    usual, often = widths.most_common(1)[0] if widths else (len(names), 0)
    if not header.rows:
        return max(usual, 1), ("",) * max(usual, 1)
    if usual == len(names) + 1 and often >= _ROW_NAMES_SHARE * widths.total():
        return usual, ("", *names)
    width = max(usual, len(names)) if 2 * often > widths.total() else len(names)
    return width, (*names, *[""] * (width - len(names)))


def parse_whitespace(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a text whose cells stand apart by spaces, numbered from 1."""
    yield from enumerate(csv.reader(map(_single_spaces, lines), delimiter=" "), 1)


def _single_spaces(line: str) -> str:
    return " ".join(line.split())


def _without_last_empty(row: Sequence[str], width: int) -> list[str]:
    """Return a row without the empty cells that go beyond a width."""
    cells = list(row)
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    return cells
