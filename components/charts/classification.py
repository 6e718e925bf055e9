"""Results of a classification: scores, confusion matrix, curves, calibration and attribution."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.alignment import visible_token
from components.charts.attribution import attribution_map
from components.charts.bars import bars
from components.charts.chart import GRID_COLOUR, TRANSPARENT, Chart, escape_html, figure, shorten
from components.charts.palette import BLUE, GREY, MODEL, SERIES, VALIDATION, with_opacity
from components.tasks.classification.attribution import ClassPrediction
from components.tasks.classification.metrics import BALANCED
from components.tasks.classification.result import Calibration, ClassesResult, Curve

MOST_NAMED = 12
"""Classes whose numbers are written into the cells."""
_SCALE = [[0, with_opacity(BLUE, 0.04)], [1, with_opacity(BLUE, 0.95)]]
_WHITE_TEXT_SHARE = 0.6  # share of a row from which its cell is dark enough for white numbers, on any page
_MIN_CHANGE = 0.05  # a change of certainty that is drawn faintly, though it be the largest


def balanced_accuracy_bars(result: ClassesResult) -> Chart:
    """Draw the share of each class that is recognised, on average, as bars: the best on top."""
    ranked = sorted(result.scores, key=BALANCED.value)
    model = result.scores[0]
    drawn = bars(
        BALANCED.title,
        BALANCED.direction,
        [score.label for score in ranked],
        [score.balanced for score in ranked],
        ranked.index(model),
        _percent,
    )
    drawn.update_xaxes(range=[0, 1], tickformat=".0%")
    place = 1 + sum(score.balanced > model.balanced for score in ranked)
    sentence = (
        f"The model ranks {place} of {len(ranked)}: on average it recognises {model.balanced:.1%} of each "
        f"class. A constant baseline recognises {1 / len(result.names):.1%}."
    )
    rows = {score.label: score.balanced for score in reversed(ranked)}
    return Chart(drawn, sentence, pd.DataFrame({BALANCED.name: rows}))


def confusion_matrix(names: Sequence[str], counts: np.ndarray) -> Chart:
    """Draw how often each class was predicted for each; a click on a cell selects it.

    Args:
        names: of the classes.
        counts: (K, K): rows are true classes, columns predicted ones.
    """
    many = len(names)
    of_row = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    drawn = figure("Confusion matrix", "predicted", "true", height=int(np.clip(190 + 34 * many, 300, 640)))
    places = list(range(many))
    drawn.add_trace(
        go.Heatmap(
            x=places,
            y=places,
            z=of_row,
            zmin=0,
            zmax=1,
            colorscale=_SCALE,
            showscale=False,
            hoverinfo="skip",
            xgap=2,
            ygap=2,
        )
    )
    rows, columns = np.divmod(np.arange(many**2), many)
    is_dark = of_row.ravel() > _WHITE_TEXT_SHARE
    if many <= MOST_NAMED:
        # Without a colour of their own, numbers on a light cell are the page's: dark on light, light on dark.
        for cells, font in ((~is_dark, {}), (is_dark, {"color": "white"})):
            drawn.add_trace(
                go.Scatter(
                    x=columns[cells],
                    y=rows[cells],
                    mode="text",
                    text=counts.ravel()[cells],
                    textfont=font,
                    hoverinfo="skip",
                    showlegend=False,
                )
            )
    # A heatmap's cells can't be chosen; what lies on them can.
    drawn.add_trace(
        go.Scatter(
            x=columns,
            y=rows,
            mode="markers",
            marker={
                "symbol": "square",
                "size": max(8, 260 // many),
                "color": TRANSPARENT,
                "line": {"width": 0},
            },
            customdata=np.column_stack(
                [
                    [escape_html(names[row]) for row in rows],
                    [escape_html(names[column]) for column in columns],
                    counts.ravel(),
                    of_row.ravel(),
                ]
            ),
            hovertemplate="%{customdata[0]} predicted as %{customdata[1]}: %{customdata[2]} "
            "(%{customdata[3]:.0%} of the row)<extra></extra>",
            showlegend=False,
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    )
    ticks = {
        "tickvals": places,
        "ticktext": [escape_html(shorten(name)) for name in names],
        "showgrid": False,
    }
    # Left to plotly.js, there would be room for the markers beyond the cells.
    drawn.update_xaxes(**ticks, zeroline=False, side="bottom", range=[-0.5, many - 0.5])
    drawn.update_yaxes(**ticks, zeroline=False, range=[many - 0.5, -0.5])
    drawn.update_layout(
        hovermode="closest", hoverlabel={"bordercolor": TRANSPARENT}, clickmode="event+select"
    )
    table = pd.DataFrame(counts, index=pd.Index(names, name="true"), columns=list(names))
    return Chart(drawn, _confusion_sentence(names, counts), table)


def _confusion_sentence(names: Sequence[str], counts: np.ndarray) -> str:
    right, every = int(np.trace(counts)), int(counts.sum())
    said = f"{right:,} of {every:,} predictions are right"
    wrong = counts - np.diag(np.diag(counts))
    if not wrong.any():
        return f"{said}: no class is confused with another."
    row, column = np.unravel_index(wrong.argmax(), wrong.shape)
    times = "once" if wrong[row, column] == 1 else f"{wrong[row, column]:,} times"
    return f"{said}. The most common mistake: “{names[row]}” is predicted as “{names[column]}”, {times}."


def accuracy_by_epoch(epochs: Sequence[int], shares: np.ndarray) -> Chart:
    """Draw the accuracy on the validation set after each epoch."""
    drawn = figure("Accuracy on the validation set", "epoch", "accuracy")
    drawn.add_trace(
        go.Scatter(
            x=list(epochs),
            y=shares,
            mode="lines+markers",
            line={"color": VALIDATION, "width": 2},
            name="accuracy",
        )
    )
    drawn.update_yaxes(tickformat=".0%", rangemode="tozero")
    drawn.update_layout(showlegend=False)
    best = int(shares.argmax())
    sentence = (
        f"Accuracy was {shares[0]:.0%} after epoch {epochs[0]} and {shares[-1]:.0%} after epoch "
        f"{epochs[-1]}; it was best after epoch {epochs[best]}, at {shares[best]:.0%}."
    )
    return Chart(drawn, sentence, pd.DataFrame({"accuracy": shares}, index=pd.Index(epochs, name="epoch")))


def roc_curves(curves: Sequence[Curve]) -> Chart:
    """Draw the receiver operating characteristic of each class against the others."""
    drawn = _curve_figure("ROC curve", "false positive rate", "true positive rate", curves, "AUC")
    drawn.add_shape(type="line", x0=0, y0=0, x1=1, y1=1, line={"color": GREY, "width": 1, "dash": "dot"})
    worst, best = _worst_and_best(curves)
    sentence = (
        f"The area under the curve (AUC) is {best.area:.3f} for “{best.name}”"
        + (f" and {worst.area:.3f} for “{worst.name}”" if len(curves) > 1 else "")
        + "; 1 is perfect, 0.5 is guessing (the dotted line)."
    )
    return Chart(drawn, sentence, _area_table(curves, "area under the ROC curve"))


def precision_recall_curves(curves: Sequence[Curve]) -> Chart:
    """Draw precision over recall of each class against the others."""
    drawn = _curve_figure("Precision–recall curve", "recall", "precision", curves, "mean")
    worst, best = _worst_and_best(curves)
    sentence = (
        f"Average precision is {best.area:.3f} for “{best.name}”"
        + (f" and {worst.area:.3f} for “{worst.name}”" if len(curves) > 1 else "")
        + ". Towards the right, more of a class is found, but with more false alarms."
    )
    return Chart(drawn, sentence, _area_table(curves, "average precision"))


def _curve_figure(title: str, x: str, y: str, curves: Sequence[Curve], area: str) -> go.Figure:
    drawn = figure(title, x, y, height=380)
    for number, curve in enumerate(curves):
        drawn.add_trace(
            go.Scatter(
                x=curve.x,
                y=curve.y,
                name=f"{escape_html(shorten(curve.name))} ({area} {curve.area:.2f})",
                mode="lines",
                line={"color": SERIES[number % len(SERIES)], "width": 2},
            )
        )
    drawn.update_layout(showlegend=True, hovermode="closest")
    drawn.update_xaxes(range=[-0.01, 1.01], tickformat=".0%")
    return drawn.update_yaxes(range=[-0.01, 1.02], tickformat=".0%")


def _worst_and_best(curves: Sequence[Curve]) -> tuple[Curve, Curve]:
    ranked = sorted(curves, key=lambda curve: curve.area)
    return ranked[0], ranked[-1]


def _area_table(curves: Sequence[Curve], what: str) -> pd.DataFrame:
    return pd.DataFrame(
        {what: [c.area for c in curves]}, index=pd.Index([c.name for c in curves], name="class")
    )


def calibration_curve(bins: Calibration) -> Chart:
    """Draw accuracy over confidence."""
    drawn = figure("Calibration", "confidence", "accuracy", height=380)
    drawn.add_shape(type="line", x0=0, y0=0, x1=1, y1=1, line={"color": GREY, "width": 1, "dash": "dot"})
    largest = bins.examples.max()
    drawn.add_trace(
        go.Scatter(
            x=bins.sure,
            y=bins.right,
            mode="lines+markers",
            line={"color": MODEL, "width": 2},
            marker={
                "size": 6 + 14 * np.sqrt(bins.examples / largest),
                "line": {"width": 1, "color": GRID_COLOUR},
            },
            customdata=bins.examples,
            hovertemplate="%{customdata} examples: %{x:.0%} confident, %{y:.0%} right<extra></extra>",
            showlegend=False,
        )
    )
    drawn.update_layout(hovermode="closest")
    drawn.update_xaxes(range=[0, 1.02], tickformat=".0%")
    drawn.update_yaxes(range=[0, 1.05], tickformat=".0%")
    mean_sure = float(bins.sure @ bins.examples / bins.examples.sum())
    mean_right = float(bins.right @ bins.examples / bins.examples.sum())
    verdict = "it's overconfident" if mean_sure > mean_right + 0.03 else "it's well calibrated on average"
    verdict = "it's underconfident" if mean_sure < mean_right - 0.03 else verdict
    sentence = (
        f"On average, the model is {mean_sure:.0%} confident and right in {mean_right:.0%} of cases: "
        f"{verdict}. The expected calibration error is {100 * bins.error:.1f} percentage points; on the "
        "dotted line, confidence equals accuracy."
    )
    table = pd.DataFrame({"confidence": bins.sure, "accuracy": bins.right, "examples": bins.examples})
    return Chart(drawn, sentence, table)


def class_probabilities(names: Sequence[str], shares: np.ndarray) -> Chart:
    """Draw the probability of each class, the likeliest on top; at most a dozen."""
    order = np.argsort(shares)[-MOST_NAMED:]
    drawn = bars(
        "Prediction",
        "probability",
        [names[code] for code in order],
        shares[order].tolist(),
        len(order) - 1,
        _percent,
    )
    drawn.update_xaxes(range=[0, 1], tickformat=".0%")
    predicted = names[order[-1]]
    table = pd.DataFrame({"probability": shares[::-1]}, index=pd.Index(list(names)[::-1], name="class"))
    return Chart(
        drawn, f"The model predicts “{predicted}” with a probability of {shares[order[-1]]:.0%}.", table
    )


def class_attribution(
    prediction: ClassPrediction, names: Sequence[str], steps: Sequence[str] | None = None
) -> Chart:
    """Draw which steps the prediction depends on, by three attributions.

    Args:
        prediction: the model's prediction.
        names: of the classes.
        steps: what stands at each step, such as the words; None: they are only numbered.
    """
    if steps is not None:
        # A subword that begins a word has the space before it.
        steps = [visible_token(step).removeprefix(" ") for step in steps]
    rows = {"occlusion": prediction.occlusion, "gradient": prediction.gradient}
    if prediction.attention is not None:
        rows["attention"] = prediction.attention
    drawn, table = attribution_map(rows, steps, {"occlusion": _MIN_CHANGE})
    return Chart(drawn, _attribution_sentence(prediction, names, steps), table)


def _attribution_sentence(
    prediction: ClassPrediction, names: Sequence[str], steps: Sequence[str] | None
) -> str:
    predicted = names[int(prediction.probabilities.argmax())]
    most = int(prediction.occlusion.argmax())
    gain = float(prediction.occlusion[most])
    if gain < 0.01:
        return f"No single step decides for “{predicted}”: removing any one changes almost nothing."
    what = f"“{steps[most]}”" if steps else f"step {most + 1}"
    return (
        f"The prediction “{predicted}” depends most on {what}: without it, the probability drops by "
        f"{100 * gain:.0f} percentage points. Blue speaks for the prediction, red against it."
    )


def _percent(share: float) -> str:
    return f"{share:.1%}"
