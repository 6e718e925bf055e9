"""The memory that a training needs against what was guessed of it beforehand, for models of every kind."""

import os
import resource
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from components.recipe import Forecast, Generated, Model, Recipe, Recurrent, Training, Transformer
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement

MEGABYTE = 2**20
STEPS = 3

MODELS: dict[str, tuple[Model, int, int]] = {
    "LSTM 128, window 200, batch 256": (Recurrent(units=128), 200, 256),
    "LSTM 64, window 500, batch 512": (Recurrent(units=64), 500, 512),
    "GRU 128, window 200, batch 256": (Recurrent(kind="gru", units=128), 200, 256),
    "SimpleRNN 128, window 200, batch 512": (Recurrent(kind="simple_rnn", units=128), 200, 512),
    "LSTM 2×256, window 100, batch 128": (Recurrent(units=256, layers=2), 100, 128),
    "LSTM 64 bidirectional, window 200, batch 1024": (Recurrent(units=64, bidirectional=True), 200, 1024),
    "LSTM 64, additive attention, window 200, batch 256": (
        Recurrent(units=64, attention="additive"),
        200,
        256,
    ),
    "LSTM 64, dot-product attention, window 200, batch 256": (Recurrent(units=64, attention="dot"), 200, 256),
    "Transformer 2×64, window 200, batch 64": (Transformer(units=64), 200, 64),
    "Transformer 2×32, window 400, batch 16": (Transformer(units=32), 400, 16),
    "LSTM 2×1024, window 20, batch 32": (Recurrent(units=1024, layers=2), 20, 32),
}


@dataclass(frozen=True)
class TrainingMemory:
    """Bytes that a process held at most, and what was guessed."""

    name: str
    measured: int
    guessed: float


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Train each model for a few steps in a process of its own, validate it and copy its state."""
    found = list(ledger.pieces(TrainingMemory, MODELS, _in_own_process))
    for one in found:
        yield Measurement.of(
            f"memory of {one.name}",
            [one.measured / MEGABYTE],
            "MB",
            "guessed",
            one.guessed / MEGABYTE,
        )
    yield Measurement.of(
        "guessed memory over measured", [one.guessed / one.measured for one in found], "times"
    )


def _in_own_process(name: str) -> TrainingMemory:
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        measured, guessed = process.submit(_train, *MODELS[name]).result()
    return TrainingMemory(name, measured, guessed)


def _train(model: Model, window: int, batch: int) -> tuple[int, float]:
    os.environ["TF_NUM_INTRAOP_THREADS"] = "1"
    from components import data
    from components.engine import preload  # noqa: F401 - as every worker does
    from components.engine.train_job import problem_and_model
    from components.tasks.feasibility import estimate
    from components.training.loop import Loop

    recipe = Recipe(
        dataset=Generated(name="sine", length=4000),
        task=Forecast(target="value", window=window, horizon=12),
        model=model,
        training=Training(batch=batch),
    )
    problem, built = problem_and_model(recipe)
    loop = Loop(built.model, problem, recipe)
    loop.run(STEPS)
    loop.outputs(problem.validation)
    loop.state()
    guessed = estimate(recipe, data.load(recipe.dataset, recipe.preparation)).memory
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, guessed
