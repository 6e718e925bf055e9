"""A chart in which points can be moved, by mouse, finger or keyboard; the page hears where they were put."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from components.charts.chart import Chart
from components.ui.widgets.chart_display import show_caption
from components.ui.widgets.js_component import js_component

_component = js_component("draggable_chart", "figure", "draggable_chart")


@dataclass(frozen=True)
class MovedPoint:
    """A point that was moved: its place among those of its line, and the value that it has now."""

    position: int
    value: float


@dataclass(frozen=True)
class Handles:
    """What can be moved in a chart.

    Attributes:
        trace: number of the line in the figure.
        positions: of its points.
        names: what each is called, for who can't see it.
        colour: of the handles.
    """

    trace: int
    positions: Sequence[int]
    names: Sequence[str]
    colour: str


def show_draggable_chart(
    chart: Chart, movable: Handles, key: str, on_move: Callable[[MovedPoint], None]
) -> None:
    """Draw a chart in which points can be moved up and down.

    Args:
        chart: what to draw.
        movable: what can be moved in it.
        key: a name of its own on the page.
        on_move: called before the page runs again with the point that was moved.
    """

    def heard() -> None:
        told = st.session_state[key].get("moved")
        if told is not None:
            on_move(MovedPoint(int(told["place"]), float(told["value"])))

    data = {
        "figure": chart.figure.to_json(),
        "alt": chart.sentence,
        "trace": movable.trace,
        "movable": list(movable.positions),
        "names": list(movable.names),
        "colour": movable.colour,
    }
    _component(key=key, data=data, height=chart.figure.layout.height, on_moved_change=heard)
    show_caption(chart.sentence, chart.table, key)
