"""What the pages of translating and chatting share."""

from abc import abstractmethod
from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from components.charts.alignment import alignment
from components.charts.answer_accuracy import answer_accuracy
from components.charts.thumbnails.text_pair import pair_thumbnail
from components.data import load
from components.data.datasets import Pairs
from components.data.tokenizers.text_vocabulary import text_level
from components.data.tokenizers.tokenizer import tokenize
from components.export.seq2seq import seq2seq_csv
from components.glossary import explain
from components.recipe import Generated, Recipe
from components.runs.store import Run
from components.tasks import plan
from components.tasks.parameter_matching import other_family
from components.tasks.seq2seq.metrics import METRICS, has_few_ngrams, mean_length
from components.tasks.seq2seq.result import AnswersResult
from components.tasks.seq2seq.sizes import sizes, subword_pairs
from components.tasks.seq2seq.task import Seq2SeqTask
from components.tasks.seq2seq.tfidf_neighbours import Neighbour
from components.training.events import EpochEnd
from components.ui.boundary import fragment
from components.ui.formatting import count, escape
from components.ui.navigation import Page, page_link
from components.ui.recipe_form.draft import value
from components.ui.recipe_form.form_fields import RecipeForm
from components.ui.tasks.download import Download
from components.ui.tasks.page import OutputControls, TaskPage
from components.ui.tasks.result_section import ResultSection
from components.ui.tasks.right_or_wrong import choose_answers
from components.ui.tasks.score_table import show_scores
from components.ui.widgets.chart_display import show_chart

LEVEL_PHRASES = {
    "word": "word by word",
    "byte_pair": "subword by subword",
    "character": "character by character",
}

_LEAST = 50  # pairs that a formula makes at least
_SHORT = 6  # letters of a pair that say too little on a card
_NAMED = 8  # unknown tokens
# The names of months take 11 MB, which the server needn't hold for one picture.
_PICTURED = {"dates": ("lunedì 3 marzo 2031", "2031-03-03")}
_HEIGHT, _FEW = 280, 6  # pixels of a table, and rows that need less
_LONG = 50  # characters of a text that a column of 400 pixels doesn't hold
_SHOWN = 5  # pairs to look at before training
_WHICH = {"wrong": "Wrong", "right": "Right", "all": "All"}


def level_control(panel: RecipeForm) -> None:
    """Draw what texts are cut into."""
    panel.buttons(
        "task.level",
        "Texts are split into **tokens**: words and punctuation marks; **subwords**, frequent pieces of "
        "words, by byte-pair encoding, which also make up rare words; or characters, which suit numbers "
        "and dates.",
    )


def longest_control(panel: RecipeForm) -> None:
    """Draw which pairs are left out."""
    panel.number(
        "task.longest",
        "Pairs with a longer text on either side are left out. Long texts take much longer to learn.",
        unit="tokens",
    )


def vocabulary_control(panel: RecipeForm) -> None:
    """Draw how much is known."""
    panel.number(
        "task.vocabulary",
        f"{explain('Vocabulary')} On each side these are the most frequent tokens of the training "
        "set; all others count as unknown.",
    )


def shared_control(panel: RecipeForm) -> None:
    """Draw whether both sides have one vocabulary."""
    panel.switch(
        "task.shared",
        f"{explain('Shared vocabulary')} It helps where both sides have words in common, such as names.",
    )


def lower_control(panel: RecipeForm) -> None:
    """Draw whether capitals count."""
    panel.switch("task.lower", "Treats “The” and “the” as the same word.")


def _decoder_controls(panel: RecipeForm) -> None:
    """Draw what the decoder shares, and what it does with words that it doesn't know."""
    panel.switch("task.tied")
    attends = value("model.kind") == "transformer" or value("model.attention") != "none"
    if attends and value("model.kind") != "transformer":
        panel.switch("task.input_feeding")
    if attends:
        panel.switch(
            "task.copy_unknown",
            f"{explain('Copying of unknown words')} Words that occur once in the training set then count as "
            "unknown, so that the model learns where to write one.",
        )
    panel.share("task.label_smoothing", least=0.0, most=0.5)


