"""Attention on the page, and whether to believe it."""

import streamlit as st

from components.charts.alignment import mark
from components.charts.looked import attention_map, truth
from components.insight.views import Attention, SeeAttention
from components.runs.store import Run
from components.ui import tasks
from components.ui.figures import show
from components.ui.inside.example import choose_example, keep, note_example
from components.ui.inside.moment import Moment

_ANSWER, _LAYER, _HEAD = "inside-answer", "inside-layer", "inside-head"
_ALL = -1  # stands for the mean of all heads
_CHECKING = (
    "Attention is what the model says it looks at. There are two ways of checking: leave a step out and see "
    "how the answer changes; and ask how a tiny change of a step would change the answer (gradient × input)."
)


def show_attention(run: Run, moment: Moment) -> None:
    """Draw where the model looks for an answer, and beside it what else counts for it."""
    asked = choose_example(run)
    if asked is None:
        return
    held = st.session_state.get
    # Another example has its own answer that is worth asking about.
    of_example = f"{_ANSWER}-{asked!r}"
    answer, layer, head = held(of_example), held(_LAYER), held(_HEAD, _ALL)
    place = st.container()
    view = SeeAttention(asked, answer, layer, None if head == _ALL else head)
    seen: Attention = moment.look(view).seen
    with place:
        note_example(run, seen.shown)
        _choose(run, seen, of_example)
    if seen.weights is not None and len(seen.weights) > 1:
        show(attention_map(seen, _rows(run, seen)), key="inside-map")
    if seen.weights is None:
        st.caption(
            "This model has no attention: train one that has, and see here where it looks.", help=_CHECKING
        )
    else:
        st.subheader("Can you believe it?", anchor=False, help=_CHECKING)
    if seen.weights is not None and seen.attention is None:
        st.caption("This layer looks at what was written, which is no part of the text below.")
    show(truth(seen), key="inside-truth")


def _choose(run: Run, seen: Attention, of_example: str) -> None:
    """Draw the choice of the answer, and of layer and head where there are several."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        answers = list(range(len(seen.shown.answers)))
        if len(answers) > 1:
            keep(of_example, answers)
            st.selectbox(
                tasks.module_of(run.recipe).INSIDE.answer,
                answers,
                index=seen.answer,
                format_func=lambda number: _named(seen, number),
                key=of_example,
                width=260,
            )
        if len(seen.layers) > 1:
            layers = list(range(len(seen.layers)))
            keep(_LAYER, layers)
            st.selectbox(
                "Layer",
                layers,
                index=seen.layer,
                format_func=seen.layers.__getitem__,
                key=_LAYER,
                width=260,
            )
        if seen.heads > 1:
            heads = [_ALL, *range(seen.heads)]
            keep(_HEAD, heads)
            st.selectbox(
                "Head",
                heads,
                format_func=lambda n: "All, on average" if n == _ALL else f"Head {n + 1}",
                key=_HEAD,
                width=180,
                help="Each layer looks with several heads at the same time, and each may look elsewhere.",
            )


def _named(seen: Attention, number: int) -> str:
    name = mark(seen.shown.answers[number])
    many = seen.shown.answers.count(seen.shown.answers[number]) > 1
    return f"{number + 1}. {name}" if many else name


def _rows(run: Run, seen: Attention) -> str:
    if seen.rows == seen.shown.names:
        return "what looks"
    return tasks.module_of(run.recipe).INSIDE.answer.lower()
