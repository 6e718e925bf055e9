"""The guard of a run in its worker: Stop and limits hold as well where the run itself can't look."""

import os
import threading
import time
from collections.abc import Callable

from components.training.control import CommandQueue
from components.training.events import Event, Status
from components.training.limits import Budget

GRACE_SECONDS = 20.0
"""How long a run may take to obey: one that is just being compiled, or reads a large file, hears nothing."""
_SECONDS_BETWEEN_LOOKS = 0.5
_SECONDS_TO_LEAVE = 1.0  # that the last words take out of the process

STOPPED_BY_FORCE = (
    "The run was stopped while it was busy. What it learnt after its last checkpoint is lost. "
    "Press Resume to continue from there."
)


class RunGuard:
    """Ends a run that has outlived its limits, or that was told to stop, and doesn't end by itself.

    Python can't end a thread, so the worker's process ends with it; its nanny starts another.

    Args:
        control: what is said to the run.
        budget: what it may use, and has used.
        emit: takes what is said of the run.
        is_over: tells whether the run has come to its end; others may go on in its process.
        end_process: ends this process, at once.
    """

    def __init__(
        self,
        control: CommandQueue,
        budget: Budget,
        emit: Callable[[Event], None],
        is_over: Callable[[], bool],
        end_process: Callable[[], None] = lambda: os._exit(1),
    ):
        self._control, self._budget, self._emit, self._end_process = control, budget, emit, end_process
        self._is_over, self._closed = is_over, threading.Event()
        threading.Thread(target=self._watch, name="guard", daemon=True).start()

    def close(self) -> None:
        """Look no longer: the run is over."""
        self._closed.set()

    def _watch(self) -> None:
        excess_time: float | None = None
        while not self._closed.wait(_SECONDS_BETWEEN_LOOKS):
            if self._is_over():
                return None
            excess = self._budget.excess()
            if excess is None:
                excess_time = None
            elif excess_time is None:
                excess_time = time.monotonic()
            if (self._control.stop_seconds or 0.0) > GRACE_SECONDS:
                return self._end(Status(status="stopped", reason=STOPPED_BY_FORCE))
            if excess_time is not None and time.monotonic() - excess_time > GRACE_SECONDS:
                return self._end(Status(status="failed", reason=str(excess)))
        return None

    def _end(self, status: Status) -> None:
        self._emit(status)
        time.sleep(_SECONDS_TO_LEAVE)
        if not self._closed.is_set():
            self._end_process()
