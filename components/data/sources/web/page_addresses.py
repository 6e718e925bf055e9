"""Addresses of pages that show a file, and the addresses of the file itself."""

import re

# What people copy from the browser, and where the file lies.
_REWRITES = tuple(
    (re.compile(pattern), file)
    for pattern, file in (
        (
            r"https?://(?:www\.)?github\.com/([^/]+/[^/]+)/(?:blob|raw)/([^?#]+).*",
            r"https://raw.githubusercontent.com/\1/\2",
        ),
        (
            r"https?://gist\.github\.com/([^/]+/[0-9a-f]+)/?(?:[?#].*)?",
            r"https://gist.githubusercontent.com/\1/raw",
        ),
        (r"(https?://(?:www\.)?gitlab\.com/.+?/-)/blob/([^?#]+).*", r"\1/raw/\2"),
        (r"(https?://huggingface\.co/.+?)/blob/([^?#]+).*", r"\1/resolve/\2"),
        (r"(https?://(?:www\.)?dropbox\.com/[^#]+[?&]dl=)0(.*)", r"\g<1>1\2"),
        (
            r"(https?://docs\.google\.com/spreadsheets/d/e/[^/?#]+)/.*[?&#]gid=(\d+).*",
            r"\1/pub?output=csv&gid=\2",
        ),
        (r"(https?://docs\.google\.com/spreadsheets/d/e/[^/?#]+).*", r"\1/pub?output=csv"),
        (
            r"(https?://docs\.google\.com/spreadsheets/d/[^/?#]+)/?.*[?&#]gid=(\d+).*",
            r"\1/export?format=csv&gid=\2",
        ),
        (r"(https?://docs\.google\.com/spreadsheets/d/[^/?#]+).*", r"\1/export?format=csv"),
        (
            r"https?://drive\.google\.com/file/d/([^/?#]+).*",
            r"https://drive.google.com/uc?export=download&id=\1",
        ),
    )
)


def file_address(address: str) -> str:
    """Return the address of the file that a page shows; of all others, the address itself.

    Example:
        >>> file_address("https://github.com/owner/data/blob/main/prices.csv")
        'https://raw.githubusercontent.com/owner/data/main/prices.csv'
    """
    for pattern, file in _REWRITES:
        found = pattern.fullmatch(address)
        if found:
            return found.expand(file).rstrip("&")
    return address
