"""What the processes hold: the one that draws pages, and a worker."""

from collections.abc import Iterator

import psutil

from tests.benchmarks.bench_server import bench_server, stop, typical_recipe
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.browser.page_actions import wait_for_step

MEGABYTE = 2**20  # bytes, as ps, top and the hosts count


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Weigh the processes while a run goes on, after every page has been visited."""
    with bench_server() as stage:
        page = stage.page()
        for place in ("", "data", "train", "results"):
            page.goto(f"{stage.server.url}/{place}")
            page.get_by_role("heading", level=1).wait_for()
            page.wait_for_load_state("networkidle")
        stage.begin(page, typical_recipe(epochs=10_000))
        wait_for_step(page, beyond=500)
        server, *others = [stage.server.process, *stage.server.process.children(recursive=True)]
        worker = max(others, key=_resident)
        held = {"app": _resident(server), "worker": _resident(worker)}
        together = sum(process.memory_full_info().pss for process in (server, *others)) / MEGABYTE
        stop(page)
    yield Measurement.of("memory of the app process", [held["app"]], "MB", "at most", 220)
    yield Measurement.of("memory of a worker that trains", [held["worker"]], "MB")
    yield Measurement.of("memory of all processes, shared pages once", [together], "MB")


def _resident(process: psutil.Process) -> float:
    return process.memory_info().rss / MEGABYTE
