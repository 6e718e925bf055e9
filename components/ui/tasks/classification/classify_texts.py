"""Classifying texts, on the pages."""

import html
from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from components.charts import classification as charts
from components.charts.examples import class_balance, length_histogram
from components.charts.palette import BLUE, GREY, SERIES, VERMILLION, with_opacity
from components.charts.thumbnails.frame import WIDTH, svg_frame
from components.data import load
from components.data.datasets import Texts
from components.data.tokenizers.text_vocabulary import text_level
from components.data.tokenizers.token_stats import first_texts, portion_sentence
from components.data.tokenizers.tokenizer import tokenize
from components.glossary import explain
from components.recipe import ClassifyTexts, Recipe
from components.runs.store import Run
from components.tasks import classify_texts
from components.tasks.classification.classify_texts import TextInput, TextPrediction
from components.tasks.classification.result import ClassesResult
from components.tasks.classification.token_counts import subword_texts, tokens_of_texts
from components.ui.dataset_cache import dataset_of
from components.ui.formatting import count, escape
from components.ui.recipe_form.draft import value
from components.ui.recipe_form.form_fields import RecipeForm
from components.ui.recipe_form.labels import SIDES, TEXT_STARTS, TOKENS
from components.ui.tasks.ask_model import ask_model, weights_used
from components.ui.tasks.classification.page import (
    ClassificationPage,
    balance_control,
    convolution_control,
    note_stride,
    output_controls,
    show_contest,
)
from components.ui.tasks.download import Download
from components.ui.tasks.inspection import InspectionTerms
from components.ui.tasks.page import OutputControls
from components.ui.tasks.result_section import ResultSection
from components.ui.tasks.sequences import filters_control
from components.ui.widgets.chart_display import show_chart

_ABOUT_LEVELS = {
    "word": "Reads word by word: words carry meaning, but many are rare or new to the model.",
    "byte_pair": (
        "Reads pieces that often occur together, as large language models do: frequent words whole, rare "
        "ones in pieces."
    ),
    "character": "Reads character by character: they are few, and spell names and words that are new.",
}
_ABOUT_BASES = {
    "none": "The model learns all by itself.",
    "tfidf": (
        "Untrained, the model is the linear baseline, a logistic regression on how often each word or "
        "character n-gram occurs in a text. For its training, each text is predicted by a linear model of "
        "the others (**stacking**)."
    ),
    "tfidf_both": (
        "Untrained, the model is a logistic regression on how often each word, and each run of up to four "
        "characters, occurs in a text: it knows parts of words, too. For its training, each text is "
        "predicted by a linear model of the others (**stacking**)."
    ),
}
_MOST_ROWS = 200  # of a table
_MOST_SHOWN = 300  # characters of a text in it
_MOST_TYPED = 5000  # characters
_MOST_CUT = 300  # tokens that are drawn though the model doesn't read them
_MOST_LETTERS = 40  # of a token: one may be as long as a text
_BOX = "padding:0 0.3em;margin:0.1em;border-radius:0.3em;display:inline-block;"
_SUBWORD = "padding:0 0.12em;margin:0.1em 0.03em;border-radius:0.3em;display:inline-block;"
_WORD_SPACE = "margin-left:0.5em;"  # in front of a subword that begins a word


