"""A server of its own and a browser, warm: the stage that several benchmarks share."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from playwright.sync_api import Browser, Page, expect, sync_playwright

from components.recipe import Forecast, Generated, Recipe, Recurrent, Training
from tests.browser.page_actions import button, expect_status, open_recipe, train, wait_for_step
from tests.chromium import launch_options
from tests.live_server import LiveServer, live_server

PATIENCE = 120_000  # milliseconds
ALL_KNOWN = 10**14
"""What who knows everything of a run asks with: the reply says how it stands, and brings no points."""

expect.set_options(timeout=PATIENCE)


def typical_recipe(epochs: int, seed: int = 0) -> Recipe:
    """Describe a run of a card's usual size."""
    return Recipe(
        dataset=Generated(name="sine", length=2000),
        task=Forecast(target="value", window=48, horizon=12),
        model=Recurrent(kind="lstm", units=32),
        training=Training(epochs=epochs, patience=None),
        seed=seed,
    )


@dataclass(frozen=True)
class BenchServer:
    """A server and a browser that looks at it."""

    server: LiveServer
    browser: Browser

    def page(self) -> Page:
        """Open a window of its own."""
        page = self.browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
        page.set_default_timeout(PATIENCE)
        return page

    def begin(self, page: Page, recipe: Recipe) -> str:
        """Start a run, wait for its first point, and give its id."""
        open_recipe(page, self.server.url, recipe)
        train(page)
        wait_for_step(page)
        return page.url.rpartition("=")[2]

    def client(self) -> httpx.Client:
        """Keep a connection to the server open, as a browser does."""
        return httpx.Client(base_url=self.server.url, timeout=30)


def read_update(client: httpx.Client, run: str, since: int = ALL_KNOWN, generation: int = 0) -> dict:
    """Ask for what is new of a run, as a page does."""
    reply = client.get(f"/api/runs/{run}/points", params={"since": since, "generation": generation})
    return reply.raise_for_status().json()


@contextmanager
def bench_server() -> Iterator[BenchServer]:
    """Start both; one short run warms the worker."""
    with (
        TemporaryDirectory() as home,
        live_server(Path(home)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**launch_options())
        stage = BenchServer(server, browser)
        page = stage.page()
        stage.begin(page, typical_recipe(epochs=2))
        expect_status(page, "Finished")
        page.context.close()
        yield stage
        browser.close()


def stop(page: Page) -> None:
    """Stop the run on a page."""
    button(page, "Stop").click()
    expect_status(page, "Stopped")
