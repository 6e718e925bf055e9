"""The gradient through time of a layer before any training: by its first weights alone, in one pass back.

The layer reads sequences of the adding problem and its last state, through weights drawn by chance, says a
number; the loss is the squared error.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from components.insight.bptt import backpropagate, norms, ratio
from components.insight.gates import trace
from components.insight.layer_pass import CellWeights, LayerPass
from components.models.cells import CELLS

RecurrentInitializer = Literal["orthogonal", "normal"]
"""How recurrent weights are drawn."""
BATCH_SIZE = 16
"""Sequences in the batch."""
FORGET = "f"
"""Name of the gate whose bias can be set."""


@dataclass(frozen=True)
class InitializationSetting:
    """How a layer begins.

    Attributes:
        kind: of cell.
        units: numbers in its state.
        steps: of the sequences that it reads.
        recurrent: of what kind each gate's square of recurrent weights is: orthogonal (Saxe, McClelland and
            Ganguli, 2014), or drawn from a normal distribution.
        radius: the spectral radius that the squares are brought to: the largest size of an eigenvalue.
        forget: bias of the forget gate (Jozefowicz, Zaremba and Sutskever, 2015) of a cell that has one.
        seed: where chance begins.
    """

    kind: str
    units: int = 32
    steps: int = 100
    recurrent: RecurrentInitializer = "orthogonal"
    radius: float = 1.0
    forget: float = 1.0
    seed: int = 0


@dataclass(frozen=True, eq=False)
class InitialGradient:
    """What the gradient does in a layer that has learnt nothing yet.

    Attributes:
        grad_x: (T,) norm of the gradient of the loss by what was read at each step.
        grad_h: (T,) the same by the state after each step.
        ratio: of the first five steps to the last five, by what was read; NaN where there is none.
    """

    grad_x: np.ndarray
    grad_h: np.ndarray
    ratio: float


def initial_gradient(setting: InitializationSetting) -> InitialGradient:
    """Go back through time once."""
    rng = np.random.default_rng(setting.seed)
    strand = _layer_pass(setting, rng)
    through = backpropagate(strand)
    by_x = norms(through.grad_x)
    # A cell that remembers has two ways back: the state is both, side by side.
    return InitialGradient(by_x, norms(np.concatenate(through.grad_states, axis=-1)), ratio(by_x))


def _layer_pass(setting: InitializationSetting, rng: np.random.Generator) -> LayerPass:
    """Make the layer with what it reads, and the gradient of the loss by its last state."""
    cell, units = CELLS[setting.kind], setting.units
    width = len(cell.blocks) * units
    sequence, wanted = _adding_problem(setting.steps, rng)
    edge = np.sqrt(6 / (sequence.shape[-1] + width))  # Glorot and Bengio (2010)
    recurrent = np.concatenate([_recurrent_weights(setting, rng) for _ in cell.blocks], axis=1)
    biases = np.zeros((cell.biases, width))
    if FORGET in cell.blocks:
        place = cell.blocks.index(FORGET) * units
        biases[0, place : place + units] = setting.forget
    strand = LayerPass(
        layer=setting.kind,
        cell=cell,
        backward=False,
        weights=CellWeights(rng.uniform(-edge, edge, (sequence.shape[-1], width)), recurrent, tuple(biases)),
        sequence=sequence,
        present=None,
        initial=tuple(np.zeros((BATCH_SIZE, units)) for _ in cell.states),
    )
    out = rng.uniform(-1, 1, units) * np.sqrt(6 / (units + 1))
    last = trace(strand).h[:, -1]
    by_outputs = np.zeros((*sequence.shape[:2], units))
    by_outputs[:, -1] = (2 / BATCH_SIZE) * (last @ out - wanted)[:, None] * out
    return replace(strand, grad_outputs=by_outputs)


def _recurrent_weights(setting: InitializationSetting, rng: np.random.Generator) -> np.ndarray:
    """Draw the recurrent weights of one gate, (units, units), and bring them to the radius."""
    drawn = rng.normal(size=(setting.units, setting.units))
    if setting.recurrent == "orthogonal":
        q, r = np.linalg.qr(drawn)
        return setting.radius * q * np.sign(np.diag(r))
    return setting.radius * drawn / np.abs(np.linalg.eigvals(drawn)).max()


def _adding_problem(steps: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Make sequences of the adding problem, (batch, T, 2), and their sums, (batch,)."""
    values = np.zeros((BATCH_SIZE, steps, 2))
    values[..., 0] = rng.random((BATCH_SIZE, steps))
    every, half = np.arange(BATCH_SIZE), steps // 2
    marked = rng.integers(0, half, BATCH_SIZE), rng.integers(half, steps, BATCH_SIZE)
    for place in marked:
        values[every, place, 1] = 1
    return values, sum(values[every, place, 0] for place in marked)
