"""The same recipe from several seeds: how much of a result is luck."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from components.tasks.forecasting.result import ForecastResult, Score
from components.tasks.metrics import MAE


@dataclass(frozen=True)
class Seed:
    """What the model of a seed came to on the test set."""

    seed: int
    score: Score


def seed_of_result(seed: int, result: ForecastResult) -> Seed:
    """Take from a result what differs from seed to seed."""
    return Seed(seed, result.scores[0])


def summary(seeds: Sequence[Seed], baselines: Sequence[Score], unit: str) -> str:
    """Return how far the seeds lie apart and where the best of the others stands, in a plain sentence."""
    errors = [one.score.mae for one in seeds]
    best = MAE.best(baselines)
    of = f" {unit}" if unit else ""
    better = sum(error < best.mae for error in errors)
    closer = (
        "none of them has" if not better else "1 of them has" if better == 1 else f"{better} of them have"
    )
    return (
        f"Over {len(errors)} seeds the median error is {np.median(errors):.3g}{of}, the lowest "
        f"{min(errors):.3g} and the highest {max(errors):.3g}; {closer} a lower error than "
        f"“{best.label}” with {best.mae:.3g}. The runs differ only in their random numbers."
    )
