"""Layers that no longer learn, and gradients that don't reach the past."""

from collections.abc import Sequence

import numpy as np

from components.insight.doctor.finding import Evidence, EvidenceLine, Finding
from components.insight.doctor.remedies import lower_learning_rate, modified_recipe
from components.insight.doctor.run_evidence import WRITER, Case
from components.insight.gates import RangeEndShares
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
_LSTM_ADVICE = "Use an LSTM, whose cell state carries gradients further back, and add"


def saturation(case: Case) -> Finding | None:
    """Return a finding where a recurrent layer's gates and candidate are saturated."""
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
        title="Saturated units",
        sentence=(
            f"The gates of {layer} spend much of their time close to an end of their range: {named}. There "
            "their gradient is nearly zero, so the layer hardly learns and only later layers adapt."
        ),
        evidence=Evidence(
            f"Saturation of {layer}",
            "",
            "share of all steps and units",
            tuple(
                EvidenceLine(_gate_name(one, cell), np.array([0]), np.array([one.either])) for one in every
            ),
            logarithmic=False,
            form="bars",
        ),
        advice="Standardise the data, so that the gates work in the middle of their range."
        if unscaled
        else f"Train again with a lower learning rate: {remedy.optimizer.learning_rate:g}.",
        remedy=remedy,
    )


def _is_saturated(gates: Sequence[RangeEndShares], cell: Cell) -> bool:
    """Return whether all that a layer does is stuck, or one gate keeps its memory shut off altogether."""
    ends = {gate.name: gate.blocks_at for gate in cell.gates}
    return _saturated_share(gates) > _STUCK or any(
        (ends.get(one.what) == "shut" and one.low > _DEAD)
        or (ends.get(one.what) == "open" and one.high > _DEAD)
        for one in gates
    )


def _saturated_share(gates: Sequence[RangeEndShares]) -> float:
    return float(np.mean([one.either for one in gates]))


def _gate_name(gate: RangeEndShares, cell: Cell) -> str:
    return cell.quantity(gate.what).title.lower()


def _small_share_text(share: float) -> str:
    """Return a small share in words."""
    if share < _NOTHING:
        return "almost zero"
    return f"1/{float(f'{1 / share:.2g}'):,.0f} of its size"


def vanishing_gradient(case: Case) -> Finding | None:
    """Return a finding where the gradient vanishes through time and the model hasn't learnt."""
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
        title="Vanishing gradients",
        sentence=(
            f"Backpropagated through {len(norms)} time steps, the gradient in {name} shrinks to "
            f"{_small_share_text(ratios[name])}, and the validation loss never fell below {left:.0%} of the "
            "initial loss. The model can't learn from early time steps."
        ),
        evidence=Evidence(
            "Gradient at each time step",
            "time steps before the last",
            "‖∂L/∂h‖, gradient norm of the state (logarithmic)",
            (EvidenceLine(name, back, norms, "before"),),
        ),
        advice=(
            f"{'Add' if CELLS[case.recipe.model.kind].gates else _LSTM_ADVICE} attention, which connects "
            "the output to every time step directly."
        ),
        remedy=_attention_remedy(case.recipe),
    )


def _attention_remedy(recipe: Recipe) -> Recipe | None:
    """Return the recipe with an LSTM or GRU, and attention; None where it has both."""
    kind = recipe.model.kind if CELLS[recipe.model.kind].gates else LSTM.kind
    better = modified_recipe(recipe, model={"kind": kind, "attention": "dot"})
    return better if better != recipe else None
