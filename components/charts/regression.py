"""Results of a regression: predictions against true values, and their attribution."""

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
    """Draw predictions over true values; on the dotted line both are the same.

    Args:
        truth, predictions: (N,).
    """
    drawn = figure("Predicted and true values", "true value", "prediction", height=420)
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
            hovertemplate="true %{x:.3~g}, predicted %{y:.3~g}<extra></extra>",
        )
    )
    drawn.update_layout(hovermode="closest")
    return Chart(
        drawn, _fit_sentence(truth, predictions), pd.DataFrame({"truth": truth, "prediction": predictions})
    )


def _fit_sentence(truth: np.ndarray, predictions: np.ndarray) -> str:
    if np.std(predictions) < 0.05 * np.std(truth):
        return (
            f"Nearly all predictions are the same, about {number(float(np.mean(predictions)))}: the model "
            "doesn't distinguish the sequences."
        )
    if np.std(truth) == 0:
        return "All true values are the same."
    explained = 1 - float(np.mean((truth - predictions) ** 2) / np.var(truth))
    if explained <= 0:
        return "The predictions are worse than a constant baseline that always predicts the mean."
    return (
        f"The predictions explain {explained:.0%} of the variance of the true values (R²). Points on the "
        "dotted line are exactly right."
    )


def error_by_epoch(epochs: Sequence[int], mean_errors: np.ndarray, mean_baseline_error: float) -> Chart:
    """Draw the mean absolute error on the validation set after each epoch.

    Args:
        epochs: (E,) their numbers.
        mean_errors: (E,) mean absolute errors.
        mean_baseline_error: the error of always predicting the mean.
    """
    drawn = figure("Error on the validation set", "epoch", MAE.name)
    drawn.add_trace(
        go.Scatter(
            x=list(epochs), y=mean_errors, name="model", mode="lines+markers", line={"color": VALIDATION}
        )
    )
    drawn.add_hline(
        y=mean_baseline_error, line={"color": GREY, "dash": "dash"}, annotation_text="constant baseline"
    )
    drawn.update_yaxes(rangemode="tozero")
    best = int(np.nanargmin(mean_errors))
    sentence = (
        f"The mean absolute error is lowest after epoch {epochs[best]}, at "
        f"{number(float(mean_errors[best]))}; a constant baseline that always predicts the mean has "
        f"{number(mean_baseline_error)}."
    )
    table = pd.DataFrame({MAE.name: mean_errors}, index=pd.Index(list(epochs), name="epoch"))
    return Chart(drawn, sentence, table)


def number_attribution(prediction: NumberPrediction) -> Chart:
    """Draw which steps the predicted number depends on, by three attributions."""
    rows = {"occlusion": prediction.occlusion, "gradient": prediction.gradient}
    if prediction.attention is not None:
        rows["attention"] = prediction.attention
    faint = _MIN_CHANGE * max(abs(prediction.number), 1e-12)
    drawn, table = attribution_map(rows, least={"occlusion": faint})
    most = int(np.abs(prediction.occlusion).argmax())
    change = float(prediction.occlusion[most])
    if abs(change) < faint:
        sentence = "No single step matters much: removing any one changes the prediction very little."
    else:
        sentence = (
            f"Step {most + 1} matters most: without it, the prediction would be {number(abs(change))} "
            f"{'smaller' if change > 0 else 'larger'}. Blue steps increase it, red ones decrease it."
        )
    return Chart(drawn, sentence, table)
