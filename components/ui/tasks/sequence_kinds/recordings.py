"""Sequences that were sounds: drawn as spectrograms, spoken into the microphone."""

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from components.charts import classification as charts
from components.charts.chart import Chart
from components.charts.spectrogram import MOST_PANELS, sound_thumbnail, spectrogram, spectrograms
from components.data.datasets import Classes, Recordings
from components.data.readers import audio, mel_spectrogram
from components.data.sources import audio_playback
from components.data.sources.recordings_samples import first_recordings
from components.errors import DataError
from components.recipe import DatasetReference, Sample
from components.runs.store import Run
from components.tasks import classify_sequences
from components.tasks.classification.attribution import ClassPrediction
from components.tasks.sequences import SequenceInput
from components.ui.formatting import escape
from components.ui.tasks.ask_model import ask_model, weights_used
from components.ui.tasks.sequence_kinds.kind import SequenceKind
from components.ui.widgets.chart_display import show_chart

_SPEAK, _BRING, _TAKE = "Record", "Upload", "Dataset"
_NAMED = 12  # words that a person is told to say
_OFFERED = 100  # recordings of the data
_ON_CARD = 3


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
        assert isinstance(reference, Sample)  # what others bring has no card
        return sound_thumbnail(first_recordings(reference, _ON_CARD))

    def ask_class(self, run: Run, dataset: Recordings) -> None:
        """Let a person say a word, and say what the model heard, and why."""
        left, right = st.columns([1, 2], gap="large")
        with left:
            how = st.segmented_control(
                "Source",
                (_SPEAK, _BRING, _TAKE),
                default=_SPEAK,
                required=True,
                key="try-how",
                wrap=True,
                label_visibility="collapsed",
            )
            values = (
                _choose_recording(run, dataset)
                if how == _TAKE
                else _record_or_upload(how == _SPEAK, _classes(dataset).names, "try")
            )
        with right:
            if values is None:
                st.caption("The predicted word will appear here, with its probability and attributions.")
                return
            try:
                answer = ask_model(run, SequenceInput(values))
            except DataError as error:
                _show_error(error)
                return
            _show(answer.value, values, dataset)
            st.caption(weights_used(run, answer.epoch))


def _bring(dataset: Recordings) -> np.ndarray | None:
    """Let a person say a word, or bring one, to look at what the model makes of it."""
    how = st.segmented_control(
        "Source",
        (_SPEAK, _BRING),
        default=_SPEAK,
        required=True,
        key="inside-how",
        label_visibility="collapsed",
    )
    return _record_or_upload(how == _SPEAK, _classes(dataset).names, "inside")


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


def _record_or_upload(speak: bool, names: Sequence[str], key: str) -> np.ndarray | None:
    """Take a word from the microphone or from a file; None where there is none yet."""
    words = ", ".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")
    if speak:
        sound = st.audio_input(
            f"Say one of these: {escape(words)}", sample_rate=audio.RATE, key=f"{key}-spoken"
        )
        st.caption(
            "Press the microphone, say one word, and press again. The sound goes to this server to "
            "be recognised, and isn't stored. Voices and microphones unlike those of the dataset are "
            "harder."
        )
    else:
        endings = [ending.removeprefix(".") for ending in audio.MIME_TYPES]
        sound = st.file_uploader("One word as a WAV, FLAC or OGG file", type=endings, key=f"{key}-brought")
        if sound is not None:
            st.audio(sound.getvalue(), format=sound.type)
    if sound is None:
        return None
    try:
        name = "your recording" if speak else sound.name
        return mel_spectrogram.log_mel_spectrogram(audio.read(sound.getvalue(), name), name)
    except DataError as error:
        _show_error(error)
        return None


def _choose_recording(run: Run, dataset: Recordings) -> np.ndarray:
    """Take one of the dataset's own, those of the test set that can be heard first."""
    answer, test = _classes(dataset), {*classify_sequences.split(run.recipe, dataset).test.tolist()}
    order = sorted(range(dataset.size), key=lambda at: (at not in test, not dataset.files[at]))
    number = st.selectbox(
        "Recording",
        order[:_OFFERED],
        format_func=lambda at: f"{answer.names[answer.codes[at]]}, {_speaker_label(dataset, at)}",
        key="try-taken",
    )
    where = "the model has never heard it" if number in test else "the model may have been trained on it"
    st.caption(f"It is “{escape(answer.names[answer.codes[number]])}”, and {where}.")
    sound = audio_playback.load_audio(dataset, number)
    if sound is not None:
        st.audio(sound.content, format=sound.mime)
    return dataset.sequence(number)


def _speaker_label(dataset: Recordings, number: int) -> str:
    voice = f"the voice “{dataset.groups.names[dataset.groups.codes[number]]}”, " if dataset.groups else ""
    return f"{voice}number {number + 1:,}"


def _classes(dataset: Recordings) -> Classes:
    assert isinstance(dataset.answer, Classes)  # as `why_unsuitable` saw to
    return dataset.answer


def _show_error(error: DataError) -> None:
    st.caption(f":material/info: {escape(error.what)} {escape(error.remedy)}")
