"""Any address of a file: a table, a workbook, JSON, Parquet or a text."""

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import unquote, urlsplit

from components.data.readers.formats import ENDINGS
from components.data.sources.web.page_addresses import file_address
from components.data.sources.web.source import Source

if TYPE_CHECKING:
    from components.data.sources.web.client import Answer, WebClient

_MEDIA_TYPES = {
    "text/csv": ".csv",
    "application/csv": ".csv",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": ".xlsb",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "application/vnd.apache.parquet": ".parquet",
    "application/x-parquet": ".parquet",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
    "application/gzip": ".gz",
    "application/x-gzip": ".gz",
    "text/plain": ".txt",
}
# How files begin, where neither name nor type says what they are.
_BEGINNINGS = (
    (b"PK\x03\x04", ".xlsx"),
    (b"PAR1", ".parquet"),
    (b"\x1f\x8b", ".gz"),
    (b"[", ".json"),
    (b"{", ".json"),
)
_PACKED = (b"PK\x03\x04", b"\x1f\x8b")


class AnyAddress(Source):
    """Whatever file an address gives."""

    name: ClassVar[str] = "Address of a file"
    description: ClassVar[str] = (
        "A CSV, Excel, JSON, Parquet or text file anywhere on the web. The addresses of pages on GitHub, "
        "GitLab, Hugging Face, Dropbox and of Google Sheets work as well."
    )

    def knows(self, address: str) -> bool:
        """Return True: it tries every address."""
        return True

    def download(self, address: str, target: Path, most: int, client: "WebClient") -> str:
        """Write the file, and return the name that its host or its address gives it."""
        answer = client.download(file_address(address), target, most)
        return _file_name(answer, _last_part(answer.address) or _last_part(address))


def _file_name(answer: "Answer", last_part: str) -> str:
    names = (_disposition_name(answer.headers.get("content-disposition", "")), last_part)
    named = next((name for name in names if _ending(name) in ENDINGS), "")
    if named:
        unpacked = named[: -len(_ending(named))]
        # A host may unpack on the way what is packed by name.
        packed = _ending(named) not in {".gz", ".zip"} or answer.begins.startswith(_PACKED)
        return named if packed else unpacked if _ending(unpacked) in ENDINGS else f"{unpacked}.txt"
    base = next(filter(None, names), "") or (urlsplit(answer.address).hostname or "file")
    ending = _MEDIA_TYPES.get(answer.media_type, "")
    if not ending or ending == ".txt":
        beginning = answer.begins.lstrip(b"\xef\xbb\xbf \t\r\n")
        ending = next(
            (ending for start, ending in _BEGINNINGS if beginning.startswith(start)), ending or ".txt"
        )
    return base + ending


def _disposition_name(header: str) -> str:
    """Return the name that a host gives a file for saving it."""
    coded = re.search(r"filename\*\s*=\s*[\w-]+''([^;]+)", header)
    if coded:
        return _plain_name(unquote(coded.group(1).strip()))
    quoted = re.search(r"filename\s*=\s*(?:\"([^\"]*)\"|([^;]+))", header)
    return _plain_name((quoted.group(1) or quoted.group(2) or "").strip()) if quoted else ""


def _last_part(address: str) -> str:
    parts: Sequence[str] = urlsplit(address).path.rstrip("/").split("/")
    return _plain_name(unquote(parts[-1]))


def _plain_name(name: str) -> str:
    return "".join(filter(str.isprintable, name.replace("\\", "/").rpartition("/")[2])).strip()


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
