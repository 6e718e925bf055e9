"""Training the runs that come with Unroll: as any run is trained, but in this process, and kept small.

    make shelf ARGS="sunspots dates --minutes 5"

Half trained ones lie in a store and a folder of their own, and go on where they stopped, or were killed. Of a
trained one, weights are kept in half precision, and its result is measured with exactly these.
"""

import math
import tempfile
from dataclasses import dataclass, replace
from threading import Timer
from typing import Any

import numpy as np
import tensorflow as tf

from components import data
from components.engine.gradient_probe import GradientProbe
from components.recipe import Recipe
from components.runs.artifacts import RESULT, RunFiles
from components.runs.run_archive import RunArchive, read_events, shorten_numbers
from components.runs.shelf import SHELF_OWNER
from components.runs.store import Run, RunStore
from components.storage import Folder
from components.tasks import task_of
from components.tasks.evaluation import evaluation
from components.tasks.result_file import pack
from components.training import checkpoints
from components.training.control import CommandQueue
from components.training.events import Checkpoint, Event, Status, Stop
from components.training.limits import Budget, Limits
from components.training.loop import Loop, TrainingProgress, TrainingState, assign_values, uses_best_weights
from components.training.session import Session

MOST_WEIGHT_BYTES = 150_000
"""That the states before the last may take together: as many moments of a training as fit."""
MOST_STATES = 5
FEWEST_STATES_AFTER_BEST = 2
"""With room for fewer states before the last, none is kept from after the best epoch."""
_MOST_RUNS = 1000  # of the folder, among which that of a recipe is looked for
_NO_LIMITS = Limits(seconds=math.inf, memory=2**62, pause_seconds=math.inf)

tf.config.experimental.enable_op_determinism()  # as in a worker


@dataclass(frozen=True)
class _Trained:
    """A run at the end of its training.

    Attributes:
        loop: that trained it.
        problem, built: what its task prepared and built.
        files: of the run.
    """

    loop: Loop
    problem: Any
    built: Any
    files: RunFiles


def train_shelf_run(title: str, recipe: Recipe, folder: str, seconds: float) -> RunArchive | None:
    """Train a recipe for so long at most, going on where it stopped.

    Args:
        title: what the run is to be called.
        recipe: what is trained.
        folder: where half trained runs lie.
        seconds: of training; what is measured after it comes on top.

    Returns:
        the finished run; None where the time wasn't enough.

    Raises:
        UnrollError: whatever a person can mend, as any run does.
    """
    store = RunStore(f"sqlite:///{folder}/runs.sqlite")
    try:
        run = _run_of(store, title, recipe)
        trained = _train(store, run, RunFiles.of(folder, run.id), seconds)
        return None if trained is None else _finish(store, run, trained)
    finally:
        store.close()


def _run_of(store: RunStore, title: str, recipe: Recipe) -> Run:
    """Return the run of a recipe, one that is over in this process: nothing else trains it."""
    begun = (run for run in store.runs(SHELF_OWNER, _MOST_RUNS) if run.recipe == recipe)
    run = next(begun, None) or store.add(recipe, SHELF_OWNER, title)
    if run.attempt:  # the process that trained it was killed
        store.set_status(run.id, "interrupted")
    return store.run(run.id)


def _train(store: RunStore, run: Run, files: RunFiles, seconds: float) -> _Trained | None:
    attempt = store.start_attempt(run.id, store.begin(run.id, server=""))
    assert attempt is not None  # it has just begun, and nobody else knows of it

    def emit(event: Event) -> None:
        store.write([(run.id, attempt.token, event)])

    task, dataset = task_of(run.recipe), data.load(run.recipe.dataset, run.recipe.preparation)
    problem = task.prepare(run.recipe, dataset)
    built = task.build(run.recipe, problem)
    loop, control = Loop(built.model, problem, run.recipe), CommandQueue()
    probe = GradientProbe(loop, problem)
    session = Session(loop, emit, control, files.folder, Budget(_NO_LIMITS), probe, attempt.start)
    clock = Timer(seconds, control.put, (Stop(),))
    clock.start()
    try:
        session.train()
    finally:
        clock.cancel()
    # Also where it was over: what is measured and kept comes next, and may be killed.
    emit(Status(status="stopped"))
    return _Trained(loop, problem, built, files) if loop.is_over else None


def _finish(store: RunStore, run: Run, trained: _Trained) -> RunArchive:
    """Measure a trained model with the weights as they are kept → all that is kept of the run."""
    loop, task, states = trained.loop, task_of(run.recipe), _kept_states(store, run, trained)
    assign_values(loop.model.variables, states[-1].best_variables or states[-1].variables)
    loss = loop.mean_loss(trained.problem.test)
    result = task.evaluate(trained.problem, loop.outputs, trained.built, loop.kept_epoch)
    with tempfile.TemporaryDirectory() as place:
        folder = Folder(place)
        for state in states:
            checkpoints.save(folder, state, consumed=0)
        files = {name: folder.read(name) for name in folder.names()}
    events = (
        *read_events(store, run.id),
        *(Checkpoint(step=one.progress.step, epoch=one.progress.epoch) for one in states),
        evaluation(task, result, loss),
        Status(status="finished"),
    )
    files[RESULT] = shorten_numbers(pack(result))  # last, as it is written last
    return RunArchive(run.title, run.recipe, run.created.timestamp(), events, files)


def _kept_states(store: RunStore, run: Run, trained: _Trained) -> list[TrainingState]:
    """Return as many states as there is room for, evenly chosen, from the first to the last.

    The weights that the recipe keeps go with the last. Where there is no room for both, the last is that of
    the best epoch, whose weights these are.
    """
    loop, folder = trained.loop, trained.files.folder
    last = loop.state()
    steps = [step for step in checkpoints.steps(folder) if step < last.progress.step]
    size = 2 * sum(math.prod(variable.shape) for variable in loop.model.trainable_variables)
    room = min(MOST_STATES, MOST_WEIGHT_BYTES // size)
    if not uses_best_weights(run.recipe, last.progress):
        last = replace(last, best_variables=[])
    elif room < FEWEST_STATES_AFTER_BEST:
        last = _best_state(store, run, last)
        steps = [step for step in steps if step < last.progress.step]
    places = sorted({at * len(steps) // room for at in range(room)}) if steps else []
    earlier = (checkpoints.load(folder, steps[at]).state for at in places)
    return [_compact(loop, state) for state in (*(replace(one, best_variables=[]) for one in earlier), last)]


def _best_state(store: RunStore, run: Run, last: TrainingState) -> TrainingState:
    """Return how the run stood at the end of its best epoch."""
    epoch = last.progress.best_epoch
    step = next((end.step for end in store.epochs(run.id) if end.epoch == epoch), 0)
    progress = TrainingProgress(step=step, epoch=epoch, best=last.progress.best, best_epoch=epoch)
    return replace(last, progress=progress, variables=last.best_variables)


def _compact(loop: Loop, state: TrainingState) -> TrainingState:
    """Return a state without what only goes on needs, its weights in half precision."""
    return replace(
        state,
        slots=[],
        variables=_halved(loop, state.variables),
        best_variables=_halved(loop, state.best_variables) if state.best_variables else [],
    )


def _halved(loop: Loop, values: list[np.ndarray]) -> list[np.ndarray]:
    learnt = {id(variable) for variable in loop.model.trainable_variables}
    return [
        value.astype(np.float16) if id(variable) in learnt else value
        for variable, value in zip(loop.model.variables, values, strict=True)
    ]
