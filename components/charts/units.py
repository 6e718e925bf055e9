"""Gates and states of the units of a recurrent layer, step by step; and where a unit is highest."""

import html
from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.alignment import mark
from components.charts.chart import BARE, Chart, figure, number, safe, signed
from components.charts.looked import name_steps, numbered, stack
from components.charts.model import Drawing
from components.charts.palette import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILLION, faded
from components.insight.gates import NAMES
from components.insight.views import Gate, Memory, Stretch, Stretches

ABOUT = {
    "i": "How much of what is new enters the memory.",
    "f": "How much of the memory is kept: 1 keeps all, 0 forgets all.",
    "o": "How much of the memory is shown to the rest of the model.",
    "z": "How much of the old state is kept: 1 keeps all, 0 takes the new one.",
    "r": "How much of the old state is looked at to make the new one.",
    "candidate": "What would enter the memory if the gates let it.",
    "c": "The memory itself: it is carried from step to step.",
    "h": "What the unit tells the rest of the model after each step.",
}
"""What each is, in a sentence."""

_COLOURS = {
    "i": GREEN,
    "f": VERMILLION,
    "o": PURPLE,
    "z": VERMILLION,
    "r": GREEN,
    "candidate": ORANGE,
    "c": SKY,
    "h": BLUE,
}
_SIGNED = [[0, faded(VERMILLION, 0.95)], [0.5, faded(GREY, 0.05)], [1, faded(BLUE, 0.95)]]
_SHARE = [[0, faded(BLUE, 0.04)], [1, faded(BLUE, 0.95)]]


def every_unit(memory: Memory, gate: Gate) -> Chart:
    """Draw a gate or a state of all units as a heatmap: units downwards, steps across."""
    is_share = gate.shut is not None
    largest = 1.0 if is_share else max(float(np.abs(gate.values).max()), 1e-9)
    many = len(memory.units)
    drawn = figure(
        f"{NAMES[gate.name]} of every unit",
        "what it reads, step by step",
        "unit",
        height=int(np.clip(150 + 14 * many, 240, 700)),
    )
    drawn.add_trace(
        go.Heatmap(
            x=np.arange(len(memory.shown.names)),
            y=np.arange(many),
            z=gate.values,
            zmin=0 if is_share else -largest,
            zmax=largest,
            colorscale=_SHARE if is_share else _SIGNED,
            colorbar={"thickness": 12, "outlinewidth": 0},
            customdata=np.array(
                [[(int(unit), safe(mark(name))) for name in memory.shown.names] for unit in memory.units],
                dtype=object,
            ),
            hovertemplate="unit %{customdata[0]} at %{customdata[1]}: %{z:.2f}<extra></extra>",
        )
    )
    name_steps(drawn, memory.shown.names, is_text=memory.shown.values is None)
    places = np.unique(np.linspace(0, many - 1, min(many, 16)).round().astype(int))
    drawn.update_yaxes(
        tickvals=places,
        ticktext=[str(memory.units[place]) for place in places],
        autorange="reversed",
        showgrid=False,
        zeroline=False,
    )
    drawn.update_layout(hovermode="closest", hoverlabel={"bordercolor": BARE})
    table = pd.DataFrame(
        gate.values,
        index=pd.Index(memory.units, name="unit"),
        columns=numbered(memory.shown.names),
    )
    return Chart(drawn, f"{about_gate(memory, gate)} {_order(memory)}", table)


def about_gate(memory: Memory, gate: Gate) -> str:
    """Say how open a gate is, or how strong a state."""
    if gate.shut is None or gate.open is None:
        strongest = int(np.abs(gate.values).max(axis=1).argmax())
        return (
            f"Unit {memory.units[strongest]} goes furthest, to {number(_furthest(gate.values[strongest]))}."
        )
    stuck = gate.shut + gate.open
    how = (
        "much of it is stuck" if stuck > 0.5 else "some of it is stuck" if stuck > 0.2 else "it moves freely"
    )
    return (
        f"It is next to shut (below 0.1) {gate.shut:.0%} of the time and next to open (above 0.9) "
        f"{gate.open:.0%}: {how}."
    )


def one_unit(memory: Memory, place: int) -> Chart:
    """Draw all gates and states of one unit over the steps.

    Args:
        memory: with at least one unit.
        place: of the unit among those that are shown.
    """
    unit = int(memory.units[place])
    drawn = figure(f"Unit {unit}", "what it reads, step by step", "", height=340)
    hover = [safe(mark(name)) for name in memory.shown.names]
    for gate in memory.gates:
        drawn.add_trace(
            go.Scatter(
                x=np.arange(len(hover)),
                y=gate.values[place],
                mode="lines",
                name=NAMES[gate.name].lower(),
                line={
                    "color": _COLOURS[gate.name],
                    "width": 2.5 if gate.name in {"h", "c"} else 1.5,
                    "dash": "solid" if gate.name in {"h", "c"} else "dot",
                },
                customdata=hover,
                hovertemplate="%{customdata}: %{y:.2f}",
            )
        )
    name_steps(drawn, memory.shown.names, is_text=memory.shown.values is None)
    drawn.update_layout(showlegend=True, margin={"b": 70})
    table = pd.DataFrame(
        {NAMES[gate.name].lower(): gate.values[place] for gate in memory.gates},
        index=pd.Index(numbered(memory.shown.names), name="step"),
    )
    return Chart(drawn, _about_unit(memory, place), table)


