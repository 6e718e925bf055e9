"""What it costs that people watch a run: the server's time, and the run's own speed.

A viewer is what the live chart is to the server: a question four times a second for what is new. For
one of them a real browser stands in as well; it shares the cores with the training here.
"""

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.benchmarks.bench_server import BenchServer, bench_server, read_update, typical_recipe
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.browser.page_actions import wait_for_step

ROUNDS = 7
SECONDS = 5.0
PERIOD = 0.25
SETTLE = 0.5


@dataclass(frozen=True)
class ViewingCost:
    """A few seconds of a run: share of a core that the server used, and the run's steps per second."""

    server: float
    speed: float


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Watch one run with nobody, one, ten, and a browser looking on, in turns."""
    with bench_server() as stage:
        page = stage.page()
        run = stage.begin(page, typical_recipe(epochs=10_000))
        page.context.close()
        crowds = {
            "nobody": ExitStack,
            "one viewer": lambda: _viewers(stage, run, 1),
            "ten viewers": lambda: _viewers(stage, run, 10),
            "one browser on the same machine": lambda: _browser(stage, run),
        }
        found: dict[str, list[ViewingCost]] = {name: [] for name in crowds}
        for number in ledger.rounds(ROUNDS):
            names = list(crowds)
            for name in names if number % 2 == 0 else names[::-1]:
                with crowds[name]():
                    time.sleep(SETTLE)
                    found[name].append(_watch(stage, run))
    alone = found.pop("nobody")
    idle = statistics.median(watched.server for watched in alone)
    yield Measurement.of(
        "server CPU while a run goes on, nobody watching",
        [100 * watched.server for watched in alone],
        "% of a core",
    )
    for name, watched in found.items():
        yield Measurement.of(
            f"server CPU while a run goes on, {name}",
            [100 * one.server for one in watched],
            "% of a core",
            "nobody watching",
            100 * idle,
        )
    for name, watched in found.items():
        yield Measurement.of(
            f"steps per second, {name}",
            [one.speed for one in watched],
            "steps/s",
            "nobody watching",
            statistics.median(one.speed for one in alone),
        )
        yield Measurement.of(
            f"cost to the run, {name}",
            [100 * (none.speed / one.speed - 1) for none, one in zip(alone, watched, strict=True)],
            "% more time a step",
            "at most",
            3.0,
        )


def _watch(stage: BenchServer, run: str) -> ViewingCost:
    process = stage.server.process
    with stage.client() as client:
        busy, step, start = (
            sum(process.cpu_times()[:2]),
            read_update(client, run)["step"],
            time.perf_counter(),
        )
        time.sleep(SECONDS)
        step, seconds = read_update(client, run)["step"] - step, time.perf_counter() - start
        return ViewingCost((sum(process.cpu_times()[:2]) - busy) / seconds, step / seconds)


@contextmanager
def _viewers(stage: BenchServer, run: str, count: int) -> Iterator[None]:
    over, there = threading.Event(), threading.Barrier(count + 1)

    def view() -> None:
        with stage.client() as client:
            news = read_update(client, run, since=0)
            there.wait()
            while not over.wait(PERIOD):
                news = read_update(client, run, news["since"], news["generation"])

    viewers = [threading.Thread(target=view) for _ in range(count)]
    for viewer in viewers:
        viewer.start()
    there.wait()
    yield
    over.set()
    for viewer in viewers:
        viewer.join()


@contextmanager
def _browser(stage: BenchServer, run: str) -> Iterator[None]:
    page = stage.page()
    page.goto(f"{stage.server.url}/train?run={run}")
    wait_for_step(page)
    yield
    page.context.close()
