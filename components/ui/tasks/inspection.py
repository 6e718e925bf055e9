"""Words of a task for looking inside its models."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from components.runs.store import Run

Bring = Callable[[], np.ndarray | None]
"""Draws how a person brings a sequence, and gives it, (T, channels); None while there is none."""


@dataclass(frozen=True)
class InspectionTerms:
    """What things are called, and what a person can look at that isn't in the data.

    Attributes:
        example: an example of the test set.
        answer: what may be asked about.
        text_prompt: what a person is asked to type; "" where nothing can be typed.
        bring: gives for a run how a person brings a sequence of their own; None where none can be brought.
    """

    example: str
    answer: str
    text_prompt: str = ""
    bring: Callable[[Run], Bring | None] | None = None
