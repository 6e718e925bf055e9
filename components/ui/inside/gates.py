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
    GateView,
    TopActivationsRequest,
    TopActivationsView,
)
from components.models.cells import CELLS
from components.runs.store import Run
from components.ui.inside.example import choose_example, drop_invalid_choice, show_example
from components.ui.inside.layout import Places, show_missing_example
from components.ui.inside.training_step import TrainingStep, choose_training_step
from components.ui.widgets.chart_display import show_caption, show_chart

_LAYER_KEY, _GATE_KEY, _UNIT_KEY, _EXTREME_KEY = (
    "inside-strand",
    "inside-gate",
    "inside-unit",
    "inside-extreme",
)


def show_gates(run: Run, places: Places) -> None:
    """Draw gates and states of a layer while it reads an example."""
    picture, controls = places.picture, places.controls
    with controls:
        moment = choose_training_step(run)
        asked = choose_example(run)
    if asked is None:
        with picture:
            show_missing_example()
        return
    with picture:
        memory: GateActivityView = moment.inspect(
            GateActivityRequest(asked, st.session_state.get(_LAYER_KEY) or 0)
        ).view
    if not memory.layer_passes:
        picture.info(
            "A Transformer has no recurrent state: it reads all steps at once. Gates and states exist in "
            "an LSTM or a GRU.",
            title="No gates or states",
            icon=":material/memory:",
        )
        return
    with controls:
        show_example(run, memory.shown)
        gate = _choose_state(memory)
        _show_saturation(memory)
    with picture:
        show_chart(unit_heatmap(memory, gate), key="inside-units")
    _show_unit(memory, moment)


def _choose_state(memory: GateActivityView) -> GateView:
    """Draw the choice of a layer and of a gate or state of it, and return the latter."""
    if len(memory.layer_passes) > 1:
        drop_invalid_choice(_LAYER_KEY, range(len(memory.layer_passes)))
        st.selectbox(
            "Layer",
            list(range(len(memory.layer_passes))),
            index=memory.layer_pass,
            format_func=lambda number: memory.layer_passes[number],
            key=_LAYER_KEY,
        )
    gates, cell = {gate.name: gate for gate in memory.gates}, CELLS[memory.kind]
    drop_invalid_choice(_GATE_KEY, list(gates))
    chosen = st.segmented_control(
        "Gate or state",
        list(gates),
        default=next(iter(gates)),
        format_func=lambda name: cell.quantity(name).title,
        key=_GATE_KEY,
        required=True,
        wrap=True,
    )
    gate = gates[chosen or memory.gates[0].name]
    st.caption(about_quantity(memory, gate))
    return gate


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
    st.header("One unit", anchor=False)
    units = memory.units.tolist()
    drop_invalid_choice(_UNIT_KEY, units)
    picture, controls = st.columns([3, 1], gap="large")
    with controls:
        unit = st.selectbox("Unit", units, format_func=lambda number: f"Unit {number}", key=_UNIT_KEY)
        extreme = st.segmented_control(
            "Show the inputs where it is",
            ["highest", "lowest"],
            default="highest",
            key=_EXTREME_KEY,
            required=True,
        )
    with picture:
        show_chart(unit_lines(memory, units.index(unit)), key="inside-unit-chart")
        found: TopActivationsView = moment.inspect(
            TopActivationsRequest(memory.layer_pass, unit, extreme == "lowest")
        ).view
        if found.channel:
            show_chart(peak_series(found, unit), key="inside-stretches")
            return
        drawing = peak_texts(found, unit)
        st.html(drawing.html)
        show_caption(drawing.sentence, drawing.table, key="inside-stretches")
