"""Recordings on a page: some of them drawn and played, their words, lengths and speakers."""

from collections import Counter
from collections.abc import Callable

import numpy as np
import streamlit as st

from components.charts.examples import class_balance, frequent_tokens, length_histogram
from components.charts.spectrogram import MOST_PANELS, spectrogram, spectrograms
from components.data.cleaning.doctor.texts import examine_sequences
from components.data.datasets import Classes, Recordings, Transcripts
from components.data.readers import mel_spectrogram
from components.data.sources import audio_playback
from components.ui.boundary import fragment
from components.ui.data.views.common import control_key, show_findings
from components.ui.widgets.chart_display import show_chart

_MAX_OFFERED = 40  # that a person can choose from, of a word


def show_recordings(dataset: Recordings) -> None:
    """Draw some, let a person hear them, and show what is asked of them."""
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
        _show_word(dataset, answer)
        show_chart(class_balance(answer.names, answer.counts, what="recordings"), key="data-balance")
    if isinstance(answer, Transcripts):
        _show_transcript(dataset, answer)
        counts = Counter(
            {answer.names[code]: int(many) for code, many in enumerate(np.bincount(answer.codes))}
        )
        show_chart(frequent_tokens(counts.most_common(), counts.total(), what="words"), key="data-words")
        if np.ptp(answer.lengths):
            show_chart(
                length_histogram(answer.lengths, what="transcripts", unit="words"), key="data-word-counts"
            )
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
def _show_word(dataset: Recordings, answer: Classes) -> None:
    """Let a person choose a word and one of its recordings, and see and hear it."""
    left, right = st.columns([1, 2], gap="large")
    with left:
        word = st.selectbox("Word", answer.names, key=control_key(dataset, "word"))
        offered = _playable_first(dataset, np.flatnonzero(answer.codes == answer.names.index(word)))
        number = _choose_recording(
            dataset, offered, f"recording.{word}", lambda at: _recording_label(dataset, at)
        )
    with right:
        _draw_recording(dataset, number, f"“{word}”, {_recording_label(dataset, number)}")


@fragment
def _show_transcript(dataset: Recordings, answer: Transcripts) -> None:
    """Let a person choose a recording, and see and hear what is said in it."""
    offered = _playable_first(dataset, np.arange(dataset.size))
    number = _choose_recording(
        dataset, offered, "recording", lambda at: f"{answer.text(at)} ({_recording_label(dataset, at)})"
    )
    title = _recording_label(dataset, number)
    _draw_recording(dataset, number, title[:1].upper() + title[1:])


def _choose_recording(dataset: Recordings, offered: list[int], name: str, label: Callable[[int], str]) -> int:
    """Let a person choose a recording, and hear it if there is its sound."""
    number = st.selectbox("Recording", offered, format_func=label, key=control_key(dataset, name))
    heard = audio_playback.load_audio(dataset, number)
    if heard is None:
        st.caption("This recording has a spectrogram but no audio.")
    else:
        st.audio(heard.content, format=heard.mime)
    return number


def _draw_recording(dataset: Recordings, number: int, title: str) -> None:
    chart = spectrogram(dataset.sequence(number), dataset.step, mel_spectrogram.band_centres(), title=title)
    show_chart(chart, key="data-recording")


def _playable_first(dataset: Recordings, members: np.ndarray) -> list[int]:
    """Return some recordings, those that can be heard first."""
    return sorted(members.tolist(), key=lambda at: not dataset.files[at])[:_MAX_OFFERED]


def _recording_label(dataset: Recordings, number: int) -> str:
    speaker = f"speaker “{dataset.groups.names[dataset.groups.codes[number]]}”" if dataset.groups else ""
    return f"{speaker}, number {number + 1:,}" if speaker else f"number {number + 1:,}"
