"""Forecasts of prices, seen as who trades sees them: as returns, and as ups and downs against a coin.

Of a random walk the best forecast is the last value, whatever is known of the past (Fama, 1970, “Efficient
capital markets”): a small error of the level shows nothing.
"""

from dataclasses import dataclass

import numpy as np

from components.recipe import Quotes, Recipe, Sample
from components.tasks.forecasting.result import ForecastResult

_SAMPLE = "share_prices"
_Z = 1.959963985  # of the normal distribution: 95 % lie within


@dataclass(frozen=True)
class Direction:
    """How often a forecast told whether the price would be higher or lower than at its origin.

    Attributes:
        ahead: steps.
        counted: forecasts that don't overlap, of changes that weren't zero.
        right: how many of them had the right sign.
        low, high: Wilson's interval of 95 % of the share that is right in the long run.
    """

    ahead: int
    counted: int
    right: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Share that was right."""
        return self.right / self.counted

    @property
    def beats_a_coin(self) -> bool:
        """Whether a coin would hardly do as well."""
        return self.low > 0.5


@dataclass(frozen=True)
class Returns:
    """Mean absolute error of the return from the origin to a step ahead, in percent of the price there."""

    ahead: int
    model: float
    walk: float
    """of who says that the price stays: the random walk"""


def is_price_forecast(recipe: Recipe) -> bool:
    """Return whether a recipe forecasts quotes of a market."""
    reference = recipe.dataset
    return isinstance(reference, Quotes) or (isinstance(reference, Sample) and reference.name == _SAMPLE)


def direction(result: ForecastResult, ahead: int) -> Direction | None:
    """Count ups and downs at a step ahead, from origins that far apart; None where there are none."""
    origins = np.arange(0, len(result.origins), ahead)
    then = result.truth[result.origins[origins]]
    came = result.truth[result.origins[origins] + ahead] - then
    predicted = result.forecasts[origins, ahead - 1] - then
    moved = (came != 0) & (predicted != 0)
    counted, right = int(moved.sum()), int((np.sign(came) == np.sign(predicted))[moved].sum())
    return Direction(ahead, counted, right, *wilson_interval(right, counted)) if counted else None


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """Return the interval of 95 % of a share (Wilson, 1927), for one or more."""
    share, z2 = successes / trials, _Z**2
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = _Z / (1 + z2 / trials) * np.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
    return float(middle - half), float(middle + half)


def returns(result: ForecastResult, ahead: int) -> Returns:
    """Return the errors of the returns that were forecast; prices are above zero."""
    then = result.truth[result.origins]
    came = result.truth[result.origins + ahead] / then - 1
    predicted = result.forecasts[:, ahead - 1] / then - 1
    return Returns(ahead, 100 * float(np.abs(predicted - came).mean()), 100 * float(np.abs(came).mean()))


def summary(result: ForecastResult, ahead: int) -> str:
    """Return what a forecast of prices was worth at a step ahead, in plain words."""
    errors, ups = returns(result, ahead), direction(result, ahead)
    steps = "one step" if ahead == 1 else f"{ahead} steps"
    level = (
        f"Forecasting {steps} ahead, the model's mean absolute error of the return is "
        f"{errors.model:.2f} percentage points; a random walk, which forecasts the last price, has "
        f"{errors.walk:.2f}."
    )
    if ups is None:
        return level
    verdict = (
        "better than chance"
        if ups.beats_a_coin
        else "worse than chance"
        if ups.high < 0.5
        else "no better than chance"
    )
    return (
        f"{level} Its direction is right in {ups.right} of {ups.counted} forecasts, "
        f"{ups.share:.0%}, {verdict}: the 95% interval is {ups.low:.0%} to {ups.high:.0%}."
    )
