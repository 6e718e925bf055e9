"""How soon something happens after a button is pressed, as the person at the browser sees it."""

import time
from collections.abc import Iterator

from playwright.sync_api import expect

from tests.benchmarks.bench_server import bench_server, typical_recipe
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.browser.page_actions import button, expect_status, open_recipe, wait_for_step

ROUNDS = 9
FOR_EVER = 10_000  # epochs
REACTION = 500  # milliseconds that a person takes to press a button after it has appeared


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Time Train, Pause and Stop on a warm server."""
    trained, paused, stopped = [], [], []
    with bench_server() as stage:
        page = stage.page()
        for seed in ledger.rounds(ROUNDS):
            open_recipe(page, stage.server.url, typical_recipe(FOR_EVER, seed))
            page.wait_for_timeout(REACTION)
            start = time.perf_counter()
            button(page, "Train").click()
            drawn = wait_for_step(page)
            trained.append(time.perf_counter() - start)
            wait_for_step(page, beyond=drawn + 50)

            start = time.perf_counter()
            button(page, "Pause").click()
            expect_status(page, "Paused")
            paused.append(time.perf_counter() - start)
            button(page, "Resume").click()
            expect(button(page, "Pause")).to_be_visible()
            page.wait_for_timeout(REACTION)

            start = time.perf_counter()
            button(page, "Stop").click()
            expect_status(page, "Stopped")
            stopped.append(time.perf_counter() - start)
    yield Measurement.of("press of Train to the first point on the chart", trained, "s", "at most", 1.0)
    yield Measurement.of(
        "press of Pause until the page says Paused",
        paused,
        "s",
        "a call of the loop and a question of the page",
        0.45,
    )
    yield Measurement.of(
        "press of Stop until the page says Stopped, results kept",
        stopped,
        "s",
        "a call of the loop and a question of the page",
        0.45,
    )
