"""The language model on the pages."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from components.charts.bits_per_character import bits_per_character
from components.charts.token_text import SHADES, text_thumbnail, token_text
from components.data import load
from components.data.datasets import Dataset, Texts
from components.data.splits.corpus import training_excerpt
from components.glossary import explain
from components.models.sampling import SamplingOptions
from components.recipe import ModelLanguage, Recipe
from components.runs.store import Run
from components.tasks import model_language
from components.tasks.language_model.generate import LONGEST_PROMPT, GenerationRequest
from components.tasks.language_model.result import LanguageResult
from components.tasks.language_model.token_probabilities import Token
from components.training.events import EpochEnd, Snapshot
from components.ui.boundary import fragment
from components.ui.formatting import count
from components.ui.recipe_form.draft import value
from components.ui.recipe_form.form_fields import RecipeForm
from components.ui.recipe_form.labels import TOKENS
from components.ui.tasks.download import Download
from components.ui.tasks.inspection import InspectionTerms
from components.ui.tasks.language_model.writing import write_text
from components.ui.tasks.page import TaskPage
from components.ui.tasks.result_section import ResultSection
from components.ui.tasks.score_table import best_count, show_scores
from components.ui.widgets.chart_display import show_caption, show_chart

_ABOUT_LEVELS = {
    "character": "Reads and writes character by character, and has to learn to spell first.",
    "word": "Reads and writes word by word, but can't write a word that it doesn't know.",
    "byte_pair": (
        "Reads and writes pieces that often occur together, as large language models do: "
        "frequent words whole, rare ones in pieces."
    ),
}
_SAID = {"character": "character", "word": "word", "byte_pair": "subword"}
_MANY = {level: name.lower() for level, name in TOKENS.items()}

_LONGEST = 2000
_USUAL_LENGTH = {"character": 600, "word": 120, "byte_pair": 200}
_PREVIEWED = 600  # characters of the training set


class ModelLanguagePage(TaskPage[Texts, LanguageResult]):
    """What pages show of the language model."""

    title = "Language model"
    description = "Learn to predict the next token of a text, and write by doing so repeatedly."
    icon = ":material/edit_note:"
    examples_name = "text"
    test_set_origin = ", its end"
    examples_help = (
        "How many training windows there are. The text is cut into as many streams as the batch "
        "size; each window continues where the one before it ended."
    )
    exported_model_help = (
        "Takes texts and returns the probability of every possible next token. Unless tokens are "
        "characters, it takes tokens instead."
    )
    inspection = InspectionTerms("Test passage", "Next token", "Enter a text to continue")
    essential_fields = ("task.level", "task.window")
    task = model_language

    def essential_controls(self, panel: RecipeForm, dataset: Texts) -> None:
        """Draw what a beginner chooses: what it reads at a time, and how much between two updates."""
        panel.buttons("task.level", _ABOUT_LEVELS.get(value("task.level"), ""))
        panel.number(
            "task.window",
            "How many are read between two updates. The state carries over from one window to the "
            "next, but the model only learns connections within a window.",
            unit=_MANY[value("task.level")],
        )

    def data_controls(self, panel: RecipeForm, dataset: Texts) -> None:
        """Draw what is done to the text before the model sees it."""
        panel.number(
            "task.vocabulary",
            f"{explain('Vocabulary')} These are the most frequent of the training set; all others "
            "count as unknown.",
            step=500,
        )
        panel.switch(
            "task.tied",
            f"{explain('Tied embeddings')} The embedding is then as wide as the model.",
        )
        if not value("task.tied"):
            panel.number(
                "task.embedding",
                "How many learnt numbers represent each token. Tokens that are used alike end up close "
                "together.",
                step=16,
            )

    def show_data(self, recipe: Recipe, dataset: Texts) -> None:
        """Show how the text begins that is learnt."""
        st.subheader("Training text", anchor=False)
        with st.container(height=220):
            st.text(training_excerpt(dataset, recipe.preparation, _PREVIEWED) + "…")

    def dataset_line(self, dataset: Texts) -> str:
        """Return how long a text is."""
        characters = count(int(dataset.characters.sum()), "character")
        return characters if dataset.is_corpus else f"{count(dataset.size, 'text')}, {characters}"

    def recipe_line(self, recipe: Recipe, dataset: Dataset) -> str:
        """Return what is asked, in Markdown."""
        task = recipe.require_task(ModelLanguage)
        return f"{TOKENS[task.level]}, {task.window:,} at a time in {recipe.training.batch:,} streams"

    def thumbnail(self, recipe: Recipe) -> str:
        """Draw the beginning of a card's text, to be continued, as SVG."""
        dataset = load(recipe.dataset)
        assert isinstance(dataset, Texts)
        written = training_excerpt(dataset, recipe.preparation, _PREVIEWED).split("\n")
        if not dataset.is_corpus:
            return text_thumbnail(written)
        full = max(map(len, written))  # a book's lines, without its headings
        return text_thumbnail([line for line in written if len(line) > full / 2])

    def live_chart(self, recipe: Recipe, dataset: Dataset) -> dict[str, Any]:
        """Return for the live charts to show what a run writes after every epoch."""
        loss = f"nats per {_SAID[recipe.require_task(ModelLanguage).level]}"
        return {
            "kind": "writing",
            "loss": loss,
            "shades": [[least, colour, word] for least, colour, word in SHADES],
        }

    def show_replay(self, run: Run, ends: Sequence[EpochEnd], dataset: Dataset) -> None:
        """Show what the run wrote after each epoch."""
        written = {end.epoch: end.snapshot for end in ends if end.snapshot.texts}
        if len(written) > 1:
            _replay(run, written)

    def result_sections(self, run: Run, result: LanguageResult) -> Sequence[ResultSection]:
        """Return the beginning of the test set as the model read it, and the scores."""
        passage, scores = partial(_passage, result), partial(_scores, result)
        return (
            ResultSection("passage", "Predictions", "Token probabilities", passage),
            ResultSection("scores", "How good", "Scores on the test set", scores),
        )

    def downloads(self, result: LanguageResult) -> tuple[Download, ...]:
        """Return what cuts a text into subwords, which Keras can't do."""
        if result.merges is None:
            return ()
        merges = result.merges.tobytes()
        return (
            Download(
                "Subwords (SentencePiece)",
                "unroll-tokens.model",
                "application/octet-stream",
                ":material/content_cut:",
                lambda: merges,
            ),
        )

    def ask_model(self, run: Run) -> None:
        """Have the model write, and show the text as it comes."""
        level = run.recipe.require_task(ModelLanguage).level
        with st.form(f"write-{run.id}", border=True):
            prompt = st.text_area(
                "Prompt",
                key=f"write-prompt-{run.id}",
                max_chars=LONGEST_PROMPT,
                height=80,
                placeholder="Empty: starts on a new line",
            )
            first, second, third = st.columns(3)
            temperature = first.slider(
                "Temperature",
                0.0,
                2.0,
                value=0.8,
                step=0.05,
                key=f"write-temperature-{run.id}",
                help=explain("Temperature"),
            )
            top_p = second.slider(
                "Top-p",
                0.05,
                1.0,
                value=1.0,
                step=0.05,
                key=f"write-top-p-{run.id}",
                help=explain("Top-p"),
            )
            length = third.slider(
                f"Length, in {_MANY[level]}",
                10,
                _LONGEST,
                value=_USUAL_LENGTH[level],
                step=10,
                key=f"write-length-{run.id}",
            )
            with st.container(horizontal=True, vertical_alignment="bottom"):
                top_k = st.number_input(
                    "Top-k",
                    min_value=0,
                    value=0,
                    key=f"write-top-k-{run.id}",
                    help=f"{explain('Top-k')} 0 keeps all.",
                    width=140,
                )
                seed = st.number_input(
                    "Seed",
                    min_value=0,
                    max_value=2**31 - 1,
                    value=0,
                    key=f"write-seed-{run.id}",
                    help=f"{explain('Seed')} Here: the same text.",
                    width=140,
                )
                pressed = st.form_submit_button(
                    "Generate", type="primary", icon=self.icon, key=f"write-{run.id}-go"
                )
        kept = f"written-{run.id}"
        page = st.empty()
        if pressed:
            page.caption("Loading the model…")
            taste = SamplingOptions(temperature, top_k or None, top_p)
            st.session_state[kept] = (prompt, ())
            for tokens in write_text(run, GenerationRequest(prompt, length, taste, seed)):
                st.session_state[kept] = (prompt, tokens)
                page.html(token_text(tokens, prompt).html)
        if kept in st.session_state:
            prompt, tokens = st.session_state[kept]
            drawing = token_text(tokens, prompt)
            page.html(drawing.html)
            show_caption(drawing.sentence, drawing.table, key=f"written-{run.id}")


