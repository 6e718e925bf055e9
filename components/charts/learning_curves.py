"""Learning curves of finished runs, for comparisons and reports."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import TRANSPARENT, Chart, escape_html, figure, number
from components.charts.palette import AFTER, BEFORE, GREY, SERIES, TRAINING, VALIDATION, with_opacity
from components.training.events import EpochEnd


def loss_curves(steps: np.ndarray, losses: np.ndarray, epochs: Sequence[EpochEnd]) -> Chart:
    """Draw the training loss of every step, its mean over each epoch, and the validation loss.

    Args:
        steps: (n,) numbers of the updates.
        losses: (n,) of their batches, in scaled units; infinite and NaN ones are left out.
        epochs: what was said at the end of each.
    """
    ends = [end.step for end in epochs]
    training, validation = [end.training for end in epochs], [end.validation for end in epochs]
    drawn = figure("Loss", "step", "loss (scaled units, logarithmic)")
    drawn.add_trace(_line_trace("training, every step", steps, losses, with_opacity(TRAINING, 0.4), 1))
    drawn.add_trace(_line_trace("training, epoch mean", ends, training, TRAINING, 2))
    drawn.add_trace(_line_trace("validation", ends, validation, VALIDATION, 2))
    drawn.update_yaxes(log_axis(np.concatenate([losses, training, validation])))
    table = pd.DataFrame(
        {"step": ends, "training loss": training, "validation loss": validation},
        index=pd.Index([end.epoch for end in epochs], name="epoch"),
    )
    if not epochs:
        return Chart(drawn, "No epoch has finished.", table)
    best = min(epochs, key=lambda end: np.nan_to_num(end.validation, nan=np.inf))
    ring = {"size": 14, "color": TRANSPARENT, "line": {"color": VALIDATION, "width": 2}}
    drawn.add_trace(
        go.Scatter(x=[best.step], y=[best.validation], name="best epoch", mode="markers", marker=ring)
    )
    since = "" if best is epochs[-1] else ", and it hasn't been as low since"
    sentence = (
        f"The validation loss was lowest after epoch {best.epoch}, at {number(best.validation)}{since}."
    )
    return Chart(drawn, sentence, table)


def gradient_norms(
    steps: np.ndarray, before: np.ndarray, after: np.ndarray, threshold: float | None
) -> Chart:
    """Draw the global norm of the gradient, before and after clipping.

    Args:
        steps, before, after: (n,).
        threshold: of clipping by the global norm, at the end of the run; None where that wasn't done.
    """
    drawn = figure("Gradient norm", "step", "norm (logarithmic)")
    drawn.add_trace(_line_trace("before clipping", steps, before, BEFORE, 1.5))
    drawn.add_trace(_line_trace("after clipping", steps, after, AFTER, 1.5))
    drawn.update_yaxes(log_axis(np.concatenate([before, after])))
    if threshold is not None and len(steps):
        line = {"color": GREY, "width": 1.5, "dash": "dash"}
        ends = [steps[0], steps[-1]]
        drawn.add_trace(
            go.Scatter(x=ends, y=[threshold] * 2, name="clipping threshold", mode="lines", line=line)
        )
    table = pd.DataFrame(
        {"before clipping": before, "after clipping": after}, index=pd.Index(steps, name="step")
    )
    finite = before[np.isfinite(before)]
    if not len(finite):
        return Chart(drawn, "No gradient had a finite norm.", table)
    clipped = float(np.mean(after < before * (1 - 1e-4)))
    middle = number(float(np.median(finite)))
    sentence = f"Half of the gradients have a norm above {middle}; {clipped:.0%} were clipped."
    return Chart(drawn, sentence, table)


def gradient_norms_by_layer(steps: np.ndarray, layers: Mapping[str, np.ndarray]) -> Chart:
    """Draw the norm of each layer's gradient before clipping, first layer first.

    Args:
        steps: (n,).
        layers: name → (n,), at least one.
    """
    drawn = figure("Gradient norm by layer", "step", "norm (logarithmic)")
    for at, (name, values) in enumerate(layers.items()):
        drawn.add_trace(_line_trace(escape_html(name), steps, values, SERIES[at % len(SERIES)], 1.5))
    drawn.update_yaxes(log_axis(np.concatenate(list(layers.values()))))
    middles = {name: float(np.nanmedian(values)) for name, values in layers.items()}
    largest, smallest = max(middles, key=middles.__getitem__), min(middles, key=middles.__getitem__)
    sentence = f"The gradients of {largest} have a median norm of {number(middles[largest])}."
    if len(layers) > 1 and middles[smallest] > 0:
        times = number(middles[largest] / middles[smallest])
        sentence = f"Gradients are largest in {largest} and {times} times smaller in {smallest}."
    return Chart(drawn, sentence, pd.DataFrame(dict(layers), index=pd.Index(steps, name="step")))


def log_axis(values: np.ndarray) -> dict[str, Any]:
    """Set up a logarithmic axis whose range a few spikes don't spoil."""
    positive = values[np.isfinite(values) & (values > 0)]
    if not len(positive):
        return {"type": "log"}
    low, high = np.log10(np.percentile(positive, [1, 99]))
    padding = max(0.08 * (high - low), 0.1)
    # On a short axis every digit is named, on a longer one 1, 2 and 5, then the powers of ten.
    ticks = "D1" if high - low < 0.7 else "D2" if high - low < 2 else 1
    return {"type": "log", "range": [float(low - padding), float(high + padding)], "dtick": ticks}


def _line_trace(
    name: str, x: Sequence[int] | np.ndarray, y: Sequence[float] | np.ndarray, colour: str, width: float
) -> go.Scatter:
    return go.Scatter(x=x, y=y, name=name, mode="lines", line={"color": colour, "width": width})
