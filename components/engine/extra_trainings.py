"""Further trainings that belong to a run: the folds of a backtest, the same recipe from other seeds.

Each is a job of its own in the line of the runs, and leaves one file in the run's folder. The app names the
functions to `Engine.submit_extra_trainings`, so this module is light; what the work takes is imported in the
worker.
"""

from contextlib import AbstractContextManager
from typing import Any

from components.engine.memory_watch import memory_watch
from components.recipe import Recipe
from components.runs.artifacts import RunFiles
from components.tasks.forecasting.backtest import Backtest, Part, folds, ranges_of_training, truncate
from components.tasks.forecasting.seeds import Seed, seed_of_result
from components.training.limits import Limits


def train_fold(
    run_id: str, recipe: str, artifacts: str, backtest: Backtest, number: int, limits: Limits
) -> None:
    """Train for the fold of that number, from 0, and keep what it came to.

    Raises:
        UnrollError: as a run's work does.
    """
    from components import data  # noqa: PLC0415
    from components.data.datasets import require_series  # noqa: PLC0415
    from components.recipe import Forecast  # noqa: PLC0415

    read = Recipe.from_json(recipe)
    dataset = require_series(data.load(read.dataset, read.preparation))
    covered = ranges_of_training(backtest, number, read.require_task(Forecast).horizon, dataset.rows)
    part = truncate(read, dataset, covered[0].first, covered[0].start, covered[-1].stop)
    file = fold_file(backtest, number)
    with _memory_watch(run_id, artifacts, file, limits):
        made = Part(folds(_train_and_evaluate(*part, limits), covered))
    _write_result(run_id, artifacts, file, made)


def train_seed(run_id: str, recipe: str, artifacts: str, number: int, limits: Limits) -> None:
    """Train a run's recipe from another seed, and keep what it came to.

    Raises:
        UnrollError: as a run's work does.
    """
    from components import data  # noqa: PLC0415

    read = Recipe.from_json(recipe).model_copy(update={"seed": number})
    with _memory_watch(run_id, artifacts, seed_file(number), limits):
        result = _train_and_evaluate(read, data.load(read.dataset, read.preparation), limits)
    _write_result(run_id, artifacts, seed_file(number), seed_of_result(number, result))


def read_result(run_id: str, artifacts: str, file: str, kind: type[Any]) -> Any:
    """Read what a training left; None where it isn't there."""
    from components.tasks.result_file import unpack  # noqa: PLC0415

    folder = RunFiles.of(artifacts, run_id).extra_trainings
    return unpack(folder.read(file), kind) if folder.exists(file) else None


def fold_file(backtest: Backtest, number: int) -> str:
    """Name the file of a training of a backtest, the first of which is number 0."""
    return f"backtest-{backtest.name}-{number}.npz"


def seed_file(number: int) -> str:
    """Name the file of a seed."""
    return f"seed-{number}.npz"


def _memory_watch(run_id: str, artifacts: str, file: str, limits: Limits) -> AbstractContextManager[None]:
    """Watch over a training that leaves a file: where its worker dies of memory, it isn't tried again."""
    return memory_watch(RunFiles.of(artifacts, run_id).extra_trainings, f"memory-{file}", limits.memory)


def _train_and_evaluate(recipe: Recipe, dataset: Any, limits: Limits) -> Any:
    from components.engine.train_job import train_and_evaluate  # noqa: PLC0415 - brings in TensorFlow

    return train_and_evaluate(recipe, dataset, limits)


def _write_result(run_id: str, artifacts: str, file: str, made: Part | Seed) -> None:
    from components.tasks.result_file import pack  # noqa: PLC0415

    RunFiles.of(artifacts, run_id).extra_trainings.write(file, pack(made))
