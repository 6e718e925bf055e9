"""Preloaded by the workers of `kills` in place of what warms them up: each phase of a run says when it is
reached, and lasts a moment.

The benchmark writes the phase that it waits for into a file; the worker that reaches it removes that file,
leaves another, and waits there to be killed.
"""

import functools
import importlib
import os
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FOLDER = "UNROLL_KILLS"
WANTED, REACHED = "wanted", "reached"
STARTS = {
    "preparing": ("components.engine.compiled_training", "CompiledTrainings", "ready"),
    "validating": ("components.training.loop", "Loop", "end_epoch"),
    "evaluating": ("components.tasks.forecasting.task", "ForecastTask", "evaluate"),
}
"""Module, class and method that a phase begins with."""
SECONDS = 4.0
"""That a phase lasts once it is reached: longer than whoever kills needs to see it."""


def reach(phase: str) -> None:
    """Wait to be killed, if this is the phase that is waited for."""
    folder = Path(os.environ[FOLDER])
    try:
        if (folder / WANTED).read_text() != phase:
            return
        (folder / WANTED).unlink()
    except FileNotFoundError:
        return
    (folder / REACHED).write_text(phase)
    time.sleep(SECONDS)


def _reaching(phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def reached(*args: Any, **kwargs: Any) -> Any:
        reach(phase)
        return function(*args, **kwargs)

    return reached


def install() -> None:
    """Have the phases say that they are reached."""
    import tensorflow as tf

    from components.storage import Folder

    tf.config.experimental.enable_op_determinism()  # as components.engine.preload does
    for phase, (module, kind, name) in STARTS.items():
        owner = getattr(importlib.import_module(module), kind)
        setattr(owner, name, _reaching(phase, getattr(owner, name)))
    write = Folder._atomic_write

    @contextmanager
    def slow_write(folder: Folder, name: str) -> Any:
        with write(folder, name) as file:
            yield file
            if name.startswith("checkpoint-") and "000000000" not in name:
                file.flush()
                reach("writing a checkpoint")

    Folder._atomic_write = slow_write


if FOLDER in os.environ:
    install()
