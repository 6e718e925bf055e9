"""Layers that no longer learn, and gradients that don't reach the past."""

import numpy as np

from components.insight.doctor import signs
from components.insight.doctor.case import RECURRENT, Case
from components.insight.doctor.finding import Evidence, Finding, Line
from components.insight.doctor.remedies import changed, slower
from components.recipe import Recipe

_NOTHING = 1e-9
_DEAD = 1e-3  # share of the whole gradient
_HARDLY = 0.25  # share of the first loss that whoever learns from the past has lost
_GONE = 5e-3  # first-to-last ratio of the gradient through time


def saturated(case: Case) -> Finding | None:
    """Say that a recurrent layer gets next to no gradient: its gates or units are pressed against an end."""
    half = len(case.before) // 2
    whole = signs.middle(case.before[half:])
    shares = {
        name: signs.middle(norms[half:]) / whole
        for name, norms in case.layers.items()
        if name.startswith(RECURRENT) and whole > 0
    }
    if len(case.before) < 20 or not shares:
        return None
    name = min(shares, key=shares.__getitem__)
    if shares[name] > _DEAD:
        return None
    recipe = case.recipe
    unscaled = getattr(recipe.task, "scaling", "standard") == "none"
    remedy = changed(recipe, task={"scaling": "standard"}) if unscaled else slower(recipe, case.rate)
    return Finding(
        key="saturated",
        title="A layer is stuck",
        sentence=(
            f"Of the whole gradient, {name} gets {_tiny(shares[name])}. It is pressed against the ends of "
            "its range, where a small push changes nothing: it learns nothing, and what comes after it "
            "learns alone."
        ),
        evidence=Evidence(
            "Who gets a gradient",
            "step",
            "norm (logarithmic)",
            tuple(Line(layer, case.steps, np.maximum(norms, 1e-12)) for layer, norms in case.layers.items()),
        ),
        advice="Scale the data, so that the gates work in the middle of their range."
        if unscaled
        else f"Begin anew with smaller steps: a learning rate of {remedy.optimizer.learning_rate:g}.",
        remedy=remedy,
    )


def _tiny(share: float) -> str:
    """Write a small share as people say it."""
    if share < _NOTHING:
        return "next to nothing"
    return f"1 part in {float(f'{1 / share:.2g}'):,.0f}"


def vanishing(case: Case) -> Finding | None:
    """Say that the gradient doesn't reach the past, and that the model hasn't learnt."""
    through = case.through
    ratios = {name: ratio for name, ratio in through.ratios.items() if np.isfinite(ratio)} if through else {}
    if through is None or not ratios or len(case.validation) < 3 or case.share_done < 0.5:
        return None
    # An error goes back by whichever way is the easiest: of an LSTM that is its cell.
    name = max(ratios, key=ratios.__getitem__)
    left = float(np.nanmin(case.validation)) / case.start
    if ratios[name] > _GONE or left < 1 - _HARDLY or (case.outcome and case.outcome.won):
        return None
    norms = through.norms[name]
    back = np.arange(len(norms)) - len(norms) + 1
    return Finding(
        key="vanishing",
        title="The past is out of reach",
        sentence=(
            f"On its way back through {len(norms)} steps the gradient in {name} shrinks to "
            f"{_tiny(ratios[name])}, and on what it doesn't know its loss never got below "
            f"{left:.0%} of the first one: what happened early can't be learnt."
        ),
        evidence=Evidence(
            "How much of the error reaches each step",
            "step before the last",
            "‖∂L/∂h‖, gradient by the state (logarithmic)",
            (Line(name, back, norms, "before"),),
        ),
        advice=(
            "Take an LSTM, whose cell carries the error back better, and let it look back with attention: "
            "then the way to every step is short."
        ),
        remedy=_attentive(case.recipe),
    )


def _attentive(recipe: Recipe) -> Recipe | None:
    """Give it a better memory, and attention; None where it has both."""
    kind = "lstm" if recipe.model.kind == "simple_rnn" else recipe.model.kind
    better = changed(recipe, model={"kind": kind, "attention": "dot"})
    return better if better != recipe else None
