"""A chart in which points can be moved, by mouse, finger or keyboard; the page hears where they were put."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from components.charts.chart import Chart
from components.ui.figures import say
from components.ui.scripted import scripted

_draw = scripted("draggable", "drawing", "draggable")


@dataclass(frozen=True)
class Moved:
    """A point that was moved: its place among those of its line, and the value that it has now."""

    place: int
    value: float


@dataclass(frozen=True)
class Movable:
    """What can be moved in a chart.

    Attributes:
        trace: number of the line in the figure.
        places: of its points.
        names: what each is called, for who can't see it.
        colour: of the handles.
    """

    trace: int
    places: Sequence[int]
    names: Sequence[str]
    colour: str


def show_draggable(chart: Chart, movable: Movable, key: str, on_move: Callable[[Moved], None]) -> None:
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
            on_move(Moved(int(told["place"]), float(told["value"])))

    data = {
        "figure": chart.figure.to_json(),
        "alt": chart.sentence,
        "trace": movable.trace,
        "movable": list(movable.places),
        "names": list(movable.names),
        "colour": movable.colour,
    }
    _draw(key=key, data=data, height=chart.figure.layout.height, on_moved_change=heard)
    say(chart, key)
