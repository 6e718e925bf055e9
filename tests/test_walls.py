"""The app's process comes without TensorFlow, and what else is true of all of the code.

(All other walls stand in pyproject.toml, for import-linter.)
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
HEAVY = {"tensorflow", "keras"}


def test_the_app_and_its_pages_come_without_tensorflow() -> None:
    """Import in a fresh process all of ui/, and all that pages import, as the app's process does."""
    program = f"""
import ast, importlib, pathlib, pkgutil, sys
import app
import components.ui
for module in pkgutil.walk_packages(components.ui.__path__, "components.ui."):
    if module.name != "components.ui.shell":  # the script itself, which draws a page
        importlib.import_module(module.name)
for page in pathlib.Path("pages").glob("*.py"):
    for node in ast.walk(ast.parse(page.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            importlib.import_module(node.module)
print(*sorted({HEAVY!r} & sys.modules.keys()))
"""
    process = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, process.stderr
    assert process.stdout.split() == []


def test_a_download_leaves_the_page_as_it_is() -> None:
    """A script that runs again at the press may remove the file before the browser has fetched it."""
    for path in (*(ROOT / "components" / "ui").rglob("*.py"), *(ROOT / "pages").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "download_button":
                given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
                assert given.get("on_click") == "'ignore'", f"{path}, line {node.lineno}"


def test_no_test_stops_the_clock_of_other_threads() -> None:
    """An engine that an earlier test left at work in the same process would stand still, or die."""
    stopped = re.compile(r"setattr\((?:\w+\.)?time, |setattr\(\"time\.")
    allowed = {Path(__file__), ROOT / "tests" / "tasks" / "forecasting" / "test_classical.py"}
    for path in {*(ROOT / "tests").rglob("*.py")} - allowed:
        assert not stopped.search(path.read_text(encoding="utf-8")), path


def test_each_environment_has_the_versions_that_the_smaller_one_has() -> None:
    app, tests, scale = (
        dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / path).read_text(), re.MULTILINE))
        for path in ("requirements.txt", "tests/requirements.txt", "tests/scale/requirements.txt")
    )
    assert app.items() <= tests.items(), "make lock"
    assert tests.items() <= scale.items(), "make lock"
