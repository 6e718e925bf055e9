"""Attention on the page, and whether it explains the output."""

import streamlit as st

from components.charts.alignment import visible_token
from components.charts.attention_map import attention_map, attribution_comparison
from components.insight.requests import AttentionRequest, AttentionView
from components.runs.store import Run
from components.ui import tasks
from components.ui.inside.example import choose_example, drop_invalid_choice, show_example
from components.ui.inside.layout import Places, show_missing_example
from components.ui.inside.training_step import choose_training_step
from components.ui.widgets.chart_display import show_chart

_ANSWER_KEY, _LAYER_KEY, _HEAD_KEY = "inside-answer", "inside-layer", "inside-head"
_ALL_HEADS = -1  # stands for the mean of all heads


def show_attention(run: Run, places: Places) -> None:
    """Draw the attention of an answer, and below it other attributions."""
    picture, controls = places.picture, places.controls
    with controls:
        moment = choose_training_step(run)
        asked = choose_example(run)
    if asked is None:
        with picture:
            show_missing_example()
        return
    held = st.session_state.get
    # Another example has its own answer that is worth asking about.
    of_example = f"{_ANSWER_KEY}-{asked!r}"
    answer, layer, head = held(of_example), held(_LAYER_KEY), held(_HEAD_KEY, _ALL_HEADS)
    view = AttentionRequest(asked, answer, layer, None if head == _ALL_HEADS else head)
    with picture:
        seen: AttentionView = moment.inspect(view).view
    with controls:
        show_example(run, seen.shown)
        _choose_query(run, seen, of_example)
    has_map = seen.weights is not None and len(seen.weights) > 1
    with picture:
        if has_map:
            show_chart(attention_map(seen, _row_axis_title(run, seen)), key="inside-map")
        else:
            _show_comparison(seen)
    if has_map:
        st.header("Is attention an explanation?", anchor=False)
        _show_comparison(seen)


def _show_comparison(seen: AttentionView) -> None:
    """Draw what else says which steps matter, beside the attention where there is one."""
    if seen.weights is None:
        st.caption("This model has no attention. Train one with attention to see its weights here.")
    elif seen.attention is None:
        st.caption("This layer attends to the output written so far, which isn't part of the text below.")
    show_chart(attribution_comparison(seen), key="inside-truth")


def _choose_query(run: Run, seen: AttentionView, of_example: str) -> None:
    """Draw the choice of the answer, and of layer and head where there are several."""
    answers = list(range(len(seen.shown.answers)))
    if len(answers) > 1:
        drop_invalid_choice(of_example, answers)
        st.selectbox(
            tasks.page_of(run.recipe).inspection.answer,
            answers,
            index=seen.answer,
            format_func=lambda number: _answer_label(seen, number),
            key=of_example,
        )
    if len(seen.layers) > 1:
        layers = list(range(len(seen.layers)))
        drop_invalid_choice(_LAYER_KEY, layers)
        st.selectbox("Layer", layers, index=seen.layer, format_func=seen.layers.__getitem__, key=_LAYER_KEY)
    if seen.heads > 1:
        heads = [_ALL_HEADS, *range(seen.heads)]
        drop_invalid_choice(_HEAD_KEY, heads)
        st.selectbox(
            "Head",
            heads,
            format_func=lambda n: "Mean of all heads" if n == _ALL_HEADS else f"Head {n + 1}",
            key=_HEAD_KEY,
            help="Each layer has several heads, and each may attend to different steps.",
        )


def _answer_label(seen: AttentionView, number: int) -> str:
    name = visible_token(seen.shown.answers[number])
    many = seen.shown.answers.count(seen.shown.answers[number]) > 1
    return f"{number + 1}. {name}" if many else name


def _row_axis_title(run: Run, seen: AttentionView) -> str:
    if seen.rows == seen.shown.names or not {*seen.rows} <= {*seen.shown.answers}:
        return "query"
    return tasks.page_of(run.recipe).inspection.answer.lower()
