"""How long training will take, guessed from a model's plan before anything is built."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from components.models.summary import ModelSummary

# Measured on two cores of a common server with Keras' own layers; `make bench` shows how far the guess is
# off. A server corrects it by how long its own runs took.
SECONDS_PER_STEP = 5e-4
SECONDS_PER_SEQUENTIAL_STEP = 7e-5
OPERATIONS_PER_SECOND = 5e10
UNMEASURED_SPREAD = 3.0
"""How many times as long or as short as guessed a training may take where hardly any was measured."""
LEAST_SPREAD = 1.2
"""The same on any machine: whoever else is at work makes as much of a difference."""
FEWEST_RUNS = 5
"""Runs from which on their own spread says how sure a guess is."""
PASSES_PER_TRAINING_STEP = 3
"""A training step in forward passes: one forward, and one backward for inputs and weights each."""


def seconds_per_step(plan: ModelSummary, batch: int) -> float:
    """Guess the seconds of one training step with `batch` examples."""
    calculating = PASSES_PER_TRAINING_STEP * batch * plan.work / OPERATIONS_PER_SECOND
    return SECONDS_PER_STEP + SECONDS_PER_SEQUENTIAL_STEP * plan.turns + calculating


@dataclass(frozen=True)
class TimeCorrection:
    """By how much a guess of the time is to be set right, and how far off it may be even then.

    Attributes:
        factor: from guessed to measured seconds: the middle one of some runs, 1 of none.
        spread: nine of ten of these runs took between the corrected guess divided by it and multiplied by it.
        runs: that were compared.
    """

    factor: float = 1.0
    spread: float = UNMEASURED_SPREAD
    runs: int = 0


UNCORRECTED = TimeCorrection()
"""Of a machine that has trained nothing yet."""


def time_correction(guessed: Sequence[float], measured: Sequence[float]) -> TimeCorrection:
    """Compare guessed with measured seconds per step of some runs."""
    if not guessed:
        return UNCORRECTED
    ratios = [was / guess for guess, was in zip(guessed, measured, strict=True)]
    factor = median(ratios)
    misses = sorted(max(ratio / factor, factor / ratio) for ratio in ratios)
    # Of few runs not even the worst says how bad it may get.
    worst = misses[math.ceil(0.9 * len(misses)) - 1]
    spread = worst if len(ratios) >= FEWEST_RUNS else max(worst, UNMEASURED_SPREAD)
    return TimeCorrection(factor, max(spread, LEAST_SPREAD), len(ratios))
