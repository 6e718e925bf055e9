"""Gates and states of the units of a recurrent layer, step by step; and where a unit is highest."""

import html
from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.alignment import visible_token
from components.charts.attention_map import label_steps, numbered_labels, stack_lanes
from components.charts.chart import TRANSPARENT, Chart, escape_html, figure, format_signed, number
from components.charts.model_diagram import Drawing
from components.charts.palette import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILLION, with_opacity
from components.insight.requests import ActivationView, GateActivityView, GateView, TopActivationsView
from components.models.cells import CANDIDATE, CELLS, HIDDEN, Quantity
from components.models.cells import Gate as CellGate

_COLOURS = {"memory": VERMILLION, "input": GREEN, "output": PURPLE}
_SIGNED_SCALE = [
    [0, with_opacity(VERMILLION, 0.95)],
    [0.5, with_opacity(GREY, 0.05)],
    [1, with_opacity(BLUE, 0.95)],
]
_SHARE_SCALE = [[0, with_opacity(BLUE, 0.04)], [1, with_opacity(BLUE, 0.95)]]


def unit_heatmap(memory: GateActivityView, gate: GateView) -> Chart:
    """Draw a gate or a state of all units as a heatmap: units downwards, steps across."""
    is_share = gate.shut is not None
    largest = 1.0 if is_share else max(float(np.abs(gate.values).max()), 1e-9)
    many = len(memory.units)
    drawn = figure(
        f"{_quantity(memory, gate).title} of every unit",
        "input steps",
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
            colorscale=_SHARE_SCALE if is_share else _SIGNED_SCALE,
            colorbar={"thickness": 12, "outlinewidth": 0},
            customdata=np.array(
                [
                    [(int(unit), escape_html(visible_token(name))) for name in memory.shown.names]
                    for unit in memory.units
                ],
                dtype=object,
            ),
            hovertemplate="unit %{customdata[0]} at %{customdata[1]}: %{z:.2f}<extra></extra>",
        )
    )
    label_steps(drawn, memory.shown.names, is_text=memory.shown.values is None)
    places = np.unique(np.linspace(0, many - 1, min(many, 16)).round().astype(int))
    drawn.update_yaxes(
        tickvals=places,
        ticktext=[str(memory.units[place]) for place in places],
        autorange="reversed",
        showgrid=False,
        zeroline=False,
    )
    drawn.update_layout(hovermode="closest", hoverlabel={"bordercolor": TRANSPARENT})
    table = pd.DataFrame(
        gate.values,
        index=pd.Index(memory.units, name="unit"),
        columns=numbered_labels(memory.shown.names),
    )
    return Chart(drawn, f"{gate_sentence(memory, gate)} {_order_sentence(memory)}", table)


def about_quantity(memory: GateActivityView, gate: GateView) -> str:
    """Return in a sentence what a gate or a state is."""
    return _quantity(memory, gate).about


def gate_sentence(memory: GateActivityView, gate: GateView) -> str:
    """Return a sentence on how open a gate is, or how strong a state."""
    if gate.shut is None or gate.open is None:
        strongest = int(np.abs(gate.values).max(axis=1).argmax())
        return (
            f"Unit {memory.units[strongest]} has the largest value, "
            f"{number(_largest_deviation(gate.values[strongest]))}."
        )
    stuck = gate.shut + gate.open
    how = "mostly saturated" if stuck > 0.5 else "partly saturated" if stuck > 0.2 else "not saturated"
    return (
        f"This gate is nearly closed (below 0.1) {gate.shut:.0%} of the time and nearly open (above 0.9) "
        f"{gate.open:.0%}: {how}."
    )


def unit_lines(memory: GateActivityView, place: int) -> Chart:
    """Draw all gates and states of one unit over the steps.

    Args:
        memory: with at least one unit.
        place: of the unit among those that are shown.
    """
    unit = int(memory.units[place])
    drawn = figure(f"Unit {unit}", "input steps", "value", height=340)
    hover = [escape_html(visible_token(name)) for name in memory.shown.names]
    for gate in memory.gates:
        quantity = _quantity(memory, gate)
        is_state = quantity in CELLS[memory.kind].states
        drawn.add_trace(
            go.Scatter(
                x=np.arange(len(hover)),
                y=gate.values[place],
                mode="lines",
                name=quantity.title.lower(),
                line={
                    "color": _colour_of(quantity),
                    "width": 2.5 if is_state else 1.5,
                    "dash": "solid" if is_state else "dot",
                },
                customdata=hover,
                hovertemplate="%{customdata}: %{y:.2f}",
            )
        )
    label_steps(drawn, memory.shown.names, is_text=memory.shown.values is None)
    drawn.update_layout(showlegend=True, margin={"b": 70})
    table = pd.DataFrame(
        {_quantity(memory, gate).title.lower(): gate.values[place] for gate in memory.gates},
        index=pd.Index(numbered_labels(memory.shown.names), name="step"),
    )
    return Chart(drawn, _unit_sentence(memory, place), table)


