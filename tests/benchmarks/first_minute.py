"""The first minute of somebody new: how soon a finished run is there, and a verdict on one's own data."""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, expect, sync_playwright

from components.runs.shelf import shelf
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.browser.newcomer import Newcomer
from tests.browser.page_actions import chart
from tests.browser.test_data import TABLE
from tests.chromium import launch_options
from tests.live_server import live_server

ROUNDS = 3
PATIENCE = 120_000  # milliseconds


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Time, on a server that has just started, a finished run; then a newcomer's ways to a verdict."""
    expect.set_options(timeout=PATIENCE)
    first, shelved, own = list[float](), list[float](), list[float]()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        for _ in ledger.rounds(ROUNDS):
            with TemporaryDirectory() as home, live_server(Path(home)) as server:
                first.append(_finished_run(browser, server.url))
                for seconds, go in (
                    (shelved, lambda newcomer, url: newcomer.reaches_a_verdict(url)),
                    (own, lambda newcomer, url: newcomer.forecasts_own_table(url, "museum.csv", TABLE)),
                ):
                    newcomer = Newcomer(browser.new_context().new_page())
                    newcomer.page.set_default_timeout(PATIENCE)
                    start = time.perf_counter()
                    go(newcomer, server.url)
                    seconds.append(time.perf_counter() - start)
                    newcomer.page.context.close()
        browser.close()
    yield Measurement.of("first view of a card's finished run on a cold server", first, "s", "at most", 1.5)
    yield Measurement.of("from Home to a forecast's verdict", shelved, "s", "at most", 60.0)
    yield Measurement.of("from Home and a CSV file to the verdict on it", own, "s", "at most", 90.0)


def _finished_run(browser: Browser, url: str) -> float:
    """Return the seconds from asking for a finished run to its verdict and its loss."""
    page = browser.new_context().new_page()
    start = time.perf_counter()
    page.goto(f"{url}/train?run={shelf()['co2'].id}")
    chart(page, "Loss").locator(".js-plotly-plot .scatterlayer").wait_for(timeout=PATIENCE)
    seconds = time.perf_counter() - start
    Newcomer(page).sees_verdict()
    page.context.close()
    return seconds
