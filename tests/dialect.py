"""Words that no sentence on screen uses, since the field or plain English has a better one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

DIALECT = re.compile(
    r"\b(?:mend(?:s|ed|ing)?|by heart|told|tells? (?:a number|the class|apart)|taken for|no longer a number"
    r"|(?:training|validation|test) parts?|in one part|spread of 1|both ways|straight lines?|by way of"
    r"|blew up|drawn by a die|known ahead|what it missed|what was said|says? the same|stands? (?:there|twice)"
    r"|letters that|anew|bring (?:a|an|the|fewer|examples)|nothing to tell|(?:parts|parted) (?:the|by)"
    r"|in order of time|luck|whoever|going on from|go on from)\b"
    r"|\bat most [^.]* fit\b|(?<!there )\b(?:is|are) no (?!longer|more|better|worse)",
    re.IGNORECASE,
)
"""What stands in for the field's words: "mend" for "fix", "by heart" for "overfitting", "part" for "set"."""

_QUOTED = re.compile("“[^”]*”")


def dialect_words(text: str) -> list[str]:
    """Return the words of the dialect in a text; what stands in “quotation marks” is the data's own."""
    return DIALECT.findall(_QUOTED.sub("“”", text))


def is_sentence(text: str) -> bool:
    """Return whether a text reads as sentences: it begins with a capital, a number or a name, and ends."""
    return re.fullmatch(r"[A-Z0-9“].*[.?]", text, re.DOTALL) is not None and "  " not in text


def phrases(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the string literals of a module that may be read on screen, each with its line.

    Those are all that hold a space, but for docstrings and the keys of dictionaries. In the place of what an
    f-string works out stands an ellipsis.
    """
    tree = ast.parse(file.read_text(encoding="utf-8"))
    hidden: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):  # docstrings, those of attributes among them
            hidden.add(node.value)
        elif isinstance(node, ast.Dict):
            hidden.update(key for key in node.keys if key is not None)
        elif isinstance(node, ast.JoinedStr):
            hidden.update(node.values)
    for node in ast.walk(tree):
        if node in hidden:
            continue
        text = _text(node)
        if " " in text.strip():
            yield node.lineno, text  # type: ignore[attr-defined]


def _text(node: ast.AST) -> str:
    """Return what a string literal says; nothing of any other node."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "…" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
