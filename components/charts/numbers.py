"""What was told of numbers: guesses against the truth, and why one was made."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import Chart, figure, number
from components.charts.palette import GREY, MODEL, VALIDATION
from components.charts.reasons import why
from components.tasks.measure_sequences import Measured

_MOST_DOTS = 2000
_FAINT = 0.05  # of the number itself: a change that is drawn faintly, though it be the largest


def guesses(truth: np.ndarray, said: np.ndarray) -> Chart:
    """Draw what was said over what is true: on the dotted line both are the same.

    Args:
        truth, said: (N,).
    """
    drawn = figure("Guess against truth", "truth", "guess", height=420)
    ends = [float(min(truth.min(), np.nanmin(said))), float(max(truth.max(), np.nanmax(said)))]
    drawn.add_shape(
        type="line", x0=ends[0], y0=ends[0], x1=ends[1], y1=ends[1], line={"color": GREY, "dash": "dot"}
    )
    shown = slice(0, _MOST_DOTS)
    drawn.add_trace(
        go.Scatter(
            x=truth[shown],
            y=said[shown],
            mode="markers",
            marker={"color": MODEL, "size": 5, "opacity": 0.6, "line": {"width": 0}},
            hovertemplate="truth %{x:.3~g}, guess %{y:.3~g}<extra></extra>",
        )
    )
    drawn.update_layout(hovermode="closest")
    return Chart(drawn, _agreement(truth, said), pd.DataFrame({"truth": truth, "guess": said}))


def _agreement(truth: np.ndarray, said: np.ndarray) -> str:
    if np.std(said) < 0.05 * np.std(truth):
        return (
            f"The guesses are nearly all the same, about {number(float(np.mean(said)))}: the model doesn’t "
            "tell one sequence from another."
        )
    if np.std(truth) == 0:
        return "All true numbers are the same."
    explained = 1 - float(np.mean((truth - said) ** 2) / np.var(truth))
    if explained <= 0:
        return "The guesses are further from the truth than always saying the mean would be."
    return (
        f"The guesses explain {explained:.0%} of how the true numbers differ. Dots on the dotted line are "
        "exactly right."
    )


def errors(epochs: Sequence[int], missed: np.ndarray, of_the_mean: float) -> Chart:
    """Draw by how much the validation part was missed after each epoch.

    Args:
        epochs: (E,) their numbers.
        missed: (E,) mean absolute errors.
        of_the_mean: the error of who always says the mean.
    """
    drawn = figure("Error on the validation part", "epoch", "mean absolute error")
    drawn.add_trace(
        go.Scatter(x=list(epochs), y=missed, name="model", mode="lines+markers", line={"color": VALIDATION})
    )
    drawn.add_hline(y=of_the_mean, line={"color": GREY, "dash": "dash"}, annotation_text="always the mean")
    drawn.update_yaxes(rangemode="tozero")
    best = int(np.nanargmin(missed))
    sentence = (
        f"After epoch {epochs[best]} it is off by {number(float(missed[best]))} on average, less than after "
        f"any other; who always says the mean is off by {number(of_the_mean)}."
    )
    table = pd.DataFrame({"mean absolute error": missed}, index=pd.Index(list(epochs), name="epoch"))
    return Chart(drawn, sentence, table)


def reasons(said: Measured) -> Chart:
    """Draw which steps made the model say its number, by three ways of asking."""
    rows = {"left out": said.occlusion, "gradient": said.gradient}
    if said.attention is not None:
        rows["attention"] = said.attention
    faint = _FAINT * max(abs(said.number), 1e-12)
    drawn, table = why(rows, least={"left out": faint})
    most = int(np.abs(said.occlusion).argmax())
    change = float(said.occlusion[most])
    if abs(change) < faint:
        sentence = "No single step matters much: leaving any out changes the number next to nothing."
    else:
        sentence = (
            f"Most of all, step {most + 1} matters: without it, the number would be {number(abs(change))} "
            f"{'smaller' if change > 0 else 'larger'}. Blue makes it larger, red smaller."
        )
    return Chart(drawn, sentence, table)
