"""The page Runs of an owner of 10,000 runs: the seconds of its script, and what the process holds.

The script runs in Streamlit's own test bench, in this process; a browser would add the drawing.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np
import psutil
from sqlalchemy import insert

from components.engine import engine as engine_of_process
from components.recipe import Forecast, Recipe, Recurrent, Sample
from components.runs import schema
from components.runs.serialization import to_bytes
from components.runs.store import RunStore
from components.training.events import Evaluation
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.page_seconds import page_seconds
from tests.ui.conftest import ME, FakeEngine

RUNS, EPOCHS, ROUNDS = 10_000, 20, 7
MOST_SECONDS, MOST_MEMORY = 0.5, 300
VIEWS: dict[str, dict[str, str]] = {
    "the first page": {},
    "page 200": {"page": "200"},
    "a search": {"q": "lstm units>32 mae<3"},
    "sorted by the error": {"sort": "relative_error", "order": "up"},
}


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Open the page in each view several times, as a visitor whose session has begun."""
    with TemporaryDirectory() as folder:
        store = RunStore(f"sqlite:///{Path(folder) / 'runs.sqlite'}")
        fill(store)
        with patch.object(engine_of_process, "_instances", [FakeEngine(store)]):
            for name, query in VIEWS.items():
                yield Measurement.of(
                    f"Runs of {RUNS:,}, {name}",
                    page_seconds("runs", query, ROUNDS),
                    "s",
                    "at most",
                    MOST_SECONDS,
                )
        held = psutil.Process().memory_info().rss / 2**20
        yield Measurement.of(f"memory with {RUNS:,} runs", [held], "MB", "at most", MOST_MEMORY)
        store.close()


def fill(store: RunStore) -> None:
    """Enter finished runs of one owner, by the tables: as messages they would take minutes."""
    chance = random.Random(0)
    runs, epochs = [], []
    for number in range(RUNS):
        recipe = Recipe(
            dataset=Sample(name=chance.choice(["sunspots", "co2"])),
            task=Forecast(target="x"),
            model=Recurrent(
                kind=chance.choice(["lstm", "gru", "simple_rnn"]), units=2 ** chance.randint(2, 7)
            ),
            seed=number,
        )
        left = chance.uniform(0.4, 1.6)
        evaluation = Evaluation(
            measure="mean absolute error",
            model=4 * left,
            rule=4.0,
            rule_name="Seasonal naive",
            larger_is_better=False,
            won=left < 1,
            relative_error=left,
            scores={"mae": 4 * left},
        )
        run_id = f"{number:032x}"
        runs.append(
            {
                "id": run_id,
                "owner": ME,
                "title": f"Run {number}",
                "recipe": recipe.to_json(),
                "status": "finished",
                "created": float(number),
                "started": float(number),
                "ended": number + 60.0,
                "epochs_total": EPOCHS,
                "epoch": EPOCHS,
                "evaluation": evaluation.model_dump_json(),
            }
        )
        epochs += [
            {
                "run": run_id,
                "revision": 1,
                "epoch": epoch,
                "step": 10 * epoch,
                "training": 1 / epoch,
                "validation": 1 / epoch,
                "best": True,
                "snapshot": to_bytes(np.empty(0)),
            }
            for epoch in range(1, EPOCHS + 1)
        ]
    with store._database.writer.begin() as connection:
        connection.execute(insert(schema.runs), runs)
        connection.execute(insert(schema.epochs), epochs)
