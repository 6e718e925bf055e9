"""Scores, curves and the verdict on told classes, by scikit-learn: for a worker."""

import warnings

import numpy as np
from sklearn import metrics

from components.tasks.classes.result import Calibration, ClassScore, Curve

_MOST_POINTS = 300  # of a curve
_BINS = 10
_DRAWS = 2000  # of test examples, to see how far chance alone moves a difference
_BY_HEART = 0.15  # so much better on what it learnt from than on the rest


def score(
    name: str, label: str, truth: np.ndarray, said: np.ndarray, shares: np.ndarray | None
) -> ClassScore:
    """Score what was said.

    Args:
        name, label: of who said it.
        truth: (N,) codes.
        said: (N,) codes.
        shares: (N, K) probabilities; None where only classes were said.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a class which the test part lacks was said
        return ClassScore(
            name,
            label,
            accuracy=float(metrics.accuracy_score(truth, said)),
            balanced=float(metrics.balanced_accuracy_score(truth, said)),
            macro_f1=float(metrics.f1_score(truth, said, average="macro", zero_division=0)),
            log_loss=None
            if shares is None
            else float(metrics.log_loss(truth, shares, labels=np.arange(shares.shape[1]))),
        )


def roc(names: tuple[str, ...], truth: np.ndarray, shares: np.ndarray) -> tuple[Curve, ...]:
    """Return the receiver operating characteristic of each class against the others."""
    return _curves(names, truth, shares, _roc)


def precision_recall(names: tuple[str, ...], truth: np.ndarray, shares: np.ndarray) -> tuple[Curve, ...]:
    """Return precision over recall of each class against the others."""
    return _curves(names, truth, shares, _precision_recall)


def _curves(names, truth, shares, drawn) -> tuple[Curve, ...]:
    # Of two classes, one's curve tells the other's.
    codes = [1] if len(names) == 2 else range(len(names))
    curves = []
    for code in codes:
        own = truth == code
        if own.any() and not own.all():
            x, y, area = drawn(own, shares[:, code])
            kept = np.unique(np.linspace(0, len(x) - 1, _MOST_POINTS).round().astype(int))
            curves.append(Curve(names[code], x[kept], y[kept], float(area)))
    return tuple(curves)


def _roc(own: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    wrong, right, _ = metrics.roc_curve(own, share)
    return wrong, right, metrics.auc(wrong, right)


def _precision_recall(own: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    precision, recall, _ = metrics.precision_recall_curve(own, share)
    return recall[::-1], precision[::-1], metrics.average_precision_score(own, share)


def calibration(truth: np.ndarray, shares: np.ndarray) -> Calibration:
    """Hold how sure the model was against how often it was right, in bins of equal width."""
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == truth
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    held = np.unique(bins)
    return Calibration(
        np.array([sure[bins == one].mean() for one in held]),
        np.array([right[bins == one].mean() for one in held]),
        np.array([(bins == one).sum() for one in held]),
    )


def spread(truth: np.ndarray, one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Return how much better one is than another, in balanced accuracy, on other examples of the same kind.

    The paired bootstrap (Efron and Tibshirani, 1993) → the ends of the middle 95 % of the differences.
    Examples are drawn anew within each class, so that none is ever without.

    Args:
        truth: (N,) codes.
        one, other: (N,) what both said.
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


def _signed(share: float) -> str:
    return f"{100 * share:+.0f}".replace("-", "−")


def verdict(
    scores: tuple[ClassScore, ...],
    best: ClassScore,
    between: tuple[float, float],
    beyond_prior: tuple[float, float],
    training: float,
) -> tuple[str, bool]:
    """Say in plain words whether the model beat the best of the simple rules, and give whether it did.

    Args:
        scores: the model's first, then the class prior's, then those of the other baselines.
        best: the baseline with the best balanced accuracy.
        between: as `spread` gives it for the model and that one.
        beyond_prior: the same for the model and the class prior.
        training: the model's accuracy on what it learnt from.
    """
    model, (low, high) = scores[0], between
    own = f"It recognises {model.balanced:.1%} of a class on average"
    rule = f"the best simple rule, “{best.label}”, {best.balanced:.1%}"
    if beyond_prior[0] <= 0:
        said = (
            f"The model learnt nothing that shows on other examples. {own}; who always says the same thing, "
            f"{scores[1].balanced:.1%}. What is different beyond that, chance can explain."
        )
    elif low > 0:
        said = f"The model beats the simple rules. {own}; {rule}."
    elif high < 0:
        said = f"The model did not beat the simple rules. {own}; {rule}. Trust the rule, or change something."
    else:
        said = (
            f"Nobody can tell whether the model is better than the simple rules. {own}; {rule}. On other "
            f"examples the difference could as well be anything from {_signed(low)} to {_signed(high)} "
            "points."
        )
    if training - model.accuracy > _BY_HEART:
        said += (
            f" Of the examples that it learnt from it gets {training:.0%} right, of others "
            f"{model.accuracy:.0%}: much of what it learnt, it learnt by heart."
        )
    return said, min(low, beyond_prior[0]) > 0
