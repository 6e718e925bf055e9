"""Speech to ask a model about: said into the microphone, brought as a file, or one of the dataset's own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from components.data.datasets import Recordings
from components.data.readers import audio, mel_spectrogram
from components.data.sources import audio_playback
from components.errors import DataError
from components.runs.store import Run
from components.tasks.sequences import SequenceInput
from components.ui.formatting import escape
from components.ui.tasks.ask_model import ask_model, weights_used

SPEAK, UPLOAD, DATASET = "Record", "Upload", "Dataset"
_NAMED = 12  # words that a person is told to say
_OFFERED = 100  # recordings of the data


@dataclass(frozen=True)
class SpeechPrompt:
    """What a person is asked to say.

    Attributes:
        words: that the model knows.
        several: whether it may be several of them in one recording.
    """

    words: Sequence[str]
    several: bool

    @property
    def what(self) -> str:
        """What is to be said, in a word or two."""
        return "a few words" if self.several else "one word"

    @property
    def invitation(self) -> str:
        """What stands above the microphone."""
        named = ", ".join(self.words[:_NAMED]) + ("…" if len(self.words) > _NAMED else "")
        return f"Say some of these, in any order: {named}" if self.several else f"Say one of these: {named}"


@dataclass(frozen=True)
class SpeechQuestion:
    """What a person may ask a run's model about.

    Attributes:
        dataset: the recordings that it learnt from.
        prompt: what is to be said.
        test: gives the numbers of the recordings that it has never heard.
        words: of a recording of the dataset.
        expected: what will stand where the answer is, in a sentence.
    """

    dataset: Recordings
    prompt: SpeechPrompt
    test: Callable[[], np.ndarray]
    words: Callable[[int], str]
    expected: str


def ask_about_speech(run: Run, question: SpeechQuestion, show: Callable[[Any, np.ndarray], None]) -> None:
    """Take a recording on the left, and show on the right what the run's own model makes of it.

    Args:
        run: whose model is asked.
        question: what may be asked.
        show: draws the model's answer to a recording, (frames, bands) in decibels.
    """
    left, right = st.columns([1, 2], gap="large")
    with left:
        values = take_recording(
            question.prompt,
            "try",
            lambda: choose_recording(question.dataset, question.test(), question.words, "try-taken"),
        )
    with right:
        if values is None:
            st.caption(question.expected)
            return
        try:
            answer = ask_model(run, SequenceInput(values))
        except DataError as error:
            show_speech_error(error)
            return
        show(answer.value, values)
        st.caption(weights_used(run, answer.epoch))


def take_recording(
    prompt: SpeechPrompt, key: str, choose: Callable[[], np.ndarray] | None = None
) -> np.ndarray | None:
    """Let a person say something, or bring it, or choose one of the dataset's recordings.

    Args:
        prompt: what is to be said.
        key: of the controls.
        choose: draws the choice of one of the dataset's, and gives it; None where none is offered.

    Returns:
        (frames, bands) in decibels; None while there is nothing.
    """
    how = st.segmented_control(
        "Source",
        (SPEAK, UPLOAD, DATASET) if choose else (SPEAK, UPLOAD),
        default=SPEAK,
        required=True,
        key=f"{key}-how",
        wrap=True,
        label_visibility="collapsed",
    )
    if choose and how == DATASET:
        return choose()
    return _record(prompt, key) if how == SPEAK else _upload(prompt, key)


def choose_recording(
    dataset: Recordings, test: Sequence[int] | np.ndarray, words: Callable[[int], str], key: str
) -> np.ndarray:
    """Let a person choose one of the dataset's own, those of the test set that can be heard first.

    Args:
        dataset: the recordings.
        test: the numbers of those that are for the test.
        words: what is said in each.
        key: of the control.

    Returns:
        (frames, bands) in decibels.
    """
    unheard = set(np.asarray(test).tolist())
    order = sorted(range(dataset.size), key=lambda at: (at not in unheard, not dataset.files[at]))
    number = st.selectbox(
        "Recording",
        order[:_OFFERED],
        format_func=lambda at: f"{words(at)}, {_speaker_label(dataset, at)}",
        key=key,
    )
    where = "the model has never heard it" if number in unheard else "the model may have been trained on it"
    st.caption(f"It is “{escape(words(number))}”, and {where}.")
    sound = audio_playback.load_audio(dataset, number)
    if sound is not None:
        st.audio(sound.content, format=sound.mime)
    return dataset.sequence(number)


def show_speech_error(error: DataError) -> None:
    """Say why a recording can't be used."""
    st.caption(f":material/info: {escape(error.what)} {escape(error.remedy)}")


def _record(prompt: SpeechPrompt, key: str) -> np.ndarray | None:
    sound = st.audio_input(escape(prompt.invitation), sample_rate=audio.RATE, key=f"{key}-spoken")
    st.caption(
        f"Press the microphone, say {prompt.what}, and press again. The sound goes to this server to be "
        "recognised, and isn't stored. Voices and microphones unlike those of the dataset are harder."
    )
    return None if sound is None else _read(sound.getvalue(), "your recording", prompt)


def _upload(prompt: SpeechPrompt, key: str) -> np.ndarray | None:
    endings = [ending.removeprefix(".") for ending in audio.MIME_TYPES]
    label = f"{prompt.what.capitalize()} as a WAV, FLAC or OGG file"
    sound = st.file_uploader(label, type=endings, key=f"{key}-brought")
    if sound is None:
        return None
    st.audio(sound.getvalue(), format=sound.type)
    return _read(sound.getvalue(), sound.name, prompt)


def _read(content: bytes, name: str, prompt: SpeechPrompt) -> np.ndarray | None:
    try:
        return mel_spectrogram.log_mel_spectrogram(audio.read(content, name), name, several=prompt.several)
    except DataError as error:
        show_speech_error(error)
        return None


def _speaker_label(dataset: Recordings, number: int) -> str:
    voice = f"the voice “{dataset.groups.names[dataset.groups.codes[number]]}”, " if dataset.groups else ""
    return f"{voice}number {number + 1:,}"
