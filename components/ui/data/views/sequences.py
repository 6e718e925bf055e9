"""Sequences on a page: a few of them drawn, how many each class has, how long they are."""

import numpy as np
import streamlit as st

from components.charts import examples
from components.charts.chart import Chart
from components.charts.examples import NamedLines, class_balance, length_histogram, sequence_panels
from components.data.cleaning.doctor.texts import examine_sequences
from components.data.datasets import Classes, Numbers, Sequences
from components.ui.data.views.common import control_key, show_findings
from components.ui.formatting import escape, number
from components.ui.widgets.chart_display import show_chart

_EXAMPLES_PER_CLASS = 3  # of a class, over each other
_MAX_PANELS = 6  # pictures where there are no classes
_DEFAULT_CHANNELS = 3
_MOST_DRAWN = 20  # channels, each of which sends hundreds of points to the browser
_MOST_STEPS = 100_000  # of a sequence that are drawn, and stand in the table below: the first of them
_MAX_OVERLAID_CHANNELS = 4  # that are drawn over each other without being asked for


def show_sequences(dataset: Sequences) -> None:
    """Draw examples, and what is asked of them."""
    show_findings(examine_sequences(dataset))
    channels = _choose_channels(dataset)
    if channels:
        show_chart(_example_panels(dataset, channels), key="data-examples")
        if dataset.lengths.max() > _MOST_STEPS:
            st.caption(f":material/info: Only the first {_MOST_STEPS:,} steps of each sequence are drawn.")
        st.button(
            "Other examples", icon=":material/casino:", key="data-others", on_click=_redraw, args=(dataset,)
        )
    if isinstance(dataset.answer, Numbers):
        _show_target_note(dataset.answer)
    if isinstance(dataset.answer, Classes):
        show_chart(
            class_balance(dataset.answer.names, dataset.answer.counts, what="sequences"), key="data-balance"
        )
    if np.ptp(dataset.lengths):
        show_chart(length_histogram(dataset.lengths, what="sequences", unit="steps"), key="data-lengths")


def _choose_channels(dataset: Sequences) -> tuple[str, ...]:
    if len(dataset.channels) <= _MAX_OVERLAID_CHANNELS:
        return dataset.channels
    return tuple(
        st.multiselect(
            "Channels to draw",
            dataset.channels,
            default=dataset.channels[:_DEFAULT_CHANNELS],
            max_selections=_MOST_DRAWN,
            key=control_key(dataset, "channels"),
            placeholder="None",
        )
    )


def _draw_number(dataset: Sequences) -> int:
    return st.session_state.get(control_key(dataset, "turn"), 0)


def _redraw(dataset: Sequences) -> None:
    st.session_state[control_key(dataset, "turn")] = _draw_number(dataset) + 1


def _example_panels(dataset: Sequences, channels: tuple[str, ...]) -> Chart:
    """Draw for each class some examples, or some sequences each with its answer."""
    rng = np.random.default_rng(_draw_number(dataset))
    alone = len(channels) == 1 and dataset.answers is None
    groups: list[tuple[str, NamedLines]] = []
    if isinstance(dataset.answer, Classes):
        # The most frequent where there are too many, in the order of their names.
        most = np.argsort(-dataset.answer.counts, kind="stable")[: examples.MOST_PANELS]
        for code in np.sort(most):
            members = np.flatnonzero(dataset.answer.codes == code)
            chosen = rng.permutation(members)[: _EXAMPLES_PER_CLASS if alone and not dataset.symbols else 1]
            if len(chosen):
                groups.append((dataset.answer.names[code], _lines(dataset, chosen, channels)))
    else:
        for at in np.sort(rng.permutation(dataset.size)[:_MAX_PANELS]):
            name = f"sequence {at + 1:,}"
            if isinstance(dataset.answer, Numbers):
                name += f": {number(float(dataset.answer.values[at]))}"
            groups.append((name, _lines(dataset, np.array([at]), channels)))
    value = channels[0] if len(channels) == 1 else "value"
    return sequence_panels(groups, title="Examples", value=value, symbols=dataset.symbols, legend=not alone)


def _lines(dataset: Sequences, chosen: np.ndarray, channels: tuple[str, ...]) -> NamedLines:
    drawn = [dataset.sequence(int(at))[:_MOST_STEPS] for at in chosen]
    if dataset.answers is not None:
        first = dataset.offsets[chosen[0]]
        return [
            ("input", drawn[0][:, 0]),
            ("expected", dataset.answers.codes[first : first + len(drawn[0])]),
        ]
    if len(channels) == 1:
        column = dataset.channels.index(channels[0])
        many = len(chosen) > 1
        return [
            (f"example {number}" if many else channels[0], values[:, column])
            for number, values in enumerate(drawn, 1)
        ]
    return [(name, drawn[0][:, dataset.channels.index(name)]) for name in channels]


def _show_target_note(answer: Numbers) -> None:
    mean, variance = float(answer.values.mean(dtype=np.float64)), float(answer.values.var(dtype=np.float64))
    st.caption(
        f"The model predicts {escape(answer.name)}. A constant baseline that always predicts the mean, "
        f"{number(mean)}, has a mean squared error of {number(variance)}."
    )
