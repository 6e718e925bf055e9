"""Stands in for `components.engine.train_job` in a worker that preloads this: a run of a few light steps.

The recipe's target says how it goes; every step tells the process that made it as its learning rate.
"""

import json
import os
import signal
import sys
import time

from components.errors import DataError, LimitError
from components.recipe import Forecast, Recipe, Sample, Training
from components.training.attempt_start import NEW_RUN
from components.training.events import (
    Checkpoint,
    Mark,
    Pause,
    Resume,
    Rollback,
    SetClip,
    SingleStep,
    Status,
    Steps,
    Stop,
    TrainingStart,
)

STEP_SECONDS = 0.02
"""a step"""
ENDLESS_STEPS = 10_000
"""steps, as far as a test is concerned"""
STATE = "state.json"

_running = list[str]()
"""Targets of the runs that this process has in hand."""
GROWTH = 300 << 20
"""bytes that a run of three steps leaves behind which goes “greedily”"""
_left_behind = list[bytes]()


def recipe(steps: int, how: str = "well") -> Recipe:
    return Recipe(
        dataset=Sample(name="toy"),
        task=Forecast(target=how),
        training=Training(epochs=steps, patience=None),
    )


def run_job(recipe, emit, control, folder, budget, start=NEW_RUN):
    for _ in job_portions(recipe, emit, control, folder, budget, start, patience=10):
        pass


def job_portions(recipe, emit, control, folder, budget, start=NEW_RUN, patience=0):
    _running.append(recipe.task.target)
    try:
        yield from _portions(recipe, emit, control, folder, start, patience)
    finally:
        _running.remove(recipe.task.target)


def running_jobs():
    return len(_running)


def _portions(recipe, emit, control, folder, start, patience):
    how, last = recipe.task.target, recipe.training.epochs
    step = 0
    emit(TrainingStart(parameters=1, layers=("only",), steps_per_epoch=1, clip=1.0))
    states = json.loads(folder.read(STATE)) if folder.exists(STATE) else []
    announced = start.stored.checkpoint if start.stored else ENDLESS_STEPS
    states = [state for state in states if state[0] <= announced]
    if states:
        step, consumed = states[-1]
        control.skip(consumed)
    if states or start.is_recovery:
        emit(Rollback(step=step))
        emit(Status(status="running"))
    paused = False
    while step < last:
        may_step = not paused
        while (command := control.take(timeout=0 if may_step else patience)) is not None:
            match command:
                case Pause():
                    paused, may_step = True, False
                    emit(Status(status="paused"))
                case Resume():
                    paused, may_step = False, True
                    emit(Status(status="running"))
                case SingleStep():
                    may_step = True
                case SetClip(value=value):
                    emit(Mark(step=step, what="clip", value=value))
                case Stop():
                    emit(Status(status="stopped"))
                    return
        if not may_step:
            yield None
            continue
        step += 1
        _fail(how, step)
        time.sleep(STEP_SECONDS)
        emit(_learning_rate_event(step))
        if step % 10 == 0:
            states.append([step, control.consumed])
            folder.write(STATE, json.dumps(states).encode())
            emit(Checkpoint(step=step, epoch=step))
        yield step
    if how != "silently":
        emit(Status(status="finished"))


def _learning_rate_event(step):
    number = (float(step),)
    return Steps(
        first=step,
        losses=number,
        before=number,
        after=number,
        layers=(number,),
        learning_rate=float(os.getpid()),
        seconds=STEP_SECONDS,
    )


def _fail(how, step):
    if how == "too long":
        raise LimitError("This run reached its limit.")
    if how == "badly":
        raise ValueError("a secret of the house")
    if how == "forbidden":
        raise PermissionError("Access Denied")  # as s3fs says it
    if how == "hungrily":
        raise MemoryError
    if how == "greedily":
        grow(GROWTH // 3)
    if how == "to death" and step == 3:
        os.kill(os.getpid(), signal.SIGKILL)


def refuse(what):
    raise DataError(f"{what} can't be read.", where="a file", remedy="Bring another.")


class ForeignError(Exception):
    """An error that only a worker can read."""

    def __reduce__(self):
        return (_only_in_a_worker, ())


def _only_in_a_worker():
    raise AssertionError("the app read an error of the worker's own")


def fail_foreign():
    raise ForeignError


if "distributed.worker" in sys.modules and "pytest" not in sys.modules:
    sys.modules["components.engine.train_job"] = sys.modules[__name__]


def extra_training(folder: str, number: int, limits: object) -> None:
    """Leave a file, which must not be there yet."""
    if number < 0:
        raise DataError("There is no such number.")
    with open(f"{folder}/{number}", "x"):  # noqa: PTH123 - the plainest thing that fails the second time
        time.sleep(0.2)


def greedy_training(folder: str, number: int, limits: object) -> None:
    """Leave a file, which must not be there yet, and much in memory."""
    extra_training(folder, number, limits)
    grow(GROWTH)


def grow(size: int) -> int:
    """Leave so many bytes behind, and return the process that did."""
    _left_behind.append(b"x" * size)
    return os.getpid()