def stretches_of_text(found: Stretches, unit: int) -> Drawing:
    """Write the stretches where a unit is highest, in the colours of its hidden state."""
    largest = max((float(np.abs(one.activity).max()) for one in found.stretches), default=1.0) or 1.0
    rows = [(" ".join(map(mark, one.names)), one.activity[one.peak]) for one in found.stretches]
    return Drawing(
        f'<div style="line-height:2.1">{"".join(_as_text(one, largest) for one in found.stretches)}</div>',
        _about_stretches(found, unit),
        pd.DataFrame(rows, columns=["text", "hidden state"]),
    )


def stretches_of_numbers(found: Stretches, unit: int) -> Chart:
    """Draw the stretches where a unit is highest over each other, so that what they share is seen."""
    drawn = figure(
        f"What is there when it is {'lowest' if found.lowest else 'highest'}",
        "steps before and after",
        height=360,
    )
    columns = {}
    for rank, one in enumerate(found.stretches, 1):
        assert one.values is not None
        around = np.arange(len(one.values)) - one.peak
        for axis, values, colour in (("y", one.values, GREY), ("y2", one.activity, BLUE)):
            drawn.add_trace(
                go.Scatter(
                    x=around,
                    y=values,
                    yaxis=axis,
                    mode="lines",
                    line={
                        "color": faded(colour, 1 if number == 1 else 0.35),
                        "width": 2.5 if number == 1 else 1.2,
                    },
                    customdata=list(map(safe, one.names)),
                    hovertemplate="%{customdata}: %{y:.4~g}<extra></extra>",
                )
            )
        columns[f"{rank} {one.names[one.peak]}"] = pd.Series(one.activity, around)
    stack(drawn, [found.channel, f"unit {unit}"])
    drawn.add_vline(x=0, line={"color": ORANGE, "width": 1.5, "dash": "dot"})
    drawn.update_layout(showlegend=False, hovermode="closest", hoverlabel={"bordercolor": BARE})
    table = pd.DataFrame(columns).rename_axis("steps around")
    return Chart(drawn, _about_stretches(found, unit), table)


# --- Sentences ---------------------------------------------------------------------------------------


def _order(memory: Memory) -> str:
    if memory.shown.values is None:
        order = "Units stand in the order of the place where each is strongest."
    else:
        first, last = memory.units[0], memory.units[-1]
        order = (
            f"On top is unit {first}, which goes with {memory.shown.channels[0]} most (correlation "
            f"{signed(memory.responds[0])}), at the bottom unit {last} ({signed(memory.responds[-1])})."
        )
    kept = (
        ""
        if len(memory.units) == memory.all_units
        else f" These {len(memory.units)} of {memory.all_units} move most."
    )
    return order + kept


def _about_unit(memory: Memory, place: int) -> str:
    h = next(gate.values[place] for gate in memory.gates if gate.name == "h")
    high, low = int(h.argmax()), int(h.argmin())
    names = [mark(name) for name in memory.shown.names]
    moved = (
        f"Its hidden state is highest at “{names[high]}” ({signed(h[high])}) and lowest at “{names[low]}” "
        f"({signed(h[low])})."
    )
    if memory.shown.values is None:
        return moved
    return (
        f"{moved} It goes with {memory.shown.channels[0]} with a correlation of "
        f"{signed(memory.responds[place])}."
    )


def _about_stretches(found: Stretches, unit: int) -> str:
    if not found.stretches:
        return "Nothing was found."
    best, extreme = found.stretches[0], "lowest" if found.lowest else "highest"
    peaks = [mark(one.names[one.peak]) for one in found.stretches]
    common = max(set(peaks), key=peaks.count)
    again = (
        f" {peaks.count(common)} of these {len(peaks)} places are “{common}”."
        if best.values is None and peaks.count(common) > 1
        else ""
    )
    return (
        f"In {found.examples} examples from all of the data, unit {unit} is {extreme} at "
        f"“{mark(best.names[best.peak])}” ({signed(best.activity[best.peak])}).{again}"
    )


def _furthest(values: np.ndarray) -> float:
    return float(values[np.abs(values).argmax()])


# --- Small pictures ----------------------------------------------------------------------------------


def _as_text(one: Stretch, largest: float) -> str:
    words = "".join(
        f'<span style="background:{_colour(value / largest)};border-radius:0.2rem;padding:0.1em 0.15em'
        f'{";font-weight:700" if place == one.peak else ""}">{html.escape(mark(name))}</span>'
        f"{'' if _is_spelled(one.names) else ' '}"
        for place, (name, value) in enumerate(zip(one.names, one.activity, strict=True))
    )
    return f'<div style="overflow-wrap:anywhere">{words}</div>'


def _is_spelled(names: Sequence[str]) -> bool:
    return max(map(len, names)) == 1 or any(name.startswith(" ") for name in names)


def _colour(share: float) -> str:
    return faded(BLUE if share >= 0 else VERMILLION, round(0.6 * min(1.0, abs(share)), 3))
