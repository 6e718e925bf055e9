"""Transcribing by pauses: right where words stand apart, silent where nothing can be learnt so."""

from dataclasses import replace

import numpy as np

from components.data.datasets import Transcripts
from components.tasks import transcribe
from components.tasks.transcription.pauses import transcribe_by_pauses
from tests.tasks.transcription.speech import tones, tones_recipe


def test_words_that_stand_apart_are_told_by_their_likeness():
    problem = transcribe.prepare(tones_recipe(), tones(80))
    heard = transcribe_by_pauses(problem, problem.test)
    assert heard is not None
    right = [
        words.tolist() == problem.transcripts.words(number).tolist()
        for number, words in zip(problem.test, heard, strict=True)
    ]
    assert np.mean(right) > 0.9


def test_where_no_recording_falls_into_its_words_nothing_is_said():
    data = tones()
    longer = Transcripts.of([f"{data.answer.text(number)} {'and ' * 9}" for number in range(data.size)])
    problem = transcribe.prepare(tones_recipe(), replace(data, answer=longer))
    assert transcribe_by_pauses(problem, problem.test) is None
