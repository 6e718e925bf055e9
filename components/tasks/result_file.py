"""Results of every task as files without code: the numbers as npz, everything else as JSON in it."""

import io
import json
import zipfile
from typing import Annotated, Any, TypeVar

import numpy as np
import pandas as pd
from pydantic import PlainSerializer, PlainValidator, SerializationInfo, TypeAdapter, ValidationInfo

from components.errors import RunError

T = TypeVar("T")

VERSION = 2
"""Of the file's form. A result class whose new fields have defaults reads older files all the same."""


def _arrays(info: SerializationInfo | ValidationInfo) -> Any:
    """Return the arrays by name: a dictionary to be filled, or a file that was opened."""
    return info.context


def _store(values: np.ndarray | pd.Index, info: SerializationInfo) -> str:
    """Put an array to the others, and return the name that it has there."""
    name = f"array-{len(_arrays(info))}"
    _arrays(info)[name] = np.asarray(values)
    return name


def _restore(name: Any, info: ValidationInfo) -> np.ndarray:
    """Return the array of a name."""
    if name not in _arrays(info):
        raise ValueError(f"there is no array {name}")
    return _arrays(info)[name]


def _restore_index(name: Any, info: ValidationInfo) -> pd.Index:
    return pd.Index(_restore(name, info))


Array = Annotated[np.ndarray, PlainValidator(_restore), PlainSerializer(_store)]
"""A field of a result that holds an array."""
Index = Annotated[pd.Index, PlainValidator(_restore_index), PlainSerializer(_store)]
"""A field of a result that holds the index of a table."""


def pack(result: Any) -> bytes:
    """Return the file of a dataclass of plain values, arrays, indices, and tuples and dictionaries of them.

    Its annotations tell what it is made of: nothing in the file is ever called or evaluated.
    """
    arrays: dict[str, np.ndarray] = {}
    tree = TypeAdapter(type(result)).dump_python(result, context=arrays, warnings=False)
    plain = json.dumps({"version": VERSION, "result": type(result).__name__, "tree": tree})
    file = io.BytesIO()
    np.savez_compressed(file, plain=np.array(plain), **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def unpack(content: bytes, kind: type[T]) -> T:
    """Return the result of this class that `pack` made a file of.

    Raises:
        RunError: if it is of another class, or was packed by a version of Unroll that had other results.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            plain = json.loads(str(file["plain"]))
            if (plain["version"], plain["result"]) != (VERSION, kind.__name__):
                raise ValueError(f"{plain['result']} of version {plain['version']}")
            return TypeAdapter(kind).validate_python(plain["tree"], context=file)
    except (KeyError, TypeError, ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise RunError(
            "These results were saved by another version of Unroll.",
            remedy="Train the same recipe again: it gives the same results.",
        ) from error
