"""The LSTM (Hochreiter and Schmidhuber, 1997; Gers, Schmidhuber and Cummins, 2000).

With a = x + y in four parts: i = σ(a), f = σ(a), g = tanh(a), o = σ(a), c ← f c + i g and h ← o tanh(c).
"""

from collections.abc import Sequence

from components.glossary import explain
from components.models.cells.cell import (
    CANDIDATE,
    HIDDEN,
    Array,
    ArrayNamespace,
    Cell,
    Gate,
    Quantity,
    States,
)


def _forward(
    xp: ArrayNamespace, x: Array, y: Array, states: States
) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    i, f, g, o = xp.split(x + y, 4, 1)
    i, f, g, o = xp.sigmoid(i), xp.sigmoid(f), xp.tanh(g), xp.sigmoid(o)
    c = f * states[1] + i * g
    tanh = xp.tanh(c)
    return (o * tanh, c), (i, f, g, o, tanh)


def _backward(
    xp: ArrayNamespace, by: States, kept: Sequence[Array], before: States, after: States
) -> tuple[Array, Array, tuple[Array | None, ...]]:
    (by_h, by_c), (_, c), (i, f, g, o, tanh) = by, before, kept
    by_c = by_c + by_h * o * (1 - tanh * tanh)
    blocks = [
        by_c * g * i * (1 - i),
        by_c * c * f * (1 - f),
        by_c * i * (1 - g * g),
        by_h * tanh * o * (1 - o),
    ]
    inner = xp.concat(blocks, 1)
    return inner, inner, (None, by_c * f)


LSTM = Cell(
    kind="lstm",
    title="LSTM",
    about=explain("LSTM"),
    blocks=("i", "f", CANDIDATE.name, "o"),
    gates=(
        Gate(
            "i",
            "Input gate",
            "How much new content enters the cell state.",
            "input",
            blocks_at="shut",
        ),
        Gate("f", "Forget gate", "How much of the cell state is kept: 1 keeps all, 0 forgets all.", "memory"),
        Gate(
            "o",
            "Output gate",
            "How much of the cell state the rest of the model sees.",
            "output",
            blocks_at="shut",
        ),
    ),
    states=(HIDDEN, Quantity("c", "Cell state", "The memory that the layer carries from step to step.")),
    biases=1,
    kept=("i", "f", CANDIDATE.name, "o", "tanh(c)"),
    forward=_forward,
    backward=_backward,
)
