"""Runs that train together: in one worker, taking turns, so that all are always at about the same step.

So none of them has a core to itself while the others wait, and what they are compared by is the step.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_IDLE_SECONDS = 0.05  # between two looks at runs that are all paused


@dataclass
class Turn:
    """A run that takes its turns.

    Attributes:
        turns: does a little of the work each time it is asked, and says at which step it stands, or None
            while it is paused. It raises nothing.
        step: that it stood at when it was last asked.
    """

    turns: Iterator[int | None]
    step: int | None = -1


def take_turns(runs: Sequence[Turn]) -> None:
    """Let the run that is furthest behind go on, until all have come to their ends."""
    going = list(runs)
    while going:
        moving = [run for run in going if run.step is not None]
        paused = [run for run in going if run.step is None]
        if not moving:
            time.sleep(_IDLE_SECONDS)
        # Who is paused is asked too, to hear whether it is to go on.
        for run in (*sorted(moving, key=lambda run: run.step or 0)[:1], *paused):
            _ask(run, going)


def _ask(run: Turn, going: list[Turn]) -> None:
    try:
        run.step = next(run.turns)
    except StopIteration:
        going.remove(run)
