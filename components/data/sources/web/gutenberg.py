"""Books of Project Gutenberg, without its header and licence."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode, urlsplit

from components.data.parsing.encoding import decode
from components.data.sources.web.source import Match, Source
from components.errors import DataError

if TYPE_CHECKING:
    from components.data.sources.web.client import WebClient

_BOOKS = "https://www.gutenberg.org/ebooks/"
_CATALOGUE = "https://gutendex.com/books/"  # Project Gutenberg's own, as JSON
_KEEP = timedelta(days=30)
_BEGIN = re.compile(r"^\W*START OF (?:TH(?:E|IS) )?PROJECT GUTENBERG.*$", re.IGNORECASE | re.MULTILINE)
_END = re.compile(
    r"^\W*(?:END OF (?:TH(?:E|IS) )?PROJECT GUTENBERG.*|End of (?:the )?Project Gutenberg.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_OLD_BEGIN = re.compile(r"^\*END\*? ?THE SMALL PRINT!.*$", re.IGNORECASE | re.MULTILINE)
_CREDITS = re.compile(
    r"\A\s*(?:(?:Produced|E-text prepared|Transcribed|This etext was prepared) by\b.*(?:\n(?!\n).*)*\n)",
    re.IGNORECASE,
)
_TITLE = re.compile(r"^Title:\s*(.+(?:\n {2,}.+)*)$", re.MULTILINE)
_PATH = re.compile(r"/(?:ebooks|files|cache/epub)/(\d+)(?:[./-].*)?")


class Gutenberg(Source):
    """A book as plain text."""

    name: ClassVar[str] = "Books (Project Gutenberg)"
    description: ClassVar[str] = "More than 70,000 books whose copyright has ended, in 60 languages."
    licence: ClassVar[str] = "Public domain in the United States; elsewhere, check your country's law"
    notes: ClassVar[tuple[str, ...]] = ("Project Gutenberg's header and licence were cut off.",)
    search_label: ClassVar[str | None] = "Title, author or number"
    placeholder: ClassVar[str] = "Alice in Wonderland, Goethe, 1342…"
    examples: ClassVar[tuple[Match, ...]] = tuple(
        Match(title, f"{_BOOKS}{number}", author)
        for number, title, author in (
            (11, "Alice's Adventures in Wonderland", "Lewis Carroll"),
            (1342, "Pride and Prejudice", "Jane Austen"),
            (1661, "The Adventures of Sherlock Holmes", "Arthur Conan Doyle"),
            (22367, "Die Verwandlung", "Franz Kafka, in German"),
            (24264, "紅樓夢", "Cao Xueqin, in Chinese"),
        )
    )

    def search(self, text: str, chosen: Mapping[str, str], client: "WebClient") -> tuple[Match, ...]:
        """Return books by title, author or number."""
        query = {"ids": text.strip()} if text.strip().isdecimal() else {"search": text}
        answer = client.get_json(f"{_CATALOGUE}?{urlencode(query)}", keep=_KEEP)
        books = answer.get("results", []) if isinstance(answer, dict) else []
        return tuple(_book_match(book) for book in books if book.get("media_type", "Text") == "Text")[:10]

    def knows(self, address: str) -> bool:
        """Return whether it is a book's page or file."""
        return _number(address) is not None

    def download(self, address: str, target: Path, most: int, client: "WebClient") -> str:
        """Write the text between the header and the licence, in UTF-8."""
        number = _number(address)
        client.download(f"https://www.gutenberg.org/cache/epub/{number}/pg{number}.txt", target, most)
        text, _ = decode(target.read_bytes(), f"book {number}")
        title = _TITLE.search(text[:5000])
        book = strip_licence(text)
        if not book:
            raise DataError("This book has no text.", where=f"book {number}", remedy="Choose another one.")
        target.write_text(book, encoding="utf-8", newline="\n")
        return f"{' '.join(title.group(1).split())[:150]}.txt" if title else f"Book {number}.txt"


def strip_licence(text: str) -> str:
    """Return a book without what Project Gutenberg writes before and after it.

    Example:
        >>> marks = [f"*** {end} OF THE PROJECT GUTENBERG EBOOK A ***" for end in ("START", "END")]
        >>> strip_licence(f"Title: A\\n{marks[0]}\\nOnce.\\n{marks[1]}\\nLicence")
        'Once.\\n'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    begin = _BEGIN.search(text) or _OLD_BEGIN.search(text)
    body = text[begin.end() :] if begin else text
    end = _END.search(body)
    book = _CREDITS.sub("", body[: end.start()] if end else body).strip()
    return f"{book}\n" if book else ""


def _book_match(book: Mapping[str, Any]) -> Match:
    # Names stand as “Austen, Jane”.
    authors = (" ".join(reversed(str(one["name"]).split(", ", 1))) for one in book.get("authors", []))
    parts = [", ".join(authors), ", ".join(book.get("languages", [])), f"no. {book['id']}"]
    return Match(str(book["title"]), f"{_BOOKS}{book['id']}", " · ".join(part for part in parts if part))


def _number(address: str) -> int | None:
    parts = urlsplit(address)
    found = _PATH.fullmatch(parts.path)
    is_host = parts.hostname in {"www.gutenberg.org", "gutenberg.org"}
    return int(found.group(1)) if is_host and found else None
