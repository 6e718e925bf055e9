"""The plain words on whether a model predicts numbers better than what costs nothing."""

import math

import numpy as np

from components.tasks.regression.result import NumberScore

_SURE = 1.96  # standard errors on either side hold 95 % of a mean that is measured again and again
_OVERFITTING_RATIO = 1.5  # times that the error is larger on others than on what it learnt from


def gain(truth: np.ndarray, one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Return by how much one is closer than another on average → the ends of the 95 % interval.

    The mean of the paired differences of their absolute errors, give or take 1.96 standard errors.
    """
    closer = np.abs(truth - other) - np.abs(truth - one)
    around = _SURE * float(closer.std(ddof=1)) / math.sqrt(len(closer)) if len(closer) > 1 else math.inf
    return float(closer.mean()) - around, float(closer.mean()) + around


def verdict(
    scores: tuple[NumberScore, ...], best: NumberScore, between: tuple[float, float], training: float
) -> tuple[str, bool]:
    """Return whether the model beat the best of the baselines: in plain words, and as yes or no.

    Args:
        scores: the model's first, then those of the baselines.
        best: the baseline with the smallest mean absolute error.
        between: as `gain` gives it for the model and that one.
        training: the model's mean absolute error on what it learnt from.
    """
    model = scores[0]
    own = f"Its mean absolute error is {model.mae:.3g}"
    rule = f"the best baseline, “{best.label.lower()}”, has {best.mae:.3g}"
    if between[0] > 0:
        sentence = (
            f"The model beats the baselines. {own}; {rule}, so the model's error is "
            f"{_smaller(model, best)} smaller."
        )
    elif between[1] < 0:
        sentence = (
            f"The model doesn't beat the baselines. {own}; {rule}. Use the baseline, or change the recipe."
        )
    else:
        sentence = f"It isn't clear whether the model beats the baselines. {own}; {rule}."
    if training > 0 and model.mae > _OVERFITTING_RATIO * training:
        sentence += f" On the training set the error is only {training:.3g}: the model overfits."
    return sentence, between[0] > 0


def _smaller(model: NumberScore, best: NumberScore) -> str:
    return f"{1 - model.mae / best.mae:.0%}"
