"""Initialisation and depth: what the first weights alone do to the gradient, before any training."""

import numpy as np
import streamlit as st

from components.charts.gradients import beginning as drawn
from components.engine.engine import engine
from components.insight.beginning import Setting, Squares, beginning
from components.insight.strand import Kind
from components.ui.boundary import fragment
from components.ui.controls import MODELS
from components.ui.figures import show as show_chart
from components.ui.words import number

NAME = "First weights"
ICON = ":material/casino:"
ABOUT = (
    "No training at all: a layer with its first weights reads sequences, makes a guess, and one pass goes "
    "back through time. Move the sliders, and see how much of the gradient arrives at the beginning."
)

_BEFORE = "beginning.before"
_SHOWN = 3  # earlier settings that stay on the chart
_ORDER: tuple[Kind, ...] = ("simple_rnn", "lstm", "gru")
_KINDS = {kind: MODELS[kind] for kind in _ORDER}
_RECURRENT: dict[Squares, str] = {"orthogonal": "Orthogonal", "normal": "Random"}


def show() -> None:
    """Draw the sliders and what they make of the gradient."""
    _play()


@fragment
def _play() -> None:
    left, right = st.columns([1, 2], gap="large")
    with left:
        asked = _asked()
    measured = engine().ask(beginning, asked)
    earlier = [held for held in st.session_state.get(_BEFORE, []) if held[0] != asked]
    with right:
        st.metric("First five time steps ÷ last five", number(measured.ratio))
        show_chart(
            drawn(measured.by_x, measured.ratio, [(_named(one), norms) for one, norms in earlier[-_SHOWN:]]),
            key="beginning-chart",
        )
    kept: list[tuple[Setting, np.ndarray]] = [*earlier, (asked, measured.by_x)]
    st.session_state[_BEFORE] = kept[-_SHOWN - 1 :]


def _asked() -> Setting:
    kind = st.segmented_control(
        "Layer",
        tuple(_KINDS),
        default="simple_rnn",
        format_func=_KINDS.__getitem__,
        required=True,
        key="beginning.kind",
    )
    recurrent = st.segmented_control(
        "Recurrent weights",
        tuple(_RECURRENT),
        default="orthogonal",
        format_func=_RECURRENT.__getitem__,
        required=True,
        key="beginning.recurrent",
        help="How a state goes on into the next. *Orthogonal* ones turn it without stretching it in any "
        "direction; *random* ones stretch it in some and squeeze it in others.",
    )
    radius = st.slider(
        "Spectral radius",
        0.5,
        1.6,
        1.0,
        0.05,
        key="beginning.radius",
        help="How much the recurrent weights stretch a state at most when they are applied again and "
        "again. Below 1 it shrinks step by step, above 1 it grows.",
    )
    forget = 1.0
    if kind == "lstm":
        forget = st.slider(
            "Bias of the forget gate",
            -3.0,
            6.0,
            1.0,
            0.25,
            key="beginning.forget",
            help="How far the forget gate stands open at first: at 1 it keeps about three quarters of the "
            "cell at each step, at 4 nearly all.",
        )
    steps = st.slider(
        "Length of the sequences",
        10,
        400,
        100,
        10,
        key="beginning.steps",
        help="Steps that the way back has.",
    )
    units = st.slider(
        "Units", 4, 128, 32, 4, key="beginning.units", help="How many numbers the layer carries along."
    )
    assert kind is not None and recurrent is not None  # one of each is always chosen
    return Setting(kind, units, steps, recurrent, radius, forget)


def _named(asked: Setting) -> str:
    forget = f", forget {asked.forget:g}" if asked.kind == "lstm" else ""
    drawn = _RECURRENT[asked.recurrent].lower()
    return f"{_KINDS[asked.kind]}, {drawn}, {asked.radius:g}{forget}, {asked.steps} steps"