class ClassifyTextsPage(ClassificationPage[Texts]):
    """What pages show of classifying texts."""

    title = "Classify texts"
    description = "Predict the class of a text, such as whether it's positive or negative."
    icon = ":material/sentiment_satisfied:"
    examples_name = "texts"
    examples_help = "How many training texts there are; each epoch goes through all of them."
    exported_model_help = (
        "Takes an array of texts; the vocabulary and the names of the classes are included. "
        "Keras can't split punctuation from words as this app does, so if tokens are words, put "
        "spaces between all of them. If they are subwords, put a space before each word, split the texts by "
        "the SentencePiece model that can be downloaded too, and put spaces between the pieces; a model that "
        "starts from TF-IDF takes the words beside the subwords."
    )
    inspection = InspectionTerms("Test text", "Class", "Enter a text")
    essential_fields = ("task.level", "task.longest")
    task = classify_texts

    @property
    def output_controls(self) -> OutputControls:
        """The controls of what the prediction starts from."""
        fields = ("task.base", "task.pooling", "task.word_dropout", "task.label_smoothing")
        return OutputControls("Prediction", ":material/conversion_path:", fields, _draw_outputs)

    def essential_controls(self, panel: RecipeForm, dataset: Texts) -> None:
        """Draw what a beginner chooses: what is read, and how much of it."""
        panel.buttons("task.level", _ABOUT_LEVELS.get(value("task.level"), ""))
        panel.number(
            "task.longest",
            "Longer texts are truncated; shorter ones are padded, and the model ignores the padding.",
            unit="tokens",
        )

    def data_controls(self, panel: RecipeForm, dataset: Texts) -> None:
        """Draw what is done to the texts before the model sees them."""
        balance_control(panel)
        panel.buttons("task.cut", "Which end of longer texts is cut off.")
        panel.buttons(
            "task.pad",
            "With **masking** this makes no difference to the model: it ignores the padding.",
        )
        panel.number(
            "task.vocabulary",
            f"{explain('Vocabulary')} These are the most frequent tokens of the training set; all "
            "others count as unknown.",
        )
        panel.switch("task.lower", "Treats “The” and “the” as the same word.")
        panel.number(
            "task.embedding",
            "How many learnt numbers represent each token. Tokens that are used alike end up close together.",
        )
        convolution_control(panel)
        filters_control(panel)

    def show_data(self, recipe: Recipe, dataset: Texts) -> None:
        """Draw how long the texts are and what each class has, and show what becomes of one."""
        suggest = partial(classify_texts.suggest, dataset, recipe.preparation)
        show_contest(recipe, dataset, suggest, "texts")
        for note in dataset.notes:
            st.caption(f":material/info: {escape(note)}")
        task, held = recipe.require_task(ClassifyTexts), classify_texts.classes(dataset)
        unit = "tokens" if task.level == "word" else TOKENS[task.level].lower()
        looked_at, long = first_texts(dataset.texts), tokens_of_texts(recipe, dataset)
        show_chart(length_histogram(long, what="texts", unit=unit, cut=task.longest), key="train-lengths")
        note_stride(task, long, unit.removesuffix("s"), "text")
        if portion := portion_sentence(looked_at, dataset.texts):
            st.caption(f":material/info: {portion}")
        show_chart(class_balance(held.names, held.counts, what="texts"), key="train-balance")
        st.markdown("**A text as the model reads it**")
        longer = np.flatnonzero(long > task.longest)
        at = int(longer[0]) if len(longer) else int(long.argmax())
        key = f"train-text-{dataset.title}-{at}"
        shown = st.number_input("Text", 1, len(looked_at), value=at + 1, key=key) - 1
        st.html(_as_read(_tokens(looked_at[shown], recipe, dataset), task))
        st.caption(
            f"It has {count(int(long[shown]), 'token')}. ▢ is padding, which the model ignores; "
            f"struck-through tokens are cut off, which happens in {count(len(longer), 'text')} of "
            f"{len(looked_at):,}."
        )

    def example_name(self, dataset: Texts) -> str:
        """Return what one example is called."""
        return "text"

    def recipe_line(self, recipe: Recipe, dataset: Texts) -> str:
        """Return what is asked, in Markdown."""
        task = recipe.require_task(ClassifyTexts)
        return f"One of {self.count_classes(dataset)} from up to {task.longest} {TOKENS[task.level].lower()}"

    def thumbnail(self, recipe: Recipe) -> str:
        """Draw lines of words as bars, each line in the colour of its class, as SVG."""
        dataset = load(recipe.dataset)
        assert isinstance(dataset, Texts)
        held, level = classify_texts.classes(dataset), text_level(recipe.require_task(ClassifyTexts).level)
        rows = []
        for line in range(5):
            code = line % len(held.names)
            number = np.flatnonzero(held.codes == code)[line]
            x, y = 6.0, 8 + 13 * line
            for word in tokenize(dataset.texts[number], level)[:14]:
                wide = 5.0 * len(word) + 3
                if x + wide > WIDTH - 6:
                    break
                colour = SERIES[code % len(SERIES)]
                rows.append(f'<rect x="{x:g}" y="{y}" width="{wide:g}" height="8" rx="3" fill="{colour}"/>')
                x += wide + 4
        return svg_frame("".join(rows))

    def show_examples(self, run: Run, numbers: np.ndarray, captions: Sequence[str]) -> None:
        """Show texts of a run's dataset by number, (N,), each with its own words."""
        dataset = dataset_of(run.recipe.dataset, run.recipe.preparation)
        assert isinstance(dataset, Texts)
        texts = [dataset.texts[number][:_MOST_SHOWN] for number in numbers[:_MOST_ROWS]]
        table = pd.DataFrame({"text": texts, "prediction": list(captions)[:_MOST_ROWS]})
        st.dataframe(table, height=380, hide_index=True, alt="Texts of this cell, the most confident first")

    def result_sections(self, run: Run, result: ClassesResult) -> Sequence[ResultSection]:
        """Return those of every classification, and what padding and truncating do."""
        title = "Padding and truncation"
        return (
            *super().result_sections(run, result),
            ResultSection("padding", title, title, partial(_readings, result)),
        )

    def show_scores(self, result: ClassesResult) -> None:
        """Draw the scores, and say what the baselines are."""
        super().show_scores(result)
        st.caption(
            "The TF-IDF baselines are logistic regressions on how often each word or character "
            "n-gram occurs in a text: one plain, and one with balanced classes."
        )

    def downloads(self, result: ClassesResult) -> tuple[Download, ...]:
        """Return what was said of the test set, and what cuts texts into subwords, which Keras can't do."""
        if result.merges is None:
            return super().downloads(result)
        tokenizer = Download(
            "Subwords (SentencePiece)",
            "unroll-tokens.model",
            "application/octet-stream",
            ":material/content_cut:",
            result.merges.tobytes,
        )
        return (tokenizer, *super().downloads(result))

    def ask_model(self, run: Run) -> None:
        """Let a person write, and tell at typing speed what the model makes of it, and why."""
        text = st.text_input(
            "Enter a text",
            key="try-text",
            placeholder="The food was cold, but the people were lovely!",
            max_chars=_MOST_TYPED,
            live=True,
        )
        if not text.strip():
            st.caption("This run's own model answers while you type.")
            return
        answer = ask_model(run, TextInput(text))
        answered = answer.value
        if answered.prediction is None:
            st.caption("The text is empty.")
            return
        dataset = dataset_of(run.recipe.dataset, run.recipe.preparation)
        assert isinstance(dataset, Texts)
        names = classify_texts.classes(dataset).names
        left, right = st.columns(2, gap="large")
        with left:
            show_chart(
                charts.class_probabilities(names, answered.prediction.probabilities), key="try-probabilities"
            )
        with right:
            st.html(_marked(answered, run.recipe.require_task(ClassifyTexts)))
            st.caption(weights_used(run, answer.epoch))
            unknown = [
                piece for piece, known in zip(answered.tokens, answered.known, strict=True) if not known
            ]
            st.caption(
                "Blue tokens support the prediction, red ones oppose it: the colour shows how much its "
                "probability would change without the token."
                + (
                    f" Dotted tokens are unknown to the model: {escape(', '.join(unknown[:8]))}."
                    if unknown
                    else ""
                )
            )
            if answered.cut:
                st.caption(
                    f"{count(answered.cut, 'token')} beyond the maximum length "
                    f"{'was' if answered.cut == 1 else 'were'} cut off."
                )
        show_chart(charts.class_attribution(answered.prediction, names, answered.tokens), key="try-reasons")
        st.caption(
            "Three attributions, none of them a proof: occlusion leaves each token out, the gradient "
            "follows small changes, and attention, where the model has it, shows where it looked."
            + (
                " Gradient and attention are the network's alone; only occlusion includes the TF-IDF model "
                "that it starts from."
                if run.recipe.require_task(ClassifyTexts).base != "none"
                else ""
            )
        )


