"""The plain words on whether a model classifies better than what costs nothing."""

import numpy as np

from components.tasks.classification.result import ClassScore
from components.tasks.shrinkage import Shrinkage, learnt_sentence

_DRAWS = 2000  # of test examples, to see how far chance alone moves a difference
_OVERFITTING_GAP = 0.15  # so much better on the training set than on the rest


def gain_interval(truth: np.ndarray, one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Return how much better one is than another, in balanced accuracy, on other examples of the same kind.

    The paired bootstrap (Efron and Tibshirani, 1993) → the ends of the middle 95 % of the differences.
    Examples are drawn anew within each class, so that none is ever without.

    Args:
        truth: (N,) codes.
        one, other: (N,) the codes that both predicted.
    """
    rng = np.random.default_rng(0)
    gains = np.zeros(_DRAWS)
    codes = np.unique(truth)
    for code in codes:
        gain = (one[truth == code] == code).astype(float) - (other[truth == code] == code)
        # How often each outcome, better, the same or worse, is drawn.
        share = [np.mean(gain == outcome) for outcome in (1, 0, -1)]
        drawn = rng.multinomial(len(gain), share, size=_DRAWS)
        gains += (drawn[:, 0] - drawn[:, 2]) / len(gain)
    low, high = np.quantile(gains / len(codes), [0.025, 0.975])
    return float(low), float(high)


def added(shrinkage: Shrinkage, model: ClassScore, start: ClassScore) -> str:
    """Return how much of what the network learnt lasts, and what that adds to its start on the test set.

    Args:
        shrinkage: of the network.
        model: its score.
        start: that of what it started from.
    """
    sentence = learnt_sentence(shrinkage, "prediction", f"the linear model “{start.label}”")
    if shrinkage.weight == 0:
        return sentence
    gain = 100 * (model.balanced - start.balanced)
    change = f"{gain:+.1f}".replace("-", "−")
    return (
        f"{sentence} On the test set the network adds {change} percentage points to the start's balanced "
        f"accuracy of {start.balanced:.1%}."
    )


def _signed(share: float) -> str:
    return f"{100 * share:+.0f}".replace("-", "−")


def verdict(
    scores: tuple[ClassScore, ...],
    best: ClassScore,
    between: tuple[float, float],
    beyond_prior: tuple[float, float],
    training: float,
) -> tuple[str, bool]:
    """Return whether the model beat the best of the baselines: in plain words, and as yes or no.

    Args:
        scores: the model's first, then the class prior's, then those of the other baselines.
        best: the baseline with the best balanced accuracy.
        between: as `gain_interval` gives it for the model and that one.
        beyond_prior: the same for the model and the class prior.
        training: the model's accuracy on the training set.
    """
    model, (low, high) = scores[0], between
    own = f"Its balanced accuracy is {model.balanced:.1%}"
    rule = f"the best baseline, “{best.label}”, has {best.balanced:.1%}"
    if beyond_prior[0] <= 0:
        sentence = (
            "The model is no better than a constant baseline: nothing that it learnt generalises. "
            f"{own}; the constant baseline has {scores[1].balanced:.1%}. Chance can explain the "
            "difference."
        )
    elif low > 0:
        sentence = f"The model beats the baselines. {own}; {rule}."
    elif high < 0:
        sentence = (
            f"The model doesn't beat the baselines. {own}; {rule}. Use the baseline, or change the recipe."
        )
    elif low == high:
        sentence = f"The model does as well as the best baseline, and no better. {own}; {rule}."
    else:
        sentence = (
            f"It isn't clear whether the model beats the baselines. {own}; {rule}. The 95% interval "
            f"of the difference is {_signed(low)} to {_signed(high)} percentage points."
        )
    if training - model.accuracy > _OVERFITTING_GAP:
        sentence += (
            f" It gets {training:.0%} of the training set right, but only {model.accuracy:.0%} of the "
            "test set: it overfits."
        )
    return sentence, min(low, beyond_prior[0]) > 0
