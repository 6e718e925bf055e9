"""Gates and states on the page: every unit step by step, and where in the data one is highest."""

import streamlit as st

from components.charts.gates import (
    about_quantity,
    peak_series,
    peak_texts,
    unit_heatmap,
    unit_lines,
)
from components.insight.requests import (
    GateActivityRequest,
    GateActivityView,
    TopActivationsRequest,
    TopActivationsView,
)
from components.models.cells import CELLS
from components.runs.store import Run
from components.ui.inside.example import choose_example, drop_invalid_choice, show_example
from components.ui.inside.training_step import TrainingStep
from components.ui.widgets.chart_display import show_caption, show_chart

_LAYER_KEY, _GATE_KEY, _UNIT_KEY, _EXTREME_KEY = (
    "inside-strand",
    "inside-gate",
    "inside-unit",
    "inside-extreme",
)


def show_gates(run: Run, moment: TrainingStep) -> None:
    """Draw gates and states of a layer while it reads an example."""
    asked = choose_example(run)
    if asked is None:
        return
    place = st.container()
    memory: GateActivityView = moment.inspect(
        GateActivityRequest(asked, st.session_state.get(_LAYER_KEY) or 0)
    ).view
    if not memory.layer_passes:
        st.info(
            "A Transformer has no recurrent state: it reads all steps at once. Gates and states exist in "
            "an LSTM or a GRU.",
            title="No gates or states",
            icon=":material/memory:",
        )
        return
    with place:
        show_example(run, memory.shown)
        _choose_state(memory)
    names = [gate.name for gate in memory.gates]
    chosen = st.session_state.get(_GATE_KEY)
    gate = memory.gates[names.index(chosen) if chosen in names else 0]
    _show_saturation(memory)
    st.caption(about_quantity(memory, gate))
    show_chart(unit_heatmap(memory, gate), key="inside-units")
    _show_unit(memory, moment)


def _choose_state(memory: GateActivityView) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(memory.layer_passes) > 1:
            drop_invalid_choice(_LAYER_KEY, range(len(memory.layer_passes)))
            st.selectbox(
                "Layer",
                list(range(len(memory.layer_passes))),
                index=memory.layer_pass,
                format_func=lambda number: memory.layer_passes[number],
                key=_LAYER_KEY,
                width=240,
            )
        names, cell = [gate.name for gate in memory.gates], CELLS[memory.kind]
        drop_invalid_choice(_GATE_KEY, names)
        st.segmented_control(
            "Gate or state",
            names,
            default=names[0],
            format_func=lambda name: cell.quantity(name).title,
            key=_GATE_KEY,
            required=True,
        )


def _show_saturation(memory: GateActivityView) -> None:
    """Show the share of time that each gate is saturated, as numbers."""
    gates = [gate for gate in memory.gates if gate.shut is not None and gate.open is not None]
    if not gates:
        return
    with st.container(horizontal=True):
        for gate in gates:
            assert gate.shut is not None
            assert gate.open is not None
            st.metric(
                f"{CELLS[memory.kind].quantity(gate.name).title} saturated",
                f"{gate.shut + gate.open:.0%}",
                help=f"Nearly closed (below 0.1) {gate.shut:.0%} of the time and nearly open (above 0.9) "
                f"{gate.open:.0%}, over all units and steps. A saturated gate hardly learns any more.",
                width="content",
            )


def _show_unit(memory: GateActivityView, moment: TrainingStep) -> None:
    """Draw one unit, and where in the data it is highest."""
    st.subheader(
        "One unit",
        anchor=False,
        help="Each unit holds one number of the layer's state. What does it keep track of?",
    )
    units = memory.units.tolist()
    drop_invalid_choice(_UNIT_KEY, units)
    unit = st.selectbox("Unit", units, format_func=lambda number: f"Unit {number}", key=_UNIT_KEY, width=200)
    show_chart(unit_lines(memory, units.index(unit)), key="inside-unit-chart")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("**Where in the data the unit is**", width="content")
        extreme = st.segmented_control(
            "Which",
            ["highest", "lowest"],
            default="highest",
            key=_EXTREME_KEY,
            required=True,
            label_visibility="collapsed",
        )
    found: TopActivationsView = moment.inspect(
        TopActivationsRequest(memory.layer_pass, unit, extreme == "lowest")
    ).view
    if found.channel:
        show_chart(peak_series(found, unit), key="inside-stretches")
        return
    drawing = peak_texts(found, unit)
    st.html(drawing.html)
    show_caption(drawing.sentence, drawing.table, key="inside-stretches")
