"""How soon a look into a run's model stands on the page: cold, and with the model at hand."""

import time
from collections.abc import Iterator

from playwright.sync_api import Page, expect

from components.recipe import Forecast, Generated, Recipe, Recurrent, Training
from tests.benchmarks.bench_server import BenchServer, bench_server
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.browser.page_actions import expect_status, open_recipe, train

ROUNDS = 5
COLD, WARM = 3.0, 1.0  # seconds
VIEWS = {
    "Gates and memory": "examples from all of the data, unit",
    "How far back": "that is its half-life",
    "Attention": "rank correlation",
}
"""The sections, and words of the last sentence that comes with each."""


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Time the first look into runs that the worker hasn't at hand, then every other view."""
    cold: list[float] = []
    another: list[float] = []
    warm: dict[str, list[float]] = {name: [] for name in VIEWS}
    with bench_server() as stage:
        page = stage.page()
        for seed in ledger.rounds(ROUNDS):
            run = _trained(stage, page, seed)
            page.goto(f"{stage.server.url}/inside")
            expect(page.get_by_role("link").filter(has_text="LSTM").first).to_be_visible()
            start = time.perf_counter()
            page.goto(f"{stage.server.url}/inside?run={run}")
            expect(page.get_by_text(VIEWS["Attention"]).last).to_be_visible()
            cold.append(time.perf_counter() - start)
            page.wait_for_timeout(500)
            for name, words in VIEWS.items():
                start = time.perf_counter()
                page.get_by_text(name, exact=True).click()
                expect(page.get_by_text(words).last).to_be_visible()
                warm[name].append(time.perf_counter() - start)
                page.wait_for_timeout(500)
            said = page.get_by_text("It reads").inner_text()
            start = time.perf_counter()
            page.get_by_label("Window of the test part").fill(str(7 + seed))
            page.keyboard.press("Enter")
            expect(page.get_by_text(said, exact=True)).to_have_count(0)
            another.append(time.perf_counter() - start)
    yield Measurement.of("a run's model looked into for the first time", cold, "s", "at most", COLD)
    for name, values in warm.items():
        yield Measurement.of(f"“{name}” of a model at hand", values, "s", "at most", WARM)
    yield Measurement.of("another example of a model at hand", another, "s", "at most", WARM)


def _trained(stage: BenchServer, page: Page, seed: int) -> str:
    recipe = Recipe(
        dataset=Generated(name="sine", length=1000),
        task=Forecast(target="value", window=48, horizon=6),
        model=Recurrent(kind="lstm", units=32, attention="additive"),
        training=Training(epochs=3, patience=None),
        seed=seed,
    )
    open_recipe(page, stage.server.url, recipe)
    train(page)
    expect_status(page, "Finished")
    return page.url.rpartition("=")[2]
