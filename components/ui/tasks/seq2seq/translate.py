"""The task of translating on the pages."""

import streamlit as st

from components.charts.alignment import alignment
from components.charts.beam_tree import beam_tree
from components.data.datasets import Pairs
from components.glossary import explain
from components.recipe import Recipe, Translate
from components.runs.store import Run
from components.tasks import translate
from components.tasks.seq2seq.translate import TextToTranslate, Translation
from components.ui.dataset_cache import dataset_of
from components.ui.formatting import escape
from components.ui.recipe_form.form_fields import RecipeForm
from components.ui.tasks.ask_model import ask_model, weights_used
from components.ui.tasks.inspection import InspectionTerms
from components.ui.tasks.seq2seq.page import (
    LEVEL_PHRASES,
    Seq2SeqPage,
    level_control,
    longest_control,
    lower_control,
    note_unknown,
    shared_control,
    show_neighbours,
    vocabulary_control,
)
from components.ui.widgets.chart_display import show_chart

_EXAMPLES = 3
_MOST_BEAMS = 6


class TranslatePage(Seq2SeqPage):
    """What pages show of translating."""

    title = "Translate"
    description = "Read a whole text, then write its translation token by token."
    icon = ":material/translate:"
    inspection = InspectionTerms("Test text", "Token of the answer", "Enter a text to translate")
    essential_fields = ("task.level", "task.beams")
    task = translate

    def essential_controls(self, panel: RecipeForm, dataset: Pairs) -> None:
        """Draw what a beginner chooses: what texts are cut into, and how answers are looked for."""
        level_control(panel)
        panel.number("task.beams", f"{explain('Beam search')} With 1 it is **greedy decoding**.")

    def data_controls(self, panel: RecipeForm, dataset: Pairs) -> None:
        """Draw what is left out, and what is the same to the model."""
        longest_control(panel)
        vocabulary_control(panel)
        shared_control(panel)
        lower_control(panel)

    def recipe_line(self, recipe: Recipe, dataset: Pairs) -> str:
        """Return what is asked, in Markdown."""
        first, second = dataset.names
        level = LEVEL_PHRASES[recipe.require_task(Translate).level]
        return f"{escape(first)} to {escape(second)}, {level}"

    def ask_model(self, run: Run) -> None:
        """Let a person write a text, and show what the model makes of it and how it came to that."""
        dataset = self.task.pairs(dataset_of(run.recipe.dataset, run.recipe.preparation))
        examples = dataset.sources[:: max(1, dataset.size // _EXAMPLES)][:_EXAMPLES]

        def take() -> None:
            st.session_state["try-text"] = st.session_state["try-example"] or ""

        left, right = st.columns([3, 1], vertical_alignment="bottom")
        text = left.text_input(
            f"Text in the style of “{escape(dataset.names[0])}”", key="try-text", placeholder=examples[0]
        )
        beams = right.slider(
            "Beams", 1, _MOST_BEAMS, 4, key="try-beams", help="How many answers to follow at once."
        )
        st.pills("Or try an example", examples, format_func=escape, key="try-example", on_change=take)
        if text.strip():
            with st.spinner("Translating…", show_time=False):
                answer = ask_model(run, TextToTranslate(text, beams))
            _show_translation(answer.value, dataset.names)
            st.caption(weights_used(run, answer.epoch))


def _show_translation(found: Translation, names: tuple[str, str]) -> None:
    best = found.candidates[0]
    st.markdown(f"#### {escape(best.text) or '(nothing)'}")
    share = f"{best.chance:.1%}" if best.chance >= 0.001 else "less than 0.1%"
    st.caption(f"Probability of exactly this answer: {share}.")
    note_unknown(found.source, found.known)
    if best.weights.any():
        show_chart(alignment(found.source, best.tokens, best.weights), key="try-alignment")
    if len(found.candidates) > 1:
        show_chart(beam_tree(found.branches), key="try-tree")
    st.markdown("**Most similar training pairs**")
    show_neighbours(found.neighbours, names)


PAGE = TranslatePage()