def _draw_outputs(panel: RecipeForm) -> None:
    """Draw what the prediction starts from."""
    panel.choice(
        "task.base",
        "The classifier that the model begins as; it then learns only what to change (a **residual head**). "
        "How much of that is kept is decided on the validation set. "
        f"{_ABOUT_BASES.get(value('task.base'), '')}",
        options=TEXT_STARTS,
    )
    output_controls(panel)
    panel.share("task.word_dropout", least=0.0, most=0.9)


def _tokens(text: str, recipe: Recipe, dataset: Texts) -> list[str]:
    """Return the tokens of a text as a recipe's model reads them."""
    task, subwords = recipe.require_task(ClassifyTexts), subword_texts(recipe, dataset)
    if subwords is not None:
        return subwords.vocabulary.tokenize(text)
    return tokenize(text, text_level(task.level), lower=task.lower)


def _box(piece: str, task: ClassifyTexts, style: str, title: str = "") -> str:
    """Write a token in a box; those of the subwords of one word stand close together."""
    box = _BOX
    if task.level == "byte_pair":
        box = f"{_SUBWORD}{_WORD_SPACE}" if piece.startswith(" ") else _SUBWORD
    shown = f'title="{title}" ' if title else ""
    return f'<span {shown}style="{box}{style}">{_visible(piece)}</span>'


