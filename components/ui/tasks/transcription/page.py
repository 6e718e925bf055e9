"""The task of transcribing speech on the pages."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from components.charts.answer_accuracy import answer_accuracy
from components.charts.classification import confusion_matrix
from components.charts.examples import length_histogram
from components.charts.transcription import word_alignment
from components.data.datasets import Recordings
from components.data.readers import mel_spectrogram
from components.data.splits.example_split import split_examples
from components.export.transcription import transcription_csv
from components.glossary import explain
from components.recipe import Recipe
from components.runs.store import Run
from components.tasks import transcribe
from components.tasks.transcription.result import NOTHING, Alignment, TranscriptsResult
from components.tasks.transcription.task import Transcription, recording_name
from components.training.events import EpochEnd
from components.ui.boundary import fragment
from components.ui.dataset_cache import dataset_of
from components.ui.formatting import count, escape
from components.ui.recipe_form.form_fields import RecipeForm
from components.ui.tasks.download import Download
from components.ui.tasks.inspection import Bring, InspectionTerms
from components.ui.tasks.page import TaskPage
from components.ui.tasks.result_section import ResultSection
from components.ui.tasks.right_or_wrong import choose_answers
from components.ui.tasks.scaling import scaling_control
from components.ui.tasks.score_table import show_scores
from components.ui.tasks.sequence_kinds import kind_of, thumbnail
from components.ui.tasks.speech import SpeechPrompt, SpeechQuestion, ask_about_speech, take_recording
from components.ui.widgets.chart_display import show_chart

_DRAWN = 6  # recordings that are looked at before training
_HEIGHT, _FEW = 280, 6  # pixels of a table, and rows that need less
_MOST_CONFUSED = 30  # words of a table of confusions
_WHICH = {"wrong": "With errors", "right": "Without errors", "all": "All"}


class TranscribePage(TaskPage[Recordings, TranscriptsResult]):
    """What pages show of transcribing speech."""

    title = "Transcribe speech"
    description = "Write down the words of a recording, however many there are."
    icon = ":material/speech_to_text:"
    examples_name = "recordings"
    test_set_origin = ""
    examples_help = "How many training recordings there are; each epoch goes through all of them."
    exported_model_help = (
        "Takes log-mel spectrograms in decibels, (recordings, frames, bands), with shorter ones padded with "
        "NaN, and returns the words. Scaling and greedy decoding are included."
    )
    essential_fields = ("task.segment", "task.beams")
    task = transcribe

    @property
    def rule_fields(self) -> Mapping[str, str]:
        """At which field a rule over several of them complains."""
        return {"task": "task.kernel"}

    @property
    def inspection(self) -> InspectionTerms:
        """The words for looking into its models."""
        return InspectionTerms("Test recording", "Word", bring=_bring)

    def essential_controls(self, panel: RecipeForm, dataset: Recordings) -> None:
        """Draw what a beginner chooses: how many frames are read as one, and how words are looked for."""
        panel.number(
            "task.segment",
            f"How many frames of {1000 * dataset.step:g} milliseconds are read as one. More is faster; a "
            "word needs at least one segment, and a repeated word one more for the blank in between.",
            unit="frames",
        )
        panel.number("task.beams", f"{explain('Beam search')} With 1 it is **greedy decoding**.")

    def data_controls(self, panel: RecipeForm, dataset: Recordings) -> None:
        """Draw what is done to the data before the model sees it."""
        scaling_control(panel)
        panel.number(
            "task.kernel",
            f"{explain('Convolution in front')} The stride here is a segment, so 0 means exactly one; with "
            "more frames than that, the convolution also hears what comes before and after.",
            unit="frames",
        )

    def show_data(self, recipe: Recipe, dataset: Recordings) -> None:
        """Draw some recordings with their words, and how many words they have."""
        if dataset.notes:
            st.info(escape(" ".join(dataset.notes)), icon=":material/info:")
        _, transcripts = transcribe.recordings(dataset)
        chosen = [(transcripts.text(number), number) for number in range(min(_DRAWN, dataset.size))]
        chart = kind_of(dataset).draw(dataset, chosen, "Recordings and their words")
        show_chart(chart, key="train-examples")
        if np.ptp(transcripts.lengths):
            show_chart(
                length_histogram(transcripts.lengths, what="transcripts", unit="words"), key="train-lengths"
            )
        st.caption(
            "Nothing says where a word begins: **connectionist temporal classification** adds up all ways in "
            "which the words may lie in time, with a *blank* where none stands out."
        )

    def dataset_line(self, dataset: Recordings) -> str:
        """Return how many recordings there are, and how many words they consist of."""
        _, transcripts = transcribe.recordings(dataset)
        words = count(len(transcripts.names), "different word")
        return f"{count(dataset.size, 'recording')}; {words}"

    def recipe_line(self, recipe: Recipe, dataset: Recordings) -> str:
        """Return what is asked, in Markdown."""
        _, transcripts = transcribe.recordings(dataset)
        return f"The words of each of {count(dataset.size, 'recording')}, out of {len(transcripts.names):,}"

    def thumbnail(self, recipe: Recipe) -> str:
        """Draw what a card's recipe is about, as SVG."""
        return thumbnail(recipe.dataset)

    def live_chart(self, recipe: Recipe, dataset: Recordings) -> dict[str, Any]:
        """Return for the live charts which recordings are transcribed after every epoch, and their words."""
        preview = transcribe.preview(recipe, dataset)
        return {
            "kind": "answers",
            "loss": "CTC loss (nats per word)",
            "names": ("Recording", "Said"),
            "level": "word",
            "sources": preview.recordings,
            "truths": preview.said,
        }

    def show_replay(self, run: Run, ends: Sequence[EpochEnd], dataset: Recordings) -> None:
        """Show how the share of recordings without an error grew."""
        preview = transcribe.preview(run.recipe, dataset)
        shown = [end for end in ends if len(end.snapshot.texts) == len(preview.said) and end.snapshot.numbers]
        if shown:
            chart = answer_accuracy(
                [end.epoch for end in shown],
                [end.snapshot.numbers[0] for end in shown],
                preview.said,
                [end.snapshot.texts for end in shown],
            )
            show_chart(chart, key=f"replay-{run.id}")

    def result_sections(self, run: Run, result: TranscriptsResult) -> Sequence[ResultSection]:
        """Return the transcripts, which words are confused, and the scores."""
        return (
            ResultSection("transcripts", "Transcripts", "Transcripts", partial(_transcripts, run, result)),
            ResultSection("confusions", "Confusions", "Confused words", partial(_confusions, result)),
            ResultSection("scores", "How good", "Scores on the test set", partial(_scores, result)),
        )

    def downloads(self, result: TranscriptsResult) -> tuple[Download, ...]:
        """Return the transcripts as a table."""
        return (
            Download(
                "Transcripts (CSV)",
                "unroll-transcripts.csv",
                "text/csv",
                ":material/table:",
                lambda: transcription_csv(result),
            ),
        )

    def ask_model(self, run: Run) -> None:
        """Let a person say some words, and show what the model hears, and where."""
        fold = st.expander(
            "Try it: say a few words", icon=":material/mic:", on_change="rerun", key="try-open"
        )
        if fold.open:
            with fold:
                _ask(run, _recordings(run))


