"""Results of every task as files without code: the numbers as npz, everything else as JSON in it."""

import io
import json
import types
import zipfile
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
import pandas as pd

from components.errors import RunError

T = TypeVar("T")

VERSION = 2
"""Of the file's form. A result class whose new fields have defaults reads older files all the same."""


def pack(result: Any) -> bytes:
    """Pack a dataclass of plain values, arrays, indices, and of tuples, dictionaries and dataclasses of them.

    Its annotations tell what it is made of: nothing in the file is ever called or evaluated.
    """
    arrays: dict[str, np.ndarray] = {}
    plain = {"version": VERSION, "result": type(result).__name__, "tree": _apart(result, arrays)}
    file = io.BytesIO()
    np.savez_compressed(file, plain=np.array(json.dumps(plain)), **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def unpack(content: bytes, kind: type[T]) -> T:
    """Read what `pack` gave of a result of this class.

    Raises:
        RunError: if it is of another class, or was packed by a version of Unroll that had other results.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            plain = json.loads(str(file["plain"]))
            if (plain["version"], plain["result"]) != (VERSION, kind.__name__):
                raise ValueError(f"{plain['result']} of version {plain['version']}")
            return _together(kind, plain["tree"], file)
    except (KeyError, TypeError, ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise RunError(
            "These results were made by another version of Unroll.",
            remedy="Train the same recipe again: it gives the same numbers.",
        ) from error


def _apart(value: Any, arrays: dict[str, np.ndarray]) -> Any:
    """Return what JSON can hold of a value, and put its arrays, each under a name, into `arrays`."""
    if isinstance(value, np.ndarray | pd.Index):
        name = f"array-{len(arrays)}"
        arrays[name] = np.asarray(value)
        return name
    if is_dataclass(value):
        return {field.name: _apart(getattr(value, field.name), arrays) for field in fields(value)}
    if isinstance(value, dict):
        return {key: _apart(held, arrays) for key, held in value.items()}
    if isinstance(value, tuple):
        return [_apart(held, arrays) for held in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise TypeError(f"a result can't hold {type(value).__name__}")


def _together(kind: Any, tree: Any, file: Any) -> Any:
    """Make a value of the annotated kind again."""
    origin, inner = get_origin(kind), get_args(kind)
    if tree is None or origin is Literal or kind in (str, bool, int, float):
        return tree
    if origin in (Union, types.UnionType):
        (kind,) = (one for one in inner if one is not type(None))
        return _together(kind, tree, file)
    if origin is tuple:
        kinds = inner[:1] * len(tree) if inner[1:] == (...,) else inner
        return tuple(_together(one, held, file) for one, held in zip(kinds, tree, strict=True))
    if origin is dict:
        return {key: _together(inner[1], held, file) for key, held in tree.items()}
    if kind in (np.ndarray, pd.Index):
        return file[tree] if kind is np.ndarray else pd.Index(file[tree])
    return _object(kind, tree, file)


def _object(kind: Any, tree: Any, file: Any) -> Any:
    """Make a dataclass again; fields with defaults may be missing."""
    hints = get_type_hints(kind)
    for field in fields(kind):
        if field.name not in tree and field.default is MISSING and field.default_factory is MISSING:
            raise ValueError(f"{kind.__name__} lacks {field.name}")
    held = {field.name: tree[field.name] for field in fields(kind) if field.name in tree}
    return kind(**{name: _together(hints[name], value, file) for name, value in held.items()})
