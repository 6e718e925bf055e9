"""A real server and a real Chromium, as a person uses them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.chromium import launch_options
from tests.fake_web import FakeWeb, fake_web
from tests.fake_yahoo import FakeYahoo, fake_yahoo
from tests.live_server import LiveServer, live_server, our_errors

PATIENCE = 180_000  # milliseconds; two cores carry browser, server, training and all other tests at once
SECONDS_OF_A_TEST = 600  # until one that hangs is ended

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(SECONDS_OF_A_TEST))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return browser_type_launch_args | launch_options()


@pytest.fixture(scope="session")
def exchange() -> Iterator[FakeYahoo]:
    """Where the common server asks for share prices."""
    with fake_yahoo() as stand_in:
        yield stand_in


@pytest.fixture(scope="session")
def internet() -> Iterator[FakeWeb]:
    """Where the common server asks for all else on the web."""
    with fake_web() as stand_in:
        yield stand_in


@pytest.fixture(scope="session")
def server(
    tmp_path_factory: pytest.TempPathFactory, exchange: FakeYahoo, internet: FakeWeb
) -> Iterator[LiveServer]:
    """One server for all tests that don't ask for a fresh one."""
    with live_server(tmp_path_factory.mktemp("server"), yahoo=exchange.url, web=internet.url) as running:
        yield running


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[LiveServer]:
    """A server that nobody has asked anything yet."""
    with live_server(tmp_path) as running:
        yield running
        _check(running, since=0)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"viewport": {"width": 1280, "height": 1000}}


@pytest.fixture
def context(context: BrowserContext) -> Iterator[BrowserContext]:
    """A visitor. In any of their tabs, a script that fails, something that the app's own policy forbids, or a
    request to another host fails the test."""
    failures: list[str] = []
    context.set_default_timeout(PATIENCE)
    context.on("weberror", lambda failure: failures.append(str(failure.error)))
    context.on("console", lambda message: failures.extend(_violations(message.text)))
    context.on("request", lambda request: failures.extend(foreign_requests(request.url)))
    yield context
    assert failures == []


def _violations(said: str) -> list[str]:
    return [said] if "Content Security Policy" in said else []


def foreign_requests(url: str) -> list[str]:
    """Return an address that was asked for, if it is another host's."""
    asked = urlsplit(url)
    return [url] if asked.scheme in ("http", "https", "ws", "wss") and asked.hostname != "127.0.0.1" else []


@pytest.fixture
def visitor(page: Page, server: LiveServer) -> Page:
    """A visitor at the door of the common server."""
    page.goto(server.url)
    return page


@pytest.fixture(autouse=True)
def common_server_stays_well(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hold every test's use of the common server against what all of them promise."""
    if "server" not in request.fixturenames:
        yield
        return
    server: LiveServer = request.getfixturevalue("server")
    begun = server.log.stat().st_size
    yield
    _check(server, begun)


def _check(server: LiveServer, since: int) -> None:
    """Hold three promises: no script of ours failed, nobody outside this machine was spoken to, and the
    process that draws pages holds no TensorFlow.

    Args:
        server: in whose log the failures would be.
        since: where the test's part of the log begins, in bytes.
    """
    assert our_errors(server.said(since)) == []
    assert server.outgoing.read_text() == ""
    assert not [place for place in server.process.memory_maps() if "/tensorflow/" in place.path]