def _ask(run: Run, dataset: Recordings) -> None:
    _, transcripts = transcribe.recordings(dataset)
    question = SpeechQuestion(
        dataset,
        SpeechPrompt(transcripts.names, several=True),
        lambda: split_examples(dataset, run.recipe.preparation).test,
        transcripts.text,
        "The words that the model hears will appear here, over the spectrogram.",
    )
    ask_about_speech(run, question, lambda heard, values: _show_transcription(heard, values, dataset))


def _bring(run: Run) -> Bring | None:
    _, transcripts = transcribe.recordings(_recordings(run))
    return partial(take_recording, SpeechPrompt(transcripts.names, several=True), "inside")


def _recordings(run: Run) -> Recordings:
    return transcribe.recordings(dataset_of(run.recipe.dataset, run.recipe.preparation))[0]


def _show_transcription(heard: Transcription, values: np.ndarray, dataset: Recordings) -> None:
    (best, chance), *others = heard.candidates
    st.subheader(f"“{escape(best)}”" if best else "No word was heard.", anchor=False)
    st.caption(f"Probability of exactly these words: {_percent(chance)}.")
    _, transcripts = transcribe.recordings(dataset)
    _draw(heard.alignment, heard.segment, values, dataset, transcripts.names, key="try-alignment")
    if others:
        st.dataframe(
            pd.DataFrame(
                {
                    "Transcript": [text or NOTHING for text, _ in heard.candidates],
                    "Probability": [p for _, p in heard.candidates],
                }
            ),
            hide_index=True,
            column_config={
                "Probability": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
            },
            alt="The likeliest transcripts",
        )


