"""The classical methods beside the model, fitted by statsmodels: ETS, ARIMA, Theta, and their mean.

Which forms are tried, and for how many iterations, depends on the series alone and never on the clock: the
same series gives the same forecasts on every machine, however busy. Form and parameters come from the rows
before the test set, validation included: they need none of it to stop by. From there on they are rolled
forward without refitting: at each origin they know every value up to it and none after. After Hyndman and
Athanasopoulos, “Forecasting: Principles and Practice”, 3rd edition, chapters 8 and 9, Hyndman and Khandakar
(2008), and Assimakopoulos and Nikolopoulos (2000).
"""

import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from components.cancellation import raise_if_cancelled

FEWEST_ROWS = 32
"""Before the test set; with fewer there is little to choose a form by."""
FORMS = 12
"""Of each method that are tried at most, over all series of a panel together."""
ETS_ROWS, ARIMA_ROWS, SEASONAL_ARIMA_ROWS = 2000, 1000, 360
"""Newest rows before the test set that each is fitted on."""
_ETS_ITERATIONS, _ARIMA_ITERATIONS = 100, 50
MOST_TESTED = 20_000
"""Rows of the test set that they are rolled over at most."""
LONGEST_ETS_SEASON = 24  # whose first values are parameters; those of longer ones are read off the data
LONGEST_ARIMA_SEASON = 13  # that is kept in the state, which grows with its square; longer ones are waves
WAVES = 3  # pairs of a sine and a cosine that stand for a long season
_STRONG_SEASON = 0.64  # share of the variance beyond which Hyndman and Khandakar take the seasonal difference


@dataclass(frozen=True, eq=False)
class Classical:
    """What a method forecast, (N, horizon), and in which form; no forecasts where it was left out."""

    name: str
    label: str
    forecasts: np.ndarray | None
    said: str
    """which form and why, or why it was left out: one plain sentence"""


def classical(
    series: np.ndarray,
    test_start: int,
    origins: np.ndarray,
    horizon: int,
    season: int | None,
    forms: int = FORMS,
) -> tuple[Classical, ...]:
    """Fit ETS, ARIMA and Theta on what is before the test set, and forecast from each origin.

    Args:
        series: (rows,) in the target's own units.
        test_start: row of the first value of the test set.
        origins: (N,) rows of the last known values, none before the row in front of the test set.
        horizon: steps ahead.
        season: rows after which it repeats; None where it doesn't.
        forms: of each method that are tried at most.
    """
    newest = np.ascontiguousarray(series[max(0, test_start - ETS_ROWS) :], dtype=np.float64)
    back = len(series) - len(newest)
    # Who trains again on the same data, with another model or seed, needn't wait for them again.
    return _cached_forecasts(
        newest.tobytes(), test_start - back, tuple((origins - back).tolist()), horizon, season or 0, forms
    )


@lru_cache(maxsize=8)
def _cached_forecasts(
    content: bytes, test_start: int, origins: tuple[int, ...], horizon: int, season: int, forms: int
) -> tuple[Classical, ...]:
    series, at = np.frombuffer(content), np.array(origins)
    reason = _why_unsuitable(series, test_start)
    if reason:
        return tuple(Classical(name, label, None, f"{label} is left out: {reason}") for name, label in _NAMES)
    # They set filters of warnings themselves, so they come first; and they take seconds.
    import statsmodels.tsa.exponential_smoothing.ets  # noqa: PLC0415
    import statsmodels.tsa.statespace.sarimax  # noqa: F401, PLC0415

    # Of matrices so small, a second thread makes each product fifteen times as long.
    with warnings.catch_warnings(), threadpool_limits(1, user_api="blas"):
        warnings.simplefilter("ignore")  # that a form doesn't converge shows in its AICc
        three = (
            _fit_or_skip(*_NAMES[0], _ets, series, test_start, at, horizon, season, forms),
            _fit_or_skip(*_NAMES[1], _arima, series, test_start, at, horizon, season, forms),
            _fit_or_skip(*_NAMES[2], _theta, series, test_start, at, horizon, season),
        )
    found = [one.forecasts for one in three if one.forecasts is not None]
    if len(found) < len(three):
        return three
    said = "The mean of ETS, ARIMA and Theta is often closer than any of them."
    return (*three, Classical(*_MEAN, np.mean(found, axis=0), said))


