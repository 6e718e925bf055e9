"""Layers that no longer learn, and gradients that don't reach the past."""

from collections.abc import Sequence

import numpy as np

from components.insight.doctor.finding import Evidence, EvidenceLine, Finding
from components.insight.doctor.remedies import lower_learning_rate, modified_recipe
from components.insight.doctor.run_evidence import WRITER, Case
from components.insight.gates import Pressed
from components.models.cells import CELLS, Cell
from components.models.cells.lstm import LSTM
from components.recipe import Recipe

_NOTHING = 1e-9
_ENOUGH = 20  # steps
_FEW_UNITS = 8
_STUCK = 0.85  # share of its time, over all that a layer does, that it stands next to an end
_DEAD = 0.97  # share of its time that a gate lets nothing through
_HARDLY = 0.25  # share of the first loss that whoever learns from the past has lost
_WRITES = 0.6  # the same of whoever writes: much of an answer can be guessed from the others alone
_GONE = 5e-3  # first-to-last ratio of the gradient through time


def saturation(case: Case) -> Finding | None:
    """Say that a recurrent layer is stuck: what it does stands at the ends of its range."""
    recipe = case.recipe
    cell = CELLS.get(recipe.model.kind)
    # A handful of units may well have to be switches.
    if cell is None or len(case.before) < _ENOUGH or recipe.model.units < _FEW_UNITS:
        return None
    layers = {
        one.layer: tuple(other for other in case.pressed if other.layer == one.layer) for one in case.pressed
    }
    stuck = {layer: every for layer, every in layers.items() if _is_saturated(every, cell)}
    if not stuck:
        return None
    layer, every = max(stuck.items(), key=lambda found: _saturated_share(found[1]))
    unscaled = getattr(recipe.task, "scaling", "standard") == "none"
    remedy = (
        modified_recipe(recipe, task={"scaling": "standard"})
        if unscaled
        else lower_learning_rate(recipe, case.rate)
    )
    named = ", ".join(f"{_gate_name(one, cell)} {one.either:.0%}" for one in every)
    return Finding(
        key="saturated",
        title="A layer is stuck",
        sentence=(
            f"In {layer} this much of the time is spent next to an end of the range: {named}. There a small "
            "push changes nothing: the layer hardly learns any more, and what comes after it learns alone."
        ),
        evidence=Evidence(
            f"How much of its time {layer} is stuck",
            "",
            "share of all steps and units",
            tuple(
                EvidenceLine(_gate_name(one, cell), np.array([0]), np.array([one.either])) for one in every
            ),
            logarithmic=False,
            form="bars",
        ),
        advice="Scale the data, so that the gates work in the middle of their range."
        if unscaled
        else f"Begin anew with smaller steps: a learning rate of {remedy.optimizer.learning_rate:g}.",
        remedy=remedy,
    )


def _is_saturated(gates: Sequence[Pressed], cell: Cell) -> bool:
    """Return whether all that a layer does is stuck, or one gate keeps its memory shut off altogether."""
    ends = {gate.name: gate.blocks_at for gate in cell.gates}
    return _saturated_share(gates) > _STUCK or any(
        (ends.get(one.what) == "shut" and one.low > _DEAD)
        or (ends.get(one.what) == "open" and one.high > _DEAD)
        for one in gates
    )


def _saturated_share(gates: Sequence[Pressed]) -> float:
    return float(np.mean([one.either for one in gates]))


def _gate_name(gate: Pressed, cell: Cell) -> str:
    return cell.quantity(gate.what).title.lower()


def _small_share_text(share: float) -> str:
    """Write a small share as people say it."""
    if share < _NOTHING:
        return "next to nothing"
    return f"1 part in {float(f'{1 / share:.2g}'):,.0f}"


def vanishing_gradient(case: Case) -> Finding | None:
    """Say that the gradient doesn't reach the past, and that the model hasn't learnt."""
    through = case.through
    # Who writes an answer hears of its error at every step: what may be out of reach is the text.
    ratios = {
        name: ratio
        for name, ratio in (through.ratios if through else {}).items()
        if np.isfinite(ratio) and not name.startswith(WRITER)
    }
    if through is None or not ratios or len(case.validation) < 3 or case.share_done < 0.5:
        return None
    # An error goes back by whichever way is the easiest: of an LSTM that is its cell.
    name = max(ratios, key=ratios.__getitem__)
    left = float(np.nanmin(case.validation)) / case.start
    hardly = _WRITES if any(name.startswith(WRITER) for name in through.ratios) else _HARDLY
    if ratios[name] > _GONE or left < 1 - hardly or (case.outcome and case.outcome.won):
        return None
    norms = through.norms[name]
    norms = norms[np.isfinite(norms)]  # a text may be shorter than its answer
    back = np.arange(len(norms)) - len(norms) + 1
    return Finding(
        key="vanishing",
        title="The past is out of reach",
        sentence=(
            f"On its way back through {len(norms)} steps the gradient in {name} shrinks to "
            f"{_small_share_text(ratios[name])}, and on what it doesn't know its loss never got below "
            f"{left:.0%} of the first one: what happened early can't be learnt."
        ),
        evidence=Evidence(
            "How much of the error reaches each step",
            "step before the last",
            "‖∂L/∂h‖, gradient by the state (logarithmic)",
            (EvidenceLine(name, back, norms, "before"),),
        ),
        advice=(
            "Take an LSTM, whose cell carries the error back better, and let it look back with attention: "
            "then the way to every step is short."
        ),
        remedy=_attention_remedy(case.recipe),
    )


def _attention_remedy(recipe: Recipe) -> Recipe | None:
    """Return it a better memory, and attention; None where it has both."""
    kind = recipe.model.kind if CELLS[recipe.model.kind].gates else LSTM.kind
    better = modified_recipe(recipe, model={"kind": kind, "attention": "dot"})
    return better if better != recipe else None
