"""Initialisation: what the initial weights alone do to the gradient, before any training."""

import numpy as np
import streamlit as st

from components.charts.gradients import initial_gradient as initial_gradient_chart
from components.glossary import explain
from components.insight.initialization import (
    FORGET,
    InitializationSetting,
    RecurrentInitializer,
    initial_gradient,
)
from components.models.cells import CELLS
from components.ui.boundary import fragment
from components.ui.formatting import number
from components.ui.gradients.lesson import Lesson
from components.ui.run.worker_questions import ask_worker
from components.ui.widgets.chart_display import show_chart

_EARLIER = "beginning.before"
_MAX_EARLIER = 3  # earlier settings that stay on the chart
_RECURRENT_LABELS: dict[RecurrentInitializer, str] = {"orthogonal": "Orthogonal", "normal": "Random"}


@fragment
def _show() -> None:
    """Draw the sliders and the gradient that follows from them."""
    left, right = st.columns([1, 2], gap="large")
    with left:
        asked = _choose_setting()
    measured = ask_worker(initial_gradient, asked)
    earlier = [held for held in st.session_state.get(_EARLIER, []) if held[0] != asked]
    with right:
        st.metric("Gradient ratio: first five steps ÷ last five", number(measured.ratio))
        show_chart(
            initial_gradient_chart(
                measured.grad_x,
                measured.ratio,
                [(_setting_label(one), norms) for one, norms in earlier[-_MAX_EARLIER:]],
            ),
            key="beginning-chart",
        )
    kept: list[tuple[InitializationSetting, np.ndarray]] = [*earlier, (asked, measured.grad_x)]
    st.session_state[_EARLIER] = kept[-_MAX_EARLIER - 1 :]


def _choose_setting() -> InitializationSetting:
    kind = st.segmented_control(
        "Layer",
        tuple(CELLS),
        default=next(iter(CELLS)),
        format_func=lambda kind: CELLS[kind].title,
        required=True,
        key="beginning.kind",
    )
    recurrent = st.segmented_control(
        "Recurrent weights",
        tuple(_RECURRENT_LABELS),
        default="orthogonal",
        format_func=_RECURRENT_LABELS.__getitem__,
        required=True,
        key="beginning.recurrent",
        help="The weights that carry the state from one step to the next. *Orthogonal* weights rotate the "
        "state without stretching it; *random* ones stretch it in some directions and shrink it in others.",
    )
    radius = st.slider(
        "Spectral radius",
        0.5,
        1.6,
        1.0,
        0.05,
        key="beginning.radius",
        help=f"{explain('Spectral radius')} Below 1 the state shrinks step by step, above 1 it grows.",
    )
    forget = 1.0
    assert kind is not None and recurrent is not None  # one of each is always chosen
    if FORGET in CELLS[kind].blocks:
        forget = st.slider(
            "Forget gate bias",
            -3.0,
            6.0,
            1.0,
            0.25,
            key="beginning.forget",
            help="How far the forget gate is open at the start: at 1 it keeps about three quarters of the "
            "cell state at each step, at 4 nearly all of it.",
        )
    steps = st.slider(
        "Sequence length (steps)",
        10,
        400,
        100,
        10,
        key="beginning.steps",
        help="How many steps the gradient travels back.",
    )
    units = st.slider("Units", 4, 128, 32, 4, key="beginning.units", help=explain("Units"))
    return InitializationSetting(kind, units, steps, recurrent, radius, forget)


def _setting_label(setting: InitializationSetting) -> str:
    forget = f", forget {setting.forget:g}" if FORGET in CELLS[setting.kind].blocks else ""
    drawn = _RECURRENT_LABELS[setting.recurrent].lower()
    return f"{CELLS[setting.kind].title}, {drawn}, {setting.radius:g}{forget}, {setting.steps} steps"


LESSON = Lesson(
    title="Initialisation",
    icon=":material/casino:",
    description=(
        "An untrained layer reads sequences and makes a prediction; one backward pass then computes the "
        "gradients. Move the sliders to see how much of the gradient reaches the first time steps."
    ),
    show=_show,
)