_NAMES = (("ets", "ETS"), ("arima", "ARIMA"), ("theta", "Theta"))
_MEAN = ("mean_of_three", "Mean of ETS, ARIMA and Theta")


def _why_unsuitable(series: np.ndarray, test_start: int) -> str:
    if test_start < FEWEST_ROWS:
        return f"there are only {test_start} rows before the test set, too few to choose its form."
    tested = len(series) - test_start
    if tested > MOST_TESTED:
        return f"running it over the {tested:,} rows of the test set would take too long."
    if np.ptp(series[:test_start]) == 0:
        return "the series is constant before the test set."
    return ""


def _fit_or_skip(
    name: str,
    label: str,
    method: Callable[..., tuple[np.ndarray, str]],
    *args: Any,
) -> Classical:
    try:
        forecasts, said = method(*args)
    except (ValueError, np.linalg.LinAlgError):
        return Classical(name, label, None, f"{label} is left out: no form of it could be fitted.")
    if not np.isfinite(forecasts).all():
        return Classical(name, label, None, f"{label} is left out: its forecasts diverge on this series.")
    return Classical(name, label, forecasts, said)


@dataclass
class _Search:
    """Keeps the form with the lowest AICc, of so many."""

    most: int
    best: Any = None
    tried: int = 0

    def try_forms(self, forms: Iterable[Any], fit: Callable[[Any], Any]) -> None:
        """Try forms one after the other; the first is always tried."""
        for form in forms:
            raise_if_cancelled()
            if self.best is not None and self.tried >= self.most:
                return
            try:
                fitted = fit(form)
            except (ValueError, np.linalg.LinAlgError):
                continue
            self.tried += 1
            if np.isfinite(fitted.aicc) and (self.best is None or fitted.aicc < self.best[1].aicc):
                self.best = form, fitted

    def result(self) -> tuple[Any, Any]:
        """Return the best form and its fit.

        Raises:
            ValueError: if none could be fitted.
        """
        if self.best is None:
            raise ValueError("no form could be fitted")
        return self.best

    def said(self, label: str, form: str, rows: int) -> str:
        """Return which form was chosen."""
        return (
            f"{label}: {form}, the best of {self.tried} forms by AICc, fitted once on the "
            f"{rows:,} rows before the test set."
        )


# --- ETS ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Ets:
    error: str
    damped: bool | None
    """None: no trend"""
    seasonal: str | None

    @property
    def said(self) -> str:
        trend = {None: "no trend", False: "a trend", True: "a damped trend"}[self.damped]
        kinds = {"add": "an additive season", "mul": "a multiplicative season", None: "no season"}
        return f"{trend} and {kinds[self.seasonal]}"


def _ets(
    series: np.ndarray, test_start: int, origins: np.ndarray, horizon: int, season: int, forms: int
) -> tuple[np.ndarray, str]:
    known = series[:test_start]
    seasonal = bool(season) and test_start >= 2 * season + 10

    start = "estimated" if not seasonal or season <= LONGEST_ETS_SEASON else "heuristic"

    def model(values: np.ndarray, form: _Ets, start: str = start, **first: Any) -> Any:
        from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # noqa: PLC0415

        return ETSModel(
            values,
            error=form.error,
            trend=None if form.damped is None else "add",
            damped_trend=bool(form.damped),
            seasonal=form.seasonal,
            seasonal_periods=season if form.seasonal else None,
            initialization_method=start,
            **first,
        )

    search = _Search(forms)
    search.try_forms(
        _ets_forms(seasonal, bool((known > 0).all())),
        lambda form: model(known, form).fit(disp=False, maxiter=_ETS_ITERATIONS),
    )
    form, fitted = search.result()
    # Smoothed forward with the parameters as they are: the state at a row comes from the rows up to it.
    # What it begins with is that of the fit too: read off the whole series it would know the future.
    first = {} if start == "estimated" else {"start": "known", **_first_values(fitted.model, form)}
    rolled = model(series, form, **first).smooth(fitted.params)
    return _ets_ahead(rolled, form, origins, horizon, season), search.said("ETS", form.said, test_start)


def _ets_forms(seasonal: bool, positive: bool) -> list[_Ets]:
    trends = (None, True, False)
    forms = [_Ets("add", damped, "add" if seasonal else None) for damped in trends]
    if seasonal and positive:
        forms += [_Ets("mul", damped, "mul") for damped in trends]
    if seasonal:  # it may not repeat after all
        forms += [_Ets("add", damped, None) for damped in trends[:2]]
    return forms


