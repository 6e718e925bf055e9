"""The seconds that the script of each page takes, for a visitor whose session has begun."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from components.engine import engine as engine_of_process
from components.runs.store import RunStore
from components.training.events import Status
from components.ui.experiments import CARDS
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.page_seconds import page_seconds
from tests.runs.sample_events import TRAINING_START, epoch_end, steps
from tests.ui.conftest import ME, FakeEngine

ROUNDS = 9
MOST_SECONDS = 0.3


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Open the pages that need no worker, each several times."""
    with TemporaryDirectory() as folder:
        store = RunStore(f"sqlite:///{Path(folder) / 'runs.sqlite'}")
        run = store.add(CARDS[0].recipe, ME, "Sunspots")
        attempt = store.begin(run.id, store.register_server())
        said = (TRAINING_START, Status(status="running"), steps(1, 20), epoch_end(1), epoch_end(2))
        store.write([(run.id, attempt, message) for message in said])
        pages = {
            "Home": ("home", {}),
            "Data": ("data", {}),
            "Train": ("train", {"recipe": CARDS[0].recipe.to_url()}),
            "a run": ("train", {"run": run.id}),
            "Runs": ("runs", {}),
            "Gradients": ("gradients", {}),
        }
        with patch.object(engine_of_process, "_instances", [FakeEngine(store)]):
            for title, (name, query) in pages.items():
                yield Measurement.of(
                    f"script of {title}", page_seconds(name, query, ROUNDS), "s", "at most", MOST_SECONDS
                )
        store.close()
