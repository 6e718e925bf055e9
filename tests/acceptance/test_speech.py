"""Numbers that are really heard are transcribed by the finished run that comes with Unroll."""

import numpy as np
import pytest

from components.data.readers import mel_spectrogram
from components.engine import model_server
from components.runs.artifacts import RunFiles
from components.runs.shelf import shelf
from components.tasks.sequences import SequenceInput
from components.tasks.transcription.metrics import WER, Transcriptions
from tests.data.readers.waveforms import silence
from tests.data.sources.spoken import spoken

UNHEARD = ("awb", "m3")
"""Voices of the test set whose sounds ship."""
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
STRINGS = 15


@pytest.mark.acceptance
@pytest.mark.timeout(600)
@pytest.mark.parametrize("voice", UNHEARD)
def test_sounds_one_after_the_other_are_heard_as_strings_of_spectrograms_are(voice, tmp_path):
    archive = shelf()["digit_strings"].archive()
    for name, content in archive.files.items():
        RunFiles.of(str(tmp_path), "run").folder.write(name, content)
    rng, said, heard = np.random.default_rng(0), [], []
    for _ in range(STRINGS):
        said.append(" ".join(rng.choice(DIGITS, size=rng.integers(3, 7))))
        sound = np.concatenate([silence(0.4), spoken(said[-1], voice, rng.uniform(0, 0.2)), silence(0.4)])
        sound += rng.normal(0, 0.003, len(sound))
        asked = SequenceInput(mel_spectrogram.log_mel_spectrogram(sound, "", several=True))
        answer = model_server.predict("run", archive.recipe.to_json(), str(tmp_path), asked)
        heard.append(answer.value.candidates[0][0])
    rate = WER.function(Transcriptions(heard, said))
    assert rate is not None and rate <= 0.1, (rate, list(zip(said, heard, strict=True)))
