"""Recording words in the browser, until they are a dataset: kept like a zip that a visitor brings."""

import io
import re
import zipfile
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from components.data.sound import mel, wav
from components.data.upload import store
from components.errors import DataError
from components.recipe import Upload
from components.ui.loading import accept
from components.ui.words import count, escape

_TAKES, _TURN, _SAID = "record.takes", "record.turn", "record.said"
_NAME = re.compile(r"[^\W_](?:[^\W_]|[ '’-]){0,39}")
_MOST = 300  # takes: some ten megabytes in the session
_FEWEST = 10  # that can be divided into training, validation and test
FILE = "recorded words.zip"


@dataclass(frozen=True)
class Take:
    """One word as it was recorded: a WAV file."""

    word: str
    voice: str
    sound: bytes


def recorded() -> Upload | None:
    """Let a person record words; give the dataset of them once they are enough and the person says so."""
    takes: list[Take] = st.session_state.setdefault(_TAKES, [])
    word = st.text_input("Word", key="record.word", placeholder="yes", max_chars=40).strip()
    voice = st.text_input(
        "Who speaks",
        key="record.voice",
        placeholder="anna",
        max_chars=40,
        help="With five voices or more, whole voices are kept for the test.",
    ).strip()
    known = bool(_NAME.fullmatch(word)) and (not voice or bool(_NAME.fullmatch(voice)))
    if word and not known:
        st.caption(":material/info: Letters, digits, spaces and hyphens only, please.")
    turn = st.session_state.setdefault(_TURN, 0)
    st.audio_input(
        f"Say “{escape(word)}”" if word and known else "Say it",
        sample_rate=wav.RATE,
        key=f"record-{turn}",
        disabled=not (word and known) or len(takes) >= _MOST,
        on_change=_take,
        args=(word, voice),
    )
    st.caption(
        f":material/info: {st.session_state[_SAID]}"
        if st.session_state.get(_SAID)
        else "Press the microphone, say the word, press again. Say each of two words or more at least ten "
        "times; the more voices, the better it will know others."
    )
    return _finished(takes)


def _take(word: str, voice: str) -> None:
    """Keep what was just recorded, unless nothing is to be heard in it."""
    sound = st.session_state[f"record-{st.session_state[_TURN]}"]
    if sound is None:
        return
    st.session_state[_TURN] += 1  # an empty recorder for the next word
    content = sound.getvalue()
    try:
        mel.features(wav.read(content, "your recording"), "your recording")
    except DataError as error:
        st.session_state[_SAID] = f"{escape(error.what)} {escape(error.remedy)}"
        return
    st.session_state[_SAID] = ""
    st.session_state[_TAKES].append(Take(word, voice, content))


def _finished(takes: list[Take]) -> Upload | None:
    if not takes:
        return None
    counts = pd.Series([take.word for take in takes]).value_counts().rename_axis("word").rename("takes")
    st.dataframe(counts.to_frame(), alt="How often each word was recorded")
    st.audio(takes[-1].sound, format="audio/wav")
    missing = max(0, _FEWEST - len(takes))
    lacking = "two words or more" if len(counts) < 2 else f"{count(missing, 'more take')}" if missing else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Undo the last", icon=":material/undo:", key="record-undo", on_click=_undo)
        pressed = st.button(
            "Use these recordings",
            type="primary",
            icon=":material/check:",
            key="record-use",
            disabled=bool(lacking),
        )
    if lacking:
        st.caption(f"Still needed: {lacking}.")
    return accept(store(io.BytesIO(zipped(takes)), FILE)) if pressed else None


def _undo() -> None:
    st.session_state[_TAKES].pop()


def zipped(takes: list[Take]) -> bytes:
    """Zip takes in a folder for each word, the voice in front of each file's name."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, take in enumerate(takes, 1):
            name = f"{take.voice}_{number}" if take.voice else str(number)
            archive.writestr(f"{take.word}/{name}.wav", take.sound)
    return kept.getvalue()