def peak_texts(found: TopActivationsView, unit: int) -> Drawing:
    """Return the passages where a unit is highest, in the colours of its hidden state."""
    largest = max((float(np.abs(one.activity).max()) for one in found.stretches), default=1.0) or 1.0
    rows = [
        (_between(one.names).join(map(visible_token, one.names)), one.activity[one.peak])
        for one in found.stretches
    ]
    return Drawing(
        f'<div style="line-height:2.1">{"".join(_peak_html(one, largest) for one in found.stretches)}</div>',
        _peaks_sentence(found, unit),
        pd.DataFrame(rows, columns=["text", "hidden state"]),
    )


def peak_series(found: TopActivationsView, unit: int) -> Chart:
    """Draw the stretches where a unit is highest over each other, so that what they share is seen."""
    drawn = figure(
        f"Inputs where the unit is {'lowest' if found.lowest else 'highest'}",
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
                        "color": with_opacity(colour, 1 if rank == 1 else 0.35),
                        "width": 2.5 if rank == 1 else 1.2,
                    },
                    customdata=list(map(escape_html, one.names)),
                    hovertemplate="%{customdata}: %{y:.4~g}<extra></extra>",
                )
            )
        columns[f"{rank} {one.names[one.peak]}"] = pd.Series(one.activity, around)
    stack_lanes(drawn, [found.channel, f"unit {unit}"])
    drawn.add_vline(x=0, line={"color": ORANGE, "width": 1.5, "dash": "dot"})
    drawn.update_layout(showlegend=False, hovermode="closest", hoverlabel={"bordercolor": TRANSPARENT})
    table = pd.DataFrame(columns).rename_axis("steps around")
    return Chart(drawn, _peaks_sentence(found, unit), table)


# --- Sentences ---------------------------------------------------------------------------------------


def _order_sentence(memory: GateActivityView) -> str:
    if memory.shown.values is None:
        order = "Units are sorted by the step at which each is strongest."
    else:
        first, last = memory.units[0], memory.units[-1]
        order = (
            f"Units are sorted by their correlation with {memory.shown.channels[0]}, from unit {first} "
            f"({format_signed(memory.responds[0])}) at the top to unit {last} "
            f"({format_signed(memory.responds[-1])}) at the bottom."
        )
    kept = (
        ""
        if len(memory.units) == memory.all_units
        else f" These {len(memory.units)} of {memory.all_units} units vary most."
    )
    return order + kept


def _unit_sentence(memory: GateActivityView, place: int) -> str:
    h = next(gate.values[place] for gate in memory.gates if gate.name == HIDDEN.name)
    high, low = int(h.argmax()), int(h.argmin())
    names = [visible_token(name) for name in memory.shown.names]
    moved = (
        f"Its hidden state is highest at “{names[high]}” ({format_signed(h[high])}) and lowest at "
        f"“{names[low]}” "
        f"({format_signed(h[low])})."
    )
    if memory.shown.values is None:
        return moved
    return (
        f"{moved} Its correlation with {memory.shown.channels[0]} is {format_signed(memory.responds[place])}."
    )


def _peaks_sentence(found: TopActivationsView, unit: int) -> str:
    if not found.stretches:
        return "Nothing was found."
    best, extreme = found.stretches[0], "lowest" if found.lowest else "highest"
    peaks = [visible_token(one.names[one.peak]) for one in found.stretches]
    common = max(set(peaks), key=peaks.count)
    again = (
        f" {peaks.count(common)} of these {len(peaks)} peaks are at “{common}”."
        if best.values is None and peaks.count(common) > 1
        else ""
    )
    return (
        f"In {found.examples} examples of the dataset, unit {unit} is {extreme} at "
        f"“{visible_token(best.names[best.peak])}” ({format_signed(best.activity[best.peak])}).{again}"
    )


def _quantity(memory: GateActivityView, gate: GateView) -> Quantity:
    return CELLS[memory.kind].quantity(gate.name)


def _largest_deviation(values: np.ndarray) -> float:
    return float(values[np.abs(values).argmax()])


# --- Small pictures ----------------------------------------------------------------------------------


def _peak_html(one: ActivationView, largest: float) -> str:
    words = "".join(
        f'<span style="background:{_state_colour(value / largest)};border-radius:0.2rem;padding:0.1em 0.15em'
        f'{";font-weight:700" if place == one.peak else ""}">{html.escape(visible_token(name))}</span>'
        f"{_between(one.names)}"
        for place, (name, value) in enumerate(zip(one.names, one.activity, strict=True))
    )
    return f'<div style="overflow-wrap:anywhere">{words}</div>'


def _between(names: Sequence[str]) -> str:
    """Return what parts tokens: nothing where the spaces are characters, or within the subwords."""
    return "" if max(map(len, names)) == 1 or any(name.startswith(" ") for name in names) else " "


def _colour_of(quantity: Quantity) -> str:
    if isinstance(quantity, CellGate):
        return _COLOURS[quantity.role]
    return {CANDIDATE: ORANGE, HIDDEN: BLUE}.get(quantity, SKY)


def _state_colour(share: float) -> str:
    return with_opacity(BLUE if share >= 0 else VERMILLION, round(0.6 * min(1.0, abs(share)), 3))
