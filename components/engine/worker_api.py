"""What a worker is asked to do, by name.

The app and the scheduler import this module too, in order to name its functions: so it is light, and
what the work takes is imported where the work is done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from components.errors import UnrollError
from components.training.limits import Limits

P = ParamSpec("P")
T = TypeVar("T")

UNKNOWN_ERROR = "Something went wrong inside. The server's log says what."


@dataclass(frozen=True)
class RunEnd:
    """How a run ended."""

    status: str
    reason: str = ""
    """for people"""
    detail: str = ""
    """for the server's log"""


def control_topic(attempt: str) -> str:
    """Name the topic on which an attempt at a run hears its commands."""
    return f"unroll-control-{attempt}"


def train(run_id: str, attempt: str, recipe: str, artifacts: str, limits: Limits, topic: str) -> RunEnd:
    """Do the work of a run: from the start, or from where an earlier worker left it.

    Args:
        run_id: the run.
        attempt: token of this submission.
        recipe: as JSON.
        artifacts: URL of the folder with a folder for each run.
        limits: what the run may use.
        topic: where the app hears.
    """
    from components.engine.worker import train  # noqa: PLC0415

    return train(run_id, attempt, recipe, artifacts, limits, topic)


@dataclass(frozen=True)
class RunAttempt:
    """One of the runs that train together; `train` says what these are."""

    run_id: str
    attempt: str
    recipe: str


def train_group(
    entrants: tuple[RunAttempt, ...], artifacts: str, limits: Limits, topic: str
) -> tuple[RunEnd, ...]:
    """Do the work of several runs in turns, the one that is furthest behind first → how each ended.

    Args:
        entrants: the runs.
        artifacts, limits, topic: as for one; the limits are those of each.
    """
    from components.engine.worker import train_group  # noqa: PLC0415

    return train_group(entrants, artifacts, limits, topic)


def call(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | UnrollError:
    """Call a function → its answer, or what went wrong."""
    from components.engine.worker import call  # noqa: PLC0415

    return call(function, *args, **kwargs)
