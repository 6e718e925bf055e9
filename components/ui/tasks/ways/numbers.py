"""Sequences that are numbers over time: drawn as lines, changed in a table."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from components.charts import classes as charts
from components.charts.bundle import bundle
from components.charts.chart import Chart
from components.charts.examples import MOST_PANELS, Lines, panels
from components.data import load
from components.data.dataset import Classes, Sequences
from components.errors import DataError
from components.recipe import DatasetReference
from components.runs.store import Run
from components.tasks import classify_sequences
from components.ui.figures import show
from components.ui.tasks.trying import asked, learnt
from components.ui.words import escape

COUNTED, EACH = "sequences", "sequence"
ICON, TRY = ":material/edit:", "Show it a sequence, change it, and see why"

_DRAWN_CHANNELS = 4
_MOST_TYPED = 2000  # numbers in a table to type in


def drawn(dataset: Sequences, chosen: Sequence[tuple[str, int]], title: str) -> Chart:
    """Draw some sequences, each with a name."""
    return _panels(dataset, [(name, _lines(dataset, dataset.sequence(at))) for name, at in chosen], title)


def picture(reference: DatasetReference) -> str:
    """Draw a sequence of each class, as SVG."""
    dataset = load(reference)
    assert isinstance(dataset, Sequences)
    answer = _answer(dataset)
    firsts = [int(np.flatnonzero(answer.codes == code)[0]) for code in np.unique(answer.codes)]
    lines = [dataset.sequence(number)[:, 0] for number in firsts]
    return bundle(lines)


def ask(run: Run, dataset: Sequences) -> None:
    """Let a person choose or change a sequence, and say what the model makes of it, and why."""
    held = _answer(dataset)
    left, right = st.columns([1, 2], gap="large")
    with left:
        chosen = st.number_input("Begin with sequence", 1, dataset.size, key="try-number") - 1
        st.caption(
            f"It is “{escape(held.names[held.codes[chosen]])}”. Change any number, add or remove steps."
        )
        table = pd.DataFrame(dataset.sequence(chosen), columns=list(dataset.channels))
        if table.size > _MOST_TYPED:
            st.caption("It is too long to be typed in.")
        else:
            table = st.data_editor(table, num_rows="dynamic", height=300, key=f"try-values-{chosen}")
    with right:
        values = table.to_numpy(np.float32)
        try:
            answer = asked(run, classify_sequences.Given(values))
        except DataError as error:
            st.caption(f":material/info: {escape(error.what)} {escape(error.remedy)}")
            return
        told = answer.said
        show(charts.probabilities(held.names, told.probabilities), key="try-probabilities")
        st.caption(learnt(run, answer.epoch))
        changed = [("as the model sees it", _lines(dataset, values))]
        show(_panels(dataset, changed, "The sequence"), key="try-sequence")
        show(charts.reasons(told, held.names), key="try-reasons")
        st.caption(
            "Three ways of asking why, and none is a proof: leaving a piece out, following the gradient, and "
            "where the model has attention, looking where it looked."
        )


def _answer(dataset: Sequences) -> Classes:
    assert isinstance(dataset.answer, Classes)  # as `fits` saw to
    return dataset.answer


def _lines(dataset: Sequences, values: np.ndarray) -> Lines:
    return [(name, values[:, at]) for at, name in enumerate(dataset.channels[:_DRAWN_CHANNELS])]


def _panels(dataset: Sequences, groups: Sequence[tuple[str, Lines]], title: str) -> Chart:
    alone = len(dataset.channels) == 1
    value = dataset.channels[0] if alone else "value"
    return panels(groups[:MOST_PANELS], title=title, value=value, symbols=dataset.symbols, legend=not alone)
