"""The .ts files of the UCR/UEA archive of time series: many sequences, each with its class or its number."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from components.data.datasets import Classes, Numbers, Provenance, Sequences, concatenate_sequences
from components.data.parsing.encoding import decode
from components.errors import DataError
from components.recipe import Upload

_MISSING = "?"
_MOST_NUMBERS = 50_000_000
_MOST_BYTES = 100 << 20  # which are in memory as a whole
_MOST_CHANNELS = 500
_PORTION = 1 << 16  # characters of a channel that are taken apart at once
_REMEDY = "Fix the file, then upload it again."


@dataclass
class _Header:
    """The lines above the data: the names after @, in lower case, and the labels."""

    entries: dict[str, list[str]] = field(default_factory=dict)
    lines: int = 0

    def is_true(self, name: str) -> bool:
        return self.entries.get(name, ["false"])[:1] == ["true"]


def read_ts(path: Path, reference: Upload, provenance: Provenance) -> Sequences:
    """Read sequences; each line is one, its channels parted by colons and its steps by commas.

    A missing value, written “?”, is filled by a straight line between its neighbours, and that is noted.
    The format is that of Bagnall and others, https://timeseriesclassification.com.

    Args:
        path: where the file lies.
        reference: of the file; its name stands in messages.
        provenance: of the data.

    Raises:
        DataError: naming the line where that applies, counted from 1.
    """
    name, size = reference.name, path.stat().st_size
    if size > _MOST_BYTES:
        raise DataError(
            f"The file is {size / 2**20:,.0f} MB; at most {_MOST_BYTES / 2**20:,.0f} MB are allowed.",
            where=name,
            remedy="Upload fewer sequences.",
        )
    text, notes = decode(path.read_bytes(), name)
    lines = text.split("\n")
    head = _parse_header(lines, name)
    if head.is_true("timestamps"):
        raise DataError(
            "The file has timestamps, which can't be read here.",
            where=name,
            remedy="Save it without timestamps, with “@timestamps false”.",
        )
    labelled, numbered = head.is_true("classlabel"), head.is_true("targetlabel")
    sequences: list[np.ndarray] = []
    answers: list[str] = []
    filled = 0
    for number, line in _data_lines(lines, head):
        where = f"{name}, line {number}"
        parts = line.split(":")
        if labelled or numbered:
            answers.append(parts.pop().strip())
        values, missing = _parse_sequence(parts, where)
        if sequences and values.shape[1] != sequences[0].shape[1]:
            raise DataError(
                f"This line has {values.shape[1]} channels, but earlier lines have {sequences[0].shape[1]}.",
                where=where,
                remedy=_REMEDY,
            )
        sequences.append(values)
        filled += missing
    if not sequences:
        raise DataError("No sequence follows “@data”.", where=name, remedy=_REMEDY)
    values, offsets = concatenate_sequences(sequences)
    if filled:
        notes = (*notes, f"{filled:,} missing values are interpolated linearly.")
    width = values.shape[1]
    return Sequences(
        reference,
        name,
        provenance,
        values=values,
        offsets=offsets,
        channels=("value",) if width == 1 else tuple(f"channel {n}" for n in range(1, width + 1)),
        answer=_parse_targets(answers, labelled, head, name) if answers else None,
        notes=notes,
    )


def _parse_header(lines: list[str], name: str) -> _Header:
    head = _Header()
    for number, line in enumerate(lines, 1):
        words = line.split()
        if words and words[0].lower() == "@data":
            head.lines = number
            return head
        if words and words[0].startswith("@"):
            head.entries[words[0][1:].lower()] = [words[1].lower(), *words[2:]] if len(words) > 1 else []
        elif words and not words[0].startswith(("#", "%")):
            break
    raise DataError(
        "There is no line “@data” above the data.",
        where=name,
        remedy="Files of the UCR/UEA archive begin with lines such as “@problemName” and “@data”.",
    )


def _data_lines(lines: list[str], head: _Header) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines[head.lines :], head.lines + 1):
        if line.strip() and not line.startswith(("#", "%")):
            yield number, line


def _parse_sequence(parts: list[str], where: str) -> tuple[np.ndarray, int]:
    """Read a line's channels → (steps, channels) float32, and how many values were missing."""
    if not 1 <= len(parts) <= _MOST_CHANNELS:
        raise DataError(
            f"This line has {len(parts):,} channels; 1 to {_MOST_CHANNELS} are allowed.",
            where=where,
            remedy=_REMEDY,
        )
    lengths = [part.count(",") + 1 for part in parts]
    if len(set(lengths)) > 1:
        raise DataError("The channels differ in length.", where=where, remedy=_REMEDY)
    if sum(lengths) > _MOST_NUMBERS:
        raise DataError("This sequence is too long.", where=where, remedy="Upload a shorter part of it.")
    values = np.empty((lengths[0], len(parts)))
    for channel, part in enumerate(parts):
        at = 0
        for cells in _portions(part):
            numbers = [_parse_number(cell.strip(), where) for cell in cells.split(",")]
            values[at : at + len(numbers), channel] = numbers
            at += len(numbers)
    missing = np.isnan(values)
    for column in np.flatnonzero(missing.any(axis=0)):
        gaps = missing[:, column]
        if gaps.all():
            raise DataError(
                f"All values of channel {column + 1} are missing.", where=where, remedy="Remove this line."
            )
        values[gaps, column] = np.interp(np.flatnonzero(gaps), np.flatnonzero(~gaps), values[~gaps, column])
    return values.astype(np.float32), int(missing.sum())


def _portions(part: str) -> Iterator[str]:
    """Cut a channel at commas: as many texts as it has numbers would take a hundred times its memory."""
    at = 0
    while (end := part.find(",", at + _PORTION)) >= 0:
        yield part[at:end]
        at = end + 1
    yield part[at:]


def _parse_number(cell: str, where: str) -> float:
    if cell in (_MISSING, "NaN", "nan"):
        return math.nan
    try:
        value = float(cell)
    except ValueError:
        value = math.inf
    if not abs(value) <= float(np.finfo(np.float32).max):
        raise DataError(f"“{cell[:40]}” isn't a number.", where=where, remedy=_REMEDY)
    return value


def _parse_targets(answers: list[str], labelled: bool, head: _Header, name: str) -> Classes | Numbers:
    if labelled:
        known = head.entries["classlabel"][1:]
        odd = next((answer for answer in answers if not answer or (known and answer not in known)), None)
        if odd is not None:
            raise DataError(
                f"“@classLabel” doesn't list the class “{odd[:40]}”.",
                where=name,
                remedy=_REMEDY,
            )
        return Classes.of(answers)
    values = np.array([_parse_number(answer, name) for answer in answers], np.float32)
    if np.isnan(values).any():
        raise DataError("A target is missing.", where=name, remedy="Remove its line.")
    return Numbers(values, "the target")
