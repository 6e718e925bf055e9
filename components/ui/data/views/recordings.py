"""Recordings on a page: one of each word drawn and played, class balance, lengths and speakers."""

import numpy as np
import streamlit as st

from components.charts.examples import class_balance, length_histogram
from components.charts.spectrogram import MOST_PANELS, spectrogram, spectrograms
from components.data.cleaning.doctor.texts import examine_sequences
from components.data.datasets import Classes, Recordings
from components.data.readers import mel_spectrogram
from components.data.sources import audio_playback
from components.ui.boundary import fragment
from components.ui.data.views.common import control_key, show_findings
from components.ui.widgets.chart_display import show_chart

_MAX_OFFERED = 40  # that a person can choose from, of a word


def show_recordings(dataset: Recordings) -> None:
    """Draw an example of each word, let a person hear some, and show what is asked of them."""
    show_findings(examine_sequences(dataset))
    answer = dataset.answer
    if isinstance(answer, Classes):
        # The most frequent words where there are too many, in the order of their names.
        most = np.sort(np.argsort(-answer.counts, kind="stable")[:MOST_PANELS])
        firsts = [(answer.names[code], np.flatnonzero(answer.codes == code)) for code in most]
        groups = [(name, dataset.sequence(int(members[0]))) for name, members in firsts if len(members)]
        chart = spectrograms(
            groups, dataset.step, mel_spectrogram.band_centres(), title="An example of each word"
        )
        show_chart(chart, key="data-examples")
        _show_recording(dataset, answer)
        show_chart(class_balance(answer.names, answer.counts, what="recordings"), key="data-balance")
    if np.ptp(dataset.lengths):
        milliseconds = f"steps of {1000 * dataset.step:g} ms"
        show_chart(
            length_histogram(dataset.lengths, what="recordings", unit=milliseconds), key="data-lengths"
        )
    if dataset.groups and len(dataset.groups.names) <= MOST_PANELS:
        show_chart(
            class_balance(dataset.groups.names, dataset.groups.counts, what="recordings"), key="data-voices"
        )


@fragment
def _show_recording(dataset: Recordings, answer: Classes) -> None:
    """Let a person choose a word and one of its recordings, and see and hear it."""
    left, right = st.columns([1, 2], gap="large")
    with left:
        word = st.selectbox("Word", answer.names, key=control_key(dataset, "word"))
        number = st.selectbox(
            "Recording",
            _playable_first(dataset, answer, answer.names.index(word)),
            format_func=lambda at: _recording_label(dataset, at),
            key=control_key(dataset, f"recording.{word}"),
        )
        heard = audio_playback.load_audio(dataset, number)
        if heard is None:
            st.caption("This recording has a spectrogram but no audio.")
        else:
            st.audio(heard.content, format=heard.mime)
    with right:
        title = f"“{word}”, {_recording_label(dataset, number)}"
        chart = spectrogram(
            dataset.sequence(number), dataset.step, mel_spectrogram.band_centres(), title=title
        )
        show_chart(chart, key="data-recording")


def _playable_first(dataset: Recordings, answer: Classes, code: int) -> list[int]:
    """Return some recordings of a word, those that can be heard first."""
    members = np.flatnonzero(answer.codes == code).tolist()
    return sorted(members, key=lambda at: not dataset.files[at])[:_MAX_OFFERED]


def _recording_label(dataset: Recordings, number: int) -> str:
    speaker = f"speaker “{dataset.groups.names[dataset.groups.codes[number]]}”" if dataset.groups else ""
    return f"{speaker}, number {number + 1:,}" if speaker else f"number {number + 1:,}"