def _as_read(pieces: list[str], task: ClassifyTexts) -> str:
    """Write tokens as boxes: those that are read, those that are cut off, and what fills the rest up."""
    most = task.longest + _MOST_CUT
    pieces = pieces[-most:] if task.cut == "left" else pieces[:most]
    over = max(0, len(pieces) - task.longest)
    kept = slice(over, None) if task.cut == "left" else slice(0, len(pieces) - over)
    read = range(len(pieces))[kept]
    kept_style = f"background:{with_opacity(BLUE, 0.18)}"
    boxes = [
        _box(piece, task, kept_style if at in read else "opacity:0.5;text-decoration:line-through")
        for at, piece in enumerate(pieces)
    ]
    empty = f'<span style="{_BOX}color:{GREY}">▢</span>' * (task.longest - len(read))
    return f"<div dir='auto'>{empty + ''.join(boxes) if task.pad == 'left' else ''.join(boxes) + empty}</div>"


def _visible(piece: str) -> str:
    shown = piece if len(piece) <= _MOST_LETTERS else f"{piece[:_MOST_LETTERS]}…"
    return {" ": "␣", "\n": "↵", "\t": "⇥"}.get(piece) or html.escape(shown)


def _readings(result: ClassesResult) -> None:
    table = pd.DataFrame(
        {
            "truncated at": [SIDES[reading.cut].lower() for reading in result.readings],
            "padded at": [SIDES[reading.pad].lower() for reading in result.readings],
            "accuracy": [f"{reading.accuracy:.1%}" for reading in result.readings],
            "balanced accuracy": [f"{reading.balanced:.1%}" for reading in result.readings],
        }
    )
    st.dataframe(
        table, hide_index=True, alt="Accuracy of the model with padding and truncation at either end"
    )
    by_cut = {cut: [one.balanced for one in result.readings if one.cut == cut] for cut in ("left", "right")}
    pads = max(abs(values[0] - values[-1]) for values in by_cut.values())
    cuts = abs(by_cut["left"][0] - by_cut["right"][0])
    padding = "Padding at the other end changes nothing, thanks to masking"
    if pads:
        padding = f"Padding at the other end changes the balanced accuracy by {100 * pads:.1f} points"
    cutting = (
        f"truncating there changes the balanced accuracy by {100 * cuts:.1f} points"
        if cuts
        else "truncating there changes nothing"
    )
    st.caption(f"{padding}; {cutting}.")


def _marked(answered: TextPrediction, task: ClassifyTexts) -> str:
    """Write the tokens, each on the colour of what it does; unknown ones are dotted underneath."""
    assert answered.prediction is not None
    largest = max(float(np.abs(answered.prediction.occlusion).max()), 0.05)
    spans = []
    for piece, known, effect in zip(
        answered.tokens, answered.known, answered.prediction.occlusion, strict=True
    ):
        colour = with_opacity(
            BLUE if effect > 0 else VERMILLION, 0.75 * min(1.0, abs(float(effect)) / largest)
        )
        under = "" if known else "border-bottom:2px dotted;"
        points = f"{100 * float(effect):+.1f} points".replace("-", "−")
        spans.append(_box(piece, task, f"background:{colour};{under}", points))
    return f'<div dir="auto" style="font-size:1.15rem;line-height:1.9">{"".join(spans)}</div>'


PAGE = ClassifyTextsPage()
