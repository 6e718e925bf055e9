"""A contest among what a forecast may start from: each forecasts the same origins of the training set."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from components.models.pretrained.forecaster import FEWEST_ROWS
from components.recipe import ForecastBase
from components.tasks.forecasting import baselines
from components.tasks.forecasting.zero_shot import ZeroShot, zero_shot_each

_MOST_ORIGINS, _FEWEST_ORIGINS = 16, 2  # of each series
_MOST_OF_ALL = 240  # of many series together, about
_CHANCE = 0.05


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
            f"In {self.origins} forecasts within the training set, “{best.label}” has a MASE of "
            f"{best.error:.2f} and “{closest.label}” one of {closest.error:.2f}. The forecast starts "
            f"from the former{why}."
        )


_STARTS: tuple[tuple[ForecastBase | None, str], ...] = (
    ("pretrained", "Pretrained network"),
    (None, "Pretrained network, recurrence alone"),
    ("combination", "Mean of the pretrained networks and Theta"),
    ("classical", "Averaged smoothing"),
    ("last", "Last value"),
    ("season", "Last season"),
)


def contest(
    series: Sequence[np.ndarray],
    horizon: int,
    season: int | None,
    with_season: bool,
    favourite: ForecastBase = "combination",
) -> Contest | None:
    """Let all starts forecast from the same origins, each of which knows every value up to it and none after.

    The favourite wins unless another is closer by more than chance.

    Args:
        series: (rows,) of the training set of each series that is learnt.
        horizon: steps ahead.
        season: rows after which they repeat; None where they don't.
        with_season: whether the last season may be started from.
        favourite: what to start from where nothing speaks for anything else.

    Returns:
        None where there are too few rows to forecast from even two origins.
    """
    origins = [_origins(values, horizon, season, len(series)) for values in series]
    able = [(values, at) for values, at in zip(series, origins, strict=True) if len(at)]
    if not able:
        return None
    found = zero_shot_each([values for values, _ in able], [at for _, at in able], horizon, season)
    every = [
        _errors(values, at, one, season, with_season) for (values, at), one in zip(able, found, strict=True)
    ]
    errors = {label: np.concatenate([one[label] for one in every]) for label in every[0]}
    starts = [start for start in _STARTS if start[1] in errors]
    contenders = tuple(
        sorted(
            (Contender(base, label, round(float(errors[label].mean()), 4)) for base, label in starts),
            key=lambda one: one.error,
        )
    )
    best = next(one for one in contenders if one.base is not None)
    own = next(one for one in contenders if one.base == favourite)
    lead = errors[own.label] - errors[best.label]
    apart = sum(1 + int(at[-1] - at[0]) // horizon for _, at in able)
    return Contest(contenders, own if _is_chance(lead, min(apart, len(lead))) else best, len(lead))


def _is_chance(lead: np.ndarray, apart: int) -> bool:
    """Return whether chance may explain that a mean lead is above zero, by Student's t.

    Forecasts whose horizons overlap err alike, so they count as those that don't.

    Args:
        lead: (N,) at each origin.
        apart: how many of the origins' horizons don't overlap.
    """
    from scipy.special import stdtr  # noqa: PLC0415 - of scipy, the light part

    mean, error = lead.mean(), lead.std(ddof=1) / np.sqrt(apart)
    if mean <= 0 or apart < 2:
        return True
    return bool(error > 0 and 2 * stdtr(apart - 1, -mean / error) >= _CHANCE)


def _origins(values: np.ndarray, horizon: int, season: int | None, many: int) -> np.ndarray:
    """Return the rows from which one of so many series is forecast; none of a short or a constant one."""
    first = max(FEWEST_ROWS, min(2 * (season or 1), len(values) // 2), len(values) // 3) - 1
    last = len(values) - horizon - 1
    if last <= first or not _scale(values, season):
        return np.zeros(0, int)
    most = max(_FEWEST_ORIGINS, min(_MOST_ORIGINS, _MOST_OF_ALL // many))
    return np.unique(np.linspace(first, last, most).round().astype(int))


def _scale(values: np.ndarray, season: int | None) -> float:
    back = season if season and season < len(values) else 1
    return float(np.abs(values[back:] - values[:-back]).mean())


def _errors(
    values: np.ndarray, origins: np.ndarray, found: ZeroShot, season: int | None, with_season: bool
) -> dict[str, np.ndarray]:
    """Return the MASE of each start at each origin of a series."""
    horizon = found.median.shape[1]
    truth = values[origins[:, None] + np.arange(1, horizon + 1)]
    said = [found.median, found.pure, found.combination, found.smoothing]
    said.append(baselines.last_value(values, origins, horizon))
    if season and with_season:
        said.append(baselines.seasonal_naive(values, origins, horizon, season))
    return {
        label: np.abs(forecasts - truth).mean(1) / _scale(values, season)
        for (_, label), forecasts in zip(_STARTS, said, strict=False)
    }
