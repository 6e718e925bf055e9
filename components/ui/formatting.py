"""Words for the screen: text of unknown origin made harmless, numbers and times as people say them."""

import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote

TOKEN_LEVELS = {"word": "Words", "character": "Characters"}
"""What texts are cut into."""

_ADDRESS_CHARACTERS = ":/?#@!$&'*+,;=%~"  # RFC 3986, without brackets, which would end a link
_WORD_JOINER = "\u2060"
_MARKDOWN = re.compile(r"[\\`*_\[\]<>$~#:|!&]")
_LIST = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|(?=[-+]))(.)")
_JOINED = re.compile(
    r":(?=//)|www(?=\.)|@(?=[-\w])"  # addresses
    r"|:(?=[\w+/-]+:)"  # icons
    r"|(?<!\S)(?:<(?=(?:->|-|=)(?!\S))|-(?=[->](?!\S))|[>~](?==(?!\S)))",  # arrows
    re.IGNORECASE,
)


def escape(text: str) -> str:
    """Return a text that Markdown shows as it is: no links, pictures, colours, formulas, lists or icons.

    What a backslash can't hold back gets a word joiner, which has no width: Streamlit turns addresses, the
    names of icons and arrows into something else after it has read all backslashes.
    """
    joined = _JOINED.sub(rf"\g<0>{_WORD_JOINER}", " ".join(text.split()))
    return _LIST.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\g<0>", joined))


def source_link(url: str) -> str:
    """Return a link to where something comes from, in Markdown; nothing where that is no page of the web."""
    if not url.startswith(("https://", "http://")):
        return ""
    return f"[Open the source]({quote(url, safe=_ADDRESS_CHARACTERS)})"


def count(number: int, one: str, many: str = "") -> str:
    """Return how many: `1 step`, `1,200 steps`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def joined(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: `A, B and C`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def duration(seconds: float) -> str:
    """Return how long, roughly."""
    if seconds < 1.5:
        return "a second"
    if seconds < 90:
        return f"{round(seconds)} seconds"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} minutes"
    return f"{seconds / 3600:.1f} hours"


def time_ago(moment: datetime) -> str:
    """Return how long ago a moment was."""
    seconds = (datetime.now(UTC) - moment).total_seconds()
    for length, name in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= length:
            return f"{count(int(seconds // length), name)} ago"
    return "just now"


def number(value: float) -> str:
    """Return a measured number with as many digits as a person compares by."""
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    if size >= 100_000 or 0 < size < 0.001:
        return f"{value:.2e}"
    digits = 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 10 else 3 if size >= 1 else 4
    return f"{value:,.{digits}f}"
