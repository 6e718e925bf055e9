"""A sequence with a number as an example to look into."""

from typing import TYPE_CHECKING

import numpy as np

from components.insight.example import Example, ExampleView, ModelOutput
from components.tasks.regression.problem import RegressionProblem
from components.tasks.sequences import steps

if TYPE_CHECKING:
    from components.models.classifier import Classifier


def sequence_example(problem: RegressionProblem, number: int, built: "Classifier | None" = None) -> Example:
    """Return a sequence of the dataset as an example; with the model, it says what that predicts."""
    ragged, what = problem.ragged, problem.numbers.name
    named = steps(problem.dataset, ragged, number)
    filled = np.full((ragged.width, *ragged.values.shape[1:]), problem.empty, ragged.values.dtype)
    filled[: len(named.names)] = ragged.row(number)
    description = ""
    if built is not None:
        (predicted,) = problem.in_units(built.model(filled[None]).numpy())
        description = f"The model predicts {predicted:.3g}; the true value is {problem.truth[number]:.3g}."
    return Example(
        inputs=(filled,),
        fills=(problem.empty,),
        first=0,
        missing=problem.empty,
        score="value",
        answers=(ModelOutput(what, (0,)),),
        shown=ExampleView(
            named.names, named.values, named.channels, (what,), 0, description, len(problem.test)
        ),
    )
