"""Comparing twelve runs of 100,000 steps: from the address to the first chart, in a browser."""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from components.recipe import Forecast, Recipe, Recurrent, Sample, Training
from components.runs.store import RunStore
from components.training.events import EpochEnd, Status, Steps, TrainingStart
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.chromium import launch_options
from tests.live_server import LiveServer, live_server

RUNS, STEPS, EPOCHS, PORTION, ROUNDS = 12, 100_000, 100, 200, 5
MOST_SECONDS = 1.5
_LINES = (
    """() => document.querySelector('figure[aria-label="Training loss"] .js-plotly-plot')?.data?.length"""
)


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Open the comparison in a browser that has been on Home, as somebody who follows a link."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        store = RunStore(f"sqlite:///{Path(folder) / 'runs.sqlite'}")
        ids = [add_run(store, seed) for seed in range(RUNS)]
        store.close()
        browser = playwright.chromium.launch(**launch_options())
        with live_server(Path(folder)) as server:
            first_chart(browser, server, ids)  # the server's first time, which isn't a visitor's
            taken = [first_chart(browser, server, ids) for _ in ledger.rounds(ROUNDS)]
        browser.close()
    name = f"first chart of {RUNS} runs of {STEPS:,} steps"
    yield Measurement.of(name, taken, "s", "at most", MOST_SECONDS)


def add_run(store: RunStore, seed: int) -> str:
    """Enter a finished run, whose loss falls and is as noisy as a batch's."""
    recipe = Recipe(
        dataset=Sample(name="sunspots"),
        task=Forecast(target="sunspots"),
        model=Recurrent(units=8 + seed),
        training=Training(epochs=EPOCHS),
        seed=seed,
    )
    run = store.add(recipe, "b" * 32, f"Run {seed}")
    attempt = store.begin(run.id, "here")
    chance = np.random.default_rng(seed)
    loss = np.exp(-np.arange(STEPS) / 2e4) * chance.gamma(4, 0.25, STEPS)
    layers = ("lstm_1", "dense")
    said: list[Steps | EpochEnd | Status | TrainingStart] = [
        TrainingStart(parameters=1, layers=layers, steps_per_epoch=STEPS // EPOCHS, clip=1.0)
    ]
    for first in range(0, STEPS, PORTION):
        losses = tuple(loss[first : first + PORTION].tolist())
        said.append(
            Steps(
                first=first + 1,
                losses=losses,
                before=losses,
                after=losses,
                layers=(losses,) * len(layers),
                learning_rate=0.001,
                seconds=1.0,
            )
        )
    for epoch in range(1, EPOCHS + 1):
        value = float(loss[(epoch - 1) * STEPS // EPOCHS])
        step = epoch * STEPS // EPOCHS
        said.append(EpochEnd(epoch=epoch, step=step, training=value, validation=value, best=True))
    store.write([(run.id, attempt, event) for event in (*said, Status(status="finished"))])
    return run.id


def first_chart(browser: Browser, server: LiveServer, ids: list[str]) -> float:
    """Return the seconds from the address to the first chart with a line of every run."""
    context = browser.new_context(viewport={"width": 1440, "height": 1400})
    page = context.new_page()
    page.goto(server.url)
    page.locator(".st-key-card-own").wait_for()
    start = time.perf_counter()
    page.goto(f"{server.url}/compare?runs={','.join(ids)}")
    # Below what differs between so many: a chart that nobody sees isn't drawn.
    page.get_by_role("figure", name="Training loss").scroll_into_view_if_needed()
    page.wait_for_function(f"many => ({_LINES})() === many", arg=RUNS, timeout=60_000)
    taken = time.perf_counter() - start
    context.close()
    return taken
