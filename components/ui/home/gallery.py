"""The experiments that Home offers: each a card, one click from its training."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import streamlit as st
from pydantic import BaseModel
from streamlit.elements.lib.grid_container import GridContainer

from components.charts.thumbnails.sequences import sequences_thumbnail
from components.recipe import (
    Chat,
    ClassifySequences,
    ClassifyTexts,
    Forecast,
    ModelLanguage,
    Recipe,
    RegressSequences,
    Transcribe,
    Translate,
)
from components.ui.experiments import CARDS, Card
from components.ui.formatting import escape
from components.ui.navigation import Page, open_page
from components.ui.run.shelf_runs import finished_run
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


@dataclass(frozen=True)
class CardGroup:
    """The experiments on one question.

    Attributes:
        title: the question, as an order.
        sentence: what a visitor meets there.
        tasks: whose cards stand in it.
        featured: those that Home shows at once, by key. All of them would take the browser longer than a
            visitor likes to wait.
        lessons: that stand in it as well.
    """

    title: str
    sentence: str
    tasks: tuple[type[BaseModel], ...]
    featured: tuple[str, ...] = ()
    lessons: tuple[LessonCard, ...] = ()

    @property
    def cards(self) -> tuple[Card, ...]:
        """Its experiments, those of the first row of Home left out."""
        return tuple(
            card for card in CARDS if isinstance(card.recipe.task, self.tasks) and card.key not in _BEST
        )


_BEST = ("co2", "spoken_digits", "moby_dick", "dates")
"""Where to start: one experiment of each kind, whose finished run did better than the baselines."""
_GROUPS: tuple[CardGroup, ...] = (
    CardGroup(
        "Forecast",
        "A network reads the latest values of a series and predicts the next ones.",
        (Forecast,),
        featured=("sunspots", "seattle_weather", "share_prices", "pretrained"),
    ),
    CardGroup(
        "Classify and measure",
        "A network reads a sequence, a recording or a text, and predicts its class, a number or its words.",
        (ClassifySequences, ClassifyTexts, RegressSequences, Transcribe),
        featured=("sentiment", "digit_strings", "control_charts", "adding"),
    ),
    CardGroup(
        "Write",
        "A language model guesses the next letter or word, again and again, until it has written a text.",
        (ModelLanguage, Chat),
        featured=("small_talk", "first_names"),
    ),
    CardGroup(
        "Translate",
        "An encoder reads one text, a decoder writes another, and attention shows which word led to which.",
        (Translate,),
        featured=("french", "sums"),
    ),
    CardGroup(
        "Look inside",
        "Watch gradients travel back through time: where they vanish, where they explode, and what helps.",
        (),
        featured=("race", "twins"),
        lessons=LESSONS,
    ),
)
_SHOW_ALL = "home.all"


def show_gallery() -> None:
    """Draw the cards; a click on one opens its finished run, or a lesson."""
    wanted = st.text_input(
        "Search the experiments",
        key="home.search",
        placeholder="Search the experiments: weather, chatbot, overfit…",
        label_visibility="collapsed",
        icon=":material/search:",
        live=True,
    )
    if wanted.strip():
        _show_matches(wanted)
        return
    with_all = st.session_state.get(_SHOW_ALL, False)
    _show_best()
    for group in _GROUPS:
        _show_group(group, with_all)
    if not with_all:
        _show_all_button()


def _show_best() -> None:
    """Draw where to start: the four best, and the way to a visitor's own data."""
    best = [next(card for card in CARDS if card.key == key) for key in _BEST]
    first = best[0]
    st.header("Start here", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            "Each experiment opens with a finished run: replay its training, read the verdict, look inside. "
            "Then train it yourself, or bring your own data: upload a file, fetch one, record your voice or "
            "generate a series.",
            width="stretch",
        )
        if st.button(f"Start: {first.title}", type="primary", key="start", icon=":material/play_arrow:"):
            _open_experiment(first)
        if st.button("Choose data", key="card-own", icon=":material/upload_file:"):
            open_page(Page.DATA)
    grid = _grid()
    for card in best:
        _show_experiment(grid, card)


def _show_group(group: CardGroup, with_all: bool) -> None:
    """Draw a question with its sentence, and the cards on it."""
    st.header(group.title, anchor=False)
    st.caption(group.sentence)
    grid = _grid()
    for card in group.cards:
        if with_all or card.key in group.featured:
            _show_experiment(grid, card)
    for lesson in group.lessons:
        if with_all or lesson.key in group.featured:
            _show_lesson(grid, lesson)


def _show_matches(wanted: str) -> None:
    """Draw the cards that hold every word that is searched for."""
    words = wanted.casefold().split()
    cards = [card for card in CARDS if _holds(words, card, page_of(card.recipe).title)]
    lessons = [lesson for lesson in LESSONS if _holds(words, lesson, "gradients")]
    if not cards and not lessons:
        st.caption(f"No experiment matches “{escape(wanted)}”. Try one word, such as “forecast”.")
    grid = _grid()
    for card in cards:
        _show_experiment(grid, card)
    for lesson in lessons:
        _show_lesson(grid, lesson)


def _holds(words: list[str], card: Card | LessonCard, kind: str) -> bool:
    text = f"{card.title} {card.sentence} {card.key} {kind}".casefold()
    return all(word in text for word in words)


def _grid() -> GridContainer:
    return st.grid(4, min_column_width=250)


def _show_experiment(grid: GridContainer, card: Card) -> None:
    task = page_of(card.recipe)
    with grid.cell():
        if _show_card(card, _thumbnail(card.recipe.to_json()), f"{task.icon} {task.title}"):
            _open_experiment(card)


def _open_experiment(card: Card) -> None:
    """Turn to a card's finished run; without one, to the set-up of its training."""
    finished = finished_run(card.key)
    if finished is None:
        open_page(Page.TRAIN, recipe=card.recipe.to_url())
    else:
        open_page(Page.TRAIN, run=finished.id)


def _show_lesson(grid: GridContainer, lesson: LessonCard) -> None:
    with grid.cell():
        if _show_card(lesson, _lesson_thumbnail(lesson), ":material/gradient: Gradients"):
            open_page(Page.GRADIENTS, view=lesson.key)


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
