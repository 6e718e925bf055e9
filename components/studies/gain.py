"""What a search gained, and how much of that is left on a test set that it never looked at."""

import math
from dataclasses import dataclass

_CLEARLY = 1e-9  # of a gain: below, there is none


@dataclass(frozen=True)
class SearchGain:
    """Losses of the recipe that a search began with and of its winner, as the recipe measures them.

    Attributes:
        trials: from which the winner was chosen.
        validation: before and after.
        test: likewise.
    """

    trials: int
    validation: tuple[float, float]
    test: tuple[float, float]

    @property
    def gained(self) -> float:
        """By how much the winner's validation loss is lower."""
        return self.validation[0] - self.validation[1]

    @property
    def left(self) -> float:
        """By how much its loss is lower on the test set."""
        return self.test[0] - self.test[1]

    @property
    def share_left(self) -> float | None:
        """Which share of the gain is left on the test set; None where there was none."""
        return self.left / self.gained if self.gained > _CLEARLY * abs(self.validation[0]) else None

    @property
    def sentence(self) -> str:
        """Say what was gained, and what is left of it."""
        if not all(map(math.isfinite, (*self.validation, *self.test))):
            return "Not all of these losses are numbers, so it isn't known how much of the gain remains."
        share = self.share_left
        if share is None:
            return (
                f"None of the {self.trials} trials has a lower validation loss than the recipe as it was, so "
                "nothing was gained."
            )
        said = (
            f"The best of {self.trials} trials lowers the validation loss {_change(*self.validation)}. On "
            f"the test set, looked at once, the loss goes {_change(*self.test)}: "
        )
        if share <= 0:
            return f"{said}none of the gain remains, so it was chance or overfitting to the validation set."
        if share >= 1:
            return f"{said}all of the gain remains."
        return (
            f"{said}{share:.0%} of the gain remains. The rest came from picking the best of {self.trials} by "
            "their validation loss, which rewards chance."
        )


def _change(before: float, after: float) -> str:
    said = f"from {before:.3g} to {after:.3g}"
    if before > 0:
        change = after / before - 1
        said += f" ({abs(change):.0%} {'higher' if change > 0 else 'lower'})"
    return said