def _passage(result: LanguageResult) -> None:
    """Show the start of the test set, each token on the colour of the probability it was given."""
    drawing = token_text(result.passage)
    st.html(drawing.html)
    st.caption("The start of the test set. Point at a token to see the likeliest tokens there.")
    show_caption(drawing.sentence, drawing.table, key="passage")


def _scores(result: LanguageResult) -> None:
    show_chart(bits_per_character(result.scores), key="bits")
    with st.expander(best_count(result.scores, model_language.metrics), icon=":material/table_rows:"):
        show_scores(
            result.scores,
            model_language.metrics,
            who="Model",
            alt="Scores of the model and of the baselines on the test set",
            caption=f"Smaller is better in every column; the best of each is marked. {_tested(result)}",
        )


@fragment
def _replay(run: Run, written: dict[int, Snapshot]) -> None:
    st.header("Samples during training", anchor=False)
    epoch = st.select_slider(
        "After epoch",
        tuple(written),
        key=f"replay-{run.id}",
        help="The random numbers are the same after every epoch: only the model changes.",
    )
    snapshot = written[epoch]
    drawing = token_text([Token(t, p, ()) for t, p in zip(snapshot.texts, snapshot.numbers, strict=True)])
    st.html(drawing.html)


def _tested(result: LanguageResult) -> str:
    many = (
        f"{result.tokens:,} {_MANY[result.level]} were predicted, with a vocabulary of {result.vocabulary:,}"
    )
    return f"{many}; it doesn't know {result.unknown:.1%} of them." if result.unknown else f"{many}."


PAGE = ModelLanguagePage()
