"""Who asks the web waits for a while, and no longer."""

import threading

import pytest

from components.data.sources.web import fetch_pool
from components.data.sources.web.fetch_pool import FetchPool
from components.errors import DataError


def test_the_answer_or_its_error_comes_back() -> None:
    pool = FetchPool(1, "test")
    assert pool.ask(lambda: 5, 1) == 5
    with pytest.raises(ZeroDivisionError):
        pool.ask(lambda: 1 / 0, 1)


def test_who_waits_too_long_for_a_thread_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_pool, "_WAITING_SECONDS", 0.05)
    done = threading.Event()
    try:
        with pytest.raises(DataError, match="Too many people"):
            FetchPool(1, "test").ask(lambda: done.wait(5), 0.0)
    finally:
        done.set()
