"""Thirty visitors who press Train at once on two workers: is the line fair, and the wait as it is said?"""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from components.recipe import Forecast, Generated, Preparation, Recipe, Recurrent, Training
from components.runs.event_writer import ACTIVE
from components.runs.store import RunStore
from components.ui.visitor import COOKIE, cookie_owner
from tests.benchmarks.measurement import Measurement
from tests.live_server import LiveServer, live_server
from tests.page_socket import page_socket, widget_id

VISITORS, EAGER, WORKERS = 30, 5, 2
PATIENCE = 900.0  # seconds until all have ended
SHORTEST = 5.0  # seconds of a wait that is worth an estimate


@dataclass(frozen=True)
class Rush:
    """What the runs of a rush came to, those that waited in line in their order.

    Attributes:
        shown: seconds from each press until the page said how the run stands.
        said: seconds that each waiting run was to wait, as its page said with all there; None: it didn't.
        waited: seconds that it waited from then.
        behind: seconds from the beginning of the last visitor's first run to that of each second run.
    """

    shown: tuple[float, ...]
    said: tuple[float | None, ...]
    waited: tuple[float, ...]
    behind: tuple[float, ...]


def rush(_name: str) -> Rush:
    """Have visitors press Train at once, and some of them once more."""
    with (
        TemporaryDirectory() as home,
        live_server(Path(home), workers=str(WORKERS)) as server,
        ThreadPoolExecutor(VISITORS) as visitors,
    ):
        store = RunStore(f"sqlite:///{home}/runs.sqlite")
        _train(server, store, VISITORS)  # the first run of a server says how quick it is
        together = threading.Barrier(VISITORS)
        presses = [visitors.submit(_press, server, store, number, together) for number in range(VISITORS)]
        firsts = [press.result() for press in presses]
        seconds = [_press(server, store, number) for number in range(EAGER)]
        runs = [run for run, _ in [*firsts, *seconds]]
        said = {run: httpx.get(f"{server.url}/api/runs/{run}/points").json() for run in runs}
        asked = time.monotonic()
        begun = _watch(store, runs)
        store.close()
    waiting = sorted((run for run in runs if begun[run] > asked), key=begun.__getitem__)
    last = max(begun[run] for run, _ in firsts)
    return Rush(
        shown=tuple(shown for _, shown in firsts),
        said=tuple(said[run]["wait_seconds"] for run in waiting),
        waited=tuple(begun[run] - asked for run in waiting),
        behind=tuple(begun[run] - last for run, _ in seconds),
    )


def rows(found: Rush) -> Iterator[Measurement]:
    """Yield what is to be said of a rush."""
    yield Measurement.of(
        f"until a page shows how its run stands, {VISITORS} pressed Train at once", found.shown, "s"
    )
    yield Measurement.of(
        "second runs that began after everybody's first",
        [sum(one >= 0 for one in found.behind)],
        "runs",
        "all",
        EAGER,
    )
    yield Measurement.of(
        "runs in line whose page told a wait",
        [sum(one is not None for one in found.said)],
        "runs",
        "all",
        len(found.said),
    )
    told = [(said, waited) for said, waited in zip(found.said, found.waited, strict=True) if said is not None]
    ratios = [said / waited for said, waited in told if waited > SHORTEST]
    yield Measurement.of("wait that was told ÷ wait", ratios, "×", "true", 1.0)


def _press(
    server: LiveServer, store: RunStore, visitor: int, together: threading.Barrier | None = None
) -> tuple[str, float]:
    """Press Train as a visitor does; return the run, and the seconds until its page says how it stands."""
    recipe = _recipe(seed=visitor)
    owner, query = cookie_owner({COOKIE: f"{visitor:064x}"}), f"recipe={recipe.to_url()}"
    before = {run.id for run in store.runs(owner)}
    with page_socket(server.url, f"{COOKIE}={visitor:064x}") as page:
        button = widget_id(page.show("train", query=query), "train")
        if together is not None:
            together.wait()
        pressed = time.monotonic()
        page.show("train", {"id": button, "trigger_value": True}, query=query)
    (run,) = (run.id for run in store.runs(owner) if run.id not in before)
    httpx.get(f"{server.url}/api/runs/{run}/points", timeout=60).raise_for_status()
    return run, time.monotonic() - pressed


def _watch(store: RunStore, runs: Sequence[str]) -> dict[str, float]:
    """Wait for the end of all, and return when each began."""
    start, begun, left = time.monotonic(), dict[str, float](), set(runs)
    while left:
        if time.monotonic() - start > PATIENCE:
            raise TimeoutError(f"{len(left)} runs didn't end")
        for run in list(left):
            status = store.run(run).status
            if status != "waiting":
                begun.setdefault(run, time.monotonic())
            if status not in ACTIVE:
                left.discard(run)
        time.sleep(0.05)
    return begun


def _train(server: LiveServer, store: RunStore, visitor: int) -> None:
    run, _ = _press(server, store, visitor)
    deadline = time.monotonic() + PATIENCE
    while store.run(run).status in ACTIVE and time.monotonic() < deadline:
        time.sleep(0.1)


def _recipe(seed: int) -> Recipe:
    """Return one of some seconds; of so few rows ETS and ARIMA, which take long, are left out."""
    return Recipe(
        dataset=Generated(name="sine", length=50),
        preparation=Preparation(validation=0.2, test=0.4),
        task=Forecast(target="value", window=6, horizon=2),
        model=Recurrent(kind="lstm", units=16),
        training=Training(epochs=1_000, batch=4, patience=None),
        seed=seed,
    )
