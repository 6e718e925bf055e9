"""The task of translating on the pages."""

import streamlit as st

from components.charts.alignment import alignment
from components.charts.beam_tree import beam_tree
from components.data import NO_PREPARATION
from components.data.datasets import Pairs
from components.recipe import Preparation, Recipe, Translate
from components.runs.store import Run
from components.tasks.answers import AnswersResult
from components.tasks.pairs import pairs_of
from components.tasks.translate import Found, Given
from components.ui.dataset_cache import dataset_of
from components.ui.formatting import escape
from components.ui.tasks import answering
from components.ui.tasks.answering import (
    COUNTED,
    EXAMPLES,
    MODEL_TAKES,
    RULES,
    TEST_IS,
    downloads,
    live,
    look,
    picture,
    replay,
    said,
)
from components.ui.tasks.inside import Inside
from components.ui.tasks.trying import asked, learnt
from components.ui.train.form_fields import RecipeForm
from components.ui.widgets.chart_display import show_chart

__all__ = [
    "ABOUT",
    "COUNTED",
    "ESSENTIAL",
    "EXAMPLES",
    "ICON",
    "MODEL_TAKES",
    "NAME",
    "RULES",
    "TEST_IS",
    "data_controls",
    "downloads",
    "essential_controls",
    "live",
    "look",
    "picture",
    "replay",
    "said",
    "settle",
    "show_results",
    "suggest",
    "summary",
    "try_it",
]

NAME = "Translate"
ABOUT = "Read a text whole, then write its answer token by token."
ICON = ":material/translate:"
INSIDE = Inside("Text of the test part", "Token of the answer", "Write a text to translate")
ESSENTIAL = "task.level task.beams"

_EXAMPLES = 3
_MOST_BEAMS = 6


def suggest(dataset: Pairs, preparation: Preparation = NO_PREPARATION) -> Recipe:
    """Size task and training to a dataset."""
    return answering.suggested(dataset, preparation, Translate)


def settle() -> None:
    """Nothing that is chosen contradicts anything else."""


def essential_controls(panel: RecipeForm, dataset: Pairs) -> None:
    """Draw what a beginner chooses: what texts are cut into, and how answers are looked for."""
    answering.level_control(panel)
    panel.number(
        "task.beams",
        "Beams",
        "How many answers it follows at the same time when it is tested. With 1 it is **greedy**: "
        "it always takes the most probable next token.",
    )


def data_controls(panel: RecipeForm, dataset: Pairs) -> None:
    """Draw what is left out, and what is the same to the model."""
    answering.longest_control(panel)
    answering.vocabulary_control(panel)
    answering.lower_control(panel)


def summary(recipe: Recipe, dataset: Pairs) -> str:
    """Return what is asked, in Markdown."""
    first, second = dataset.names
    level = {"word": "word by word", "character": "letter by letter"}[recipe.require_task(Translate).level]
    return f"{escape(first)} to {escape(second)}, {level}"


def show_results(run: Run, result: AnswersResult) -> None:
    """Draw the scores and the answers."""
    answering.scores(result)
    answering.answers(result)


def try_it(run: Run) -> None:
    """Let a person write a text, and show what the model makes of it and how it came to that."""
    dataset = pairs_of(dataset_of(run.recipe.dataset, run.recipe.preparation))
    examples = dataset.sources[:: max(1, dataset.size // _EXAMPLES)][:_EXAMPLES]

    def take() -> None:
        st.session_state["try-text"] = st.session_state["try-example"] or ""

    left, right = st.columns([3, 1], vertical_alignment="bottom")
    text = left.text_input(
        f"Write something in the manner of “{dataset.names[0]}”", key="try-text", placeholder=examples[0]
    )
    beams = right.slider("Beams", 1, _MOST_BEAMS, 4, key="try-beams", help="Answers to follow at once.")
    st.pills("Or take one of these", examples, key="try-example", on_change=take)
    if text.strip():
        with st.spinner("Looking for an answer …", show_time=False):
            answer = asked(run, Given(text, beams))
        _found(answer.value, dataset.names)
        st.caption(learnt(run, answer.epoch))


def _found(found: Found, names: tuple[str, str]) -> None:
    best = found.candidates[0]
    st.markdown(f"#### {escape(best.text) or '(nothing)'}")
    share = f"{best.chance:.1%}" if best.chance >= 0.001 else "less than 0.1%"
    st.caption(f"The chance that the model writes just this: {share}.")
    answering.say_unknown(found.source, found.known)
    if best.weights.any():
        show_chart(alignment(found.source, best.tokens, best.weights), key="try-alignment")
    if len(found.candidates) > 1:
        show_chart(beam_tree(found.branches), key="try-tree")
    st.markdown("**Most like it in the training part**")
    answering.nearest(found.neighbours, names)
