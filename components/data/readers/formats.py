"""What a file is, and what reads it: a table as it came, or a dataset of another kind.

This is the one place that decides it. A new format is a reader, and a line here.
"""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePath, PurePosixPath
from tempfile import TemporaryDirectory

from components.data.datasets import Dataset, Provenance
from components.data.readers import (
    archives,
    csv_reader,
    excel_reader,
    json_reader,
    parquet_reader,
    plain_text,
    recordings_archive,
    train_test_pair,
    ts_reader,
    ucr_reader,
)
from components.data.tables.joined_names import split_joined_names
from components.data.tables.raw_table import RawTable
from components.errors import DataError
from components.recipe import MOST_COLUMNS, Upload

MOST_WIDE_CELLS = 3_000_000
"""Of a table with more columns than can be learnt from: judging each takes microseconds a cell."""


@dataclass(frozen=True)
class Format:
    """How files of a kind are read. Each reader raises DataError where it can't.

    Attributes:
        dataset: reads what is no table; None where the file holds one after all.
        table: reads a table, given where the file lies, its name, and what a person chose of it.
        is_text: whether a table of this kind begins as text does.
        sheets: names the tables, where a file may hold several.
    """

    dataset: Callable[[Path, Upload, Provenance], Dataset | None] | None = None
    table: Callable[[Path, str, Upload], RawTable] | None = None
    is_text: bool = False
    sheets: Callable[[Path, str], tuple[str, ...]] | None = None


@dataclass(frozen=True)
class Collection:
    """A dataset of many files in one zip.

    Attributes:
        fits: whether files of a zip are such a dataset.
        read: reads them, given where the zip lies and how many bytes may come out of it.
    """

    fits: Callable[[Sequence[zipfile.ZipInfo]], bool]
    read: Callable[[Path, Upload, Provenance, int], Dataset]


def _read_lines(path: Path, reference: Upload, provenance: Provenance) -> Dataset | None:
    """Read a file of lines as sequences or as one text; None where it is a table."""
    found = ucr_reader.read_ucr(path, reference, provenance)
    return found or plain_text.read_text(path, reference, provenance)


_DELIMITED = Format(
    table=lambda path, name, chosen: split_joined_names(
        csv_reader.read_csv(path, name, chosen.keep, chosen.header, chosen.uneven)
    ),
    is_text=True,
)
_WORKBOOK = Format(
    table=lambda path, name, chosen: excel_reader.read_excel(
        path, name, chosen.sheet, chosen.keep, chosen.header
    ),
    sheets=excel_reader.sheet_names,
)
_LINES = Format(table=lambda path, name, _: json_reader.read_json_lines(path, name), is_text=True)

# By the ending of the name.
FORMATS: dict[str, Format] = {
    ".csv": _DELIMITED,
    ".tsv": replace(_DELIMITED, dataset=ucr_reader.read_ucr),
    ".txt": replace(_DELIMITED, dataset=_read_lines),
    ".xlsx": _WORKBOOK,
    ".xls": _WORKBOOK,
    ".xlsb": _WORKBOOK,
    ".ods": _WORKBOOK,
    ".parquet": Format(table=lambda path, name, _: parquet_reader.read_parquet(path, name)),
    ".json": Format(table=lambda path, name, _: json_reader.read_json(path, name), is_text=True),
    ".jsonl": _LINES,
    ".ndjson": _LINES,
    ".ts": Format(dataset=ts_reader.read_ts),
}
COLLECTIONS = (
    Collection(plain_text.are_text_folders, plain_text.read_text_folders),
    Collection(recordings_archive.are_recordings, recordings_archive.read_recordings),
)
# What takes a file out of another, given where to put it, and the bytes that may come out.
UNPACKERS: dict[str, Callable[[Path, Path, str, int], str]] = {
    ".gz": archives.gunzip,
    ".zip": archives.unzip,
}
ENDINGS = (*FORMATS, *UNPACKERS)
_MAY_HOLD_SHEETS = {ending for ending, kind in FORMATS.items() if kind.sheets} | UNPACKERS.keys()
# How files begin that aren't text, whatever their name says.
_BEGINNINGS = {
    b"PK\x03\x04": "a workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "a workbook",
    b"\x1f\x8b": "compressed with gzip",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
}