def _first_values(model: Any, form: _Ets) -> dict[str, Any]:
    first = {"initial_level": model.initial_level}
    if form.damped is not None:
        first["initial_trend"] = model.initial_trend
    if form.seasonal is not None:
        first["initial_seasonal"] = model.initial_seasonal
    return first


def _ets_ahead(rolled: Any, form: _Ets, origins: np.ndarray, horizon: int, season: int) -> np.ndarray:
    """Forecast from the states: ŷ_{t+h} = (l_t + φ_h b_t) + or × s_{t+h−m}."""
    ahead = np.repeat(np.asarray(rolled.level)[origins][:, None], horizon, axis=1)
    if form.damped is not None:
        keeps = rolled.damping_trend if form.damped else 1.0
        ahead = ahead + np.asarray(rolled.slope)[origins][:, None] * np.cumsum(
            keeps ** np.arange(1, horizon + 1)
        )
    if form.seasonal is None:
        return ahead
    rows = origins[:, None] + np.arange(horizon) % season + 1 - season
    seasons = np.asarray(rolled.season)[rows]
    return ahead + seasons if form.seasonal == "add" else ahead * seasons


# --- Theta -------------------------------------------------------------------------------------------


def _theta(
    series: np.ndarray, test_start: int, origins: np.ndarray, horizon: int, season: int
) -> tuple[np.ndarray, str]:
    from statsmodels.tsa.forecasting.theta import ThetaModel  # noqa: PLC0415

    known = series[:test_start]
    seasonal = bool(season) and test_start >= 2 * season + 10
    fitted = ThetaModel(known, period=season if seasonal else None, deseasonalize=seasonal).fit()
    # Without the season, and without the half of the line, it is simple exponential smoothing.
    alpha, slope = float(fitted.params["alpha"]), float(fitted.params["b0"])
    ahead = fitted.forecast_components(max(horizon, season))
    profile = np.asarray(ahead["seasonal"])[:season] if seasonal else np.ones(1)
    multiplies = fitted.model.method.startswith("mul") if seasonal else True
    after = series[test_start:]
    turn = profile[np.arange(len(after)) % len(profile)]
    plain = after / turn if multiplies else after - turn
    level = [float(np.asarray(ahead["ses"])[0])]
    for value in plain:
        level.append(level[-1] + alpha * (value - level[-1]))
    levels = np.array(level)[origins - test_start + 1]
    steps = np.arange(horizon)
    reach = steps + (1 - (1 - alpha) ** (origins[:, None] + 1)) / alpha if alpha > 0 else steps + 0.0
    forecasts = levels[:, None] + slope / 2 * reach
    turns = profile[(origins[:, None] - test_start + 1 + steps) % len(profile)]
    forecasts = forecasts * turns if multiplies else forecasts + turns
    form = (
        "no season"
        if np.ptp(profile) == 0
        else f"{'a multiplicative' if multiplies else 'an additive'} season"
    )
    said = f"Theta: half the slope of the trend line and {form}, fitted once on the {test_start:,} rows"
    return forecasts, f"{said} before the test set."


# --- ARIMA -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Arima:
    p: int
    d: int
    q: int
    seasonal: tuple[int, int, int]
    constant: bool


def _arima(
    series: np.ndarray, test_start: int, origins: np.ndarray, horizon: int, season: int, forms: int
) -> tuple[np.ndarray, str]:
    season = season if test_start >= 2 * season + 10 else 0
    in_state = season if season <= LONGEST_ARIMA_SEASON else 0
    first = max(0, test_start - (SEASONAL_ARIMA_ROWS if in_state else ARIMA_ROWS))
    series, start, origins = series[first:], test_start - first, origins - first
    known = series[:start]
    waves = _waves(len(series) + horizon, season) if season > in_state else None

    def model(values: np.ndarray, form: _Arima) -> Any:
        from statsmodels.tsa.statespace.sarimax import SARIMAX  # noqa: PLC0415

        return SARIMAX(
            values,
            exog=None if waves is None else waves[: len(values)],
            order=(form.p, form.d, form.q),
            seasonal_order=(*form.seasonal, in_state if any(form.seasonal) else 0),
            trend="c" if form.constant else "n",
            concentrate_scale=True,
        )

    search = _Search(forms)
    fit = lambda form: model(known, form).fit(disp=0, maxiter=_ARIMA_ITERATIONS, cov_type="none")  # noqa: E731
    again, turns = _differences(known, in_state, waves)
    search.try_forms(_arima_forms(again, turns, bool(in_state)), fit)
    best, _ = search.result()
    search.try_forms(_seasonal_forms(best, turns, bool(in_state)), fit)
    form, fitted = search.result()
    rolled = model(series, form).filter(fitted.params, cov_type="none")
    forecasts = _arima_ahead(rolled, origins, horizon)
    if waves is not None:
        # Among the parameters their weights come after the constant.
        weights = rolled.params[int(form.constant) :][: waves.shape[1]]
        forecasts += (waves @ weights)[origins[:, None] + np.arange(1, horizon + 1)]
    return forecasts, search.said("ARIMA", _arima_note(form, in_state, season), start)


