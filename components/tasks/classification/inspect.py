"""A sequence with a class as an example to look into."""

from typing import TYPE_CHECKING

import numpy as np

from components.insight.example import Example, ExampleView, ModelOutput
from components.tasks.classification.problem import LabelledProblem, class_probabilities

if TYPE_CHECKING:
    from components.models.classifier import Classifier


def labelled_example(
    problem: LabelledProblem,
    given: np.ndarray,
    names: tuple[str, ...],
    *,
    truth: int | None = None,
    built: "Classifier | None" = None,
    values: np.ndarray | None = None,
    start: np.ndarray | None = None,
    channels: tuple[str, ...] = (),
) -> Example:
    """Make an example of a sequence.

    Args:
        problem: what `prepare` gave.
        given: (S, channels) or (S,), as the model gets it, without what fills it up.
        names: of its S steps.
        truth: its class, where it is known.
        built: the model that tells which class is asked about first; without it, it is the true one.
        values: (S, channels) in the dataset's own units, where the steps are numbers.
        start: (outputs,) logits that the model's are added to.
        channels: names of these.
    """
    width = max(problem.ragged.width, len(given))
    # Where steps are read as one, that is counted from the first which is there.
    first = width - len(given) if problem.pad == "left" and problem.segment == 1 else 0
    filled = np.full((width, *given.shape[1:]), problem.empty, given.dtype)
    filled[first : first + len(given)] = given
    inputs = (filled,) if start is None else (filled, start.astype(np.float32))
    chosen, description = truth or 0, ""
    if built is not None:
        batch = [one[None] for one in inputs]
        sure = class_probabilities(built.model(batch if len(batch) > 1 else batch[0]).numpy())[0]
        chosen = int(sure.argmax())
        description = f"The model predicts “{problem.names[chosen]}” with a probability of {sure[chosen]:.0%}"
        description += "." if truth is None else f"; the true class is “{problem.names[truth]}”."
        if problem.segment > 1:
            description += f" It reads every {problem.segment} steps as one."
    if len(problem.names) == 2:
        # Only the second class has a logit; it speaks against the first.
        answers = tuple(
            ModelOutput(name, (0,), sign) for name, sign in zip(problem.names, (-1, 1), strict=True)
        )
    else:
        answers = tuple(ModelOutput(name, (code,)) for code, name in enumerate(problem.names))
    return Example(
        inputs=inputs,
        fills=(problem.empty, *[0.0] * (len(inputs) - 1)),
        first=first,
        missing=problem.empty,
        score="chance",
        answers=answers,
        shown=ExampleView(names, values, channels, problem.names, chosen, description, len(problem.test)),
        segment=problem.segment,
        left_out_whole=True,
    )
