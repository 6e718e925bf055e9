"""How far back a model looks: how much its answer changes with what it read k steps before the end."""

from collections.abc import Callable

import numpy as np

from components.insight.example import stacked
from components.insight.views import Reach, SeeReach
from components.insight.window import Window

EXAMPLES = 32
"""Examples over which the influence is averaged."""


def reach(window: Window, asked: SeeReach, turn_to: Callable[[int | None], None]) -> Reach:
    """Measure |∂answer/∂x| over the steps back, averaged over examples of all the data.

    Args:
        window: to look through.
        asked: which earlier weights too.
        turn_to: gives the model the weights of a step of its training; None: those that are looked at.
    """
    earlier = []
    for step in asked.earlier:
        turn_to(step)
        earlier.append(influence(window))
    turn_to(None)
    now = influence(window)
    examples = window.spread(EXAMPLES)
    names = {example.answers[example.shown.chosen].name for example in examples}
    return Reach(
        answer=names.pop() if len(names) == 1 else "",
        examples=len(examples),
        influence=now,
        steps=asked.earlier,
        earlier=np.array(earlier).reshape(len(earlier), len(now)),
    )


def influence(window: Window) -> np.ndarray:
    """Give the mean length of the gradient by what was read, (K,), from the newest step back."""
    examples = window.spread(EXAMPLES)
    answers = [example.answers[example.shown.chosen] for example in examples]
    gradient = window.gradients(examples[0], stacked(examples), answers).entries[0].gradient
    assert gradient is not None
    lengths = np.linalg.norm(gradient.astype(np.float64), axis=-1)
    longest = max(example.steps for example in examples)
    sums, counts = np.zeros(longest), np.zeros(longest)
    for row, example in zip(lengths, examples, strict=True):
        own = row[example.read][::-1]
        sums[: len(own)] += own
        counts[: len(own)] += 1
    return sums / counts
