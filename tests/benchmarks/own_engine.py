"""An engine of a benchmark's own, whose runs stay: what was measured in one sitting is known in the next."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from components.engine.engine import Engine
from components.runs.event_writer import ACTIVE
from components.runs.store import Run, RunStore
from components.settings import Settings
from tests.benchmarks.ledger import RESULTS

OWNER = "a" * 32
PATIENCE = 900.0  # seconds


@contextmanager
def own_engine(name: str, workers: int) -> Iterator[Engine]:
    """Start an engine whose store lies beside the results.

    Args:
        name: of the benchmark.
        workers: that it has.
    """
    folder = RESULTS.parent / name
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        workers=workers,
        visitor_runs=100,
        database=f"sqlite:///{folder / 'runs.sqlite'}",
        artifacts=str(folder / "artifacts"),
    )
    engine = Engine(settings, RunStore(settings.database))
    try:
        wait_until(lambda: engine.ready() and engine.workers() == workers)
        yield engine
    finally:
        engine.close()
        engine.store.close()


def wait_for_end(engine: Engine, run_id: str) -> Run:
    """Wait until a run is over, and return it.

    Raises:
        RuntimeError: if it didn't finish.
    """
    wait_until(lambda: engine.store.run(run_id).status not in ACTIVE)
    run = engine.store.run(run_id)
    if run.status != "finished":
        raise RuntimeError(f"{run.title}: {run.status}. {run.reason}")
    return run


def wait_until(holds) -> None:
    """Wait until something holds.

    Raises:
        TimeoutError: if it doesn't for long.
    """
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError
        time.sleep(0.05)


def load_average() -> float:
    """Return how many processes wanted a core in the last minute, on average."""
    return os.getloadavg()[0]
