"""A contest among what a forecast may start from: each forecasts the same origins of the training set."""

from dataclasses import dataclass

import numpy as np

from components.models.pretrained.forecaster import FEWEST_ROWS
from components.recipe import ForecastBase
from components.tasks.forecasting import baselines
from components.tasks.forecasting.zero_shot import zero_shot

_MOST_ORIGINS = 16


@dataclass(frozen=True)
class Contender:
    """What took part.

    Attributes:
        base: as the recipe names it; None of one that is only shown beside the others.
        label: for people.
        error: mean absolute scaled error (MASE): 1 is the error of repeating the last season.
    """

    base: ForecastBase | None
    label: str
    error: float


@dataclass(frozen=True)
class Contest:
    """How it ended.

    Attributes:
        contenders: the best first.
        winner: the start to take.
        origins: from which each forecast.
    """

    contenders: tuple[Contender, ...]
    winner: Contender
    origins: int

    @property
    def sentence(self) -> str:
        """Say what won, and by how much."""
        best = self.winner
        rivals = [one for one in self.contenders if one.base not in (None, best.base)]
        closest = min(rivals, key=lambda one: one.error)
        why = "" if best.error <= closest.error else ", since so small a difference may be chance"
        return (
            f"In {self.origins} forecasts within the training set, “{best.label.lower()}” has a MASE of "
            f"{best.error:.2f} and “{closest.label.lower()}” one of {closest.error:.2f}. The forecast starts "
            f"from the former{why}."
        )


def contest(values: np.ndarray, horizon: int, season: int | None, with_season: bool) -> Contest | None:
    """Let all starts forecast from the same origins, each of which knows every value up to it and none after.

    The pretrained network wins unless another is closer by more than two standard errors of the difference.

    Args:
        values: (rows,) of the training set.
        horizon: steps ahead.
        season: rows after which the series repeats; None where it doesn't.
        with_season: whether the last season may be started from.

    Returns:
        None where there are too few rows to forecast from even two origins.
    """
    first = max(FEWEST_ROWS, min(2 * (season or 1), len(values) // 2), len(values) // 3) - 1
    last = len(values) - horizon - 1
    if last <= first:
        return None
    origins = np.unique(np.linspace(first, last, _MOST_ORIGINS).round().astype(int))
    truth = values[origins[:, None] + np.arange(1, horizon + 1)]
    back = season if season and season < len(values) else 1
    scale = np.abs(values[back:] - values[:-back]).mean()
    if scale == 0:
        return None
    found = zero_shot(values, origins, horizon, season)
    said: list[tuple[ForecastBase | None, str, np.ndarray]] = [
        ("pretrained", "Pretrained network", found.median),
        (None, "Pretrained network, recurrence alone", found.pure),
        ("classical", "Averaged smoothing", found.smoothing),
        ("last", "Last value", baselines.last_value(values, origins, horizon)),
    ]
    if season and with_season:
        said.append(("season", "Last season", baselines.seasonal_naive(values, origins, horizon, season)))
    errors = {label: np.abs(forecasts - truth).mean(1) / scale for _, label, forecasts in said}
    contenders = tuple(
        sorted(
            (Contender(base, label, round(float(errors[label].mean()), 4)) for base, label, _ in said),
            key=lambda one: one.error,
        )
    )
    best = next(one for one in contenders if one.base is not None)
    own = next(one for one in contenders if one.base == "pretrained")
    lead = errors[own.label] - errors[best.label]
    is_chance = lead.mean() <= 2 * lead.std() / np.sqrt(len(lead))
    return Contest(contenders, own if is_chance else best, len(origins))
