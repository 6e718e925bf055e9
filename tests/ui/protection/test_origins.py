"""Whose page may speak for a visitor: the app's own, and whom the settings name."""

import pytest
import streamlit as st

from components.ui.protection.origins import OriginCheck, is_of_host
from tests.async_runner import run_coroutine


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://localhost:8501", "localhost:8501", True),
        ("https://unroll.example", "unroll.example", True),
        ("https://unroll.example", "unroll.example:443", True),
        ("https://unroll.example:443", "UNROLL.example", True),
        ("http://[::1]:8501", "[::1]:8501", True),
        ("http://localhost:8502", "localhost:8501", False),
        ("https://evil.example", "unroll.example", False),
        ("https://unroll.example.evil.example", "unroll.example", False),
        ("https://unroll.example@evil.example", "unroll.example", False),
        ("null", "unroll.example", False),
        ("", "", False),
        ("file://", "", False),
        ("https://", "", False),
        ("https://[", "[", False),
        ("https://a:b", "a:b", False),
    ],
)
def test_an_origin_is_of_a_host(origin: str, host: str, same: bool) -> None:
    assert is_of_host(origin, host) is same


def passes(kind: str, origins: tuple[str, ...] = (), method: str = "PUT", **headers: str) -> bool:
    """Ask with some headers; return whether the app was reached."""
    reached: list[dict] = []

    async def app(scope, receive, send):
        reached.append(scope)

    async def nothing(*_):
        return {"type": "websocket.connect"}

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "method": method, "path": "/", "headers": raw, "extensions": {}}
    run_coroutine(OriginCheck(app, origins)(scope, nothing, nothing))
    if reached and kind == "websocket" and "origin" in headers:
        passed = [pair for pair in reached[0]["headers"] if pair[0] in (b"host", b"origin")]
        host = headers["origin"].removeprefix("https://").encode()
        assert passed == [(b"host", host), (b"origin", headers["origin"].encode())], (
            "Streamlit would look up an Origin of another host, and knows no account without one"
        )
    return bool(reached)


@pytest.mark.parametrize("kind", ["websocket", "http"])
def test_another_sites_page_is_refused(kind: str) -> None:
    assert passes(kind, host="unroll.example", origin="https://unroll.example")
    assert passes(kind, host="unroll.example"), "no browser's page"
    assert not passes(kind, host="unroll.example", origin="https://evil.example")
    assert not passes(kind, host="localhost:8501", origin="https://unroll.example")


def test_a_proxy_says_which_host_was_asked() -> None:
    hosts = "unroll.example, inner.example"
    assert passes("websocket", host="localhost:8501", x_forwarded_host=hosts, origin="https://unroll.example")
    assert not passes(
        "websocket", host="localhost:8501", x_forwarded_host=hosts, origin="https://evil.example"
    )


def test_the_settings_can_name_others(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"host": "localhost:8501", "origin": "https://unroll.example"}
    assert passes("websocket", ("https://unroll.example",), **asked)
    monkeypatch.setattr(st, "get_option", {"server.enableCORS": False}.__getitem__)
    assert passes("websocket", **asked)


def test_who_only_reads_is_not_asked() -> None:
    assert passes("http", method="GET", host="unroll.example", origin="https://evil.example")
