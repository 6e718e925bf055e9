"""An audience of a hundred on one run: the server's time, the run's speed, and how long a reply takes.
Before it, a class of thirty that starts a run at the same time.

A viewer is what the live chart is to the server: a question four times a second for what is new. The askers
are a process of their own, which shares the cores with the training here, as no browser elsewhere would.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import httpx
import numpy as np
from sqlalchemy import select

from components.recipe import Forecast, Generated, Recipe, Recurrent, Training
from components.runs import schema
from components.runs.store import RunStore
from tests.benchmarks import askers
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.rush import VISITORS, Rush, rows, rush
from tests.live_server import LiveServer, live_server

CROWDS = (0, 1, 10, 30, 100)
ROUNDS, SECONDS = 3, 8.0
PATIENCE = 300.0  # seconds until the run's first step


@dataclass(frozen=True)
class Watched:
    """A few seconds of a run with so many viewers."""

    viewers: int
    server: float
    """share of a core that the server used"""
    speed: float
    """steps per second"""
    waited: tuple[float, ...]
    """milliseconds until each reply"""


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Have thirty visitors start a run at once; then watch one with nobody, one, ten, thirty and a hundred
    viewers, in turns."""
    for thirty in ledger.pieces(Rush, [f"{VISITORS} visitors"], rush):
        yield from rows(thirty)
    found: dict[int, list[Watched]] = {count: [] for count in CROWDS}
    with TemporaryDirectory() as home, live_server(Path(home)) as server:
        store = RunStore(f"sqlite:///{home}/runs.sqlite")
        run = _begin(store, server)
        for number in ledger.rounds(ROUNDS):
            for count in CROWDS if number % 2 == 0 else CROWDS[::-1]:
                found[count].append(_watch(server, store, run, count))
        store.close()
    alone = statistics.median(one.speed for one in found[0])
    for count, watched in found.items():
        who = "nobody watching" if not count else f"{count} viewers"
        yield Measurement.of(
            f"server CPU, {who}", [100 * one.server for one in watched], "% of a core", "at most", 30.0
        )
        yield Measurement.of(
            f"steps per second, {who}", [one.speed for one in watched], "steps/s", "nobody", alone
        )
        if count:
            late = [float(np.percentile(one.waited, 95)) for one in watched]
            yield Measurement.of(f"95th percentile of a reply, {who}", late, "ms", "at most", 100.0)
            asked = [len(one.waited) / SECONDS for one in watched]
            yield Measurement.of(
                f"replies a second, {who}", asked, "replies/s", "asked for", count / askers.PERIOD
            )


def _begin(store: RunStore, server: LiveServer) -> str:
    """Start a run that doesn't end, and wait for its first steps."""
    recipe = Recipe(
        dataset=Generated(name="sine", length=2000),
        task=Forecast(target="value", window=48, horizon=12),
        model=Recurrent(kind="lstm", units=32),
        training=Training(epochs=10_000, patience=None),
    )
    run = store.add(recipe, "a" * 32, "watched")
    deadline = time.monotonic() + PATIENCE
    with store._database.reader.connect() as connection:
        own = connection.execute(select(schema.servers.c.id)).scalar_one()
    store.begin(run.id, own)
    while store.run(run.id).step < 200:
        if time.monotonic() > deadline:
            raise RuntimeError(f"the run didn't begin; the server said:\n{server.said()}")
        time.sleep(0.1)
    return run.id


def _watch(server: LiveServer, store: RunStore, run: str, count: int) -> Watched:
    place = urlsplit(server.url)
    script = [sys.executable, askers.__file__, str(place.hostname), str(place.port), run]
    with httpx.Client(base_url=server.url) as client:
        client.get(f"/api/runs/{run}/points").raise_for_status()
    crowd = subprocess.Popen([*script, str(count), str(SECONDS + 1)], stdout=subprocess.PIPE, text=True)
    time.sleep(1)
    busy, step, start = sum(server.process.cpu_times()[:2]), store.run(run).step, time.perf_counter()
    time.sleep(SECONDS - 1)
    step, seconds = store.run(run).step - step, time.perf_counter() - start
    share = (sum(server.process.cpu_times()[:2]) - busy) / seconds
    waited = json.loads(crowd.communicate(timeout=60)[0])
    return Watched(count, share, step / seconds, tuple(1000 * one for one in waited))
