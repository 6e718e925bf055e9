"""What every source on the web has in common: how it is searched, and how what was found is fetched."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from components.data.sources.web.client import WebClient


@dataclass(frozen=True)
class Match:
    """Something that a source has.

    Attributes:
        title: of it.
        address: that it is fetched by.
        detail: what else tells it from others, in a few words.
    """

    title: str
    address: str
    detail: str = ""


@dataclass(frozen=True)
class Choice:
    """What can be chosen of a match before it is fetched.

    Attributes:
        name: of the choice, in code.
        label: of the choice, for people.
        options: what is chosen, with the words for it; the first is chosen at the start.
        help: one plain sentence.
    """

    name: str
    label: str
    options: Mapping[str, str]
    help: str = ""


class Source(ABC):
    """A place on the web that has data.

    Attributes:
        name: of the source, for people.
        description: what it has, in one sentence.
        licence: on what terms.
        notes: plain sentences on what is done to its files.
        search_label: of the box to search in; None where addresses are all that it knows.
        placeholder: an example of what to search for.
        choices: to be made before a search is over: of the language, the years.
        examples: to begin with.
    """

    name: ClassVar[str]
    description: ClassVar[str]
    licence: ClassVar[str] = "Not stated"
    notes: ClassVar[tuple[str, ...]] = ()
    search_label: ClassVar[str | None] = None
    placeholder: ClassVar[str] = ""
    examples: ClassVar[tuple[Match, ...]] = ()

    def choices(self) -> tuple[Choice, ...]:
        """Return what can be chosen of how to fetch."""
        return ()

    def search(self, text: str, chosen: Mapping[str, str], client: "WebClient") -> tuple[Match, ...]:
        """Return what the words may mean, the best match first, at most ten.

        Raises:
            DataError: if the source doesn't answer.
        """
        raise NotImplementedError

    def address(self, match: Match, chosen: Mapping[str, str]) -> str:
        """Return the address of a match with what was chosen of it."""
        return match.address

    def latest(self, address: str) -> str:
        """Return the address that gives the newest of what another gave: of a period, up to now."""
        return address

    @abstractmethod
    def knows(self, address: str) -> bool:
        """Return whether an address is one of this source's."""

    @abstractmethod
    def download(self, address: str, target: Path, most: int, client: "WebClient") -> str:
        """Write what an address gives into a file, and return the file's name.

        Args:
            address: one that it knows.
            target: where it goes.
            most: bytes that it may have.
            client: asks the web.

        Raises:
            DataError: if it can't be had.
        """
