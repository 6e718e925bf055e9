"""The table of scores on the Results page: the model's above those of simple rules."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from components.ui.formatting import number

_BEST = "background-color: rgba(0, 158, 115, 0.28)"  # seen on light and on dark


@dataclass(frozen=True)
class Measure:
    """A column of the table.

    Attributes:
        words: its name.
        about: what it means.
        larger_is_better: else the smallest number is marked.
        times: what the score's number is multiplied by, as 100 for percent.
        written: how a number is written.
    """

    words: str
    about: str
    larger_is_better: bool = False
    times: float = 1
    written: Callable[[float], str] = number


def show_scores(
    scores: Sequence[Any], measures: Mapping[str, Measure], *, who: str, alt: str, said: str, source: str = ""
) -> None:
    """Draw the table, mark the best of each column, and offer what the columns mean.

    Args:
        scores: the model's, then those of the simple rules; each has a `label`.
        measures: name of a score's number, which may be None → its column.
        who: heads the column of the labels.
        alt: what a person who doesn't see the table is told.
        said: stands below it.
        source: says who measured, below what the columns mean.
    """
    st.header("Scores on the test part", anchor=False)
    table = pd.DataFrame(
        {
            measure.words: [_times(getattr(score, name), measure.times) for score in scores]
            for name, measure in measures.items()
        },
        index=pd.Index([score.label for score in scores], name=who),
        dtype=float,
    )
    larger = pd.Index([measure.words for measure in measures.values() if measure.larger_is_better])
    smaller = table.columns.difference(larger)
    marked = table.style.highlight_max(subset=larger, axis=0, props=_BEST)
    marked = marked.highlight_min(subset=smaller, axis=0, props=_BEST)
    formats: dict[Any, Any] = {m.words: partial(_cell, written=m.written) for m in measures.values()}
    st.dataframe(
        marked.format(formats),
        column_config={
            measure.words: st.column_config.NumberColumn(measure.words, help=measure.about)
            for measure in measures.values()
        },
        alt=alt,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(said, width="stretch")
        with st.popover("What do they mean?", type="tertiary", icon=":material/help:"):
            for measure in measures.values():
                st.markdown(f"**{measure.words}** {measure.about}")
            if source:
                st.caption(source)


def _times(held: float | None, times: float) -> float | None:
    return None if held is None else held * times


def _cell(held: float, written: Callable[[float], str]) -> str:
    return written(held) if math.isfinite(held) else "–"
