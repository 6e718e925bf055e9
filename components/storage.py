"""A folder of named files, on this machine or behind any fsspec URL."""

import uuid
from typing import Self

import fsspec


class Folder:
    """Files under one URL. A file appears whole or not at all, also when its writer is killed.

    Args:
        url: a local path or any URL that fsspec knows (`s3://…`, `memory://…`).
    """

    def __init__(self, url: str):
        self.url = url.rstrip("/")
        self._files, self._root = fsspec.core.url_to_fs(self.url)

    def folder(self, name: str) -> Self:
        """Give the folder of that name inside this one."""
        return type(self)(f"{self.url}/{name}")

    def write(self, name: str, content: bytes) -> None:
        """Write a file, replacing what was there."""
        self._files.makedirs(self._root, exist_ok=True)
        # Object stores show a file only when it is whole; a local one is made so by renaming.
        half = f"{self._root}/.{uuid.uuid4().hex}"
        with self._files.open(half, "wb") as file:
            file.write(content)
        self._files.mv(half, f"{self._root}/{name}")

    def read(self, name: str) -> bytes:
        """Read a file.

        Raises:
            FileNotFoundError: if it isn't there.
        """
        return self._files.cat_file(f"{self._root}/{name}")

    def exists(self, name: str) -> bool:
        """Tell whether a file is there."""
        return self._files.exists(f"{self._root}/{name}")

    def names(self) -> list[str]:
        """List the finished files, sorted by name."""
        if not self._files.isdir(self._root):
            return []
        paths = self._files.ls(self._root, detail=False, refresh=True)
        return sorted(name for path in paths if not (name := path.rsplit("/", 1)[-1]).startswith("."))

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        if self.exists(name):
            self._files.rm_file(f"{self._root}/{name}")
