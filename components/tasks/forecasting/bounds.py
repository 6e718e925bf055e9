"""What a series can't go beyond: none are sold below zero, and no share is above 100 %."""

import re
from dataclasses import dataclass

import numpy as np

from components.recipe import Forecast

_SIGNED_UNITS = frozenset({"°C", "°F"})
"""Whose zero is a value like any other."""
_SHARE = re.compile(
    r"%|\b(?:percent|percentage|pct|share|fraction|proportion|probability|humidity|occupancy)\b",
    re.IGNORECASE,
)
_FULL = (1.0, 100.0)
"""What a share is at most, as a part of one or of a hundred."""
_TOUCHES = 2
"""Times that a series must have been full for that to show that it can't be more."""


@dataclass(frozen=True)
class ProposedBounds:
    """Bounds that a training set shows.

    Attributes:
        lower, upper: None where it shows none.
        sentence: why, for people; "" where there are none.
    """

    lower: float | None
    upper: float | None
    sentence: str


def proposed_bounds(values: np.ndarray, name: str, unit: str) -> ProposedBounds:
    """Propose what forecasts may not go beyond.

    A bound is proposed only where it is within reach, no farther from the values than these lie apart: the
    others would never matter.

    Args:
        values: (rows,) of the training set, of all series of a panel one after the other; NaN is passed over.
        name: of the target.
        unit: of the target; "" where it isn't known.
    """
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (-1.0, -1.0)
    if low < 0 or unit in _SIGNED_UNITS or low > high - low:
        return ProposedBounds(None, None, "")
    full = next((full for full in _FULL if high <= full), None)
    is_named = bool(_SHARE.search(name.replace("_", " ")) or _SHARE.search(unit))
    touches = int(np.count_nonzero(known == full))
    is_whole = bool((known == np.round(known)).all())
    if full is not None and high + (high - low) >= full:
        if is_named:
            return ProposedBounds(
                0.0, full, f"“{name}” is a share, so forecasts and intervals stay between 0 and {full:g}."
            )
        if touches >= _TOUCHES and not is_whole:
            return ProposedBounds(
                0.0,
                full,
                f"The series reaches {full:g} {touches} times and never passes it, nor falls below 0, so "
                f"forecasts and intervals stay between 0 and {full:g}.",
            )
    what = (
        "All values of the training set are whole numbers, none"
        if is_whole
        else "No value of the training set is"
    )
    return ProposedBounds(0.0, None, f"{what} below 0, so forecasts and intervals stay at 0 or above.")


def note(task: Forecast) -> tuple[str, ...]:
    """Return what is to be said beside scores of forecasts that were kept within bounds."""
    low, high = task.lower_bound, task.upper_bound
    if low is None and high is None:
        return ()
    where = (
        f"within {low:g} and {high:g}"
        if low is not None and high is not None
        else f"at {low:g} or above"
        if low is not None
        else f"at {high:g} or below"
    )
    return (f"The forecasts of all methods, the model's included, are kept {where}, as the recipe says.",)
