"""A cache of things that take long to load: as many as fit by their size, shared by all visitors."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, TypeVar

import numpy as np
import pandas as pd

T = TypeVar("T")
LargePart = pd.DataFrame | np.ndarray | tuple[str, ...]
"""What may be large in a thing."""

_ENTRY_BYTES = 16 << 10  # bytes that a thing is taken to need beside its parts
_TEXT_BYTES = 60  # bytes that a text needs beside its letters


class SizedCache:
    """Keeps what was loaded; where it gets too much, what was used least lately goes first.

    Tables that share their numbers, such as one before and after its cleaning steps, are counted once.

    Args:
        most: bytes that may be kept; the newest thing stays, however large it is.
    """

    def __init__(self, most: int):
        self._most = most
        self._things: OrderedDict[str, tuple[Any, dict[int, int]]] = OrderedDict()
        self._making: dict[str, Lock] = {}
        self._lock = Lock()

    def get(self, key: str, make: Callable[[], T], parts: Callable[[T], Sequence[LargePart]]) -> T:
        """Return what is kept under a key, or make it; where two ask at the same time, it is made once.

        Args:
            key: names the thing and everything that it depends on.
            make: makes it; what it raises is passed on, and nothing is kept.
            parts: names what is large in it, which is what counts.
        """
        with self._lock:
            making = self._making.setdefault(key, Lock())
        with making:
            with self._lock:
                if key in self._things:
                    self._things.move_to_end(key)
                    return self._things[key][0]
            try:
                thing = make()
                self.put(key, thing, parts(thing))
            finally:
                with self._lock:
                    self._making.pop(key, None)
            return thing

    def put(self, key: str, thing: Any, parts: Sequence[LargePart]) -> None:
        """Keep a thing under a key."""
        held = {id(thing): _ENTRY_BYTES + len(key)}
        for part in parts:
            held |= _memory_blocks(part)
        with self._lock:
            self._things[key] = (thing, held)
            self._things.move_to_end(key)
            while len(self._things) > 1 and self.size > self._most:
                self._things.popitem(last=False)

    def forget(self, part: str) -> None:
        """Keep nothing any more whose key has a part."""
        with self._lock:
            for key in [key for key in self._things if part in key]:
                del self._things[key]
                self._making.pop(key, None)

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        together: dict[int, int] = {}
        for _, held in self._things.values():
            together |= held
        return sum(together.values())


def _memory_blocks(part: LargePart) -> dict[int, int]:
    """Return the bytes of a part by their places in memory."""
    if isinstance(part, tuple):
        return {id(part): sum(len(text) + _TEXT_BYTES for text in part)}
    if isinstance(part, np.ndarray):
        return {part.__array_interface__["data"][0]: part.nbytes}
    columns = (part.iloc[:, n] for n in range(part.shape[1]))
    return dict([_memory_block(part.index), *map(_memory_block, columns)])


def _memory_block(part: pd.Index | pd.Series) -> tuple[int, int]:
    if isinstance(part, pd.RangeIndex):
        return id(part), 0
    if part.dtype == "str":
        texts = part.array.__arrow_array__()
        return texts.chunk(0).buffers()[-1].address if texts.num_chunks else 0, texts.nbytes
    values = part.to_numpy()
    return values.__array_interface__["data"][0], values.nbytes
