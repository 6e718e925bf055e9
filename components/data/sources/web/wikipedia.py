"""Wikipedia, in any of its languages: an article as plain text, or the articles of a category."""

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote, unquote, urlencode, urlsplit

from babel import Locale

from components.data.sources.web.source import Choice, Match, Source
from components.errors import DataError

if TYPE_CHECKING:
    from components.data.sources.web.client import WebClient

_HOST = re.compile(r"([a-z][a-z-]{1,14})\.(?:m\.)?wikipedia\.org")
_LANGUAGES = (
    "en de fr es it pt nl pl ru uk sv cs fi da no hu ro el tr ar he fa hi bn ta th vi id ja ko zh ca eu la eo"
)
_CATEGORY = 14  # the number of the namespace of categories
_MOST_ARTICLES = 40  # of a category, each asked for by itself
_KEEP = timedelta(days=1)


class Wikipedia(Source):
    """An article or a category as plain text."""

    name: ClassVar[str] = "Wikipedia"
    description: ClassVar[str] = (
        "An article as plain text, or the first 40 articles of a category, in 35 languages."
    )
    licence: ClassVar[str] = "CC BY-SA 4.0, the authors of Wikipedia"
    notes: ClassVar[tuple[str, ...]] = ("Tables, pictures, notes and references were left out.",)
    search_label: ClassVar[str | None] = "Article or category"
    placeholder: ClassVar[str] = "Ada Lovelace, Category:Rivers of France…"
    examples: ClassVar[tuple[Match, ...]] = (
        Match(
            "Recurrent neural network", "https://en.wikipedia.org/wiki/Recurrent_neural_network", "article"
        ),
        Match("Ada Lovelace", "https://en.wikipedia.org/wiki/Ada_Lovelace", "article"),
        Match("Category:Fairy tales", "https://en.wikipedia.org/wiki/Category:Fairy_tales", "category"),
        Match("唐诗", "https://zh.wikipedia.org/wiki/%E5%94%90%E8%AF%97", "article in Chinese"),
    )

    def choices(self) -> tuple[Choice, ...]:
        """Return the language."""
        return (Choice("language", "Language", _language_names()),)

    def search(self, text: str, chosen: Mapping[str, str], client: "WebClient") -> tuple[Match, ...]:
        """Return articles and categories on something."""
        language = chosen["language"]
        answer = _ask(
            client,
            language,
            _KEEP,
            list="search",
            srsearch=text,
            srlimit=10,
            srnamespace=f"0|{_CATEGORY}",
            srprop="",
        )
        found = answer.get("search", [])
        return tuple(
            Match(
                str(page["title"]),
                _page_address(language, str(page["title"])),
                "category" if page.get("ns") == _CATEGORY else "article",
            )
            for page in found
        )

    def knows(self, address: str) -> bool:
        """Return whether it is a page of an article or a category."""
        return _page(address) is not None

    def download(self, address: str, target: Path, most: int, client: "WebClient") -> str:
        """Write the text of the article, or those of a category's articles one after the other."""
        page = _page(address)
        assert page is not None
        language, title = page
        answer = _ask(client, language, timedelta(), titles=title, redirects=1, prop="info")
        found: dict[str, Any] = next(iter(answer.get("pages", [])), {})
        if found.get("missing") or found.get("invalid") or not found:
            raise DataError("Wikipedia has no such page.", where=title, remedy="Search for its title.")
        name = str(found["title"])
        titles = _members(client, language, name) if found.get("ns") == _CATEGORY else [name]
        texts = [text for one in titles if (text := _article(client, language, one))]
        if not texts:
            raise DataError("This page has no text.", where=name, remedy="Choose another one.")
        target.write_text("\n\n\n".join(texts) + "\n", encoding="utf-8", newline="\n")
        return f"{name}.txt".replace("/", "-")


@cache
def _language_names() -> dict[str, str]:
    english = Locale("en").languages
    return {code: english.get(code, code) for code in _LANGUAGES.split()}


def _members(client: "WebClient", language: str, category: str) -> list[str]:
    answer = _ask(
        client,
        language,
        timedelta(),
        list="categorymembers",
        cmtitle=category,
        cmnamespace=0,
        cmtype="page",
        cmlimit=_MOST_ARTICLES,
    )
    titles = [str(page["title"]) for page in answer.get("categorymembers", [])]
    if not titles:
        raise DataError(
            "This category has no articles of its own.",
            where=category,
            remedy="Choose one of its subcategories.",
        )
    return titles


def _article(client: "WebClient", language: str, title: str) -> str:
    answer = _ask(
        client,
        language,
        timedelta(),
        prop="extracts",
        explaintext=1,
        exsectionformat="plain",
        titles=title,
        redirects=1,
    )
    pages = answer.get("pages", [])
    return re.sub(r"\n{3,}", "\n\n", str(pages[0].get("extract") or "")).strip() if pages else ""


def _ask(client: "WebClient", language: str, keep: timedelta, **parameters: object) -> dict[str, Any]:
    """Return what Wikipedia answers to a query.

    Raises:
        DataError: if it doesn't, or reports a fault.
    """
    query = urlencode({"action": "query", "format": "json", "formatversion": 2, **parameters})
    answer = client.get_json(f"https://{language}.wikipedia.org/w/api.php?{query}", keep)
    match answer:
        case {"query": dict() as found}:
            return found
        case {"error": {"info": info}}:
            raise DataError(f"Wikipedia reports: “{str(info)[:200]}”", remedy="Try again in a few minutes.")
        case {"batchcomplete": _}:
            return {}
    raise DataError("The answer is garbled.", where="Wikipedia", remedy="Try again in a few minutes.")


def _page_address(language: str, title: str) -> str:
    return f"https://{language}.wikipedia.org/wiki/{quote(title.replace(' ', '_'), safe=':()')}"


def _page(address: str) -> tuple[str, str] | None:
    """Return the language and the title that an address names."""
    parts = urlsplit(address)
    host = _HOST.fullmatch(parts.hostname or "")
    title = unquote(parts.path.removeprefix("/wiki/")).replace("_", " ").strip()
    if host is None or not parts.path.startswith("/wiki/") or not title or host.group(1) == "www":
        return None
    return host.group(1), title