def _arima_forms(d: int, turns: int, seasonal: bool) -> list[_Arima]:
    part = (0, turns, 1) if seasonal else (0, 0, 0)
    constant = d + turns == 0
    orders = ((1, 1), (0, 1), (1, 0), (2, 1), (0, 0), (1, 2), (2, 2), (2, 0), (0, 2), (3, 0))
    forms = [_Arima(p, d, q, part, constant) for p, q in orders]
    # A difference may have a drift; two of them would bend it.
    drifting = [_Arima(p, d, q, part, True) for p, q in orders[:3]] if d + turns == 1 else []
    return forms[:3] + drifting + forms[3:]


def _seasonal_forms(best: _Arima, turns: int, seasonal: bool) -> list[_Arima]:
    parts = ((1, turns, 1), (1, turns, 0), (0, turns, 0)) if seasonal else ()
    return [_Arima(best.p, best.d, best.q, part, best.constant) for part in parts]


def _differences(known: np.ndarray, season: int, waves: np.ndarray | None) -> tuple[int, int]:
    """Return how often to take the difference, by KPSS, and the seasonal one, by its strength in STL."""
    from statsmodels.tsa.stattools import kpss  # noqa: PLC0415

    turns = int(bool(season) and _season_strength(known, season) > _STRONG_SEASON)
    left = known[season:] - known[:-season] if turns else known
    if waves is not None:
        sides = np.column_stack([np.ones(len(known)), waves[: len(known)]])
        left = known - sides @ np.linalg.lstsq(sides, known, rcond=None)[0]
    still = np.ptp(left) > 0 and kpss(left, regression="c", nlags="auto")[1] < 0.05
    return int(still), turns


def _season_strength(known: np.ndarray, season: int) -> float:
    """Return the share of what is left without the trend that is seasonal (Wang, Smith and Hyndman, 2006)."""
    from statsmodels.tsa.seasonal import STL  # noqa: PLC0415

    parts = STL(known, period=season).fit()
    whole = np.var(parts.seasonal + parts.resid)
    return max(0.0, 1 - np.var(parts.resid) / whole) if whole > 0 else 0.0


def _waves(rows: int, season: int) -> np.ndarray:
    """Return sines and cosines of a season → (rows, 2 WAVES)."""
    angles = 2 * np.pi * np.outer(np.arange(rows), np.arange(1, WAVES + 1)) / season
    return np.column_stack([np.sin(angles), np.cos(angles)])


def _arima_ahead(rolled: Any, origins: np.ndarray, horizon: int) -> np.ndarray:
    """Forecast from the Kalman filter's states, without the waves: α_{t+1} = T α_t + c and ŷ_t = Z α_t."""
    held = rolled.filter_results
    transition, design = held.transition[:, :, 0], held.design[0, :, 0]
    drift = held.state_intercept[:, :1]
    state = held.predicted_state[:, origins + 1]
    steps = []
    for _ in range(horizon):
        steps.append(design @ state)
        state = transition @ state + drift
    return np.stack(steps, axis=1)


def _arima_note(form: _Arima, in_state: int, season: int) -> str:
    order = f"({form.p}, {form.d}, {form.q})"
    if any(form.seasonal):
        return f"{order}{form.seasonal} with a season of {in_state}"
    waves = f" with {WAVES} Fourier terms for the season of {season}" if season > in_state else ""
    return f"{order}{' with a constant' if form.constant else ''}{waves}"
