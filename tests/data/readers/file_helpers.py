"""Files made of bytes, for readers that take them from a folder."""

import io
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Concatenate, ParamSpec, TypeVar

from components.data.sources import upload
from components.recipe import Upload

P = ParamSpec("P")
T = TypeVar("T")


def reader_of_bytes(read: Callable[Concatenate[Path, P], T]) -> Callable[Concatenate[bytes, P], T]:
    """Make a reader of files one of bytes."""

    def read_bytes(content: bytes, *args: P.args, **kwargs: P.kwargs) -> T:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "file"
            path.write_bytes(content)
            return read(path, *args, **kwargs)

    return read_bytes


def upload_bytes(content: bytes, name: str) -> Upload:
    """Bring a file."""
    return upload.accept(upload.store(io.BytesIO(content), name))[0]
