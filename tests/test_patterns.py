"""No regular expression takes more than time in proportion to a text: a cell can hold sixty thousand signs.

Python's own can take the square of it or worse, and nobody else's page is drawn meanwhile. What Arrow and
DuckDB match is linear by itself.
"""

import ast
import importlib
import itertools
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.data.parsing import number_parsing

ROOT = Path(__file__).parent.parent
ROOMS = ("data", "recipe", "runs", "tasks", "export", "charts", "ui")  # the others see no text of a visitor
LENGTHS = (16, 20, 24, 28, 64, 512, 4096, 16384)  # what is exponential must not come to the longer ones
SECONDS = 0.1  # what is linear takes a hundredth of it, what is quadratic twice as much or more
QUICK = 0.003  # at which there is no need to look at longer ones
CHARACTERS = 4  # of a pattern, that texts are made of
FUNCTIONS = {"compile", "match", "search", "fullmatch", "sub", "split", "findall", "finditer"}


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Yield the modules that use regular expressions, by name."""
    paths = (path for room in ROOMS for path in (ROOT / "components" / room).rglob("*.py"))
    for path in sorted(paths):
        text = path.read_text()
        if re.search(r"^import re$", text, re.MULTILINE):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts), ast.parse(text)


def all_patterns() -> dict[str, re.Pattern]:
    """Return every pattern by where it stands: kept by a module, or written where it is used."""
    found: dict[str, re.Pattern] = {}
    for name, tree in sources():
        module = importlib.import_module(name)
        for variable, value in vars(module).items():
            kept = value if isinstance(value, tuple | list | set) else [value]
            kept = [*value, *value.values()] if isinstance(value, dict) else kept
            for number, pattern in enumerate(kept):
                if isinstance(pattern, re.Pattern):
                    found[f"{name}.{variable}.{number}"] = pattern
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and (node.func.value.id, node.func.attr in FUNCTIONS) == ("re", True)
                and isinstance(node.args[0], ast.Constant)
            ):
                found[f"{name}:{node.lineno}"] = re.compile(node.args[0].value)
    for style in number_parsing._FORMATS:
        found[f"number {style.decimal} {style.thousands}"] = re.compile(style.core)
    return {name: pattern for name, pattern in found.items() if isinstance(pattern.pattern, str | bytes)}


def characters(pattern: re.Pattern) -> str:
    """Return characters that a pattern tells apart, those of its repeated parts first."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    repeated, others = {}, {}

    def visit(part: object, inside: bool) -> None:
        for code, value in part:
            name = str(code)
            place = repeated if inside else others
            if name in ("LITERAL", "NOT_LITERAL"):
                place[chr(value)] = None
            elif name == "IN":
                place.update(dict.fromkeys(members(value)))
            elif name == "ANY":
                place["a"] = None
            elif name.endswith("REPEAT"):
                visit(value[2], inside or value[1] > 1)
            elif name == "SUBPATTERN":
                visit(value[3], inside)
            elif name == "BRANCH":
                for branch in value[1]:
                    visit(branch, inside)
            elif name in ("ASSERT", "ASSERT_NOT"):
                visit(value[1], inside)
            elif name == "ATOMIC_GROUP":
                visit(value, inside)

    visit(re._parser.parse(text, pattern.flags & ~re.DEBUG), False)
    return "".join(dict.fromkeys([*repeated, *others]))[:CHARACTERS]


def members(parts: list[tuple[object, object]]) -> Iterator[str]:
    """Yield some of the characters of a set; of one that says what isn't in it, a letter and a sign."""
    codes = {
        "CATEGORY_DIGIT": "1",
        "CATEGORY_SPACE": " ",
        "CATEGORY_WORD": "a",
        "CATEGORY_NOT_DIGIT": "a",
        "CATEGORY_NOT_SPACE": "a",
        "CATEGORY_NOT_WORD": "-",
    }
    for code, value in parts:
        match str(code):
            case "LITERAL":
                yield chr(value)
            case "RANGE":
                yield chr(value[0])
            case "CATEGORY":
                yield codes[str(value)]
            case "NEGATE":
                yield from "a$"


def repeated_parts(pattern: re.Pattern) -> set[str]:
    """Return the shortest text of each part of a pattern that may be repeated."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    found: set[str] = set()

    def shortest(part: object) -> str:
        written = ""
        for code, value in part:
            match str(code):
                case "LITERAL":
                    written += chr(value)
                case "IN":
                    written += next(members(value))
                case "SUBPATTERN":
                    written += shortest(value[3])
                case "ATOMIC_GROUP":
                    written += shortest(value)
                case "BRANCH":
                    written += next(shortest(branch) for branch in value[1])
                case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                    body = shortest(value[2])
                    if value[1] > 1 and len(body) > 1:
                        found.add(body)
                    written += body * min(value[0], 4)
        return written

    shortest(re._parser.parse(text, pattern.flags & ~re.DEBUG))
    return found


def attacks(pattern: re.Pattern) -> Iterator[tuple[str, str, str]]:
    """Yield texts in three parts, of which that in the middle is to be repeated."""
    alphabet = characters(pattern)
    pumps = [*alphabet, *map("".join, itertools.permutations(alphabet, 2)), *repeated_parts(pattern)]
    for pump in pumps:
        for start, end in (("", "\x01"), ("", ""), (alphabet[0], "\x01")):
            yield start, pump, end


def growth(pattern: re.Pattern, start: str, pump: str, end: str) -> tuple[int, float]:
    """Return the length from which on a text takes too long, and its seconds; (0, …) where none does."""
    seconds = 0.0
    for length in LENGTHS:
        text: str | bytes = start + pump * length + end
        if isinstance(pattern.pattern, bytes):
            text = text.encode("latin-1", errors="replace")
        began = time.thread_time()
        pattern.fullmatch(text)
        pattern.search(text)
        seconds = time.thread_time() - began
        if seconds > SECONDS:
            return length, seconds
        if length == 4096 and seconds < QUICK:
            break
    return 0, seconds


PATTERNS = all_patterns()


@pytest.mark.parametrize("name", PATTERNS)
def test_a_text_takes_time_in_proportion_to_its_length(name):
    for start, pump, end in attacks(PATTERNS[name]):
        length, seconds = growth(PATTERNS[name], start, pump, end)
        assert not length, f"{start!r} + {pump!r} × {length} + {end!r} takes {seconds:.2f} s"


def test_the_patterns_are_found():
    assert len(PATTERNS) > 30
    assert "components.data.parsing.number_parsing._CELL.0" in PATTERNS
    assert [name for name in PATTERNS if name.startswith("components.ui.formatting:")]


@pytest.mark.parametrize(
    "pattern",
    [
        r"[-+ ]*(\w{0,4})[-+ ]*\d",
        r"(a+)+b",
        r"(a|aa)*b",
        r"\s+$",
        r"(\d+,?)*;",
    ],
)
def test_what_takes_the_square_or_more_is_told(pattern):
    compiled = re.compile(pattern)
    assert any(growth(compiled, *attack)[0] for attack in attacks(compiled))
