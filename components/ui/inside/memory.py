"""Gates and memory on the page: every unit step by step, and where in all the data one is highest."""

import streamlit as st

from components.charts.units import (
    ABOUT,
    every_unit,
    one_unit,
    stretches_of_numbers,
    stretches_of_text,
)
from components.insight.gates import NAMES
from components.insight.views import Memory, SeeMemory, SeeStretches, Stretches
from components.runs.store import Run
from components.ui.figures import say_numbers, show
from components.ui.inside.example import choose_example, keep, note_example
from components.ui.inside.moment import Moment

_STRAND, _GATE, _UNIT, _EXTREME = "inside-strand", "inside-gate", "inside-unit", "inside-extreme"


def show_memory(run: Run, moment: Moment) -> None:
    """Draw gates and states of a layer while it reads an example."""
    asked = choose_example(run)
    if asked is None:
        return
    place = st.container()
    memory: Memory = moment.look(SeeMemory(asked, st.session_state.get(_STRAND) or 0)).seen
    if not memory.strands:
        st.info(
            "A Transformer carries nothing from step to step: it looks at all steps at once. An LSTM or a "
            "GRU has gates and a memory to look at.",
            title="No memory here",
            icon=":material/memory:",
        )
        return
    with place:
        note_example(run, memory.shown)
        _choose(memory)
    names = [gate.name for gate in memory.gates]
    chosen = st.session_state.get(_GATE)
    gate = memory.gates[names.index(chosen) if chosen in names else 0]
    _saturation(memory)
    st.caption(ABOUT[gate.name])
    show(every_unit(memory, gate), key="inside-units")
    _unit(memory, moment)


def _choose(memory: Memory) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(memory.strands) > 1:
            keep(_STRAND, range(len(memory.strands)))
            st.selectbox(
                "Layer",
                list(range(len(memory.strands))),
                index=memory.strand,
                format_func=lambda number: memory.strands[number],
                key=_STRAND,
                width=240,
            )
        names = [gate.name for gate in memory.gates]
        keep(_GATE, names)
        st.segmented_control(
            "What of it",
            names,
            default=names[0],
            format_func=lambda name: NAMES[name],
            key=_GATE,
            required=True,
        )


def _saturation(memory: Memory) -> None:
    """Draw how much of its time each gate is stuck, as numbers."""
    gates = [gate for gate in memory.gates if gate.shut is not None and gate.open is not None]
    if not gates:
        return
    with st.container(horizontal=True):
        for gate in gates:
            assert gate.shut is not None
            assert gate.open is not None
            st.metric(
                f"{NAMES[gate.name]} stuck",
                f"{gate.shut + gate.open:.0%}",
                help=f"Next to shut (below 0.1) {gate.shut:.0%} of the time and next to open (above 0.9) "
                f"{gate.open:.0%}, over all units and steps. A gate that is stuck hardly learns any more.",
                width="content",
            )


def _unit(memory: Memory, moment: Moment) -> None:
    """Draw one unit, and where in all the data it is highest."""
    st.subheader(
        "One unit",
        anchor=False,
        help="Every unit is one number that the layer carries along. What does it keep track of?",
    )
    units = memory.units.tolist()
    keep(_UNIT, units)
    unit = st.selectbox("Unit", units, format_func=lambda number: f"Unit {number}", key=_UNIT, width=200)
    show(one_unit(memory, units.index(unit)), key="inside-unit-chart")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("**In all of the data, where it is**", width="content")
        extreme = st.segmented_control(
            "Which",
            ["highest", "lowest"],
            default="highest",
            key=_EXTREME,
            required=True,
            label_visibility="collapsed",
        )
    found: Stretches = moment.look(SeeStretches(memory.strand, unit, extreme == "lowest")).seen
    if found.channel:
        show(stretches_of_numbers(found, unit), key="inside-stretches")
        return
    drawing = stretches_of_text(found, unit)
    st.html(drawing.html)
    say_numbers(drawing.sentence, drawing.table, key="inside-stretches")
