"""Runs that train together: in one worker, taking turns, so that all are always at about the same step.

So none of them has a core to itself while the others wait, and what they are compared by is the step.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_IDLE_SECONDS = 0.05  # between two looks at runs that are all paused


@dataclass
class InterleavedRun:
    """A run that takes its turns.

    Attributes:
        portions: does a little of the work each time it is asked, and says at which step it stands, or None
            while it is paused. It raises nothing.
        step: that it stood at when it was last asked.
    """

    portions: Iterator[int | None]
    step: int | None = -1


def run_round_robin(runs: Sequence[InterleavedRun]) -> None:
    """Let the run that is furthest behind go on, until all have come to their ends."""
    going = list(runs)
    while going:
        moving = [run for run in going if run.step is not None]
        paused = [run for run in going if run.step is None]
        if not moving:
            time.sleep(_IDLE_SECONDS)
        # Who is paused is asked too, to hear whether it is to go on.
        for run in (*sorted(moving, key=lambda run: run.step or 0)[:1], *paused):
            _advance(run, going)


def _advance(run: InterleavedRun, going: list[InterleavedRun]) -> None:
    try:
        run.step = next(run.portions)
    except StopIteration:
        going.remove(run)
