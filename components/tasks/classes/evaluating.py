"""Holding a model that tells classes against the truth and against simple rules: for a worker."""

from collections.abc import Callable, Sequence

import numpy as np

from components.tasks.classes import scoring
from components.tasks.classes.problem import LabelledProblem, shares
from components.tasks.classes.result import ClassesResult, ClassScore, Reading

_MOST_LEARNT = 2000  # training examples that are told anew, to see what was learnt by heart


def evaluated(
    problem: LabelledProblem,
    outputs: Callable[[np.ndarray], np.ndarray],
    rules: Sequence[tuple[str, str, np.ndarray, np.ndarray | None]],
    best_epoch: int,
    notes: tuple[str, ...],
    readings: tuple[Reading, ...] = (),
) -> ClassesResult:
    """Score a model on the test part.

    Args:
        problem: the sequences.
        outputs: maps examples to the trained model's logits.
        rules: the baselines: key, name, what each says of the test part, (N,) codes, and its probabilities,
            (N, K), if it has some. The class prior is added.
        best_epoch: the epoch whose weights these are.
        notes: what is to be known of the data.
        readings: how well the model does where sequences are cut or filled up otherwise.
    """
    codes, names = problem.classes.codes, problem.names
    truth, probabilities = codes[problem.test], shares(outputs(problem.test))
    learnt = problem.train[:_MOST_LEARNT]
    training = float((shares(outputs(learnt)).argmax(axis=1) == codes[learnt]).mean())
    every = [("model", "Your model", probabilities.argmax(axis=1), probabilities), _prior(problem), *rules]
    scores = tuple(scoring.score(name, label, truth, said, sure) for name, label, said, sure in every)
    best = _best(scores[1:])
    said = {name: said for name, _, said, _ in every}
    between, beyond_prior = (
        scoring.spread(truth, said["model"], said[other]) for other in (best.name, "prior")
    )
    sentence, won = scoring.verdict(scores, best, between, beyond_prior, training)
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
        roc=scoring.roc(names, truth, probabilities),
        precision_recall=scoring.precision_recall(names, truth, probabilities),
        calibration=scoring.calibration(truth, probabilities),
        readings=readings,
    )


def _best(scores: Sequence[ClassScore]) -> ClassScore:
    return max(scores, key=lambda score: score.balanced)


def _prior(problem: LabelledProblem) -> tuple[str, str, np.ndarray, np.ndarray]:
    """Return the most frequent class of the training part every time, as sure as it is frequent."""
    known = np.bincount(problem.classes.codes[problem.train], minlength=len(problem.names))
    usual, many = int(known.argmax()), len(problem.test)
    # A class that the training part lacks is not impossible, only never seen.
    frequent = (known + 1) / (known + 1).sum()
    return "prior", f"Always {problem.names[usual]}", np.full(many, usual), np.tile(frequent, (many, 1))
