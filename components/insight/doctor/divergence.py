"""Losses that stop being numbers, and gradients that are about to make them so."""

import numpy as np

from components.data.datasets import Series
from components.insight.doctor import curve_stats
from components.insight.doctor.finding import Evidence, EvidenceLine, Finding
from components.insight.doctor.learning_rate import loss_evidence, lower_rate_advice
from components.insight.doctor.remedies import lower_learning_rate, modified_recipe
from components.insight.doctor.run_evidence import Case
from components.recipe import Forecast, Recipe
from components.recipe.training import USUAL_RATES

_ABSURD = 1e6  # a first loss above it comes from the data: scaled numbers are about 1
_WELL = 3.0  # times the first loss: below it a training goes well
_CALM = 3  # steps that went well before it blew up suddenly
_ENOUGH = 24  # steps
_SPIKE = 5.0  # times the norm at the beginning
_WORSE = 1.15  # times the first loss
_AFTERMATH = 5  # steps in which a spike shows in the loss
_LEAP = 0.2  # of the first loss
_RECKLESS = 10.0  # times the usual learning rate: beyond it, that is to blame
_THRESHOLD = 1.0


def non_finite_loss(case: Case) -> Finding | None:
    """Return why the loss stopped being a number: the data, the learning rate, or the model."""
    broken = np.flatnonzero(~np.isfinite(case.losses))
    if not len(broken):
        return None
    good = case.losses[: broken[0]]
    if case.first == 1 and (len(good) == 0 or good[0] > _ABSURD):
        return _data_finding(case)
    rises = np.flatnonzero(good > _WELL * good[0]) if len(good) else np.array([], int)
    calm = int(rises[0]) if len(rises) else len(good)
    recurrent = case.recipe.model.kind != "transformer"
    usual = case.rate <= _RECKLESS * USUAL_RATES[case.recipe.optimizer.kind]
    if case.recipe.clipping.mode == "none" and recurrent and usual and calm >= _CALM:
        return _model_finding(case, case.first + calm)
    return _rate_finding(case, case.first + int(broken[0]))


def _data_finding(case: Case) -> Finding:
    loss = f"{case.losses[0]:.3g}" if np.isfinite(case.losses[0]) else "not a finite number"
    values, remedy = _target_values(case), _scaling_remedy(case.recipe)
    largest = f" Its largest absolute value is {np.abs(values).max():.3g}." if values is not None else ""
    return Finding(
        key="not finite: the data",
        title="Non-finite loss: the data is out of range",
        sentence=(
            f"At step 1, before the model has learnt anything, the loss is {loss}. The cause is the scale of "
            f"the data, not the training.{largest}"
        ),
        evidence=loss_evidence(case, "The loss isn't finite from the start")
        if values is None
        else _data_evidence(values),
        advice="Standardise the data: the model then sees values with mean 0 and standard deviation 1, and "
        "its forecasts are scaled back."
        if remedy
        else "Check the data: some of its values may be wrong by orders of magnitude.",
        remedy=remedy,
    )


def _target_values(case: Case) -> np.ndarray | None:
    """Return the column that is forecast, where the data is at hand."""
    if isinstance(case.dataset, Series) and isinstance(case.recipe.task, Forecast):
        return case.dataset.trim((case.recipe.task.target,)).table[case.recipe.task.target].to_numpy()
    return None


def _data_evidence(values: np.ndarray) -> Evidence:
    line = EvidenceLine("data", np.arange(len(values)), values, "truth")
    return Evidence("The target in the data", "row", "value in its own units", (line,), logarithmic=False)


def _scaling_remedy(recipe: Recipe) -> Recipe | None:
    if getattr(recipe.task, "scaling", "standard") != "none":
        return None
    return modified_recipe(recipe, task={"scaling": "standard"})


