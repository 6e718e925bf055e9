"""Sequences that were sounds: drawn as spectrograms, spoken into the microphone."""

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from components.charts import classification as charts
from components.charts.chart import Chart
from components.charts.spectrogram import MOST_PANELS, sound_thumbnail, spectrogram, spectrograms
from components.data.datasets import Classes, Recordings
from components.data.readers import mel_spectrogram
from components.data.sources.recordings_samples import first_recordings
from components.data.sources.synthetic.recordings import DIGITS
from components.recipe import DatasetReference, Generated, Sample
from components.runs.store import Run
from components.tasks import classify_sequences
from components.tasks.classification.attribution import ClassPrediction
from components.ui.formatting import escape
from components.ui.tasks.sequence_kinds.kind import SequenceKind
from components.ui.tasks.speech import SpeechPrompt, SpeechQuestion, ask_about_speech, take_recording
from components.ui.widgets.chart_display import show_chart

_ON_CARD, _STRING_ON_CARD = 3, 5  # words


class RecordedSequences(SequenceKind[Recordings]):
    """Sequences that were sounds."""

    name = "recording"
    plural = "recordings"
    icon = ":material/mic:"
    invitation = "Try it: say a word"

    @property
    def bring(self) -> Callable[[Recordings], np.ndarray | None]:
        """Draws how a person says a word, or brings one, and returns it, (T, channels)."""
        return _bring

    def draw(self, dataset: Recordings, chosen: Sequence[tuple[str, int]], title: str) -> Chart:
        """Draw some recordings, each with a name."""
        groups = [(name, dataset.sequence(at)) for name, at in chosen[:MOST_PANELS]]
        return spectrograms(groups, dataset.step, mel_spectrogram.band_centres(), title=title)

    def thumbnail(self, reference: DatasetReference) -> str:
        """Draw the first recordings of a sample, as SVG; the others aren't unpacked for that."""
        if isinstance(reference, Generated):  # of words of a sample, here in its own order
            return sound_thumbnail(first_recordings(Sample(name=DIGITS), _STRING_ON_CARD))
        assert isinstance(reference, Sample)  # what others bring has no card
        return sound_thumbnail(first_recordings(reference, _ON_CARD))

    def ask_class(self, run: Run, dataset: Recordings) -> None:
        """Let a person say a word, and say what the model heard, and why."""
        words = _classes(dataset)
        question = SpeechQuestion(
            dataset,
            _prompt(dataset),
            lambda: classify_sequences.split(run.recipe, dataset).test,
            lambda at: words.names[words.codes[at]],
            "The predicted word will appear here, with its probability and attributions.",
        )
        ask_about_speech(run, question, lambda heard, values: _show(heard, values, dataset))


def _bring(dataset: Recordings) -> np.ndarray | None:
    """Let a person say a word, or bring one, to look at what the model makes of it."""
    return take_recording(_prompt(dataset), "inside")


def _prompt(dataset: Recordings) -> SpeechPrompt:
    return SpeechPrompt(_classes(dataset).names, several=False)


def _show(prediction: ClassPrediction, values: np.ndarray, dataset: Recordings) -> None:
    names, sure = _classes(dataset).names, prediction.probabilities
    predicted = int(sure.argmax())
    st.subheader(f"“{escape(names[predicted])}”", anchor=False)
    looked = None if prediction.attention is None else prediction.attention
    if looked is not None and len(looked) < len(values):
        values = values[-len(looked) :]
    chart = spectrogram(
        values,
        dataset.step,
        mel_spectrogram.band_centres(),
        title="Spectrogram and attention",
        attention=looked,
    )
    show_chart(charts.class_probabilities(names, sure), key="try-probabilities")
    show_chart(chart, key="try-spectrogram")
    show_chart(charts.class_attribution(prediction, names), key="try-reasons")
    st.caption(
        f"A step is {1000 * dataset.step:g} milliseconds. Attention weights show where the model "
        "looked, not why, and none of the three attributions is a proof."
    )


def _classes(dataset: Recordings) -> Classes:
    assert isinstance(dataset.answer, Classes)  # as `why_unsuitable` saw to
    return dataset.answer