def _draw(
    alignment: Alignment,
    segment: int,
    values: np.ndarray,
    dataset: Recordings,
    names: Sequence[str],
    *,
    key: str,
) -> None:
    chart = word_alignment(
        values,
        dataset.step,
        mel_spectrogram.band_centres(),
        alignment.probabilities,
        names,
        alignment.words,
        alignment.steps,
        segment,
    )
    show_chart(chart, key=key)


@fragment
def _transcripts(run: Run, result: TranscriptsResult) -> None:
    """Draw what was said and what was heard; and of some, the words over the spectrogram."""
    if result.notes:
        st.info(escape(" ".join(result.notes)), icon=":material/info:")
    right = result.right
    chosen = choose_answers(right, _WHICH, "transcripts-which")
    st.dataframe(
        pd.DataFrame(
            {
                "Said": [result.said[place] for place in chosen],
                "Heard": [result.heard[place] or NOTHING for place in chosen],
                "Wrong words": [int(result.wrong_words[place]) for place in chosen],
            },
            index=pd.Index([int(result.numbers[place]) + 1 for place in chosen], name="recording"),
        ),
        height=_HEIGHT if len(chosen) > _FEW else "auto",
        alt="Transcripts of recordings of the test set: the reference, and the model's",
    )
    st.caption(f"{count(len(chosen), 'recording')} of {len(right):,}.")
    _aligned(run, result, set(chosen))


def _aligned(run: Run, result: TranscriptsResult, chosen: set[int]) -> None:
    kept = {one.place: one for one in result.alignments if one.place in chosen}
    if not kept:
        return
    dataset = _recordings(run)

    def label(place: int) -> str:
        name = recording_name(dataset, int(result.numbers[place]))
        return f"{result.said[place]} → {result.heard[place] or NOTHING} ({name})"

    place = st.selectbox("Words over time of", list(kept), format_func=label, key="transcripts-aligned")
    values = dataset.sequence(int(result.numbers[place]))
    _draw(kept[place], result.segment, values, dataset, result.names, key="transcripts-alignment")


def _confusions(result: TranscriptsResult) -> None:
    """Draw how often each word was heard as each, those most often confused where there are many."""
    counts, names = result.confusions, (*result.names, NOTHING)
    if len(names) > _MOST_CONFUSED:
        wrong = counts.sum(axis=0) + counts.sum(axis=1) - 2 * np.diag(counts)
        kept = np.sort(np.argsort(-wrong, kind="stable")[:_MOST_CONFUSED])
        counts, names = counts[np.ix_(kept, kept)], tuple(names[place] for place in kept)
    show_chart(confusion_matrix(names, counts), key="transcripts-confusions")
    st.caption(
        f"Rows are the words that were said, columns those that were heard. The row “{NOTHING}” holds "
        "insertions, the column deletions."
    )


def _scores(result: TranscriptsResult) -> None:
    measured = len(result.said)
    of = f"{measured:,} of the {result.unseen:,}" if measured < result.unseen else f"All {measured:,}"
    search = "greedily" if result.beams == 1 else f"by beam search with {result.beams} beams"
    show_scores(
        result.scores,
        transcribe.metrics,
        who="Model",
        alt="Scores of the model and of the baselines on the test set",
        caption=(
            f"{of} test recordings were decoded {search}; the best of each column is marked. On the training "
            f"set the model's word error rate is {result.training_wer:.1%}."
        ),
        source="Measured by jiwer",
    )
    st.dataframe(
        pd.DataFrame(
            {
                "Decoding": [
                    "Greedy" if one.beams == 1 else f"Beam search, {one.beams} beams"
                    for one in result.searches
                ],
                "Word error rate": [f"{one.wer:.1%}" for one in result.searches],
            }
        ),
        hide_index=True,
        alt="The word error rate by how words are looked for",
    )
    st.caption(
        "Cut at pauses: a recording is split where it is quiet, and each piece gets the word of the "
        "training piece nearest to it by Euclidean distance. Training pieces get their words from "
        "recordings that split into exactly as many pieces as they have words."
    )


def _percent(share: float) -> str:
    return f"{share:.1%}" if share >= 0.001 else "less than 0.1%"


PAGE = TranscribePage()
