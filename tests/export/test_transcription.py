"""Transcripts as a table that anybody can open."""

import io

import pandas as pd

from components.export.transcription import transcription_csv
from components.tasks import transcribe
from tests.tasks.transcription.speech import tones, tones_recipe
from tests.tasks.transcription.test_task import knowing


def test_each_recording_of_the_test_set_has_a_row():
    problem = transcribe.prepare(tones_recipe(), tones())
    built = transcribe.build(tones_recipe(), problem)
    result = transcribe.evaluate(problem, knowing(problem, {int(problem.test[0])}), built, 1)
    table = pd.read_csv(io.BytesIO(transcription_csv(result)))
    assert table["recording"].tolist() == (problem.test + 1).tolist()
    assert table["wrong words"].tolist() == [1] + [0] * (len(table) - 1)
    assert (table["said"] == table["heard"]).sum() == len(table) - 1
