"""Recording words in the browser, until they are a dataset: kept like a zip that a visitor brings."""

import io
import re
import zipfile
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from components.data.readers import audio, mel_spectrogram
from components.errors import DataError
from components.recipe import Upload
from components.ui.data.own_files import accept_file, store_file
from components.ui.formatting import count, escape

_RECORDINGS, _RECORDER_NUMBER, _ERROR_TEXT = "record.takes", "record.turn", "record.said"
_VALID_NAME = re.compile(r"[^\W_](?:[^\W_]|[ '’-]){0,39}")
_MAX_RECORDINGS = 300  # takes: some ten megabytes in the session
_MIN_RECORDINGS = 10  # that can be divided into training, validation and test
FILE_NAME = "recorded words.zip"


@dataclass(frozen=True)
class Recording:
    """One word as it was recorded: a WAV file."""

    word: str
    voice: str
    sound: bytes


def record_words() -> Upload | None:
    """Let a person record words; return their dataset once there are enough and the person confirms."""
    takes: list[Recording] = st.session_state.setdefault(_RECORDINGS, [])
    word = st.text_input("Word", key="record.word", placeholder="yes", max_chars=40).strip()
    voice = st.text_input(
        "Speaker",
        key="record.voice",
        placeholder="anna",
        max_chars=40,
        help="With five or more speakers, the test set holds speakers that the model has never heard.",
    ).strip()
    known = bool(_VALID_NAME.fullmatch(word)) and (not voice or bool(_VALID_NAME.fullmatch(voice)))
    if word and not known:
        st.caption(":material/info: Use only letters, digits, spaces and hyphens.")
    turn = st.session_state.setdefault(_RECORDER_NUMBER, 0)
    st.audio_input(
        f"Say “{escape(word)}”" if word and known else "Recording",
        sample_rate=audio.RATE,
        key=f"record-{turn}",
        disabled=not (word and known) or len(takes) >= _MAX_RECORDINGS,
        on_change=_add_recording,
        args=(word, voice),
    )
    st.caption(
        f":material/info: {st.session_state[_ERROR_TEXT]}"
        if st.session_state.get(_ERROR_TEXT)
        else "Press the microphone, say the word and press again. Record at least two words, ten times each. "
        "The more speakers, the better the model recognises new ones."
    )
    return _finish(takes)


def _add_recording(word: str, voice: str) -> None:
    """Keep the last recording, unless it's silent."""
    sound = st.session_state[f"record-{st.session_state[_RECORDER_NUMBER]}"]
    if sound is None:
        return
    st.session_state[_RECORDER_NUMBER] += 1  # an empty recorder for the next word
    content = sound.getvalue()
    try:
        mel_spectrogram.log_mel_spectrogram(audio.read(content, "your recording"), "your recording")
    except DataError as error:
        st.session_state[_ERROR_TEXT] = f"{escape(error.what)} {escape(error.remedy)}"
        return
    st.session_state[_ERROR_TEXT] = ""
    st.session_state[_RECORDINGS].append(Recording(word, voice, content))


def _finish(takes: list[Recording]) -> Upload | None:
    if not takes:
        return None
    counts = pd.Series([take.word for take in takes]).value_counts().rename_axis("word").rename("recordings")
    st.dataframe(counts.to_frame(), alt="How often each word was recorded")
    st.audio(takes[-1].sound, format="audio/wav")
    missing = max(0, _MIN_RECORDINGS - len(takes))
    lacking = (
        "at least two words" if len(counts) < 2 else f"{count(missing, 'more recording')}" if missing else ""
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Undo last", icon=":material/undo:", key="record-undo", on_click=_undo_recording)
        pressed = st.button(
            "Use these recordings",
            type="primary",
            icon=":material/check:",
            key="record-use",
            disabled=bool(lacking),
        )
    if lacking:
        st.caption(f"Still needed: {lacking}.")
    return accept_file(store_file(io.BytesIO(zip_recordings(takes)), FILE_NAME)) if pressed else None


def _undo_recording() -> None:
    st.session_state[_RECORDINGS].pop()


def zip_recordings(takes: list[Recording]) -> bytes:
    """Zip takes in a folder for each word, the voice in front of each file's name."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, take in enumerate(takes, 1):
            name = f"{take.voice}_{number}" if take.voice else str(number)
            archive.writestr(f"{take.word}/{name}.wav", take.sound)
    return kept.getvalue()
