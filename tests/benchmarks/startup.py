"""How soon Home is there on a server that has just started."""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.chromium import launch_options
from tests.live_server import live_server

ROUNDS = 3


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Time the way from the command to a server that answers, and from there to the last card of Home."""
    started, shown = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        for _ in ledger.rounds(ROUNDS):
            with TemporaryDirectory() as home:
                start = time.perf_counter()
                with live_server(Path(home)) as server:
                    started.append(time.perf_counter() - start)
                    page = browser.new_page()
                    start = time.perf_counter()
                    page.goto(server.url)
                    page.locator(".st-key-card-own").wait_for()
                    shown.append(time.perf_counter() - start)
                    page.close()
        browser.close()
    yield Measurement.of("command to a server that answers", started, "s")
    yield Measurement.of("first visit to Home on a cold server", shown, "s", "at most", 2.0)
