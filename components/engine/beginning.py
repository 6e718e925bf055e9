"""Asking a worker how the gradient fares in a layer that has learnt nothing yet.

The app names `measure` to `Engine.ask`, so this module is light; a worker imports what the work takes.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Asked:
    """How a layer begins; `components.insight.beginning.Setting` says what these are."""

    kind: str
    units: int
    steps: int
    recurrent: str
    radius: float
    forget: float
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Measured:
    """The gradient by what was read and by the state, (T,) each, and the ratio of first to last steps."""

    by_x: np.ndarray
    by_h: np.ndarray
    ratio: float


def measure(asked: Asked) -> Measured:
    """Go back through time once."""
    from components.insight.beginning import Setting, beginning  # noqa: PLC0415 - brings in TensorFlow

    found = beginning(Setting(**vars(asked)))
    return Measured(found.by_x, found.by_h, found.ratio)
