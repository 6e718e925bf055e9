"""How far back a model looks: how much its answer changes with what it read k steps before the end."""

from collections.abc import Callable

import numpy as np

from components.insight.example import stack_examples
from components.insight.inspector import Inspector
from components.insight.requests import InfluenceRequest, InfluenceView

EXAMPLES = 32
"""Examples over which the influence is averaged."""


def influence_over_training(
    inspector: Inspector, request: InfluenceRequest, load_weights: Callable[[int | None], None]
) -> InfluenceView:
    """Measure |∂answer/∂x| over the steps back, averaged over examples of all the data.

    Args:
        inspector: to look through.
        request: which earlier weights too.
        load_weights: gives the model the weights of a step of its training; None: those that are looked at.
    """
    earlier = []
    for step in request.earlier:
        load_weights(step)
        earlier.append(mean_influence(inspector))
    load_weights(None)
    now = mean_influence(inspector)
    examples = inspector.sample_evenly(EXAMPLES)
    names = {example.answers[example.shown.chosen].name for example in examples}
    return InfluenceView(
        answer=names.pop() if len(names) == 1 else "",
        examples=len(examples),
        influence=now,
        steps=request.earlier,
        earlier=np.array(earlier).reshape(len(earlier), len(now)),
    )


def mean_influence(inspector: Inspector) -> np.ndarray:
    """Return the mean length of the gradient by what was read, (K,), from the newest step back."""
    examples = inspector.sample_evenly(EXAMPLES)
    answers = [example.answers[example.shown.chosen] for example in examples]
    gradient = inspector.gradients(examples[0], stack_examples(examples), answers).entries[0].gradient
    assert gradient is not None
    lengths = np.linalg.norm(gradient.astype(np.float64), axis=-1)
    longest = max(example.steps for example in examples)
    sums, counts = np.zeros(longest), np.zeros(longest)
    for row, example in zip(lengths, examples, strict=True):
        own = row[example.read][::-1]
        sums[: len(own)] += own
        counts[: len(own)] += 1
    return sums / counts
