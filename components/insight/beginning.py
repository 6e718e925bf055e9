"""The gradient through time of a layer before any training: by its first weights alone, in one pass back.

The layer reads sequences of the adding problem and its last state, through weights drawn by chance, says a
number; the loss is the squared error.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from components.insight.gates import trace
from components.insight.strand import Kind, Strand, Weights
from components.insight.through_time import norms, ratio, through_time

Squares = Literal["orthogonal", "normal"]
"""How recurrent weights are drawn."""
SEQUENCES = 16
"""In the batch."""
_GATES: dict[Kind, int] = {"simple_rnn": 1, "lstm": 4, "gru": 3}
_FORGET = 1  # the place of an LSTM's forget gate among its parts


@dataclass(frozen=True)
class Setting:
    """How a layer begins.

    Attributes:
        kind: of cell.
        units: numbers in its state.
        steps: of the sequences that it reads.
        recurrent: of what kind each gate's square of recurrent weights is: orthogonal (Saxe, McClelland and
            Ganguli, 2014), or drawn from a normal distribution.
        radius: the spectral radius that the squares are brought to: the largest size of an eigenvalue.
        forget: bias of an LSTM's forget gate (Jozefowicz, Zaremba and Sutskever, 2015); others have none.
        seed: where chance begins.
    """

    kind: Kind
    units: int = 32
    steps: int = 100
    recurrent: Squares = "orthogonal"
    radius: float = 1.0
    forget: float = 1.0
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Beginning:
    """What the gradient does in a layer that has learnt nothing yet.

    Attributes:
        by_x: (T,) norm of the gradient of the loss by what was read at each step.
        by_h: (T,) the same by the state after each step.
        ratio: of the first five steps to the last five, by what was read; NaN where there is none.
    """

    by_x: np.ndarray
    by_h: np.ndarray
    ratio: float


def beginning(setting: Setting) -> Beginning:
    """Go back through time once."""
    rng = np.random.default_rng(setting.seed)
    strand = _strand(setting, rng)
    through = through_time(strand)
    by_x = norms(through.by_x)
    # A cell that remembers has two ways back: the state is both, side by side.
    by_state = through.by_h if through.by_c is None else np.concatenate([through.by_h, through.by_c], axis=-1)
    return Beginning(by_x, norms(by_state), ratio(by_x))


def _strand(setting: Setting, rng: np.random.Generator) -> Strand:
    """Make the layer with what it reads, and the gradient of the loss by its last state."""
    units, gates = setting.units, _GATES[setting.kind]
    sequence, wanted = _adding(setting.steps, rng)
    edge = np.sqrt(6 / (sequence.shape[-1] + gates * units))  # Glorot and Bengio (2010)
    recurrent = np.concatenate([_square(setting, rng) for _ in range(gates)], axis=1)
    bias = np.zeros(gates * units)
    if setting.kind == "lstm":
        bias[_FORGET * units : (_FORGET + 1) * units] = setting.forget
    strand = Strand(
        layer=setting.kind,
        kind=setting.kind,
        backward=False,
        weights=Weights(rng.uniform(-edge, edge, (sequence.shape[-1], gates * units)), recurrent, bias),
        sequence=sequence,
        present=None,
        initial=tuple(np.zeros((SEQUENCES, units)) for _ in range(2 if setting.kind == "lstm" else 1)),
    )
    out = rng.uniform(-1, 1, units) * np.sqrt(6 / (units + 1))
    last = trace(strand).h[:, -1]
    by_outputs = np.zeros((*sequence.shape[:2], units))
    by_outputs[:, -1] = (2 / SEQUENCES) * (last @ out - wanted)[:, None] * out
    return replace(strand, by_outputs=by_outputs)


def _square(setting: Setting, rng: np.random.Generator) -> np.ndarray:
    """Draw the recurrent weights of one gate, (units, units), and bring them to the radius."""
    drawn = rng.normal(size=(setting.units, setting.units))
    if setting.recurrent == "orthogonal":
        q, r = np.linalg.qr(drawn)
        return setting.radius * q * np.sign(np.diag(r))
    return setting.radius * drawn / np.abs(np.linalg.eigvals(drawn)).max()


def _adding(steps: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Make sequences of the adding problem, (batch, T, 2), and their sums, (batch,)."""
    values = np.zeros((SEQUENCES, steps, 2))
    values[..., 0] = rng.random((SEQUENCES, steps))
    every, half = np.arange(SEQUENCES), steps // 2
    marked = rng.integers(0, half, SEQUENCES), rng.integers(half, steps, SEQUENCES)
    for place in marked:
        values[every, place, 1] = 1
    return values, sum(values[every, place, 0] for place in marked)
