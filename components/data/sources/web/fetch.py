"""Files from the web: fetched, kept with their address, time and hash, and fetched again to compare."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from pydantic import ValidationError

from components.data.readers import formats
from components.data.sources.web.any_address import AnyAddress
from components.data.sources.web.fetch_pool import FetchPool
from components.data.sources.web.fred import Fred
from components.data.sources.web.gutenberg import Gutenberg
from components.data.sources.web.open_meteo import OpenMeteo
from components.data.sources.web.our_world_in_data import OurWorldInData
from components.data.sources.web.source import Match, Source
from components.data.sources.web.wikipedia import Wikipedia
from components.data.sources.web.world_bank import WorldBank
from components.errors import DataError
from components.recipe import LONGEST_NAME, Origin, Upload
from components.settings import settings
from components.storage import Folder

# By name. A new source is a file, and a line here; the last one takes every address.
SOURCES: dict[str, Source] = {
    "weather": OpenMeteo(),
    "fred": Fred(),
    "world_bank": WorldBank(),
    "our_world_in_data": OurWorldInData(),
    "gutenberg": Gutenberg(),
    "wikipedia": Wikipedia(),
    "address": AnyAddress(),
}
_SEARCH_SECONDS = 20.0
_FETCH_SECONDS = 120.0
_POOL = FetchPool(6, "fetch")
_LONGEST_TEXT = 200  # characters of what is searched for
_LONGEST_ADDRESS = 2000


def source_of(address: str) -> Source:
    """Return the source that an address belongs to."""
    return next(source for source in SOURCES.values() if source.knows(address))


def search(source: str, text: str, chosen: Mapping[str, str]) -> tuple[Match, ...]:
    """Return what a source has on some words, the best match first.

    Raises:
        DataError: if it doesn't answer.
    """
    words = " ".join(text.split())[:_LONGEST_TEXT]
    if not words:
        return ()

    def ask() -> tuple[Match, ...]:
        from components.data.sources.web.client import WebClient  # noqa: PLC0415 - curl, for who fetches

        try:
            return SOURCES[source].search(words, chosen, WebClient(_SEARCH_SECONDS))
        except (AttributeError, KeyError, TypeError, ValueError) as error:  # an answer of another form
            raise DataError(
                "The answer is garbled.", where=SOURCES[source].name, remedy="Try again in a few minutes."
            ) from error

    return _POOL.ask(ask, _SEARCH_SECONDS)


def fetch(address: str) -> Upload:
    """Fetch a file and keep it. Whether it holds a table is still to be seen, as of any upload.

    Raises:
        DataError: if it can't be had, is too large, or of an unknown kind.
    """
    address = address.strip()
    if "://" not in address and "." in address.partition("/")[0]:
        address = f"https://{address}"
    if len(address) > _LONGEST_ADDRESS:
        raise DataError(
            "The address is too long.",
            where=address[:80],
            remedy=f"Use at most {_LONGEST_ADDRESS:,} characters.",
        )
    reference = _POOL.ask(lambda: _fetch(address), _FETCH_SECONDS)
    folder = _folder()
    folder.write(_newest_name(address), reference.model_dump_json().encode())
    return reference


def size_of(reference: Upload) -> int:
    """Return the bytes of a file that was fetched; 0 where it is no longer kept."""
    if reference.origin is None:
        return 0
    try:
        with _folder().local_file(reference.origin.sha256) as path:
            return path.stat().st_size
    except FileNotFoundError:
        return 0


def newest(address: str) -> Upload | None:
    """Return the file that was last fetched from an address, however old it is; None where none is kept."""
    try:
        known = Upload.model_validate_json(_folder().read(_newest_name(address)))
    except (FileNotFoundError, ValidationError):
        return None
    return known if known.origin and _folder().exists(known.origin.sha256) else None


def folder_and_name(reference: Upload, origin: Origin) -> tuple[Folder, str]:
    """Return where a fetched file is kept. If it no longer is, it is fetched again, if it is the same.

    Raises:
        DataError: if it can't be had again, or the source gives something else by now.
    """
    folder = _folder()
    if not folder.exists(origin.sha256):
        again = _POOL.ask(lambda: _fetch(origin.address), _FETCH_SECONDS)
        if again.origin is None or again.origin.sha256 != origin.sha256:
            raise DataError(
                f"The source has changed since {origin.fetched:%Y-%m-%d}, and what it gave then is no longer "
                "stored.",
                where=reference.name,
                remedy="Fetch it again on the Data page; results may differ.",
            )
    return folder, origin.sha256


def _fetch(address: str) -> Upload:
    from components.data.sources.web.client import WebClient  # noqa: PLC0415 - curl, for who fetches

    most = settings().upload_bytes
    with TemporaryDirectory() as folder:
        target = Path(folder) / "file"
        source = source_of(address)
        try:
            named = source.download(address, target, most, WebClient(_FETCH_SECONDS))
        except (AttributeError, KeyError, TypeError, ValueError) as error:  # an answer of another form
            raise DataError(
                "The answer is garbled.", where=source.name, remedy="Try again in a few minutes."
            ) from error
        name = _shorten(named)
        formats.check_ending(name)
        with target.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
            file.seek(0)
            if not _folder().exists(digest):
                _folder().write_stream(digest, file)
    origin = Origin(address=address, sha256=digest, fetched=datetime.now(UTC).replace(microsecond=0))
    return Upload(id=digest[:32], name=name, origin=origin)


def _shorten(name: str) -> str:
    ending = PurePath(name).suffix
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - len(ending)]}{ending}"


def _newest_name(address: str) -> str:
    """Return the name of the file that says what was last fetched from an address."""
    return f"newest-{sha256(address.encode()).hexdigest()}"


def _folder() -> Folder:
    return Folder(settings().artifacts).folder("fetched")
