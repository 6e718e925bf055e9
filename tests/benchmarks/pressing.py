"""From the press of Train to the first update, for every card, split into what the time goes to.

The whole is what a person waits for, at a warm server, until the first point is on the chart. The parts are
timed beside it in a process as warm as a worker; what they leave of the whole is the way there and back.
"""

import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TypeVar

from playwright.sync_api import TimeoutError, expect

from components import data
from components.engine.preload import warm_up
from components.tasks import task_of
from components.training.loop import Loop
from components.ui.experiments import CARDS, Card
from tests.benchmarks.bench_server import BenchServer, bench_server
from tests.benchmarks.button_latency import REACTION
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.browser.page_actions import button, open_recipe, wait_for_step

BOUND = 1.5
"""seconds from the press to the first update"""

_OVER = re.compile("Stopped|Finished")

Found = TypeVar("Found")


@dataclass(frozen=True)
class Parts:
    """Seconds that a worker takes for each thing that comes before the first update."""

    reading: float
    preparing: float
    building: float
    measuring_start: float
    """of a forecast that begins at another one: its validation loss before the first update"""
    tracing: float
    first_call: float
    """with what XLA compiles"""
    second_call: float


@dataclass(frozen=True)
class Pressed:
    """Seconds from the press to the first point on the chart, the first time and with another seed again."""

    first: float
    again: float


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Time every card."""
    with bench_server() as stage:
        pressed = list(ledger.pieces(Pressed, CARDS, lambda card: _press(stage, card), _key))
    warm_up()
    parts = list(ledger.pieces(Parts, CARDS, _split, _key))
    for card, seen in zip(CARDS, pressed, strict=False):
        yield Measurement.of(f"{card.key}: first time", [seen.first], "s", "at most", BOUND)
        yield Measurement.of(f"{card.key}: again", [seen.again], "s", "at most", BOUND)
    for card, spent in zip(CARDS, parts, strict=False):
        for name, seconds in asdict(spent).items():
            yield Measurement.of(f"{card.key}: {name.replace('_', ' ')}", [seconds], "s")
    if pressed:
        for turn in ("first", "again"):
            all_cards = [getattr(seen, turn) for seen in pressed]
            yield Measurement.of(f"all cards, {turn}", all_cards, "s", "at most", BOUND)
            late = sum(seconds > BOUND for seconds in all_cards)
            yield Measurement.of(f"cards beyond {BOUND} s, {turn}", [late], "cards", "none", 0)


def _press(stage: BenchServer, card: Card) -> Pressed:
    waited = []
    for seed in (card.recipe.seed, card.recipe.seed + 1):
        page = stage.page()
        open_recipe(page, stage.server.url, card.recipe.model_copy(update={"seed": seed}))
        page.wait_for_timeout(REACTION)
        start = time.perf_counter()
        button(page, "Train").click()
        wait_for_step(page)
        waited.append(time.perf_counter() - start)
        with suppress(TimeoutError):  # a short run is over by now
            button(page, "Stop").click(timeout=REACTION)
        expect(page.get_by_role("status").filter(has_text=_OVER)).to_be_visible()
        page.context.close()
    return Pressed(*waited)


def _split(card: Card) -> Parts:
    recipe = card.recipe
    task = task_of(recipe)
    reading, dataset = _timed(lambda: data.load(recipe.dataset, recipe.preparation))
    preparing, problem = _timed(lambda: task.prepare(recipe, dataset))
    building, loop = _timed(lambda: Loop(task.build(recipe, problem).model, problem, recipe))
    measuring_start, _ = _timed(loop.measure_start)
    tracing, _ = _timed(loop._train.get_concrete_function)  # the first call would do it otherwise
    first_call, _ = _timed(lambda: loop.run(1))
    second_call = statistics.median(_timed(lambda: loop.run(1))[0] for _ in range(3))
    return Parts(reading, preparing, building, measuring_start, tracing, first_call, second_call)


def _timed(work: Callable[[], Found]) -> tuple[float, Found]:
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def _key(card: Card) -> str:
    return card.key
