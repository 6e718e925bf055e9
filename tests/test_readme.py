"""What the README names is there."""

import re
from pathlib import Path

import pytest
import yaml

from components.settings import Settings

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


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].strip())
def test_what_stands_in_a_file_is_in_that_file(row):
    for name, place in re.findall(r"`([\w.]+)` in `((?:components|pages)/[\w/.]+\.py)`", " ".join(row)):
        code = (ROOT / place).read_text(encoding="utf-8")
        assert re.search(rf"^\s*(class |def )?{re.escape(name)}\b", code, re.M), (name, place)


def test_every_file_that_the_readme_names_exists():
    for name in re.findall(r"`((?:components|tests|pages)/[\w/.]+)`", README):
        assert (ROOT / name).exists(), name


def test_the_example_of_several_servers_names_settings_and_hosts_that_there_are():
    block = re.search(r"```yaml\n# compose.yaml.*?\n(.*?)```", README, re.DOTALL).group(1)
    compose = yaml.safe_load(block)
    services = compose["services"]
    server = services["server-1"]
    assert services["server-2"] == server
    for name in server["environment"]:
        if name.startswith("UNROLL_"):
            assert name.removeprefix("UNROLL_").lower() in Settings.model_fields
    hosts = set(re.findall(r"(?:@|//)(\w[\w-]*)[:/]\S", str(server["environment"]))) - {"unroll"}
    assert hosts == {"database", "scheduler", "objects"}
    assert server["environment"]["UNROLL_SCHEDULER"] in services["worker"]["command"]
    proxied = compose["configs"]["caddy"]["content"]
    assert set(re.findall(r"([\w-]+):8501", proxied)) == {"server-1", "server-2"}
    assert hosts <= services.keys()
    harness = (ROOT / "tests" / "scale" / "real_parts.py").read_text()
    for line in (*proxied.splitlines()[2:-2], *services["scheduler"]["environment"]):
        assert line.strip() in harness, "make scale shows another one"