def read(path: Path, reference: Upload, provenance: Provenance, most: int) -> RawTable | Dataset:
    """Return what a file holds. Where a person chose a shape, that is the table which takes it.

    Args:
        path: where the file lies.
        reference: of the file: its name, and what a person chose.
        provenance: of the data.
        most: bytes that may come out of it where it is packed.

    Raises:
        DataError: if it can't be read.
    """
    collection = _collection(path, reference)
    if collection is not None:
        return collection.read(path, reference, provenance, most)
    pair = _pair(path, reference)
    if pair is not None:
        return _read_pair(path, pair, reference, provenance, most)
    with _unpacked(path, reference.name, most) as (inside, name):
        found = FORMATS.get(_ending(name))
        if found is None:
            raise _unknown(name)
        if found.dataset is not None and reference.shape is None:
            dataset = found.dataset(inside, reference, provenance)
            if dataset is not None:
                return dataset
        if found.table is None:
            raise _unknown(name)
        if found.is_text:
            _check_beginning(inside, name)
        table = found.table(inside, name, reference)
    if not len(table.frame):
        raise DataError(
            "The table has a header but no rows.",
            where=name,
            remedy="Upload a table with one row per time step.",
        )
    _check_cells(table, name)
    return table


def _read_pair(
    path: Path, pair: tuple[str, str], reference: Upload, provenance: Provenance, most: int
) -> RawTable | Dataset:
    """Read the training set and the test set in a zip as one; arguments and errors are those of `read`."""
    files = (PurePosixPath(pair[0]).name, PurePosixPath(pair[1]).name)
    found: list[RawTable | Dataset] = []
    with TemporaryDirectory() as folder:
        for entry, name in zip(pair, files, strict=True):
            inside = Path(folder) / "inside"
            most -= archives.extract(path, entry, inside, reference.name, most)
            found.append(read(inside, reference.model_copy(update={"name": name}), provenance, most))
    return train_test_pair.join(found[0], found[1], files, reference)


def _pair(path: Path, reference: Upload) -> tuple[str, str] | None:
    """Return the names of a training and a test set in a zip; None where it holds no such pair."""
    if _ending(reference.name) != ".zip":
        return None
    names = [file.filename for file in archives.list_entries(path, reference.name)]
    return train_test_pair.find_pair(names, list(FORMATS))


def _check_cells(table: RawTable, name: str) -> None:
    """Refuse a table that is both too wide to be learnt from as it is and long: each column is judged."""
    rows, columns = table.frame.shape
    if columns > MOST_COLUMNS and rows * columns > MOST_WIDE_CELLS:
        raise DataError(
            f"The table has {columns:,} columns and {rows:,} rows. With more than {MOST_COLUMNS} columns, a "
            f"table may have at most {MOST_WIDE_CELLS:,} cells.",
            where=name,
            remedy="Keep only the columns that matter, or fewer rows.",
        )


def may_hold_sheets(name: str) -> bool:
    """Return whether a file of that name may be a workbook."""
    return _ending(name) in _MAY_HOLD_SHEETS


def sheets(path: Path, reference: Upload, most: int) -> tuple[str, ...]:
    """Return the names of a workbook's sheets; none where the file is no workbook.

    Arguments and errors are those of `read`.
    """
    if _collection(path, reference) is not None or _pair(path, reference) is not None:
        return ()
    with _unpacked(path, reference.name, most) as (inside, name):
        found = FORMATS.get(_ending(name))
        return found.sheets(inside, name) if found is not None and found.sheets is not None else ()


def check_ending(name: str) -> None:
    """Refuse a file that can't be read, by its name.

    Raises:
        DataError: if it is of an unknown kind.
    """
    if _ending(name) not in ENDINGS:
        raise _unknown(name)


def _collection(path: Path, reference: Upload) -> Collection | None:
    if _ending(reference.name) != ".zip" or reference.shape is not None:
        return None
    files = archives.list_entries(path, reference.name)
    return next((collection for collection in COLLECTIONS if collection.fits(files)), None)


@contextmanager
def _unpacked(path: Path, name: str, most: int) -> Iterator[tuple[Path, str]]:
    """Yield where a file lies and its name; of a packed one, those of what is inside."""
    unpack = UNPACKERS.get(_ending(name))
    if unpack is None:
        yield path, name
        return
    with TemporaryDirectory() as folder:
        inside = Path(folder) / "inside"
        yield inside, unpack(path, inside, name, most)


def _check_beginning(path: Path, name: str) -> None:
    with path.open("rb") as file:
        start = file.read(max(map(len, _BEGINNINGS)))
    for beginning, kind in _BEGINNINGS.items():
        if start.startswith(beginning):
            raise DataError(
                f"This file is {kind}, which doesn't match its name.",
                where=name,
                remedy="Give it the right file extension.",
            )


def _unknown(name: str) -> DataError:
    tables = ", ".join(ending for ending, kind in FORMATS.items() if kind.table is not None)
    return DataError(
        "Files of this kind can't be read.", where=name, remedy=f"Save it as one of these: {tables}."
    )


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower()
