"""Measuring predicted classes of the test set beside baselines: for a worker."""

import warnings
from collections.abc import Sequence

import numpy as np

from components.tasks.classification import curves
from components.tasks.classification.metrics import BALANCED, METRICS, ClassPredictions
from components.tasks.classification.problem import LabelledProblem, class_probabilities
from components.tasks.classification.result import ClassesResult, ClassScore, Reading
from components.tasks.classification.verdict import added, gain_interval, verdict
from components.tasks.metrics import score
from components.tasks.shrinkage import Shrinkage
from components.tasks.task import Outputs

_MOST_LEARNT = 2000  # training examples that are predicted anew, to see whether the model overfits


def evaluate(
    problem: LabelledProblem,
    outputs: Outputs,
    rules: Sequence[tuple[str, str, np.ndarray, np.ndarray | None]],
    best_epoch: int,
    notes: tuple[str, ...],
    readings: tuple[Reading, ...] = (),
    shrinkage: Shrinkage | None = None,
    start: str = "",
) -> ClassesResult:
    """Measure a trained model on the test set.

    Args:
        problem: the sequences.
        outputs: of the trained model, logits.
        rules: the baselines: key, name, what each says of the test set, (N,) codes, and its probabilities,
            (N, K), if it has some. The class prior is added.
        best_epoch: the epoch whose weights these are.
        notes: what is to be known of the data.
        readings: how well the model does where sequences are cut or filled up otherwise.
        shrinkage: how much of what was learnt is added to the start; None where there is none.
        start: the key of the baseline that it is.
    """
    codes, names = problem.classes.codes, problem.names
    truth, probabilities = codes[problem.test], class_probabilities(outputs(problem.test))
    learnt = problem.train[:_MOST_LEARNT]
    training = float((class_probabilities(outputs(learnt)).argmax(axis=1) == codes[learnt]).mean())
    every = [("model", "Your model", probabilities.argmax(axis=1), probabilities), _prior(problem), *rules]
    scores = tuple(
        score_classes(name, label, truth, predicted, sure) for name, label, predicted, sure in every
    )
    best = BALANCED.best(scores[1:])
    codes_of = {name: predicted for name, _, predicted, _ in every}
    between, beyond_prior = (
        gain_interval(truth, codes_of["model"], codes_of[other]) for other in (best.name, "prior")
    )
    sentence, won = verdict(scores, best, between, beyond_prior, training)
    if shrinkage is not None:
        sentence += f" {added(shrinkage, scores[0], next(one for one in scores if one.name == start))}"
    return ClassesResult(
        names=names,
        scores=scores,
        verdict=sentence,
        won=won,
        best_epoch=best_epoch,
        notes=notes,
        training_accuracy=training,
        numbers=problem.test,
        truth=truth,
        probabilities=probabilities,
        roc=curves.roc(names, truth, probabilities),
        precision_recall=curves.precision_recall(names, truth, probabilities),
        calibration=curves.calibration(truth, probabilities),
        readings=readings,
        shrinkage=shrinkage,
    )


def _prior(problem: LabelledProblem) -> tuple[str, str, np.ndarray, np.ndarray]:
    """Return the most frequent class of the training set for every example, as sure as it is frequent."""
    known = np.bincount(problem.classes.codes[problem.train], minlength=len(problem.names))
    usual, many = int(known.argmax()), len(problem.test)
    # A class that the training set lacks is not impossible, only never seen.
    frequent = (known + 1) / (known + 1).sum()
    return (
        "prior",
        f"Class prior (always {problem.names[usual]})",
        np.full(many, usual),
        np.tile(frequent, (many, 1)),
    )


def score_classes(
    name: str,
    label: str,
    truth: np.ndarray,
    predicted: np.ndarray,
    probabilities: np.ndarray | None = None,
) -> ClassScore:
    """Return the score of classes that were predicted; `ClassPredictions` says what the arguments are."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a class which the test set lacks was predicted
        return score(ClassScore, name, label, ClassPredictions(truth, predicted, probabilities), METRICS)
