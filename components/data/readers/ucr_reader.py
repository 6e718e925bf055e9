"""Sequences as the UCR archive writes them: a line each, first its class, then its values, no header."""

import re
from itertools import islice
from pathlib import Path

import numpy as np

from components.data.datasets import Classes, Provenance, Sequences, concatenate_sequences
from components.data.parsing.encoding import decode, read_beginning
from components.data.tables.row_sequences import follow_along
from components.errors import DataError
from components.recipe import Upload

_BEGINNING = 1 << 20  # bytes by which such a file is known
_MOST_BYTES = 100 << 20  # which are in memory as a whole
_MOST_NUMBERS = 50_000_000
_LINES = 400  # at the beginning that are looked at
_MIN_LINES, _MIN_VALUES = 4, 8
_MOST_CLASSES = 100
_YEARS = (1500, 2200)
_NUMBER = re.compile(r"[+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?|[nN]a[nN]|NA|\?")


def read_ucr(path: Path, reference: Upload, provenance: Provenance) -> Sequences | None:
    """Read sequences; None where a file is something else.

    The format is that of Dau and others, https://www.cs.ucr.edu/~eamonn/time_series_data_2018: tabs, commas
    or spaces part the values, and shorter sequences end in NaN. A value that is missing between others is
    filled by a straight line between its neighbours, and that is noted.

    Args:
        path: where the file lies.
        reference: of the file; its name stands in messages.
        provenance: of the data.

    Raises:
        DataError: naming the line where that applies, counted from 1.
    """
    name = reference.name
    if path.stat().st_size > _MOST_BYTES:
        return None
    with path.open("rb") as file:
        try:
            beginning = read_beginning(file, _BEGINNING, name)
        except DataError:
            return None
    whole = beginning.split("\n")[:-1] or [beginning]  # the last one may be cut off
    if not _is_ucr(list(islice((line for line in whole if line.strip()), _LINES))):
        return None
    text, notes = decode(path.read_bytes(), name)
    sequences, labels, filled = [], [], 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        cells = _cells(line)
        where = f"{name}, line {number}"
        if not all(map(_NUMBER.fullmatch, cells)):
            odd = next(cell for cell in cells if not _NUMBER.fullmatch(cell))
            raise DataError(
                f"“{odd[:40]}” isn't a number.", where=where, remedy="Fix the file, then upload it again."
            )
        values = _numbers(cells[1:])
        known = np.flatnonzero(~np.isnan(values))
        if not len(known):
            raise DataError(
                "All values of this sequence are missing.", where=where, remedy="Remove this line."
            )
        values = values[: known[-1] + 1]
        gaps = np.isnan(values)
        values[gaps] = np.interp(np.flatnonzero(gaps), known, values[known])
        filled += int(gaps.sum())
        sequences.append(values.astype(np.float32)[:, None])
        labels.append(f"{float(cells[0]):g}")
        if len(sequences) * len(values) > _MOST_NUMBERS:
            raise DataError("The file holds too many values.", where=name, remedy="Upload fewer sequences.")
    values, offsets = concatenate_sequences(sequences)
    notes = (
        *notes,
        "Each line was read as a sequence: first its class, then its values, as in the UCR archive.",
        *([f"{filled:,} missing values are interpolated linearly."] if filled else []),
    )
    return Sequences(
        reference, name, provenance, values, offsets, ("value",), answer=Classes.of(labels), notes=notes
    )


def _is_ucr(lines: list[str]) -> bool:
    """Return whether lines are sequences with their classes, rather than the rows of a table over time."""
    rows = [_cells(line) for line in lines]
    if len(rows) < _MIN_LINES or not all(len(row) > _MIN_VALUES for row in rows):
        return False
    if not all(_NUMBER.fullmatch(cell) for row in rows for cell in row):
        return False
    first = _numbers([row[0] for row in rows])
    if not np.array_equal(first, np.round(first)):  # not so where one is missing, either
        return False
    classes, counts = np.unique(first, return_counts=True)
    if not 2 <= len(classes) <= min(_MOST_CLASSES, len(rows) // 2) or counts.max() < 2:
        return False
    if _YEARS[0] <= classes[0] and classes[-1] <= _YEARS[1] and bool((np.diff(first) >= 0).all()):
        return False
    values = [_numbers(row[1:]) for row in rows]
    return follow_along([row[~np.isnan(row)] for row in values])


def _cells(line: str) -> list[str]:
    for delimiter in ("\t", ",", ";"):
        if delimiter in line:
            return [cell.strip() for cell in line.rstrip(f"{delimiter}\r ").split(delimiter)]
    return line.split()


def _numbers(cells: list[str]) -> np.ndarray:
    return np.array([float(cell) if cell not in {"?", "NA"} else np.nan for cell in cells], np.float64)
