"""Losses that stop being numbers, and gradients that are about to make them so."""

import numpy as np

from components.insight.doctor import signs
from components.insight.doctor.case import Case
from components.insight.doctor.finding import Evidence, Finding, Line
from components.insight.doctor.rates import losses, smaller_steps
from components.insight.doctor.remedies import changed, slower
from components.recipe import Recipe

_ABSURD = 1e6  # a first loss above it comes from the data: scaled numbers are about 1
_WELL = 3.0  # times the first loss: below it a training goes well
_CALM = 8  # steps that went well before it blew up suddenly
_SPIKE = 20.0  # times the middle norm
_AFTERMATH = 5  # steps in which a spike shows in the loss
_THRESHOLD = 1.0


def not_finite(case: Case) -> Finding | None:
    """Say why the loss stopped being a number: the data, the learning rate, or the model."""
    broken = np.flatnonzero(~np.isfinite(case.losses))
    if not len(broken):
        return None
    good = case.losses[: broken[0]]
    if case.first == 1 and (len(good) == 0 or good[0] > _ABSURD):
        return _by_data(case)
    rises = np.flatnonzero(good > _WELL * good[0]) if len(good) else np.array([], int)
    calm = int(rises[0]) if len(rises) else len(good)
    if case.recipe.clipping.mode == "none" and case.recipe.model.kind != "transformer" and calm >= _CALM:
        return _by_model(case, case.first + calm)
    return _by_rate(case, case.first + int(broken[0]))


def _by_data(case: Case) -> Finding:
    good = case.losses[np.isfinite(case.losses)]
    first = f"{good[0]:.3g}" if len(good) else "no number at all"
    remedy = _scaled(case.recipe)
    return Finding(
        key="not finite: the data",
        title="The numbers in the data are too large",
        sentence=(
            f"The very first loss, before anything was learnt, is {first}. Loss is the square of what is "
            "missed, so it is the data that is too large to calculate with, not the training that went wrong."
        ),
        evidence=losses(case, "The loss is no number from the start"),
        advice="Scale the data: it is brought to a middle of 0 and a spread of 1, and back at the end."
        if remedy
        else "Look at the data: some of its numbers may be wrong by far.",
        remedy=remedy,
    )


def _scaled(recipe: Recipe) -> Recipe | None:
    if getattr(recipe.task, "scaling", "standard") != "none":
        return None
    return changed(recipe, task={"scaling": "standard"})


def _by_rate(case: Case, at: int) -> Finding:
    remedy = slower(case.recipe, case.rate)
    clipped = case.recipe.clipping.mode != "none"
    return Finding(
        key="not finite: the learning rate",
        title="The training blew up: its steps were too large",
        sentence=(
            f"The loss grew from step to step until, at step {at:,}, it was no number any more. It was never "
            f"calm before{', although its gradients were clipped' if clipped else ''}: each step overshot, "
            "and the next one more."
        ),
        evidence=losses(case, "The loss grows without end", place=(at, "no number")),
        advice=smaller_steps(case, remedy),
        remedy=remedy,
    )


def _by_model(case: Case, at: int) -> Finding:
    return Finding(
        key="not finite: the model",
        title="The training blew up: a gradient exploded",
        sentence=(
            f"For {at - case.first:,} steps all went well. Then, at step {at:,}, a gradient was "
            f"{_times(case)} times as large as usual, and one such step is enough to ruin every weight. "
            "Networks that read step by step do that: errors are multiplied at each step on their way back."
        ),
        evidence=_norms(case, at),
        advice=f"Clip the gradients: whatever is longer than {_THRESHOLD:g} is shortened to it.",
        remedy=_clipped(case.recipe),
    )


def exploding(case: Case) -> Finding | None:
    """Say that gradients which nothing holds back throw the loss up."""
    if len(case.after) < 3 * _CALM or case.recipe.model.kind == "transformer":
        return None
    usual = signs.middle(case.after)
    spikes = np.flatnonzero(case.after > _SPIKE * usual)
    spikes = spikes[spikes >= 1]
    hurt = [spike for spike in spikes if _hurts(case.losses, int(spike))]
    if not hurt:
        return None
    at = case.first + int(max(hurt, key=lambda spike: case.after[spike]))
    several = f"{len(hurt)} times" if len(hurt) > 1 else "once"
    return Finding(
        key="exploding",
        title="Gradients explode",
        sentence=(
            f"It happened {several} that a gradient was more than {_SPIKE:g} times as large as usual, and "
            f"the loss leapt up after it. The largest came at step {at:,}: {_times(case)} times the usual."
        ),
        evidence=_norms(case, at),
        advice=f"Clip the gradients: whatever is longer than {_THRESHOLD:g} is shortened to it.",
        remedy=_clipped(case.recipe),
    )


def _hurts(losses: np.ndarray, spike: int) -> bool:
    """Tell whether the loss leapt up after a step: each step's loss is that before its update."""
    before = signs.middle(losses[max(0, spike - _AFTERMATH) : spike + 1])
    after = losses[spike + 1 : spike + 1 + _AFTERMATH]
    return len(after) > 0 and float(after.max()) > 1.5 * before


def _times(case: Case) -> str:
    finite = case.after[np.isfinite(case.after)]
    return f"{finite.max() / max(signs.middle(finite), 1e-30):,.0f}"


def _norms(case: Case, at: int) -> Evidence:
    line = Line("gradient norm", case.steps, case.before, "before")
    return Evidence("Gradients leap up", "step", "norm (logarithmic)", (line,), place=(at, f"step {at:,}"))


def _clipped(recipe: Recipe) -> Recipe:
    return changed(recipe, clipping={"mode": "global_norm", "threshold": _THRESHOLD})
