"""The line to the web: bounded in time and size, one request at a time a host, never into our own network.

It is for the threads of `pool`, since it takes its time; curl itself is imported with the first request.
"""

import json
import math
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urljoin
from urllib.request import getproxies, proxy_bypass
from weakref import WeakValueDictionary

from curl_cffi import Curl, CurlError, CurlOpt
from curl_cffi.const import CurlECode

from components.data.sources.web.public_address import (
    WebAddress,
    check_allowed,
    check_public,
    find_ips,
    parse_address,
    resolve_public,
)
from components.errors import DataError
from components.settings import settings

_MOST_REDIRECTS = 5
_CONNECT_SECONDS = 8.0
_SILENT_SECONDS = 10  # with fewer bytes than the next number in each, after which a host counts as silent
_SLOWEST = 512
_LONGEST_PAUSE = 10.0  # seconds that a host may have us wait before a second try
_MOST_ANSWER = 32 << 20  # bytes of an answer that is held in memory
_MOST_HEADERS = 64 << 10
_MOST_KEPT = 300  # answers in the cache
_TOO_MANY = frozenset({429, 503})
_WEB_PAGE = re.compile(
    rb"\A\s*+(?:<!--(?>.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True)
class Answer:
    """What a host said before a file.

    Attributes:
        address: that gave it, after all redirects.
        headers: by name in small letters.
        size: bytes that came.
        begins: the first of them.
    """

    address: str
    headers: Mapping[str, str]
    size: int
    begins: bytes

    @property
    def media_type(self) -> str:
        """Its type, as "text/csv"; empty where the host names none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_web_page(self) -> bool:
        """Whether it is a page for people rather than data."""
        return bool(_WEB_PAGE.match(self.begins)) or (
            self.media_type in {"text/html", "application/xhtml+xml"} and self.begins.lstrip()[:1] == b"<"
        )


class WebClient:
    """Whatever one wish of a visitor asks of the web.

    Args:
        seconds: for all of it.
    """

    def __init__(self, seconds: float):
        self._deadline = time.monotonic() + seconds

    def get_json(self, address: str, keep: timedelta = timedelta()) -> Any:
        """Return an answer in JSON.

        Args:
            address: that gives it.
            keep: age up to which an answer on disk is given instead.

        Raises:
            DataError: if there is none, or it can't be read.
        """
        content = self.get(address, keep, accept="application/json")
        try:
            return json.loads(content)
        except ValueError:
            raise _error("The answer is garbled.", address, "Try again in a few minutes.") from None

    def get(self, address: str, keep: timedelta = timedelta(), accept: str = "*/*") -> bytes:
        """Return an answer that fits in memory. Arguments and errors are those of `get_json`."""
        cached = _CachedAnswer(address)
        known = cached.read(keep)
        if known is not None:
            return known
        parts: list[bytes] = []
        self._fetch(address, parts.append, _MOST_ANSWER, accept)
        content = b"".join(parts)
        if keep:
            cached.write(content)
        return content

    def download(self, address: str, target: Path, most: int) -> Answer:
        """Write what an address gives into a file, portion by portion.

        Args:
            address: of it.
            target: where it goes.
            most: bytes that may come.

        Raises:
            DataError: if nothing comes, too much, not all of it, or a web page instead of data.
        """
        with target.open("wb") as file:
            answer = self._fetch(address, file.write, most, "*/*", file)
        if not answer.size:
            raise _error("The address gives an empty file.", address, "Check the address.")
        if answer.is_web_page:
            raise _error(
                "This address leads to a web page, not a data file.",
                address,
                "Copy the address of the download link itself; a page may also ask you to log in first.",
            )
        return answer

    # --- One request after the other -----------------------------------------------------------------

    def _fetch(
        self,
        address: str,
        take: Callable[[bytes], object],
        most: int,
        accept: str,
        file: BinaryIO | None = None,
    ) -> Answer:
        """Follow an address to its answer, through redirects and a pause that the host asks for."""
        check_allowed()
        paused = False
        redirects = 0
        while True:
            parsed = parse_address(address)
            transfer = _Transfer(take, most, parsed.host)
            with _turn(parsed.host, self._seconds_left(address)):
                transfer.run(parsed, accept, self._seconds_left(address))
            if 300 <= transfer.status < 400 and "location" in transfer.headers:
                redirects += 1
                if redirects > _MOST_REDIRECTS:
                    raise _error("The address is redirected again and again.", address, "Check the address.")
                address = _redirected(parsed, transfer.headers["location"])
                continue
            if transfer.status in _TOO_MANY and not paused:
                wait = _retry_after(transfer.headers.get("retry-after", ""))
                if wait is not None and wait <= min(_LONGEST_PAUSE, self._seconds_left(address)):
                    time.sleep(wait)
                    paused = True
                    continue
            _check_status(transfer, parsed)
            if file is not None:
                file.flush()
            return Answer(parsed.url, transfer.headers, transfer.size, bytes(transfer.begins))

    def _seconds_left(self, address: str) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise _silent_error(address)
        return left


class _UnreadError(Exception):
    """The rest of an answer is of no use."""


@dataclass
class _Transfer:
    """One request and its answer; only what a good answer holds is passed on.

    Attributes:
        take: is given the content.
        most: bytes of it.
        host: that is asked.
    """

    take: Callable[[bytes], object]
    most: int
    host: str
    status: int = 0
    size: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    begins: bytearray = field(default_factory=bytearray)
    _header_bytes: int = field(default=0, init=False)

    def run(self, address: WebAddress, accept: str, seconds: float) -> None:
        """Ask, and take the answer.

        Raises:
            DataError: if the address is refused, or no whole answer comes in time.
        """
        target, route = _route(address)
        curl = Curl()
        try:
            for option, value in (
                (CurlOpt.URL, target.encode()),
                (CurlOpt.PROTOCOLS_STR, b"http,https"),
                (CurlOpt.FOLLOWLOCATION, 0),  # each redirect has to pass the wall
                (CurlOpt.USERAGENT, _user_agent().encode()),
                (CurlOpt.HTTPHEADER, [f"Accept: {accept}".encode()]),
                (CurlOpt.ACCEPT_ENCODING, b"gzip, deflate"),
                (CurlOpt.TIMEOUT_MS, max(1, int(seconds * 1000))),
                (CurlOpt.CONNECTTIMEOUT_MS, int(_CONNECT_SECONDS * 1000)),
                (CurlOpt.LOW_SPEED_LIMIT, _SLOWEST),
                (CurlOpt.LOW_SPEED_TIME, _SILENT_SECONDS),
                (CurlOpt.HEADERFUNCTION, self._take_header),
                (CurlOpt.WRITEFUNCTION, self._take_content),
                *route,
            ):
                curl.setopt(option, value)
            curl.perform()
        except _UnreadError:
            pass
        except CurlError as error:
            raise _explain(error, address) from error
        finally:
            curl.close()

    def _take_header(self, line: bytes) -> int:
        self._header_bytes += len(line)
        if self._header_bytes > _MOST_HEADERS:
            raise _UnreadError
        if line.startswith(b"HTTP/"):
            self.headers.clear()
            self.status = int(line.split(None, 2)[1])
        name, mark, value = line.decode("utf-8", "replace").partition(":")
        if mark:
            self.headers[name.strip().lower()] = value.strip()
        return len(line)

    def _take_content(self, portion: bytes) -> int:
        self.size += len(portion)
        if self.status != 200:  # what a host says of a fault is for nobody here
            if self.size > _MOST_HEADERS:
                raise _UnreadError
            return len(portion)
        length = self.headers.get("content-length", "")
        if self.size > self.most or (length.isdecimal() and int(length) > self.most):
            raise DataError(
                f"This file is larger than {self.most / 2**20:,.0f} MB, the most that is allowed.",
                where=self.host,
                remedy="Fetch a shorter part of it.",
            )
        if len(self.begins) < 4096:
            self.begins += portion[: 4096 - len(self.begins)]
        self.take(bytes(portion))
        return len(portion)


def _explain(error: CurlError, address: WebAddress) -> DataError:
    match error.code:
        case CurlECode.OPERATION_TIMEDOUT:
            return _silent_error(address.url)
        case CurlECode.PARTIAL_FILE | CurlECode.RECV_ERROR | CurlECode.BAD_CONTENT_ENCODING:
            return _error("The answer broke off before its end.", address.url, "Try again in a moment.")
        case CurlECode.PEER_FAILED_VERIFICATION | CurlECode.SSL_CONNECT_ERROR:
            return _error("The host can't prove its identity.", address.url, "Check the address.")
    return _error("The host can't be reached.", address.url, "Check the address, then try again.")


def _route(address: WebAddress) -> tuple[str, tuple[tuple[CurlOpt, Any], ...]]:
    """Return what to ask for, and how to get there: by the very IP address that was checked.

    A proxy or a stand-in that the server's own settings name connects by itself, and is asked by name.

    Raises:
        DataError: if the address leads into the server's own network.
    """
    stand_in, proxy = settings().web, _proxy(address)
    if stand_in:
        check_public(address, find_ips(address, written_only=True))
        return f"{stand_in}/{address.url.partition('://')[2]}", ((CurlOpt.PROXY, b""),)
    if proxy:
        check_public(address, find_ips(address))
        return address.url, ((CurlOpt.PROXY, proxy.encode()),)
    ip = resolve_public(address)
    goal = f"[{ip}]" if ip.version == 6 else str(ip)
    return address.url, (
        (CurlOpt.PROXY, b""),
        (CurlOpt.RESOLVE, [f"{address.host}:{address.port}:{goal}"]),
    )


def _proxy(address: WebAddress) -> str | None:
    if proxy_bypass(address.host):
        return None
    proxies = getproxies()
    return proxies.get(address.scheme) or proxies.get("all")


def _check_status(transfer: _Transfer, address: WebAddress) -> None:
    status = transfer.status
    if status == 200:
        return
    if status in {404, 410}:
        raise _error("There is nothing at this address.", address.url, "Check the address for misspellings.")
    if status in {401, 403, 407, 451}:
        raise _error(
            "The host doesn't let everyone have this file.",
            address.url,
            "Download the file yourself, then upload it.",
        )
    if status in _TOO_MANY:
        wait = _retry_after(transfer.headers.get("retry-after", ""))
        remedy = f"Try again in {_duration(wait)}." if wait is not None else "Try again in a few minutes."
        what = "This server sent the host too many requests." if status == 429 else "The host is too busy."
        raise _error(what, address.url, remedy)
    if status >= 500:
        raise _error(
            f"The host has a fault of its own ({status}).", address.url, "Try again in a few minutes."
        )
    raise _error(f"The host answers with status {status}.", address.url, "Check the address.")


def _redirected(address: WebAddress, location: str) -> str:
    """Return the address that a host names instead of its own.

    Raises:
        DataError: if it is none.
    """
    try:
        return urljoin(address.url, location)
    except ValueError:
        raise _error(
            "The address redirects to something that isn't an address.", address.url, "Check the address."
        ) from None


def _retry_after(value: str) -> float | None:
    """Return the seconds that a host wants to be left alone, given in seconds or as a date."""
    try:
        if value.strip().isdecimal():
            seconds = float(value)
        else:
            seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    return f"{round(seconds / 60)} minutes"


def _error(what: str, address: str, remedy: str) -> DataError:
    return DataError(what, where=address.partition("://")[2].partition("/")[0] or address[:80], remedy=remedy)


def _silent_error(address: str) -> DataError:
    return _error("The host doesn't answer in time.", address, "Try again in a moment.")


def _user_agent() -> str:
    try:
        number = version("unroll")
    except PackageNotFoundError:
        number = "0.1"
    return f"Unroll/{number} (laboratory for sequence models; asks for one file at a time, for a person)"


# --- Politeness ------------------------------------------------------------------------------------

_locks: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()  # of the hosts that are asked now
_adding = threading.Lock()


@contextmanager
def _turn(host: str, seconds: float) -> Iterator[None]:
    """Wait until nobody else asks the same host."""
    with _adding:
        lock = _locks.setdefault(host, threading.Lock())
    if not lock.acquire(timeout=seconds):
        raise DataError("Too many people ask this host at once.", where=host, remedy="Try again in a minute.")
    try:
        yield
    finally:
        lock.release()


class _CachedAnswer:
    """An answer on disk, by its address."""

    def __init__(self, address: str):
        self._path = settings().cache / "web" / sha256(address.encode()).hexdigest()

    def read(self, keep: timedelta) -> bytes | None:
        try:
            if time.time() - self._path.stat().st_mtime < keep.total_seconds():
                return self._path.read_bytes()
        except OSError:
            pass
        return None

    def write(self, content: bytes) -> None:
        folder = self._path.parent
        folder.mkdir(parents=True, exist_ok=True)
        half = self._path.with_suffix(f".{threading.get_ident()}")
        half.write_bytes(content)
        half.replace(self._path)
        by_age = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for old in by_age[:-_MOST_KEPT]:
            old.unlink(missing_ok=True)
