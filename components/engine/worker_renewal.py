"""A worker that has grown too large for what it does is replaced by a new process, between two runs.

TensorFlow keeps whatever it has compiled for as long as its process lives: about 30 MB for each training of a
new shape, which nobody gets back. Without this a server that has seen a hundred of them would refuse small
runs for want of memory.
"""

import asyncio
import functools
import logging
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import psutil

if TYPE_CHECKING:
    from distributed import Worker

P = ParamSpec("P")
T = TypeVar("T")

SHARE = 1 / 3
"""Of the memory that a worker may hold beyond what it began with: who holds more when its work is done is
replaced."""
_SECONDS_TO_HAND_OVER = 10.0  # until answers that nobody has fetched are given up
_SECONDS_BETWEEN_LOOKS = 0.02

logger = logging.getLogger(__name__)


@functools.cache
def first_bytes() -> int:
    """Return what this process held when it was first asked, which is before its first run."""
    return _held_bytes()


def then_renew(work: Callable[P, T]) -> Callable[P, T]:
    """Have a worker replaced after its work, if it has grown too large and has nothing else to do."""

    @functools.wraps(work)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        first_bytes()
        try:
            return work(*args, **kwargs)
        finally:
            _renew_if_worn()

    return wrapped


def _renew_if_worn() -> None:
    from distributed import get_worker  # noqa: PLC0415 - takes half a second and 25 MB

    try:
        worker = get_worker()
    except ValueError:  # called by no worker
        return
    limit = worker.memory_manager.memory_limit or psutil.virtual_memory().total
    if worker.nanny and _held_bytes() - first_bytes() > SHARE * (limit - first_bytes()):
        # Into its event loop, where word of the work's end comes after it: it is given nothing in between.
        worker.loop.add_callback(_pause, worker)


def _pause(worker: "Worker") -> None:
    """Have a worker take nothing more, if it has nothing else to do: else it is for whatever ends last."""
    from distributed.core import Status  # noqa: PLC0415 - as above

    if worker.status == Status.running and len(worker.state.executing) == 1:
        worker.status = Status.paused
        worker.loop.add_callback(_renew, worker)


async def _renew(worker: "Worker") -> None:
    """Wait until what a worker has done is fetched, and have its nanny start another process in its place."""
    deadline = time.monotonic() + _SECONDS_TO_HAND_OVER
    while worker.state.executing or (worker.data and time.monotonic() < deadline):
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
    logger.info("A worker that holds %.1f GB is replaced", _held_bytes() / 2**30)
    await worker.close_gracefully(restart=True, reason="unroll-worker-renewal")


def _held_bytes() -> int:
    return psutil.Process(os.getpid()).memory_info().rss
