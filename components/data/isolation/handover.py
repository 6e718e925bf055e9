"""Tables and datasets as files, from the process that read them to the one that needs them.

What is large goes as Arrow, one file each, so that nothing is in memory twice; the rest as JSON. Nothing of
it is code: what is made of the files is what stands in `_KINDS`.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pydantic import BaseModel

from components.data.datasets import (
    Classes,
    Dataset,
    GivenSplit,
    Numbers,
    Pairs,
    Provenance,
    Recordings,
    Sequences,
    Texts,
    Transcripts,
)
from components.data.tables.import_choice import ImportChoice, ImportOption
from components.data.tables.raw_table import RawTable
from components.data.tables.record_names import RecordNames
from components.data.tables.table_bounds import MarginRows
from components.recipe import Upload

_KINDS = {
    kind.__name__: kind
    for kind in (
        *(RawTable, RecordNames, MarginRows, ImportChoice, ImportOption),
        *(Texts, Pairs, Sequences, Recordings, Classes, Numbers, Transcripts, GivenSplit, Provenance),
    )
}
_INDEX = "index.json"
_FEW = 64  # texts that stand among the rest
# Values, and bytes, that are taken over at once: other threads wait meanwhile, and each is there twice.
_PORTION, _PORTION_BYTES = 1 << 16, 4 << 20
_TEXT_BYTES = 60  # bytes that a text needs beside its letters
# Takes Arrow's own memory as it is, where an object for each text would need ten times as much.
_TEXT = pd.StringDtype(na_value=np.nan)

_Json = Any


def hand_over(found: RawTable | Dataset, folder: Path) -> None:
    """Write a table or a dataset into an empty folder."""
    index = json.dumps(_Writer(folder).plain(found))
    (folder / _INDEX).write_text(index, encoding="utf-8")


def take_over(folder: Path) -> RawTable | Dataset:
    """Return what was handed over. The folder isn't needed afterwards."""
    found = _Reader(folder).value(json.loads((folder / _INDEX).read_text(encoding="utf-8")))
    assert isinstance(found, RawTable | Dataset)
    return found


def held_bytes(thing: object) -> int:
    """Return the bytes that the large parts of a thing take in memory."""
    match thing:
        case np.ndarray():
            return thing.nbytes
        case pd.DataFrame():
            return int(thing.memory_usage(index=True).sum())
        case tuple() if thing and isinstance(thing[0], str):
            return sum(map(len, thing)) + _TEXT_BYTES * len(thing)
    if is_dataclass(thing):
        return sum(held_bytes(getattr(thing, part.name)) for part in fields(thing))
    return 0


class _Writer:
    """Writes the large parts of a thing, numbered, and gives the rest as JSON."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._count = 0

    def plain(self, value: object) -> _Json:
        """Return what stands for a value in the index."""
        large = self._large(value)
        if large is not None:
            return large
        if isinstance(value, tuple):
            return [self.plain(part) for part in value]
        if value is None or isinstance(value, bool | int | float | str):
            return value
        if isinstance(value, BaseModel):
            return {"reference": value.model_dump(mode="json")}
        assert is_dataclass(value) and type(value).__name__ in _KINDS, type(value)
        parts = {part.name: self.plain(getattr(value, part.name)) for part in fields(value)}
        return {"kind": type(value).__name__, "parts": parts}

    def _large(self, value: object) -> _Json:
        """Write what may be large, and return where it is; None of anything else."""
        match value:
            case np.ndarray():
                flat = pa.array(value.reshape(-1))
                return {"array": self._write(flat), "shape": value.shape, "dtype": value.dtype.str}
            case pd.DataFrame():
                return {"frame": [self._column(value.iloc[:, n]) for n in range(value.shape[1])]}
            case tuple() if len(value) > _FEW and isinstance(value[0], str):
                return {"texts": self._write(pa.array(value, pa.large_string()))}
        return None

    def _column(self, column: pd.Series) -> _Json:
        if column.dtype == "str":
            return {"name": column.name, "texts": self._write(column.array.__arrow_array__())}
        values = column.to_numpy()
        number = self._write(pa.array(values, from_pandas=False))
        return {"name": column.name, "values": number, "rows": len(values), "dtype": values.dtype.str}

    def _write(self, values: pa.Array | pa.ChunkedArray) -> int:
        table = pa.table({"": values})
        rows = min(_PORTION, max(1, len(values) * _PORTION_BYTES // max(1, values.nbytes)))
        with pa.ipc.new_file(str(self._path(self._count)), table.schema) as file:
            file.write_table(table, max_chunksize=rows)
        self._count += 1
        return self._count - 1

    def _path(self, number: int) -> Path:
        return self._folder / f"{number}.arrow"


class _Reader:
    """Makes things of the files of a `_Writer`."""

    def __init__(self, folder: Path):
        self._folder = folder

    def value(self, plain: _Json) -> Any:
        """Return what something in the index stands for."""
        match plain:
            case {"array": number, "shape": shape, "dtype": dtype}:
                values = np.empty(shape, dtype)
                self._fill(values.reshape(-1), number)
                return values
            case {"frame": columns}:
                return self._frame(columns)
            case {"texts": number}:
                return self._texts(number)
            case {"reference": reference}:
                return Upload.model_validate(reference)
            case {"kind": kind, "parts": parts}:
                return _KINDS[kind](**{name: self.value(part) for name, part in parts.items()})
        return tuple(self.value(part) for part in plain) if isinstance(plain, list) else plain

    def _frame(self, columns: list[Mapping[str, _Json]]) -> pd.DataFrame:
        """Put a frame together: its numbers in one block, so that no later step has to copy them there."""
        others: dict[int, pd.Series] = {}
        names: list[str] = []
        block = np.empty((0, 0))
        for at, column in enumerate(columns):
            if "texts" in column:
                table = self._read_table(column["texts"])
                others[at] = table.to_pandas(types_mapper=lambda _: _TEXT).iloc[:, 0]
                continue
            if np.dtype(column["dtype"]) != np.float64:
                values = np.empty(column["rows"], column["dtype"])
                self._fill(values, column["values"])
                others[at] = pd.Series(values, copy=False)
                continue
            if not names:
                block = np.empty((len(columns) - len(others), column["rows"]))
            self._fill(block[len(names)], column["values"])
            names.append(column["name"])
        rows = len(next(iter(others.values()))) if others else block.shape[1]
        numbers = block[: len(names)].T if names else None
        frame = pd.DataFrame(numbers, index=pd.RangeIndex(rows), columns=names, copy=False)
        for at, series in others.items():
            frame.insert(at, columns[at]["name"], series, allow_duplicates=True)
        return frame

    def _fill(self, values: np.ndarray, number: int) -> None:
        """Fill an array of one dimension with what a file holds, portion by portion."""
        at = 0
        with self._open(number) as content:
            for portion in _portions(content):
                values[at : at + len(portion)] = portion.to_numpy(zero_copy_only=False)
                at += len(portion)

    def _texts(self, number: int) -> tuple[str, ...]:
        with self._open(number) as content:
            return tuple(text for portion in _portions(content) for text in portion.to_pylist())

    def _read_table(self, number: int) -> pa.Table:
        with self._open(number) as content:
            return content.read_all()

    @contextmanager
    def _open(self, number: int) -> Iterator[pa.ipc.RecordBatchFileReader]:
        with pa.OSFile(str(self._folder / f"{number}.arrow")) as file, pa.ipc.open_file(file) as content:
            yield content


def _portions(content: pa.ipc.RecordBatchFileReader) -> Iterator[pa.Array]:
    for at in range(content.num_record_batches):
        yield content.get_batch(at).column(0)
