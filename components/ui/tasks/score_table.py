"""The table of scores on the Results page: the model's above those of baselines."""

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from components.tasks.metrics import Metric
from components.ui.formatting import count, number

_BEST = "background-color: rgba(0, 158, 115, 0.28)"  # seen on light and on dark


def show_scores(
    scores: Sequence[Any],
    metrics: Sequence[Metric[Any]],
    *,
    who: str,
    alt: str,
    caption: str,
    source: str = "",
) -> None:
    """Draw the table, mark the best of each column, and say what the columns mean.

    Args:
        scores: the model's, then those of the baselines; each has a `label`.
        metrics: of the scores, a column each; a score's number may be None.
        who: heads the column of the labels.
        alt: what a person who doesn't see the table is told.
        caption: stands below it.
        source: says who measured, below what the columns mean.
    """
    table = pd.DataFrame(
        {
            metric.title: [_times(getattr(score, metric.field), metric.factor) for score in scores]
            for metric in metrics
        },
        index=pd.Index([score.label for score in scores], name=who),
        dtype=float,
    )
    larger = pd.Index([metric.title for metric in metrics if metric.larger_is_better])
    smaller = table.columns.difference(larger)
    marked = table.style.highlight_max(subset=larger, axis=0, props=_BEST)
    marked = marked.highlight_min(subset=smaller, axis=0, props=_BEST)
    formats: dict[Any, Any] = {metric.title: partial(_cell, spec=metric.format) for metric in metrics}
    st.dataframe(
        marked.format(formats),
        column_config={
            metric.title: st.column_config.NumberColumn(_heading(metric), help=metric.description)
            for metric in metrics
        },
        alt=alt,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(caption, width="stretch")
        with st.popover("What do these mean?", type="tertiary", icon=":material/help:"):
            for metric in metrics:
                st.markdown(f"**{metric.title}.** {metric.description}")
            if source:
                st.caption(source)


def best_count(scores: Sequence[Any], metrics: Sequence[Metric[Any]]) -> str:
    """Return in how many columns of the table the first row is the best, as a sentence."""
    known = [m for m in metrics if all(getattr(score, m.field) is not None for score in scores)]
    won = sum(metric.best(scores) is scores[0] for metric in known)
    return f"All scores: the model is best on {won or 'none'} of {count(len(known), 'metric')}."


def _heading(metric: Metric[Any]) -> str:
    """Return the title of a metric's column, with the unit that its numbers don't carry themselves."""
    has_unit = not metric.unit or metric.title.endswith(metric.unit)
    return metric.title if has_unit else f"{metric.title} ({metric.unit})"


def _times(value: float | None, times: float) -> float | None:
    return None if value is None else value * times


def _cell(value: float, spec: str | None) -> str:
    if not math.isfinite(value):
        return "–"
    return number(value) if spec is None else format(value, spec)
