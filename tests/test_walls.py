"""The app's process comes without TensorFlow.

(All other walls stand in pyproject.toml, for import-linter.)
"""

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
