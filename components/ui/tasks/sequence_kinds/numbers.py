"""Sequences that are numbers over time: drawn as lines, changed in a table."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from components.charts import classification as charts
from components.charts.chart import Chart
from components.charts.examples import MOST_PANELS, NamedLines, sequence_panels
from components.charts.thumbnails.sequences import sequences_thumbnail
from components.data import load
from components.data.datasets import Classes, Sequences
from components.errors import DataError
from components.recipe import DatasetReference
from components.runs.store import Run
from components.tasks.classification.attribution import ClassPrediction
from components.tasks.sequences import SequenceInput
from components.ui.formatting import escape
from components.ui.tasks.ask_model import ask_model, weights_used
from components.ui.tasks.sequence_kinds.kind import SequenceKind
from components.ui.widgets.chart_display import show_chart

_DRAWN_CHANNELS = 4
_MOST_TYPED = 2000  # numbers in a table to type in


class NumberSequences(SequenceKind[Sequences]):
    """Sequences that are numbers over time."""

    name = "sequence"
    plural = "sequences"
    icon = ":material/edit:"
    invitation = "Try it: change a sequence and see why"

    def draw(self, dataset: Sequences, chosen: Sequence[tuple[str, int]], title: str) -> Chart:
        """Draw some sequences, each with a name."""
        return _panels(dataset, [(name, _lines(dataset, dataset.sequence(at))) for name, at in chosen], title)

    def thumbnail(self, reference: DatasetReference) -> str:
        """Draw a sequence of each class, or the channels of one sequence, as SVG."""
        dataset = load(reference)
        assert isinstance(dataset, Sequences)
        if isinstance(dataset.answer, Classes):
            codes = dataset.answer.codes
            firsts = [int(np.flatnonzero(codes == code)[0]) for code in np.unique(codes)]
            lines = [dataset.sequence(number)[:, 0] for number in firsts]
        else:
            lines = list(dataset.sequence(0).T)
        return sequences_thumbnail(lines)

    def ask_class(self, run: Run, dataset: Sequences) -> None:
        """Let a person choose or change a sequence, and say what class the model takes it for, and why."""
        classes = _classes(dataset)

        def say(prediction: ClassPrediction) -> None:
            show_chart(
                charts.class_probabilities(classes.names, prediction.probabilities), key="try-probabilities"
            )

        def because(prediction: ClassPrediction) -> Chart:
            return charts.class_attribution(prediction, classes.names)

        ask_about(run, dataset, lambda number: f"“{classes.names[classes.codes[number]]}”", say, because)


def ask_about(
    run: Run,
    dataset: Sequences,
    known: Callable[[int], str],
    say: Callable[[Any], None],
    because: Callable[[Any], Chart],
) -> None:
    """Let a person choose or change a sequence, and say what the model makes of it, and why.

    Args:
        run: whose model is asked.
        dataset: the sequences to begin with.
        known: the answer to each of them, in words.
        say: draws what the model says.
        because: draws why.
    """
    left, right = st.columns([1, 2], gap="large")
    with left:
        chosen = st.number_input("Start with sequence", 1, dataset.size, key="try-number") - 1
        st.caption(f"The true answer is {escape(known(chosen))}. Change any number, or add or remove steps.")
        table = pd.DataFrame(dataset.sequence(chosen), columns=list(dataset.channels))
        if table.size > _MOST_TYPED:
            st.caption("It is too long to edit by hand.")
        else:
            table = st.data_editor(table, num_rows="dynamic", height=300, key=f"try-values-{chosen}")
    with right:
        values = table.to_numpy(np.float32)
        try:
            answer = ask_model(run, SequenceInput(values))
        except DataError as error:
            st.caption(f":material/info: {escape(error.what)} {escape(error.remedy)}")
            return
        say(answer.value)
        st.caption(weights_used(run, answer.epoch))
        changed = [("as the model sees it", _lines(dataset, values))]
        show_chart(_panels(dataset, changed, "Sequence"), key="try-sequence")
        show_chart(because(answer.value), key="try-reasons")
        st.caption(
            "Three attributions, none of them a proof: occlusion leaves each step out, the gradient "
            "follows small changes, and attention, where the model has it, shows where it looked."
        )


def _classes(dataset: Sequences) -> Classes:
    assert isinstance(dataset.answer, Classes)  # as `why_unsuitable` saw to
    return dataset.answer


def _lines(dataset: Sequences, values: np.ndarray) -> NamedLines:
    return [(name, values[:, at]) for at, name in enumerate(dataset.channels[:_DRAWN_CHANNELS])]


def _panels(dataset: Sequences, groups: Sequence[tuple[str, NamedLines]], title: str) -> Chart:
    alone = len(dataset.channels) == 1
    value = dataset.channels[0] if alone else "value"
    return sequence_panels(
        groups[:MOST_PANELS], title=title, value=value, symbols=dataset.symbols, legend=not alone
    )
