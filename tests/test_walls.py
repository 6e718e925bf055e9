"""The walls of the house: which folder may use which, no Streamlit below ui/, no TensorFlow in the app."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted([*ROOT.glob("*.py"), *(ROOT / "pages").rglob("*.py"), *(ROOT / "components").rglob("*.py")])

# What may be used by what: a folder uses those that stand below it, and none that stands beside it
# save those named in BESIDE.
FLOORS = [
    {"app"},
    {"pages"},
    {"ui"},
    {"charts", "engine", "runs", "export"},
    {"tasks"},
    {"training", "insight"},
    {"models"},
    {"data"},
    {"recipe"},
    {"settings", "storage"},
    {"errors"},
]
BESIDE = {
    ("engine", "runs"),  # what a worker says goes into the store
    ("engine", "export"),  # a worker makes the files, since it has TensorFlow
}
HEAVY = {"tensorflow", "keras"}


def _floor(room: str) -> int:
    return next((number for number, rooms in enumerate(FLOORS) if room in rooms), -1)


def _room(file: Path) -> str:
    """Return the folder of components that a file is in, or the name of what stands beside components."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "components" else parts[0]


def _module(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imports(file: Path) -> Iterator[tuple[str, int]]:
    """Yield every module that a file imports, by its full name, with the line."""
    package = list(file.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module, node.lineno
            # `from components import recipe` names a module too
            yield from ((f"{module}.{alias.name}", node.lineno) for alias in node.names)


def _at(file: Path, line: int) -> str:
    return f"{file.relative_to(ROOT)}:{line}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_uses_only_what_stands_below_it(file: Path) -> None:
    room = _room(file)
    if room == "__init__":
        assert [module for module, _ in _imports(file)] == ["os"], f"{file.name} comes before everything else"
        return
    assert _floor(room) >= 0, f"{room}/ has no place in the house yet: give it one in FLOORS"
    for module, line in _imports(file):
        top, *rest = module.split(".")
        if top == "components" and rest:
            other = rest[0]
        elif top in {"pages", "app"}:
            other = top
        else:
            continue
        assert other == room or (room, other) in BESIDE or _floor(other) > _floor(room), (
            f"{_at(file, line)}: {room} must not use {other}"
        )


@pytest.mark.parametrize(
    "file",
    [file for file in FILES if "components" in file.parts and _room(file) != "ui"],
    ids=lambda file: str(file.relative_to(ROOT)),
)
def test_nothing_below_ui_uses_streamlit(file: Path) -> None:
    for module, line in _imports(file):
        assert module.split(".")[0] != "streamlit", f"{_at(file, line)}: Streamlit is for ui/ and pages/"


def test_the_app_and_its_pages_come_without_tensorflow() -> None:
    """Import in a fresh process all that the app process imports at its start and for any page."""
    modules = {_module(file): file for file in FILES}
    scripts = {name for name in modules if name.startswith("pages.") or name == "components.ui.shell"}
    used = {module for script in scripts for module, _ in _imports(modules[script])}
    app = {name for name, file in modules.items() if _room(file) in {"app", "ui"}}
    names = sorted((app | used & modules.keys()) - scripts)
    program = (
        "import importlib, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        f"print(*sorted({HEAVY!r} & sys.modules.keys()))\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, process.stderr
    assert process.stdout.split() == []
