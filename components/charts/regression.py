"""What was told of numbers: guesses against the truth, and why one was made."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.attribution import attribution_map
from components.charts.chart import Chart, figure, number
from components.charts.palette import GREY, MODEL, VALIDATION
from components.tasks.metrics import MAE
from components.tasks.regression.task import NumberPrediction

_MAX_POINTS = 2000
_MIN_CHANGE = 0.05  # of the number itself: a change that is drawn faintly, though it be the largest


def prediction_scatter(truth: np.ndarray, predictions: np.ndarray) -> Chart:
    """Draw what was said over what is true: on the dotted line both are the same.

    Args:
        truth, predictions: (N,).
    """
    drawn = figure("Guess against truth", "truth", "guess", height=420)
    ends = [float(min(truth.min(), np.nanmin(predictions))), float(max(truth.max(), np.nanmax(predictions)))]
    drawn.add_shape(
        type="line", x0=ends[0], y0=ends[0], x1=ends[1], y1=ends[1], line={"color": GREY, "dash": "dot"}
    )
    shown = slice(0, _MAX_POINTS)
    drawn.add_trace(
        go.Scatter(
            x=truth[shown],
            y=predictions[shown],
            mode="markers",
            marker={"color": MODEL, "size": 5, "opacity": 0.6, "line": {"width": 0}},
            hovertemplate="truth %{x:.3~g}, guess %{y:.3~g}<extra></extra>",
        )
    )
    drawn.update_layout(hovermode="closest")
    return Chart(
        drawn, _fit_sentence(truth, predictions), pd.DataFrame({"truth": truth, "guess": predictions})
    )


def _fit_sentence(truth: np.ndarray, predictions: np.ndarray) -> str:
    if np.std(predictions) < 0.05 * np.std(truth):
        return (
            f"The guesses are nearly all the same, about {number(float(np.mean(predictions)))}: the model "
            "doesn’t "
            "tell one sequence from another."
        )
    if np.std(truth) == 0:
        return "All true numbers are the same."
    explained = 1 - float(np.mean((truth - predictions) ** 2) / np.var(truth))
    if explained <= 0:
        return "The guesses are further from the truth than always saying the mean would be."
    return (
        f"The guesses explain {explained:.0%} of how the true numbers differ. Dots on the dotted line are "
        "exactly right."
    )


def error_by_epoch(epochs: Sequence[int], mean_errors: np.ndarray, mean_baseline_error: float) -> Chart:
    """Draw by how much the validation part was missed after each epoch.

    Args:
        epochs: (E,) their numbers.
        mean_errors: (E,) mean absolute errors.
        mean_baseline_error: the error of who always says the mean.
    """
    drawn = figure("Error on the validation part", "epoch", MAE.name)
    drawn.add_trace(
        go.Scatter(
            x=list(epochs), y=mean_errors, name="model", mode="lines+markers", line={"color": VALIDATION}
        )
    )
    drawn.add_hline(
        y=mean_baseline_error, line={"color": GREY, "dash": "dash"}, annotation_text="always the mean"
    )
    drawn.update_yaxes(rangemode="tozero")
    best = int(np.nanargmin(mean_errors))
    sentence = (
        f"After epoch {epochs[best]} it is off by {number(float(mean_errors[best]))} on average, less "
        "than after "
        f"any other; who always says the mean is off by {number(mean_baseline_error)}."
    )
    table = pd.DataFrame({MAE.name: mean_errors}, index=pd.Index(list(epochs), name="epoch"))
    return Chart(drawn, sentence, table)


def number_attribution(prediction: NumberPrediction) -> Chart:
    """Draw which steps made the model say its number, by three ways of asking."""
    rows = {"left out": prediction.occlusion, "gradient": prediction.gradient}
    if prediction.attention is not None:
        rows["attention"] = prediction.attention
    faint = _MIN_CHANGE * max(abs(prediction.number), 1e-12)
    drawn, table = attribution_map(rows, least={"left out": faint})
    most = int(np.abs(prediction.occlusion).argmax())
    change = float(prediction.occlusion[most])
    if abs(change) < faint:
        sentence = "No single step matters much: leaving any out changes the number next to nothing."
    else:
        sentence = (
            f"Most of all, step {most + 1} matters: without it, the number would be {number(abs(change))} "
            f"{'smaller' if change > 0 else 'larger'}. Blue makes it larger, red smaller."
        )
    return Chart(drawn, sentence, table)
