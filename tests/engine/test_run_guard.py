"""A run that doesn't obey is ended, and one that does is left alone."""

import threading

import pytest

from components.engine import run_guard
from components.engine.run_guard import RunGuard
from components.training.control import CommandQueue
from components.training.events import Pause, Stop
from components.training.limits import Budget, Limits

GENEROUS = Limits(seconds=60, memory=2**40, pause_seconds=60)


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch):
    monkeypatch.setattr(run_guard, "GRACE_SECONDS", 0.05)
    monkeypatch.setattr(run_guard, "_SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.setattr(run_guard, "_SECONDS_TO_LEAVE", 0.01)


@pytest.fixture
def guarded():
    """Watch a run with these limits and commands → the guard, what is said, and whether the process ended."""
    guards = []

    def watch(limits=GENEROUS, command=None):
        control, said, ended = CommandQueue(), [], threading.Event()
        if command is not None:
            control.put(command)
        guards.append(RunGuard(control, Budget(limits), said.append, bool, ended.set))
        return control, said, ended

    yield watch
    for guard in guards:
        guard.close()


def test_who_does_not_hear_stop_is_ended_and_says_so(guarded):
    _, said, ended = guarded(command=Stop())
    assert ended.wait(5)
    assert (said[0].status, len(said)) == ("stopped", 1)


def test_who_obeys_or_is_told_something_else_is_left_alone(guarded):
    control, said, ended = guarded(command=Stop())
    control.take()
    _, _, other = guarded(command=Pause())
    assert not ended.wait(0.3)
    assert not other.is_set()
    assert said == []


@pytest.mark.parametrize(
    ("limits", "reason"),
    [(Limits(0.0, 2**40, 60), "time limit"), (Limits(60, 1, 60), "more memory")],
)
def test_who_outlives_a_limit_fails_with_the_reason(guarded, limits, reason):
    _, said, ended = guarded(limits)
    assert ended.wait(5)
    assert said[0].status == "failed"
    assert reason in said[0].reason


def test_a_run_that_is_over_is_no_longer_watched(guarded):
    control, said = CommandQueue(), []
    control.put(Stop())
    ended = threading.Event()
    RunGuard(control, Budget(GENEROUS), said.append, bool, ended.set).close()
    assert not ended.wait(0.2)
