"""The GRU, reset after the product as cuDNN has it (Cho et al., 2014, version 1).

With x and y in three parts: z = σ(x + y), r = σ(x + y), c = tanh(x + r y) and h ← z h + (1 − z) c.
"""

from collections.abc import Sequence

from components.glossary import explain
from components.models.cells.cell import CANDIDATE, HIDDEN, Array, ArrayNamespace, Cell, Gate, States


def _forward(
    xp: ArrayNamespace, x: Array, y: Array, states: States
) -> tuple[tuple[Array], tuple[Array, ...]]:
    (h,), units = states, states[0].shape[1]
    z, r = xp.split(xp.sigmoid(x[:, : 2 * units] + y[:, : 2 * units]), 2, 1)
    y = y[:, 2 * units :]
    c = xp.tanh(x[:, 2 * units :] + r * y)
    return (z * h + (1 - z) * c,), (z, r, c, y)


def _backward(
    xp: ArrayNamespace, by: States, kept: Sequence[Array], before: States, after: States
) -> tuple[Array, Array, tuple[Array]]:
    (by_h,), (h,), (z, r, c, y) = by, before, kept
    by_z = by_h * (h - c) * z * (1 - z)
    by_c = by_h * (1 - z) * (1 - c * c)
    by_r = by_c * y * r * (1 - r)
    return xp.concat([by_z, by_r, by_c], 1), xp.concat([by_z, by_r, by_c * r], 1), (by_h * z,)


GRU = Cell(
    kind="gru",
    title="GRU",
    about=explain("GRU"),
    blocks=("z", "r", CANDIDATE.name),
    gates=(
        Gate(
            "z",
            "Update gate",
            "How much of the old state is kept: 1 keeps all, 0 takes the new one.",
            "memory",
            blocks_at="open",
        ),
        Gate("r", "Reset gate", "How much of the old state is used to compute the new one.", "input"),
    ),
    states=(HIDDEN,),
    biases=2,
    kept=("z", "r", CANDIDATE.name, "y"),
    forward=_forward,
    backward=_backward,
)
