"""Two files that are one dataset: a training set and a test set, as the archives publish them."""

import re
import shutil
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePath, PurePosixPath
from typing import BinaryIO

import numpy as np
import pandas as pd

from components.data.datasets import (
    Classes,
    Dataset,
    GivenSplit,
    Numbers,
    Sequences,
    Transcripts,
    concatenate_sequences,
)
from components.data.datasets.given_split import TEST, TRAINING
from components.data.tables.raw_table import RawTable
from components.errors import DataError
from components.recipe import Upload

SPLIT_COLUMN = "split"
"""What the column is called that tells the rows of two tables apart."""
_SET_WORD = re.compile(r"(?i)(?<![a-z])(?:(train(?:ing)?)|test(?:ing)?)(?![a-z])")
_REMEDY = "Upload one file, or two of the same kind."


def find_pair(names: Iterable[str], endings: Sequence[str]) -> tuple[str, str] | None:
    """Return the names of a training and a test set that differ in nothing else; None where there are none.

    Args:
        names: of files.
        endings: that can be read; of a pair that is there in several formats, the first of these is taken.

    Example:
        >>> find_pair(["Gun_TEST.ts", "Gun_TRAIN.ts", "Gun.md"], [".ts"])
        ('Gun_TRAIN.ts', 'Gun_TEST.ts')
    """
    found: dict[str, dict[int, str]] = {}
    for name in names:
        path = PurePosixPath(name)
        word = _SET_WORD.search(path.name)
        if word and path.suffix.lower() in endings:
            stem = str(path.with_name(_SET_WORD.sub("", path.name, count=1)))
            found.setdefault(stem, {})[TRAINING if word[1] else TEST] = name
    whole = [sets for sets in found.values() if len(sets) == 2]
    if not whole:
        return None
    first = min(whole, key=lambda sets: endings.index(PurePosixPath(sets[TRAINING]).suffix.lower()))
    return first[TRAINING], first[TEST]


def is_training_set(name: str) -> bool:
    """Return whether a file's name says that it is a training set, of which the test set is another file."""
    path = PurePath(name)
    word = _SET_WORD.search(path.name)
    return bool(word and word[1]) and path.suffix.lower() not in (".zip", ".gz")


def pack_pair(training: tuple[str, BinaryIO], test: tuple[str, BinaryIO], packed: BinaryIO) -> str:
    """Write a training set and a test set into one zip, and return its name.

    Args:
        training, test: names and contents, whose positions are moved.
        packed: takes the zip.
    """
    name = PurePath(training[0]).name
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for entry_name, (_, content) in ((name, training), (_test_name(name), test)):
            with archive.open(entry_name, "w", force_zip64=True) as entry:
                shutil.copyfileobj(content, entry)
    stem = _SET_WORD.sub("", PurePath(training[0]).stem, count=1).strip(" _.-") or "train and test"
    return f"{stem}.zip"


def _test_name(training: str) -> str:
    """Return what the test set of a training set is called."""

    def swap(word: re.Match[str]) -> str:
        return "TEST" if word[0].isupper() else "Test" if word[0][0].isupper() else "test"

    return _SET_WORD.sub(swap, training, count=1)


def join(
    training: RawTable | Dataset, test: RawTable | Dataset, files: tuple[str, str], reference: Upload
) -> RawTable | Dataset:
    """Return two sets as one dataset, or as one table with a column that tells them apart.

    Args:
        training, test: what the files hold.
        files: their names.
        reference: of both together.

    Raises:
        DataError: if they hold different things.
    """
    note = f"“{files[0]}” is the training set, and “{files[1]}” the test set."
    if isinstance(training, RawTable) and isinstance(test, RawTable):
        return _join_tables(training, test, reference, note)
    if isinstance(training, Sequences) and isinstance(test, Sequences):
        return _join_sequences(training, test, reference, note)
    raise DataError(
        "The training and the test set aren't both tables, or both sequences.",
        where=reference.name,
        remedy=_REMEDY,
    )


def _join_tables(training: RawTable, test: RawTable, reference: Upload, note: str) -> RawTable:
    columns, others = list(training.frame.columns), set(test.frame.columns)
    if set(columns) != others:
        odd = next(iter(sorted(others ^ set(columns))))
        raise DataError(
            f"Only one of the two tables has a column “{odd}”.", where=reference.name, remedy=_REMEDY
        )
    parts = [training.frame, test.frame[columns]]
    for column in columns:  # numbers in one and words in the other are words
        if len({part[column].dtype for part in parts}) > 1:
            parts = [part.astype({column: "str"}) for part in parts]
    frame = pd.concat(parts, ignore_index=True)
    name = SPLIT_COLUMN
    while name in frame.columns:
        name = f"{name} "
    sets = np.repeat(["train", "test"], [len(part) for part in parts])
    frame = frame.assign(**{name: pd.Series(sets, dtype="str")})
    return RawTable(frame, training.record_name, (*training.notes, note), training.sheet)


def _join_sequences(training: Sequences, test: Sequences, reference: Upload, note: str) -> Sequences:
    if training.channels != test.channels or type(training.answer) is not type(test.answer):
        raise DataError(
            "The sequences of the training and the test set differ in their channels or their targets.",
            where=reference.name,
            remedy=_REMEDY,
        )
    both = (training, test)
    values, offsets = concatenate_sequences(
        one.sequence(number) for one in both for number in range(one.size)
    )
    return replace(
        training,
        reference=reference,
        title=reference.name,
        values=values,
        offsets=offsets,
        answer=_join_answers(training.answer, test.answer),
        given_split=GivenSplit(np.repeat([TRAINING, TEST], [one.size for one in both]).astype(np.int8)),
        notes=(*dict.fromkeys((*training.notes, *test.notes)), note),
    )


def _join_answers(
    one: Classes | Numbers | Transcripts | None, other: Classes | Numbers | Transcripts | None
) -> Classes | Numbers | None:
    if isinstance(one, Classes) and isinstance(other, Classes):
        return Classes.of([part.names[code] for part in (one, other) for code in part.codes])
    if isinstance(one, Numbers) and isinstance(other, Numbers):
        return Numbers(np.concatenate([one.values, other.values]), one.name)
    return None