def _rate_finding(case: Case, at: int) -> Finding:
    remedy = lower_learning_rate(case.recipe, case.rate)
    clipped = case.recipe.clipping.mode != "none"
    return Finding(
        key="not finite: the learning rate",
        title="Non-finite loss: learning rate too high",
        sentence=(
            f"The loss grew from step to step until, at step {at:,}, it overflowed to a non-finite value. It "
            f"was never stable before that{', although the gradients were clipped' if clipped else ''}: each "
            "step overshot the minimum by more than the last."
        ),
        evidence=loss_evidence(case, "The loss diverges", place=(at, "not finite")),
        advice=lower_rate_advice(case, remedy),
        remedy=remedy,
    )


def _model_finding(case: Case, at: int) -> Finding:
    calm = at - case.first
    leapt = case.before[max(0, calm - 1) : calm + 2]
    usual = curve_stats.finite_median(case.before[: max(1, calm - 1)])
    largest = leapt[np.isfinite(leapt)].max(initial=usual)
    return Finding(
        key="not finite: the model",
        title="Non-finite loss: exploding gradients",
        sentence=(
            f"For {calm:,} steps training went well. Then, around step {at:,}, the gradient was "
            f"{largest / usual:,.0f} times as large as before, and one such update can ruin every weight. "
            "Recurrent networks are prone to this: backpropagation multiplies gradients at every step."
        ),
        evidence=_norm_evidence(case, at),
        advice=f"Clip the gradients by global norm: a norm above {_THRESHOLD:g} is scaled down to it.",
        remedy=_clipping_remedy(case.recipe),
    )


def exploding_gradient(case: Case) -> Finding | None:
    """Return a finding where unclipped gradients explode and raise the loss."""
    recipe = case.recipe
    if recipe.clipping.mode != "none" or recipe.model.kind == "transformer" or len(case.after) < _ENOUGH:
        return None
    if case.rate > _RECKLESS * USUAL_RATES[recipe.optimizer.kind]:
        return None
    # Later is no measure: once it has exploded all are large, and where little is left to learn all small.
    usual = curve_stats.finite_median(case.after[:_ENOUGH])
    spikes = np.flatnonzero(case.after > _SPIKE * usual).tolist()
    lasts = curve_stats.median_loss(case.losses, 0.5, 1.0) > _WORSE * case.start
    hurt = [spike for spike in spikes if spike and (lasts or _raises_loss(case.losses, spike, case.start))]
    if not hurt:
        return None
    largest = max(hurt, key=case.after.__getitem__)
    at = case.first + largest
    several = f"{len(hurt)} times" if len(hurt) > 1 else "once"
    return Finding(
        key="exploding",
        title="Exploding gradients",
        sentence=(
            f"The gradient norm spiked {several} to more than {_SPIKE:g} times its initial size; the largest "
            f"spike, at step {at:,}, was {case.after[largest] / usual:,.0f} times as large. The loss "
            f"{'has stayed' if lasts else 'jumped'} above its initial value."
        ),
        evidence=_norm_evidence(case, at),
        advice=f"Clip the gradients by global norm: a norm above {_THRESHOLD:g} is scaled down to it.",
        remedy=_clipping_remedy(case.recipe),
    )


def _raises_loss(losses: np.ndarray, spike: int, start: float) -> bool:
    """Return whether the loss leapt up after a step, to where it was when nothing was learnt yet.

    Each step's loss is that before its update.
    """
    before = curve_stats.finite_median(losses[max(0, spike - _AFTERMATH) : spike + 1])
    after = losses[spike + 1 : spike + 1 + _AFTERMATH]
    return len(after) > 0 and float(after.max()) > max(start, before + _LEAP * start)


def _norm_evidence(case: Case, at: int) -> Evidence:
    line = EvidenceLine("gradient norm", case.steps, case.before, "before")
    return Evidence(
        "The gradient norm spikes", "step", "gradient norm (logarithmic)", (line,), place=(at, f"step {at:,}")
    )


def _clipping_remedy(recipe: Recipe) -> Recipe:
    return modified_recipe(recipe, clipping={"mode": "global_norm", "threshold": _THRESHOLD})
