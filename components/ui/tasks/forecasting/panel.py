"""Several series that were learnt together: how each went, and which of them is shown."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from components.tasks.forecasting.metrics import MASE
from components.tasks.forecasting.result import ForecastResult
from components.tasks.metrics import MAE
from components.ui.formatting import escape, number

_CHOICE = "results-series"


def chosen_series(result: ForecastResult) -> ForecastResult:
    """Return the one of several series that a person has chosen to see; at first the target."""
    every = _by_name(result)
    return every.get(st.session_state.get(_CHOICE, ""), result)


def show_series(result: ForecastResult) -> None:
    """Show how each of several series went, and let a person choose the one that is drawn."""
    every = _by_name(result)
    table = pd.DataFrame([_row(one) for one in every.values()], index=pd.Index(every, name="Series"))
    st.dataframe(table, alt="Each series with the error of the model and of the best other forecaster")
    st.caption(escape(_sentence(result)))
    st.selectbox("Series", tuple(every), key=_CHOICE)


def _by_name(result: ForecastResult) -> dict[str, ForecastResult]:
    return {one.target: one for one in (result, *result.others)}


def _row(one: ForecastResult) -> dict[str, str]:
    model, *rules = one.scores
    best = MAE.best(rules)
    return {
        MAE.title: number(model.mae),
        MASE.title: "–" if model.mase is None else number(model.mase),
        "Best other": best.label,
        f"Its {MAE.title}": number(best.mae),
    }


def _sentence(result: ForecastResult) -> str:
    every = (result, *result.others)
    better = sum(one.scores[0].mae < MAE.best(one.scores[1:]).mae for one in every)
    sentence = f"The global model beats the best other forecaster on {better} of {len(every)} series."
    mean, others = result.mean_mase, _others(every)
    if mean is None:
        return sentence
    best = min(others, key=others.__getitem__, default=None)
    beside = "" if best is None else f"; of the others, “{best}” is best, with {number(others[best])}"
    return f"{sentence} Its average {MASE.title} over all of them is {number(mean)}{beside}."


def _others(every: Sequence[ForecastResult]) -> dict[str, float]:
    """Return the mean MASE over all series of each other forecaster that has one on all of them."""
    found: dict[str, list[float]] = {}
    for score in (score for one in every for score in one.scores[1:]):
        if score.mase is not None:
            found.setdefault(score.label, []).append(score.mase)
    return {label: sum(held) / len(held) for label, held in found.items() if len(held) == len(every)}