class Seq2SeqPage(TaskPage[Pairs, AnswersResult]):
    """What pages show of tasks that write a text in answer to another."""

    examples_name = "pairs"
    test_set_origin = ""
    examples_help = "How many training pairs there are; each epoch goes through all of them."
    exported_model_help = (
        "Takes a text and its answer so far, and returns the next token; the vocabularies are included."
    )

    @property
    @abstractmethod
    def task(self) -> Seq2SeqTask:
        """The task."""

    @property
    def output_controls(self) -> OutputControls:
        """The controls of how answers are written."""
        return OutputControls(
            "Decoder",
            ":material/edit_note:",
            ("task.tied", "task.input_feeding", "task.copy_unknown", "task.label_smoothing"),
            _decoder_controls,
        )

    def show_data(self, recipe: Recipe, dataset: Pairs) -> None:
        """Show a few pairs as the model gets them, and what it knows of them."""
        task = self.task.options(recipe)
        counted = sizes(dataset, task, recipe.preparation)
        shown = counted.kept.nonzero()[0][:_SHOWN]
        between = " " if task.level == "character" else " · "
        subwords = subword_pairs(dataset, task, recipe.preparation)

        def cut(side: int) -> list[str]:
            texts = [(dataset.sources, dataset.targets)[side][place] for place in shown]
            if subwords:
                return [between.join(subwords.vocabularies[side].tokenize(text)) for text in texts]
            return [between.join(tokenize(text, text_level(task.level), lower=task.lower)) for text in texts]

        first, second = sides(dataset.names)
        st.dataframe(
            pd.DataFrame({first: cut(0), second: cut(1)}),
            hide_index=True,
            alt="The first pairs, split into tokens",
        )
        left_out = int((~counted.kept).sum())
        sentences = (
            f"The vocabularies have {counted.vocabularies[0]:,} tokens of “{first}” and "
            f"{counted.vocabularies[1]:,} of “{second.strip()}”, including four special ones. "
        )
        if task.shared:
            sentences = (
                f"The shared vocabulary has {counted.vocabularies[0]:,} tokens, including four special ones. "
            )
        sentences += (
            f"{count(left_out, 'pair is', 'pairs are')} left out as too long."
            if left_out
            else "No pair is too long."
        )
        st.caption(escape(sentences))
        _offer_other(recipe, dataset)

    def dataset_line(self, dataset: Pairs) -> str:
        """Return how many pairs there are, and of what."""
        first, second = dataset.names
        return f"{count(dataset.size, 'pair')}: {escape(first)}, {escape(second)}"

    def thumbnail(self, recipe: Recipe) -> str:
        """Draw the first pair of a card's dataset as SVG."""
        reference = recipe.dataset
        if isinstance(reference, Generated):
            if reference.name in _PICTURED:
                return pair_thumbnail(*_PICTURED[reference.name])
            # A formula that makes fewer pairs makes the same ones first.
            reference = reference.model_copy(update={"length": _LEAST})
        dataset = self.task.pairs(load(reference))
        lengths = [max(map(len, both)) for both in zip(dataset.sources, dataset.targets, strict=True)]
        shortest = lengths.index(min(length for length in lengths if length > _SHORT))
        return pair_thumbnail(dataset.sources[shortest], dataset.targets[shortest])

    def live_chart(self, recipe: Recipe, dataset: Pairs) -> dict[str, Any]:
        """Return for the live charts which texts are answered after every epoch, and the right answers."""
        preview = self.task.preview(recipe, dataset)
        return {
            "kind": "answers",
            "loss": "loss (nats per token)",
            "names": dataset.names,
            "level": text_level(self.task.options(recipe).level),
            "sources": preview.sources,
            "truths": preview.truths,
        }

    def show_replay(self, run: Run, ends: Sequence[EpochEnd], dataset: Pairs) -> None:
        """Show how the share of right answers grew."""
        preview = self.task.preview(run.recipe, dataset)
        shown = [
            end for end in ends if len(end.snapshot.texts) == len(preview.sources) and end.snapshot.numbers
        ]
        if not shown:
            return
        chart = answer_accuracy(
            [end.epoch for end in shown],
            [end.snapshot.numbers[0] for end in shown],
            preview.sources,
            [end.snapshot.texts for end in shown],
        )
        show_chart(chart, key=f"replay-{run.id}")

    def result_sections(self, run: Run, result: AnswersResult) -> Sequence[ResultSection]:
        """Return the answers and the scores."""
        return (
            ResultSection("answers", "Answers", "Answers", partial(self.show_answers, result)),
            ResultSection("scores", "How good", "Scores on the test set", partial(_scores, result)),
        )

    def show_answers(self, result: AnswersResult) -> None:
        """Draw the test set's texts with the right answers and the model's."""
        _answers(result)

    def downloads(self, result: AnswersResult) -> tuple[Download, ...]:
        """Return the answers as a table, and what cuts texts into subwords, which Keras can't do."""
        merges = {"text": result.source_merges, "answer": result.answer_merges}
        tokenizers = (
            Download(
                f"Subwords of the {side} (SentencePiece)",
                f"unroll-{side}-tokens.model",
                "application/octet-stream",
                ":material/content_cut:",
                held.tobytes,
            )
            for side, held in merges.items()
            if held is not None
        )
        return (
            *tokenizers,
            Download(
                "Answers (CSV)",
                "unroll-answers.csv",
                "text/csv",
                ":material/table:",
                lambda: seq2seq_csv(result),
            ),
        )


