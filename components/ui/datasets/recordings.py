"""Recordings on a page: a word of each drawn and heard, how many there are, how long they are, who speaks."""

import numpy as np
import streamlit as st

from components.charts.examples import balance, lengths
from components.charts.spectrogram import MOST_PANELS, spectrogram, spectrograms
from components.data.dataset import Classes, Recordings
from components.data.doctor.texts import examine_sequences
from components.data.sound import mel, playing
from components.ui.boundary import fragment
from components.ui.datasets.common import key_of, say
from components.ui.figures import show

_PLACES = 40  # that a person can choose from, of a word


def look_at(dataset: Recordings) -> None:
    """Draw an example of each word, let a person hear some, and show what is asked of them."""
    say(examine_sequences(dataset))
    answer = dataset.answer
    if isinstance(answer, Classes):
        # The most frequent words where there are too many, in the order of their names.
        most = np.sort(np.argsort(-answer.counts, kind="stable")[:MOST_PANELS])
        firsts = [(answer.names[code], np.flatnonzero(answer.codes == code)) for code in most]
        groups = [(name, dataset.sequence(int(members[0]))) for name, members in firsts if len(members)]
        chart = spectrograms(groups, dataset.step, mel.middles(), title="An example of each word")
        show(chart, key="data-examples")
        _one(dataset, answer)
        show(balance(answer.names, answer.counts, what="recordings"), key="data-balance")
    if len(np.unique(dataset.lengths)) > 1:
        milliseconds = f"steps of {1000 * dataset.step:g} ms"
        show(lengths(dataset.lengths, what="recordings", unit=milliseconds), key="data-lengths")
    if dataset.groups and len(dataset.groups.names) <= MOST_PANELS:
        show(balance(dataset.groups.names, dataset.groups.counts, what="recordings"), key="data-voices")


@fragment
def _one(dataset: Recordings, answer: Classes) -> None:
    """Let a person choose a word and one of its recordings, and see and hear it."""
    left, right = st.columns([1, 2], gap="large")
    with left:
        word = st.selectbox("Word", answer.names, key=key_of(dataset, "word"))
        number = st.selectbox(
            "Recording",
            _offered(dataset, answer, answer.names.index(word)),
            format_func=lambda at: _name(dataset, at),
            key=key_of(dataset, f"recording.{word}"),
        )
        heard = playing.sound(dataset, number)
        if heard is None:
            st.caption("Of this one only the picture is here, not the sound.")
        else:
            st.audio(heard.content, format=heard.mime)
    with right:
        title = f"“{word}”, {_name(dataset, number)}"
        chart = spectrogram(dataset.sequence(number), dataset.step, mel.middles(), title=title)
        show(chart, key="data-recording")


def _offered(dataset: Recordings, answer: Classes, code: int) -> list[int]:
    """Give some recordings of a word, those that can be heard first."""
    members = np.flatnonzero(answer.codes == code).tolist()
    return sorted(members, key=lambda at: not dataset.files[at])[:_PLACES]


def _name(dataset: Recordings, number: int) -> str:
    voice = f"the voice “{dataset.groups.names[dataset.groups.codes[number]]}”" if dataset.groups else ""
    return f"{voice}, number {number + 1:,}" if voice else f"number {number + 1:,}"
