"""The simple recurrent cell (Elman, 1990): h ← tanh(x + y)."""

from collections.abc import Sequence

from components.glossary import explain
from components.models.cells.cell import HIDDEN, Array, ArrayNamespace, Cell, States


def _forward(xp: ArrayNamespace, x: Array, y: Array, states: States) -> tuple[tuple[Array], tuple[()]]:
    return (xp.tanh(x + y),), ()


def _backward(
    xp: ArrayNamespace, by: States, kept: Sequence[Array], before: States, after: States
) -> tuple[Array, Array, tuple[None]]:
    (by_h,), (h,) = by, after
    inner = by_h * (1 - h * h)
    return inner, inner, (None,)


SIMPLE_RNN = Cell(
    kind="simple_rnn",
    title="Simple RNN",
    about=explain("Simple RNN"),
    blocks=("h",),
    gates=(),
    states=(HIDDEN,),
    biases=1,
    kept=(),
    forward=_forward,
    backward=_backward,
)
