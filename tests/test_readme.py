"""The README's table of extensions names what there is."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROWS = [
    line.strip("|").split("|")
    for line in README.partition("## How to extend it")[2].partition("## How to scale")[0].splitlines()
    if line.startswith("| ") and "---" not in line
][1:]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "components").rglob("*.py"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].strip())
def test_what_a_row_names_exists(row):
    named = re.findall(r"`([^`]+)`", " ".join(row[1:]))
    assert named
    for name in named:
        if "/" in name:
            assert (ROOT / name).exists() or list((ROOT / "components").rglob(name)), name
        elif name.endswith(".py"):
            assert list((ROOT / "components").rglob(name)), name
        else:
            assert re.search(rf"^\s*(class |def )?{re.escape(name.split('.')[-1])}\b", CODE, re.M), name


def test_every_file_that_the_readme_names_exists():
    for name in re.findall(r"`((?:components|tests|pages)/[\w/.]+)`", README):
        assert (ROOT / name).exists(), name
