"""A folder of named files, on this machine or behind any fsspec URL."""

import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Self

import fsspec
from fsspec.implementations.local import LocalFileSystem

from components.errors import disk_error

_CHUNK = 1 << 20  # bytes of a large file that are in memory at once


class Folder:
    """Files under one URL. A file appears whole or not at all, also when its writer is killed.

    Args:
        url: a local path or any URL that fsspec knows (`s3://…`, `memory://…`).
    """

    def __init__(self, url: str):
        self.url = url.rstrip("/")
        # What another server has just written is there: nothing is answered from what once was.
        self._files, self._root = fsspec.core.url_to_fs(self.url, use_listings_cache=False)

    def folder(self, name: str) -> Self:
        """Return the folder of that name inside this one."""
        return type(self)(f"{self.url}/{name}")

    def write(self, name: str, content: bytes) -> None:
        """Write a file, replacing what was there.

        Raises:
            StorageError: if the disk is full, or may not be written to.
        """
        with self._atomic_write(name) as file:
            file.write(content)

    def write_stream(self, name: str, source: BinaryIO) -> None:
        """Write a file of any size, portion by portion, replacing what was there.

        Args:
            name: of the file.
            source: open where its content begins.

        Raises:
            StorageError: if the disk is full, or may not be written to.
        """
        with self._atomic_write(name) as file:
            shutil.copyfileobj(source, file, _CHUNK)

    @contextmanager
    def _atomic_write(self, name: str) -> Iterator[BinaryIO]:
        """Write a file.

        Raises:
            StorageError: if the disk is full, or may not be written to.
        """
        try:
            with self._aside(name) as file:
                yield file
        except OSError as error:
            raise disk_error(error) or error from error

    @contextmanager
    def _aside(self, name: str) -> Iterator[BinaryIO]:
        """Write a file beside its place, and move it there when it is whole."""
        self._files.makedirs(self._root, exist_ok=True)
        # Object stores show a file only when it is whole; a local one is made so by renaming.
        half = f"{self._root}/.{uuid.uuid4().hex}"
        try:
            with self._files.open(half, "wb") as file:
                yield file
        except BaseException:  # such as a full disk, which half a file would leave full
            with suppress(FileNotFoundError):
                self._files.rm_file(half)
            raise
        self._files.mv(half, f"{self._root}/{name}")

    def read(self, name: str) -> bytes:
        """Read a file.

        Raises:
            FileNotFoundError: if it isn't there.
        """
        return self._files.cat_file(f"{self._root}/{name}")

    @contextmanager
    def local_file(self, name: str) -> Iterator[Path]:
        """Return where a file lies on this machine, to be read only; of one elsewhere, a copy that goes
        again.

        Raises:
            FileNotFoundError: if it isn't there.
        """
        if not self.exists(name):
            raise FileNotFoundError(name)
        path = f"{self._root}/{name}"
        if isinstance(self._files, LocalFileSystem):
            yield Path(path)
            return
        with TemporaryDirectory() as folder:
            copy = Path(folder) / "copy"
            with self._files.open(path, "rb") as source, copy.open("wb") as target:
                shutil.copyfileobj(source, target, _CHUNK)
            yield copy

    def exists(self, name: str) -> bool:
        """Return whether a file is there."""
        return self._files.exists(f"{self._root}/{name}")

    def names(self) -> list[str]:
        """List the finished files, sorted by name."""
        if not self._files.isdir(self._root):
            return []
        paths = self._files.ls(self._root, detail=False, refresh=True)
        names = (path.rsplit("/", 1)[-1] for path in paths)  # some object stores list the folder itself, too
        return sorted(name for name in names if name and not name.startswith("."))

    def remove_unfinished(self) -> None:
        """Remove what was left of files whose writer was killed."""
        if self._files.isdir(self._root):
            for path in self._files.ls(self._root, detail=False, refresh=True):
                if path.rsplit("/", 1)[-1].startswith("."):
                    self._files.rm_file(path)

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        if self.exists(name):
            self._files.rm_file(f"{self._root}/{name}")

    def entries(self) -> list["Entry"]:
        """List the files and folders in this folder, with all that is in them."""
        found: dict[str, list[tuple[int, float]]] = {}
        start = len(self._files._strip_protocol(self._root)) + 1
        with suppress(FileNotFoundError):  # nothing was ever written to it
            self._files.invalidate_cache()
            for path, info in self._files.find(self._root, detail=True).items():
                if name := path[start:].split("/", 1)[0]:
                    found.setdefault(name, []).append((info["size"] or 0, _modified(info)))
        return [
            Entry(name, sum(size for size, _ in files), max(moment for _, moment in files))
            for name, files in sorted(found.items())
        ]

    def remove_all(self) -> None:
        """Remove the folder with all that is in it, if it is there."""
        with suppress(FileNotFoundError):
            self._files.rm(self._root, recursive=True)


@dataclass(frozen=True)
class Entry:
    """What lies in a folder: a file, or another folder."""

    name: str
    bytes: int
    """of all files in it"""
    modified: float
    """when the newest of them was written, in seconds since 1970"""


def _modified(info: dict[str, Any]) -> float:
    """Return when a file was written, as file systems and object stores say it; now where they don't."""
    for name in ("mtime", "LastModified", "last_modified", "updated", "created"):
        moment = info.get(name)
        if isinstance(moment, int | float):
            return float(moment)
        if isinstance(moment, datetime):
            return moment.timestamp()
        if isinstance(moment, str):
            return datetime.fromisoformat(moment).timestamp()
    return time.time()
