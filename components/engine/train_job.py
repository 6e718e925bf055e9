"""The whole work of one run, as a worker does it: load, prepare, build, train, evaluate, keep."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras

from components import cancellation, data
from components.cancellation import Cancelled
from components.data.datasets import Dataset
from components.engine.compiled_training import CompiledTrainings, ReadyTraining
from components.engine.gradient_probe import GradientProbe
from components.errors import LimitError, RunError
from components.recipe import Recipe
from components.runs.artifacts import MODEL, RunFiles
from components.storage import Folder
from components.tasks import task_of
from components.tasks.evaluation import evaluation
from components.tasks.feasibility import estimate
from components.tasks.feasibility import issues as feasibility_issues
from components.tasks.result_file import pack
from components.training.attempt_start import NEW_RUN, TRIAL_REASON, AttemptStart
from components.training.control import CommandQueue
from components.training.events import Event, Status
from components.training.limits import Budget, Limits
from components.training.session import Session, SessionEnd

EVALUATION_REASON = "Training is done; the model is being evaluated."
"""What is said of a run between the end of its training and its results."""
STOPPED_REASON = "Press Evaluate to measure the model on the test set, or Resume to train on."


def run_job(
    recipe: Recipe,
    emit: Callable[[Event], None],
    control: CommandQueue,
    folder: Folder,
    budget: Budget,
    start: AttemptStart = NEW_RUN,
) -> None:
    """Train a recipe and keep its result and its model in `folder`.

    Raises:
        UnrollError: whatever a person can mend: data that can't be read, limits, a training that
            blew up.
    """
    for _ in job_portions(recipe, emit, control, folder, budget, start, patience=0.5):
        pass


def job_portions(
    recipe: Recipe,
    emit: Callable[[Event], None],
    control: CommandQueue,
    folder: Folder,
    budget: Budget,
    start: AttemptStart = NEW_RUN,
    patience: float = 0.0,
) -> Iterator[int | None]:
    """Do the same a little at a time, and say after each at which step it stands; None while it is paused.

    Who is stopped isn't measured, unless that is all that this attempt is for.

    Args:
        patience: seconds that a paused run waits for a command each time that it is asked.

    Raises:
        UnrollError: as `run_job` does.
    """
    dataset = data.load(recipe.dataset, recipe.preparation)
    _require_memory(recipe, dataset, budget.limits)
    training = _compiled.ready(recipe, dataset)
    yield from _portions(training, emit, control, folder, budget, start, patience)
    _compiled.keep(training)


_compiled = CompiledTrainings()


def _portions(
    training: ReadyTraining,
    emit: Callable[[Event], None],
    control: CommandQueue,
    folder: Folder,
    budget: Budget,
    start: AttemptStart,
    patience: float,
) -> Iterator[int | None]:
    problem, built, loop = training.problem, training.built, training.loop
    task = task_of(loop.recipe)
    session = Session(loop, emit, control, folder, budget, GradientProbe(loop, problem), start)
    yield 0
    if start.only_evaluate:
        if not session.restore():
            raise RunError("This run hasn't learnt anything yet.", remedy="Press Resume to train it.")
        outcome: SessionEnd = "finished" if loop.is_over else "stopped"
    else:
        outcome = yield from session.portions(patience)
        if outcome == "interrupted":
            return
        if outcome == "stopped":
            emit(Status(status="stopped", reason=STOPPED_REASON))
            return
        if start.only_train:
            emit(Status(status="stopped", reason=TRIAL_REASON))
            return
    emit(Status(status="running", reason=EVALUATION_REASON))
    loop.load_selected_weights()
    loss = loop.mean_loss(problem.test)

    def check() -> None:
        """Let the evaluation be ended between two of its portions, by a limit or by Stop."""
        session.beat()
        budget.check()
        if control.stop_seconds is not None:
            raise Cancelled

    try:
        with cancellation.cancellable(check):
            result = task.evaluate(problem, loop.outputs, built, loop.kept_epoch)
    except Cancelled:
        emit(Status(status="stopped", reason=STOPPED_REASON))
        return
    RunFiles(folder).write(pack(result), model_file(task.export_model(problem, built.model)))
    emit(evaluation(task, result, loss))
    emit(Status(status=outcome))


def problem_and_model(recipe: Recipe) -> tuple[Any, Any]:
    """Return a recipe's data ready to train on, and its model with the weights that every run begins with."""
    task = task_of(recipe)
    problem = task.prepare(recipe, data.load(recipe.dataset, recipe.preparation))
    return problem, task.build(recipe, problem)


def train_and_evaluate(recipe: Recipe, dataset: Dataset, limits: Limits) -> Any:
    """Train a recipe on a dataset that is at hand → what the task's `evaluate` makes of it. Nothing is kept.

    Raises:
        UnrollError: as `run_job` does.
    """
    trained = train_only(recipe, dataset, limits)
    training, loop = trained.training, trained.training.loop
    with cancellation.cancellable(trained.budget.check):
        result = task_of(recipe).evaluate(training.problem, loop.outputs, training.built, loop.kept_epoch)
    _compiled.keep(training)
    return result


@dataclass(frozen=True, eq=False)
class Trained:
    """A model at the end of its training.

    Attributes:
        training: with the weights that the recipe keeps.
        budget: what it has used.
    """

    training: ReadyTraining
    budget: Budget


def train_only(recipe: Recipe, dataset: Dataset, limits: Limits) -> Trained:
    """Train a recipe on a dataset that is at hand, and measure nothing.

    Raises:
        UnrollError: as `run_job` does.
    """
    budget = Budget(limits)
    _require_memory(recipe, dataset, limits)
    training = _compiled.ready(recipe, dataset)
    loop = training.loop
    with tempfile.TemporaryDirectory() as folder:
        Session(loop, lambda message: None, CommandQueue(), Folder(folder), budget).train()
        loop.load_selected_weights()
    return Trained(training, budget)


def _require_memory(recipe: Recipe, dataset: Dataset, limits: Limits) -> None:
    """Refuse, before anything is built, what would burst this process: whoever put it in line.

    Raises:
        LimitError: if more memory is needed than a run may have.
    """
    if estimate(recipe, dataset).memory > limits.memory:
        raise LimitError(feasibility_issues(recipe, dataset, limits)[0].message)


def model_file(model: keras.Model) -> bytes:
    """Return a model as a .keras file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / MODEL
        model.save(path)
        return path.read_bytes()
