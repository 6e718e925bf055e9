"""Asking a run's own model something, while it learns or after: in a worker, which keeps the model at hand.

The app names `predict` to `Engine.ask`, so this module is light; what the work takes is imported in the
worker.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from components.errors import RunError
from components.recipe import Recipe
from components.runs.artifacts import RunFiles
from components.storage import Folder

if TYPE_CHECKING:
    from components.insight.inspector import Inspector
    from components.training.checkpoints import Kept

MOST_LOADED_RUNS = 3
"""Runs whose models a worker keeps at hand."""


@dataclass
class LoadedRun:
    """A run's data and model, with the weights of one of its kept states.

    Attributes:
        recipe: the run's.
        folder: where its states are kept.
        problem: what the task's `prepare` gave.
        built: what its `build` gave.
        weights: the step of the state that they are from, and whether they are those that the run would keep.
        epoch: whose weights these are.
    """

    recipe: Recipe
    folder: Folder
    problem: Any
    built: Any
    weights: tuple[int, bool] = (-1, False)
    epoch: int = 0

    @cached_property
    def inspector(self) -> "Inspector":
        """Return what the model is looked into through, whatever weights it has."""
        from components.insight.inspector import Inspector  # noqa: PLC0415 - brings in TensorFlow
        from components.tasks import task_of  # noqa: PLC0415

        task = task_of(self.recipe)
        sample = partial(task.sample, self.problem, self.built)
        spread = partial(task.sample_evenly, self.problem)
        return Inspector(self.built.model, sample, spread)

    def load_weights(self, step: int | None) -> None:
        """Give the model the weights of a step, or those that the run would keep now, unless it has them.

        Raises:
            RunError: if the run has kept no state yet, or none after that step.
        """
        from components.tasks import task_of  # noqa: PLC0415
        from components.tasks.result_file import unpack  # noqa: PLC0415
        from components.training import checkpoints  # noqa: PLC0415 - brings in TensorFlow
        from components.training.loop import assign_values, kept_epoch, uses_best_weights  # noqa: PLC0415

        wanted = _newest_step(self.folder) if step is None else step
        if self.weights == (wanted, step is None):
            return
        kept = checkpoints.newest(self.folder) if step is None else _kept(self.folder, step)
        if kept is None:
            raise RunError("These weights are no longer kept.", remedy="Choose another training step.")
        state = kept.state
        is_best = step is None and uses_best_weights(self.recipe, state.progress)
        assign_values(self.built.model.variables, state.best_variables if is_best else state.variables)
        if step is None and (files := RunFiles(self.folder)).has_result():
            # What was measured is what answers.
            task = task_of(self.recipe)
            result = unpack(files.result(), task.result_class)
            if result.best_epoch == kept_epoch(self.recipe, state.progress):
                task.restore(self.problem, self.built, result)
        self.weights = (wanted, step is None)
        self.epoch = kept_epoch(self.recipe, state.progress) if step is None else state.progress.epoch


_loaded_runs: OrderedDict[str, LoadedRun] = OrderedDict()
_lock = threading.Lock()  # a worker answers one question at a time, but a cluster's may have more threads


@dataclass(frozen=True)
class Prediction:
    """What a task's `predict` said, and the epoch whose weights said it; 0 where none was over yet."""

    value: Any
    epoch: int


def predict(run_id: str, recipe: str, artifacts: str, question: Any) -> Prediction:
    """Have a run's task answer by the weights that it would keep now; before an epoch ends, by its newest.

    Args:
        run_id: the run.
        recipe: the run's, as JSON.
        artifacts: URL of the folder with a folder for each run.
        question: what the task's `predict` takes.

    Raises:
        RunError: if the run has kept no state yet.
        UnrollError: as `predict` does.
    """
    from components.tasks import task_of  # noqa: PLC0415 - brings in TensorFlow when it builds

    with loaded_run(run_id, recipe, artifacts) as held:
        task = task_of(Recipe.from_json(recipe))
        return Prediction(task.predict(held.problem, held.built, question), held.epoch)


def exported_model(run_id: str, recipe: str, artifacts: str) -> bytes:
    """Return a run's model with the weights that it keeps, as a .keras file.

    Args:
        run_id: the run.
        recipe: the run's, as JSON.
        artifacts: URL of the folder with a folder for each run.

    Raises:
        RunError: if the run has kept no state yet.
    """
    from components.engine.train_job import model_file  # noqa: PLC0415 - brings in TensorFlow
    from components.tasks import task_of  # noqa: PLC0415

    with loaded_run(run_id, recipe, artifacts) as held:
        return model_file(task_of(held.recipe).export_model(held.problem, held.built.model))


@contextmanager
def loaded_run(run_id: str, recipe: str, artifacts: str, step: int | None = None) -> Iterator[LoadedRun]:
    """Return a run's model with the weights of a kept state, for as long as nobody else may turn it to
    others.

    Args:
        run_id: the run.
        recipe: the run's, as JSON.
        artifacts: URL of the folder with a folder for each run.
        step: of the training; None: the weights that the run would keep now.

    Raises:
        RunError: if the run has kept no state yet, or none after that step.
    """
    from components.engine.train_job import problem_and_model  # noqa: PLC0415 - brings in TensorFlow

    read, folder = Recipe.from_json(recipe), RunFiles.of(artifacts, run_id).folder
    with _lock:
        held = _loaded_runs.get(run_id)
        if held is None:
            _newest_step(folder)  # before anything is built for nothing
            held = LoadedRun(read, folder, *problem_and_model(read))
        held.load_weights(step)
        _loaded_runs[run_id] = held
        _loaded_runs.move_to_end(run_id)
        while len(_loaded_runs) > MOST_LOADED_RUNS:
            _loaded_runs.popitem(last=False)
        yield held


def _kept(folder: Folder, step: int) -> "Kept | None":
    from components.training import checkpoints  # noqa: PLC0415

    try:
        return checkpoints.load(folder, step)
    except FileNotFoundError:
        return None


def _newest_step(folder: Folder) -> int:
    from components.training import checkpoints  # noqa: PLC0415

    kept = checkpoints.steps(folder)
    if not kept:
        raise RunError("This run hasn't learnt anything yet.", remedy="Wait for the first training steps.")
    return kept[-1]
