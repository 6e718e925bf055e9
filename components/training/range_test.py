"""The learning rate range test (Smith, 2017): a few updates at ever larger rates, and where the loss falls
fastest."""

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from components.training.loop import Loop

LOWEST, HIGHEST = 1e-5, 1.0
MOST_UPDATES, FEWEST_UPDATES = 160, 40
_SMOOTHING = 0.06
"""Standard deviation of the Gaussian that smooths the losses, in their number."""
_TOO_MUCH = 4.0
"""Times the lowest loss, at which nothing more is to be seen."""
_TIMED_UPDATES = 3


@dataclass(frozen=True, eq=False)
class RangeTest:
    """How the loss went as the learning rate rose.

    Attributes:
        rates: (N,) the learning rates, rising.
        losses: (N,) of each update's batch.
        smoothed: (N,) their mean, the nearest weighed most.
    """

    rates: np.ndarray
    losses: np.ndarray
    smoothed: np.ndarray

    @property
    def lowest(self) -> int:
        """Which update has the lowest smoothed loss."""
        return int(self.smoothed.argmin())

    @property
    def proposed(self) -> float | None:
        """The rate at which the smoothed loss falls fastest, with two digits; None where it falls by no more
        than one update's loss differs from the next one's."""
        until = self.lowest + 1
        noise = 2 * float(np.median(np.abs(self.losses[:until] - self.smoothed[:until])))
        fallen = float(self.smoothed[0] - self.smoothed[self.lowest])
        if until < 3 or fallen <= noise:
            return None
        slope = np.gradient(self.smoothed[:until], np.log(self.rates[:until]))
        return float(f"{self.rates[int(slope.argmin())]:.2g}")


def run_range_test(loop: "Loop", seconds: float) -> RangeTest:
    """Make updates at ever larger learning rates until the loss is far above its lowest.

    Args:
        loop: one that has not run yet, of a recipe with a constant learning rate.
        seconds: that it may take.
    """
    losses: list[float] = []
    begin, count = time.monotonic(), MOST_UPDATES
    rates = _rates(count)
    while len(losses) < count:
        if len(losses) == _TIMED_UPDATES:  # the first also traces the graph
            each = (time.monotonic() - begin) / (_TIMED_UPDATES - 1)
            count = int(np.clip(seconds / each, FEWEST_UPDATES, MOST_UPDATES))
            rates = np.concatenate([rates[: len(losses)], _rates(count)[len(losses) :]])
        loop.learning_rate.assign(rates[len(losses)])
        if loop.at_epoch_end:
            # Nothing is validated: the next epoch begins at once, with batches of its own.
            loop.progress = replace(
                loop.progress, epoch=loop.progress.epoch + 1, step_in_epoch=0, loss_sum=0.0
            )
        losses += loop.run(1).losses
        if len(losses) == 1:
            begin = time.monotonic()
        if not math.isfinite(losses[-1]) or losses[-1] > _TOO_MUCH * max(min(losses), 1e-12) + losses[0]:
            break
    known = np.array(losses)
    known = known[: len(known) - (not math.isfinite(known[-1]))]
    return RangeTest(rates[: len(known)], known, smooth(known))


def smooth(losses: np.ndarray) -> np.ndarray:
    """Return the mean of losses around each, weighed by a Gaussian, (N,) → (N,)."""
    places = np.arange(len(losses))
    weights = np.exp(-(((places[:, None] - places) / max(1.0, _SMOOTHING * len(losses))) ** 2) / 2)
    return weights @ losses / weights.sum(axis=1)


def _rates(count: int) -> np.ndarray:
    return np.geomspace(LOWEST, HIGHEST, count)
