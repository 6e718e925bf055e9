"""What the training doctor finds: an illness, its evidence, and a remedy."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from components.insight.doctor.run_evidence import Case
from components.recipe import Recipe

Illness = Literal[
    "too good",
    "not finite: the data",
    "not finite: the learning rate",
    "not finite: the model",
    "exploding",
    "saturated",
    "rate too high",
    "vanishing",
    "rate too low",
    "overfitting",
    "plateau",
    "underfitting",
    "worse than doing nothing",
    "seed luck",
]
Role = Literal["training", "validation", "before", "after", "model", "truth", "other"]
"""What a line means: lines that mean the same have the same colour in every chart."""


@dataclass(frozen=True, eq=False)
class EvidenceLine:
    """A line of the evidence, (n,) by (n,)."""

    name: str
    x: np.ndarray
    y: np.ndarray
    role: Role = "other"


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is drawn of an illness.

    Attributes:
        title: of the picture.
        x, y: what the axes measure, with units.
        lines: one or more.
        place: where on the x axis it shows, and what that is called; None: all along.
        level: a reference value on the y axis, and what it is called; None: none.
        logarithmic: whether the y axis is.
        form: whether the lines are drawn as such, as single points, or each as one bar of its last height.
    """

    title: str
    x: str
    y: str
    lines: tuple[EvidenceLine, ...]
    place: tuple[float, str] | None = None
    level: tuple[float, str] | None = None
    logarithmic: bool = True
    form: Literal["lines", "points", "bars"] = "lines"


@dataclass(frozen=True, eq=False)
class Finding:
    """One illness.

    Attributes:
        key: which.
        title: its name, in the field's terms.
        sentence: what shows it, with its numbers.
        evidence: the same, to be drawn.
        advice: what the remedy does, and why it should help.
        remedy: the recipe to train instead; None where no other recipe would help.
    """

    key: Illness
    title: str
    sentence: str
    evidence: Evidence
    advice: str
    remedy: Recipe | None = None


Examiner = Callable[[Case], Finding | None]