def _offer_other(recipe: Recipe, dataset: Pairs) -> None:
    """Lead to the same experiment with a model of the other family that is about as large."""
    other = other_family(recipe, dataset)
    kind = "A Transformer" if other.model.kind == "transformer" else "An LSTM"
    with st.container(horizontal=True, vertical_alignment="center"):
        parameters = plan(other, dataset).parameters
        st.caption(
            f"{kind} with {other.model.units} units has about as many parameters: {parameters:,}.",
            width="content",
        )
        page_link(Page.TRAIN, "Try that instead", ":material/swap_horiz:", recipe=other.to_url())


def sides(names: tuple[str, str]) -> tuple[str, str]:
    """Return the names of both sides as those of two columns, which have to differ."""
    return (names[0], names[1] if names[1] != names[0] else f"{names[1]} ")


def _scores(result: AnswersResult) -> None:
    """Draw the scores of the model and of the baselines."""
    show_scores(
        result.scores,
        METRICS,
        who="Model",
        alt="Scores of the model and of the baselines on the test set",
        caption=_how_measured(result),
        source=f"Measured by sacreBLEU: {escape(result.metrics)}",
    )


def _how_measured(result: AnswersResult) -> str:
    answered = len(result.sources)
    of = f"{answered:,} of the {result.unseen:,}" if answered < result.unseen else f"All {answered:,}"
    search = "greedily" if result.beams == 1 else f"by beam search with {result.beams} beams"
    sentences = [
        f"Larger is better; the best of each column is marked. {of} test pairs were answered {search}."
    ]
    sentences.append(f"It answers {result.remembered:.0%} of its training texts exactly right.")
    if result.scores[0].bleu is not None and has_few_ngrams(result.truths, result.level):
        length = mean_length(result.truths, result.level)
        sentences.append(
            f"The reference answers have {length:.1f} tokens on average, so BLEU is smoothed and rests on "
            "few n-grams; chrF says more."
        )
    if result.repeated:
        sentences.append(f"{count(result.repeated, 'text is', 'texts are')} in the training set as well.")
    if result.unknown:
        sentences.append(f"{result.unknown:.1%} of the tokens are unknown to the model.")
    return escape(" ".join(sentences))


@fragment
def _answers(result: AnswersResult) -> None:
    """Draw the test set's texts, the right answers and the model's; a click shows where it looked."""
    right = result.right
    chosen = choose_answers(right, _WHICH, "answers-which")
    first, second = sides(result.names)
    table = pd.DataFrame(
        {
            first: [result.sources[place] for place in chosen],
            second: [result.truths[place] for place in chosen],
            "Prediction": [result.answers[place] for place in chosen],
            "Nearest training text": [result.near_sources[place] for place in chosen],
        },
        index=pd.Index([place + 1 for place in chosen], name="place"),
    )
    has_long = any(len(text) > _LONG for name in table for text in table[name])
    wide = st.column_config.TextColumn(width="large")
    st.dataframe(
        table,
        # As wide as long texts, the first two columns would leave no room for the prediction.
        column_config={str(name): wide for name in table} if has_long else None,
        height=_HEIGHT if len(chosen) > _FEW else "auto",
        alt="Texts of the test set, the reference answers and the model's",
    )
    st.caption(
        f"{count(len(chosen), 'text')} of {len(right):,}. “{escape(second.strip())}” holds the "
        "reference answers."
    )
    _alignment(result, set(chosen))


def _alignment(result: AnswersResult, chosen: set[int]) -> None:
    aligned = {one.text: one for one in result.alignments if one.text in chosen}
    if not aligned:
        return
    text = st.selectbox(
        "Attention for",
        list(aligned),
        format_func=lambda place: f"{place + 1} · {result.sources[place]} → {result.answers[place]}",
        key="answers-aligned",
        help=(
            "The darker a cell, the more attention went to that input token while this output token "
            "was written."
        ),
    )
    one = aligned[text]
    show_chart(alignment(one.source, one.answer, one.weights), key="alignment")
    st.caption("Attention weights show where the model looked, not why.")


def note_unknown(source: Sequence[str], known: Sequence[bool]) -> None:
    """Name the tokens that the model doesn't know."""
    strange = list(
        dict.fromkeys(token for token, is_known in zip(source, known, strict=True) if not is_known)
    )
    if strange:
        named = ", ".join(f"“{escape(token)}”" for token in list(strange)[:_NAMED])
        st.caption(f":material/help: The model doesn't know {named}: all unknown tokens look the same to it.")


def show_neighbours(near: Sequence[Neighbour], names: tuple[str, str]) -> None:
    """Show the training pairs that are most like a text."""
    first, second = sides(names)
    st.dataframe(
        pd.DataFrame(
            {
                first: [one.source for one in near],
                second: [one.answer for one in near],
                "Similarity": [one.likeness for one in near],
            }
        ),
        hide_index=True,
        column_config={
            "Similarity": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
        },
        alt="The most similar training pairs",
    )
