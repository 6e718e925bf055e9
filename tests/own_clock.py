"""A clock for one module alone: threads that other tests left at work go on by the real one."""

import time
from types import ModuleType, SimpleNamespace

import pytest


def set_clock(monkeypatch: pytest.MonkeyPatch, module: ModuleType, **functions: object) -> None:
    """Give a module a `time` of its own, in which some functions are others."""
    monkeypatch.setattr(module, "time", SimpleNamespace(**{**vars(time), **functions}))
