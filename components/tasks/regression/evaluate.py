"""Measuring predicted numbers of the test set beside rules that cost nothing: for a worker."""

import numpy as np

from components.tasks.metrics import MAE, Predictions, score
from components.tasks.regression.metrics import METRICS
from components.tasks.regression.problem import RegressionProblem
from components.tasks.regression.result import NumberScore, NumbersResult
from components.tasks.regression.verdict import gain, verdict
from components.tasks.sequences import nearest_neighbours
from components.tasks.task import Outputs

_MOST_LEARNT = 2000  # training examples that are predicted anew, to see whether the model overfits


def evaluate(problem: RegressionProblem, outputs: Outputs, best_epoch: int) -> NumbersResult:
    """Measure a trained model on the test set, beside the mean and the nearest neighbour.

    Args:
        problem: the sequences.
        outputs: of the trained model.
        best_epoch: the epoch whose weights these are.
    """
    truth, learnt = problem.truth[problem.test], problem.train[:_MOST_LEARNT]
    nearest = nearest_neighbours(problem, len(problem.dataset.symbols))
    predictions = {
        "model": ("Your model", problem.in_units(outputs(problem.test))),
        "mean": ("Mean", np.full(len(truth), problem.truth[problem.train].mean())),
        "neighbour": ("Nearest neighbour", problem.truth[nearest]),
    }
    scores = tuple(
        score(NumberScore, name, label, Predictions(truth, values), METRICS)
        for name, (label, values) in predictions.items()
    )
    best = MAE.best(scores[1:])
    predicted = predictions["model"][1]
    closer = gain(truth, predicted, predictions[best.name][1])
    training = float(np.abs(problem.truth[learnt] - problem.in_units(outputs(learnt))).mean())
    sentence, won = verdict(scores, best, closer, training)
    return NumbersResult(
        what=problem.numbers.name,
        scores=scores,
        verdict=sentence,
        won=won,
        best_epoch=best_epoch,
        notes=problem.dataset.notes,
        training_mae=training,
        numbers=problem.test,
        truth=truth,
        said=predicted,
    )
