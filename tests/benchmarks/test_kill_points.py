import importlib

import pytest

from tests.benchmarks.kill_points import STARTS
from tests.benchmarks.kills import PHASES


@pytest.mark.parametrize("phase", STARTS)
def test_a_phase_begins_with_what_there_is(phase):
    module, kind, name = STARTS[phase]
    assert callable(getattr(getattr(importlib.import_module(module), kind), name))
    assert phase in PHASES
