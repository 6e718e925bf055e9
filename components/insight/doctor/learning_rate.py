"""Learning rates that are too high or too low, and those that are too high to settle."""

import numpy as np

from components.insight.doctor import curve_stats
from components.insight.doctor.finding import Evidence, EvidenceLine, Finding
from components.insight.doctor.remedies import higher_learning_rate, lower_learning_rate
from components.insight.doctor.run_evidence import Case
from components.recipe import Recipe
from components.recipe.training import USUAL_RATES

_EARLY = 40  # steps in which a rate that is too high shows
_LEAP = 2.1  # times the first loss, at the highest
_GREAT_LEAP = 4.0  # the same, where the rate is what mostly works
_ABOUT = 2.0  # times the usual rate
_STAY = 1.55  # times the first loss, on average over some steps: one batch may be an odd one
_STAYED = 5  # steps
_RISE = 1.2  # times the first loss, once: enough where the rate is far too high
_HARDLY = 0.1  # share of the first epoch's loss
_LITTLE = 0.25  # the same, where the rate is far too low
_STEADY = 0.8
_LOW = 3.0  # times below the usual rate: low, if the loss also falls as slowly as steadily
_TINY = 10.0  # times below it: too low wherever the loss hardly moves
_FAR = 30.0  # times below it: too low also where it moves a little; times above it: too high for any rise
_ENOUGH = 20  # steps
_PATIENT = 0.5  # share of the training after which a slow fall counts


def rate_too_high(case: Case) -> Finding | None:
    """Return a finding where the first updates made the loss jump: each overshot."""
    if len(case.losses) < _ENOUGH or case.first > 1:
        return None
    first = float(case.losses[0])
    early = case.losses[1 : _EARLY + 1]
    if not np.isfinite(first) or not np.isfinite(early).all():
        return None
    highest = float(early.max())
    now = curve_stats.median_loss(case.losses, 0.9, 1.0)
    over_some = np.convolve(early, np.full(_STAYED, 1 / _STAYED), "valid").max()
    leap, stay = _leap_thresholds(case)
    if highest < leap * first or over_some < stay * first:
        return None
    at = int(early.argmax()) + 2
    remedy = lower_learning_rate(case.recipe, case.rate)
    return Finding(
        key="rate too high",
        title="Learning rate too high",
        sentence=(
            f"The first updates raised the loss from {first:.3g} to {highest:.3g} at step {at}, "
            f"{highest / first:.1f} times its initial value. Each step overshoots. The loss is now "
            f"{now:.3g}.{_rate_excess_text(case)}"
        ),
        evidence=loss_evidence(case, "The loss jumps", place=(at, "peak"), level=(first, "initial loss")),
        advice=lower_rate_advice(case, remedy),
        remedy=remedy,
    )


def _leap_thresholds(case: Case) -> tuple[float, float]:
    """Return how high the loss must leap, and how high it must stand over some steps, to blame the rate.

    The further a rate is above what mostly works, the less it takes: of a usual one a leap is more likely to
    be an odd batch, of one far beyond it any rise is more likely to be its doing.
    """
    times = case.rate / USUAL_RATES[case.recipe.optimizer.kind]
    if times >= _FAR:
        return _RISE, 0.0
    return (_GREAT_LEAP if times <= _ABOUT else _LEAP), _STAY


def _rate_excess_text(case: Case) -> str:
    """Return how far the rate is above the usual one, where that is part of the evidence."""
    times = case.rate / USUAL_RATES[case.recipe.optimizer.kind]
    if times < _FAR:
        return ""
    return f" The learning rate, {case.rate:g}, is {times:,.0f} times the usual one."


def rate_too_low(case: Case) -> Finding | None:
    """Return a finding where the loss falls little, evenly, and still falls."""
    if len(case.losses) < _ENOUGH or len(case.training) < 3 or case.share_done < _PATIENT:
        return None
    fallen = 1 - case.training[-1] / case.training[0]
    usual = USUAL_RATES[case.recipe.optimizer.kind]
    most = _LITTLE if case.rate * _FAR <= usual else _HARDLY
    if not -_HARDLY < fallen < most or case.rate * _LOW > usual:
        return None
    if case.rate * _TINY > usual and curve_stats.falling_share(case.training) < _STEADY:
        return None
    remedy = higher_learning_rate(case.recipe, case.rate)
    return Finding(
        key="rate too low",
        title="Learning rate too low",
        sentence=(
            f"In {len(case.training)} epochs the training loss has hardly changed: from "
            f"{case.training[0]:.4g} to {case.training[-1]:.4g}. The learning rate, {case.rate:g}, is "
            f"{usual / case.rate:.0f} times lower than the usual one, so training is too slow to get "
            "anywhere."
        ),
        evidence=epoch_evidence(case, "The loss hardly falls"),
        advice=f"Raise the learning rate from {case.rate:g} to {remedy.optimizer.learning_rate:g}.",
        remedy=remedy,
    )


def lower_rate_advice(case: Case, remedy: Recipe) -> str:
    """Return the advice to train with the remedy's lower learning rate."""
    return f"Lower the learning rate from {case.rate:g} to {remedy.optimizer.learning_rate:g}."


# --- What is drawn ---------------------------------------------------------------------------------


def loss_evidence(
    case: Case,
    title: str,
    place: tuple[float, str] | None = None,
    level: tuple[float, str] | None = None,
) -> Evidence:
    """Draw the loss of each step."""
    line = EvidenceLine("training loss", case.steps, case.losses, "training")
    return Evidence(title, "step", "loss (logarithmic)", (line,), place, level)


def epoch_evidence(
    case: Case,
    title: str,
    place: tuple[float, str] | None = None,
    level: tuple[float, str] | None = None,
) -> Evidence:
    """Draw both losses of each epoch."""
    lines = (
        EvidenceLine("training", case.epochs, case.training, "training"),
        EvidenceLine("validation", case.epochs, case.validation, "validation"),
    )
    return Evidence(title, "epoch", "loss (logarithmic)", lines, place, level)
