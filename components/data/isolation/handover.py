"""Tables and datasets as files, from the process that read them to the one that needs them.

What is large goes as Arrow, one file each, so that nothing is in memory twice; the rest as JSON. Nothing of
it is code: what is made of the files is what stands in `_KINDS`.
"""

import json
from collections.abc import Mapping
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
    Numbers,
    Pairs,
    Provenance,
    Recordings,
    Sequences,
    Texts,
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
        *(Texts, Pairs, Sequences, Recordings, Classes, Numbers, Provenance),
    )
}
_INDEX = "index.json"
_FEW = 64  # texts that stand among the rest
_PORTION = 1 << 16  # texts that are made at once: other threads wait meanwhile
_TEXT_BYTES = 60  # bytes that a text needs beside its letters

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
                return {"array": self._write(pa.array(value.reshape(-1))), "shape": value.shape}
            case pd.DataFrame():
                return {"frame": [self._column(value.iloc[:, n]) for n in range(value.shape[1])]}
            case tuple() if len(value) > _FEW and isinstance(value[0], str):
                return {"texts": self._write(pa.array(value, pa.large_string()))}
        return None

    def _column(self, column: pd.Series) -> _Json:
        if column.dtype == "str":
            return {"name": column.name, "texts": self._write(column.array.__arrow_array__())}
        return {"name": column.name, "values": self._write(pa.array(column.to_numpy(), from_pandas=False))}

    def _write(self, values: pa.Array | pa.ChunkedArray) -> int:
        table = pa.table({"": values})
        with pa.ipc.new_file(str(self._path(self._count)), table.schema) as file:
            file.write_table(table)
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
            case {"array": number, "shape": shape}:
                return self._array(number).reshape(shape)
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
        numbers: list[np.ndarray] = []
        block = np.empty((0, 0))
        for at, column in enumerate(columns):
            if "texts" in column:
                others[at] = self._read_table(column["texts"]).to_pandas().iloc[:, 0].astype("str")
                continue
            values = self._array(column["values"])
            if values.dtype != np.float64:
                others[at] = pd.Series(values)
                continue
            if not numbers:
                block = np.empty((len(columns) - len(others), len(values)))
            block[len(numbers)] = values
            numbers.append(block[len(numbers)])
        names = [column["name"] for at, column in enumerate(columns) if at not in others]
        frame = pd.DataFrame(block[: len(numbers)].T, columns=names, copy=False)
        for at, series in others.items():
            frame.insert(at, columns[at]["name"], series, allow_duplicates=True)
        return frame

    def _array(self, number: int) -> np.ndarray:
        return self._read(number).combine_chunks().to_numpy(zero_copy_only=False)

    def _texts(self, number: int) -> tuple[str, ...]:
        texts = self._read(number)
        return tuple(
            text for at in range(0, len(texts), _PORTION) for text in texts.slice(at, _PORTION).to_pylist()
        )

    def _read(self, number: int) -> pa.ChunkedArray:
        return self._read_table(number).column(0)

    def _read_table(self, number: int) -> pa.Table:
        with pa.OSFile(str(self._folder / f"{number}.arrow")) as file, pa.ipc.open_file(file) as content:
            return content.read_all()
