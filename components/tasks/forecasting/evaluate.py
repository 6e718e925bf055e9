"""Holding forecasts of the test set against the truth and against rules that cost nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from components.models.pretrained.forecaster import series_seen
from components.recipe import Recurrent
from components.tasks.forecasting import baselines, bounds, intermittent
from components.tasks.forecasting.classical import FORMS, classical
from components.tasks.forecasting.metrics import METRICS, Forecasts
from components.tasks.forecasting.panel import with_panel_verdict
from components.tasks.forecasting.prediction_intervals import prediction_intervals
from components.tasks.forecasting.problem import ForecastProblem
from components.tasks.forecasting.result import (
    NOTHING,
    AttentionRows,
    ForecastResult,
    Score,
)
from components.tasks.forecasting.shrinkage import is_start_alone, shifted_outputs, shrink
from components.tasks.forecasting.significance import compare
from components.tasks.forecasting.verdict import learnt, verdict
from components.tasks.forecasting.zero_shot import ZeroShot, zero_shot_each
from components.tasks.metrics import score
from components.tasks.shrinkage import Shrinkage

if TYPE_CHECKING:
    import keras

    from components.models.forecaster import Forecaster

MOST_ORIGINS = 5000
"""Of the test sets, from which forecasts without training are made: a thousand take about a second."""


def evaluate(
    problem: ForecastProblem,
    outputs: Callable[[np.ndarray], np.ndarray],
    built: "Forecaster",
    best_epoch: int,
    forms: int = FORMS,
) -> ForecastResult:
    """Score a model and the baselines on the test set.

    Where the forecast starts from something, what the model adds to it is shrunk first, for good.

    Args:
        problem: the series.
        outputs: maps examples to the trained model's outputs.
        built: the model, trained.
        best_epoch: the epoch whose weights these are.
        forms: of a classical method that are tried at most, over all series together.
    """
    shrinkage = shrink(problem, outputs, built.model)
    places, every = zip((0, problem), *problem.tested, strict=True)
    share = max(1, forms // len(every))
    first, *others = (
        _measure(
            one,
            shifted_outputs(outputs, problem.first_example_of(place)),
            built,
            best_epoch,
            share,
            shrinkage,
            found,
        )
        for place, one, found in zip(places, every, _zero_shots(every), strict=True)
    )
    measured = with_panel_verdict(replace(first, others=tuple(others)))
    if measured.panel is None or shrinkage is None:
        return measured
    return replace(measured, verdict=f"{measured.verdict} {learnt(shrinkage, problem.task.base)}")


def _measure(
    problem: ForecastProblem,
    outputs: Callable[[np.ndarray], np.ndarray],
    built: "Forecaster",
    best_epoch: int,
    forms: int,
    shrinkage: Shrinkage | None,
    found: ZeroShot | None,
) -> ForecastResult:
    """Measure a model on one series.

    Args:
        problem: the series.
        outputs: maps examples of this series, by their own numbers, to the trained model's outputs.
        built: the model, trained.
        best_epoch: the epoch whose weights these are.
        forms: of a classical method that are tried at most.
        shrinkage: how much of what was learnt is added to the start.
        found: what is forecast of the test set without training; None where that would take too long.
    """
    task, dataset = problem.task, problem.dataset
    unit = dataset.column_unit(task.target)
    origins = problem.origins(problem.test)
    forecasts = {"model": ("Your model", problem.forecasts(outputs, problem.test))}
    forecasts |= _simple(problem, origins)
    start = problem.split.test.start
    fitted = classical(problem.raw, start, origins, task.horizon, task.season, forms)
    forecasts |= {one.name: (one.label, one.forecasts) for one in fitted if one.forecasts is not None}
    forecasts |= _zero_shot_forecasts(found)
    # What the series can't do is known to all of them.
    forecasts = {name: (label, np.clip(values, *task.bounds)) for name, (label, values) in forecasts.items()}
    truth = problem.truth(problem.test)
    scores = tuple(
        score(Score, name, label, Forecasts(truth, values, problem.known, task.season or 1), METRICS)
        for name, (label, values) in forecasts.items()
    )
    comparison = compare(truth, forecasts, scores)
    is_by_step = isinstance(problem.model, Recurrent)
    rows: AttentionRows = "none" if built.attention is None else "step ahead" if is_by_step else "head"
    newest = np.array([dataset.rows - task.window], dtype=np.int32)
    said = verdict(
        scores[0],
        scores[1:],
        unit,
        comparison,
        shrinkage,
        task.base,
        float(np.mean(forecasts["model"][1]) / max(np.mean(truth), 1e-12)),
    )
    return ForecastResult(
        target=task.target,
        unit=unit,
        scores=scores,
        verdict=f"{_NEW} {said}" if problem.is_new else said,
        best_epoch=best_epoch,
        attention_rows=rows,
        times=dataset.table.index,
        truth=problem.raw,
        test_start=problem.split.test.start,
        origins=origins,
        forecasts=forecasts["model"][1],
        future_times=dataset.future(task.horizon),
        future=problem.forecasts(outputs, newest)[0],
        attention=None if built.attention is None else _mean_attention(built.attention, problem),
        baselines={label: values for name, (label, values) in forecasts.items() if name != "model"},
        comparison=comparison,
        notes=(
            *(one.said for one in fitted),
            _zero_shot_note(found, len(origins)),
            *bounds.note(task),
        ),
        bands=prediction_intervals(problem, outputs, built, is_start_alone(problem.head, shrinkage)),
        shrinkage=shrinkage,
    )


_NEW = "This series is new: the model has learnt nothing from it, only from the others."


def _zero_shots(every: Sequence[ForecastProblem]) -> tuple[ZeroShot | None, ...]:
    """Forecast the test sets without training; None where they are too long for that."""
    origins = [one.origins(one.test) for one in every]
    if sum(map(len, origins)) > MOST_ORIGINS:
        return (None,) * len(every)
    task = every[0].task
    return zero_shot_each([one.raw for one in every], origins, task.horizon, task.season)


def _zero_shot_forecasts(found: ZeroShot | None) -> dict[str, tuple[str, np.ndarray]]:
    """Return what is forecast without training on this series: name → label and (N, horizon)."""
    if found is None:
        return {}
    return {
        "smoothing": ("Averaged smoothing", found.smoothing),
        "pretrained": ("Pretrained network", found.median),
        "pretrained_pure": ("Pretrained network, recurrence alone", found.pure),
        "pretrained_combination": ("Mean of the pretrained networks and Theta", found.combination),
    }


def _zero_shot_note(found: ZeroShot | None, origins: int) -> str:
    if found is None:
        return (
            f"Averaged smoothing and the pretrained network are left out: {origins:,} forecasts of the "
            "test set would take them too long."
        )
    series = series_seen("stack") / 1e6
    return (
        f"Pretrained network: {series:.1f} million generated series taught it to weigh twelve simple "
        "forecasts and to correct them. “Recurrence alone” sees none of the twelve but the seasonal naive "
        "forecast."
    )


def _mean_attention(attention: "keras.Model", problem: ForecastProblem) -> np.ndarray:
    """Average the weights over the test examples → (rows, window)."""
    portions = np.array_split(problem.test, -(-len(problem.test) // 64))
    sums = [np.sum(attention(problem.past_windows(portion)), axis=0) for portion in portions]
    return np.sum(sums, axis=0) / len(problem.test)


def _simple(problem: ForecastProblem, origins: np.ndarray) -> dict[str, tuple[str, np.ndarray]]:
    """Return the forecasts of the rules that cost nothing: name → label and (N, horizon)."""
    task, raw = problem.task, problem.raw
    rules = {
        "last_value": ("Last value (naive)", baselines.last_value(raw, origins, task.horizon)),
        "drift": ("Drift", baselines.drift(raw, origins, task.horizon)),
        "mean": ("Mean", baselines.mean(raw, origins, task.horizon)),
    }
    if task.season:
        seasonal = baselines.seasonal_naive(raw, origins, task.horizon, task.season)
        rules["seasonal_naive"] = ("Seasonal naive", seasonal)
    if intermittent.is_intermittent(problem.known):
        rules[NOTHING] = ("Always 0", intermittent.nothing(raw, origins, task.horizon))
        rules["croston"] = ("Croston", intermittent.croston(raw, origins, task.horizon))
        rules["tsb"] = ("TSB", intermittent.tsb(raw, origins, task.horizon))
    return rules
