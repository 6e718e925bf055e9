"""The experiments that Home offers: each a card, one click from its training."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import streamlit as st

from components.charts.palette import GREY
from components.charts.thumbnails.frame import svg_frame as framed
from components.charts.thumbnails.sequences import sequences_thumbnail
from components.recipe import (
    Recipe,
)
from components.ui.experiments import CARDS, Card
from components.ui.navigation import Page, open_page
from components.ui.tasks import page_of


@dataclass(frozen=True)
class LessonCard:
    """A section of the page Gradients, one click from its start."""

    key: str
    title: str
    sentence: str
    curves: tuple[tuple[float, ...], ...]
    """heights of what its picture shows, from 0 to 1"""


LESSONS: tuple[LessonCard, ...] = (
    LessonCard(
        "race",
        "Which model remembers longest?",
        "Recurrent models of every kind and a Transformer train side by side on the same batches.",
        (
            (0.5, 0.49, 0.5, 0.48, 0.5, 0.49, 0.5),
            (0.5, 0.5, 0.49, 0.47, 0.3, 0.1, 0.04),
            (0.5, 0.49, 0.42, 0.12, 0.05, 0.03, 0.02),
            (0.5, 0.47, 0.44, 0.36, 0.28, 0.22, 0.18),
        ),
    ),
    LessonCard(
        "twins",
        "Exploding gradients and clipping",
        "Train the same network with and without gradient clipping, and see why one of them diverges.",
        ((0.2, 0.22, 0.21, 0.3, 0.6, 1.0), (0.2, 0.19, 0.18, 0.17, 0.16, 0.15, 0.14)),
    ),
)


_FEATURED = {
    *("sunspots", "co2", "seattle_weather", "share_prices", "sentiment", "spoken_digits", "moby_dick"),
    *("dates", "small_talk", "adding", "race"),
}
"""What Home shows at once. All of them would take the browser longer than a visitor likes to wait."""
_SHOW_ALL = "home.all"


def show_gallery() -> None:
    """Draw the cards; a click on one opens Train, or a lesson, with everything set."""
    with_all = st.session_state.get(_SHOW_ALL, False)
    grid = st.grid(4, min_column_width=250)
    for card in CARDS:
        if with_all or card.key in _FEATURED:
            task = page_of(card.recipe)
            badge = f"{task.icon} {task.title}"
            with grid.cell():
                if _show_card(card, _thumbnail(card.recipe.to_json()), badge):
                    open_page(Page.TRAIN, recipe=card.recipe.to_url())
    for lesson in LESSONS:
        if with_all or lesson.key in _FEATURED:
            with grid.cell():
                if _show_card(lesson, _lesson_thumbnail(lesson), ":material/gradient: Gradients"):
                    open_page(Page.GRADIENTS, view=lesson.key)
    with grid.cell(), st.container(border=True, height="stretch"):
        st.image(_blank_thumbnail(), width="stretch", alt="")
        st.markdown("**Your own data**")
        st.caption("Upload a file, record your voice or generate a dataset.")
        st.space("stretch")
        if st.button("Choose data", key="card-own", width="stretch", icon=":material/upload_file:"):
            open_page(Page.DATA)
    if not with_all:
        _show_all_button()


def _show_card(card: Card | LessonCard, picture: str, badge: str) -> bool:
    """Draw a card.

    Returns:
        whether it has just been opened.
    """
    with st.container(border=True, height="stretch"):
        st.image(picture, width="stretch", alt="")
        # In one piece: every element more takes the browser time before Home stands.
        st.markdown(f":gray-badge[{badge}]\n\n**{card.title}**\n\n:small[:gray[{card.sentence}]]")
        st.space("stretch")
        return st.button("Open", key=f"card-{card.key}", width="stretch", icon=":material/play_arrow:")


def _show_all_button() -> None:
    with st.container(horizontal_alignment="center"):
        st.button(
            f"Show all {len(CARDS) + len(LESSONS)} experiments",
            key="home-all",
            type="tertiary",
            icon=":material/expand_more:",
            on_click=st.session_state.__setitem__,
            args=(_SHOW_ALL, True),
        )


def draw_thumbnails() -> None:
    """Draw the cards' pictures before the first visitor comes."""
    for card in CARDS:
        _thumbnail(card.recipe.to_json())


@cache
def _thumbnail(recipe: str) -> str:
    """Draw what a card's recipe is about."""
    shown = Recipe.from_json(recipe)
    return page_of(shown).thumbnail(shown)


def _lesson_thumbnail(lesson: LessonCard) -> str:
    """Draw a lesson's curves, as SVG."""
    return sequences_thumbnail([np.array(curve) for curve in lesson.curves])


def _blank_thumbnail() -> str:
    """Draw a dashed line without data, as large as the other pictures."""
    return framed(
        f'<path d="M4 46C40 10 60 10 90 40S150 70 180 34 220 20 236 26" stroke="{GREY}"/>',
        stroke_width=1.75,
        stroke_linecap="round",
        stroke_dasharray="2 6",
    )
