"""A web on loopback, and a folder of its own for what is fetched."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from components.settings import settings
from tests.fake_web import FakeWeb, fake_web


@pytest.fixture
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Nothing that was fetched before, no proxy of this machine's."""
    monkeypatch.setenv("UNROLL_ARTIFACTS", str(tmp_path / "artifacts"))
    monkeypatch.setenv("UNROLL_CACHE", str(tmp_path / "cache"))
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def web(own_folder: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeWeb]:
    """What stands in for the web."""
    with fake_web() as server:
        monkeypatch.setenv("UNROLL_WEB", server.url)
        settings.cache_clear()
        yield server


@pytest.fixture
def bare_web(own_folder: None) -> Iterator[FakeWeb]:
    """A host that is asked by itself, without a stand-in before the wall."""
    with fake_web() as server:
        yield server
