"""A zip of words becomes a dataset whose voices stay apart, and whose sounds can be heard again."""

import io
import zipfile

import numpy as np
import pytest
import soundfile

from components import data
from components.data.datasets import Classes, Recordings
from components.data.readers import mel_spectrogram, recordings_archive
from components.data.readers.audio import RATE, read
from components.data.sources import audio_playback
from components.data.splits.random_split import random_split
from components.errors import DataError
from components.recipe import Preparation, Upload
from tests.data.readers.file_helpers import upload_bytes
from tests.data.readers.waveforms import tone, wav_bytes

VOICES = ("ann", "ben", "cat", "dan", "eve", "fay")
WORDS = {"high": 2000.0, "low": 300.0}


def recordings_zip(voices=VOICES, **more: bytes) -> bytes:
    """Zip a folder for each word, in which each voice says it twice."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for word, pitch in WORDS.items():
            for number, voice in enumerate(voices):
                for take in range(2):
                    sound = tone(pitch * (1 + 0.02 * number), 0.2 + 0.05 * take)
                    archive.writestr(f"words/{word}/{voice}_{take}.wav", wav_bytes(sound))
        for name, content in more.items():
            archive.writestr(name, content)
    return kept.getvalue()


def load_recordings(content: bytes) -> Recordings:
    found = data.load(upload_bytes(content, "words.zip"))
    assert isinstance(found, Recordings)
    return found


def test_a_folder_a_word():
    found = load_recordings(recordings_zip())
    assert found.kind == "recordings" and found.size == 24 and len(found.channels) == mel_spectrogram.BANDS
    assert isinstance(found.answer, Classes) and found.answer.names == ("high", "low")
    assert found.answer.counts.tolist() == [12, 12]
    assert found.groups is not None and found.groups.names == VOICES
    assert "6 voices" in found.notes[0]
    told = {fact.label: fact.value for fact in found.facts()}
    assert told["Words"] == "high, low" and told["Voices"] == "6" and told["Recordings"] == "24"
    assert told["Time step"].startswith("16 milliseconds")


def test_what_is_read_is_what_the_file_holds():
    found = load_recordings(recordings_zip())
    number = found.files.index("words/low/cat_1.wav")
    heard = audio_playback.load_audio(found, number)
    assert heard is not None and heard.mime == "audio/wav"
    np.testing.assert_array_equal(
        found.sequence(number), mel_spectrogram.log_mel_spectrogram(read(heard.content, ""), "")
    )
    assert found.answer.names[found.answer.codes[number]] == "low"
    assert found.groups.names[found.groups.codes[number]] == "cat"


def test_no_voice_is_in_two_parts():
    found = load_recordings(recordings_zip())
    parts = random_split(found.size, Preparation(), classes=found.answer, groups=found.groups)
    heard = [{*found.groups.codes[part]} for part in (parts.train, parts.validation, parts.test)]
    assert all(heard) and sum(map(len, heard)) == len(VOICES)
    assert sorted(np.concatenate([parts.train, parts.validation, parts.test])) == list(range(found.size))


def test_few_voices_are_all_learnt_from():
    found = load_recordings(recordings_zip(VOICES[: recordings_archive.MIN_VOICES - 1]))
    assert found.groups is None and "don't say who is speaking" in found.notes[0]


@pytest.mark.parametrize(("kind", "mime"), [("FLAC", "audio/flac"), ("OGG", "audio/ogg")])
def test_words_may_be_packed_sounds(kind, mime):
    name, content = f"words/low/zoe_0.{kind}", io.BytesIO()
    soundfile.write(content, tone(300, 0.3), RATE, format=kind)
    found = load_recordings(recordings_zip(**{name: content.getvalue()}))
    heard = audio_playback.load_audio(found, found.files.index(name))
    assert found.size == 25 and heard is not None and heard.mime == mime
    assert heard.content == content.getvalue()


def test_other_files_are_passed_over():
    found = load_recordings(recordings_zip(**{"README.md": b"hello", "words/high/notes.txt": b"hi"}))
    assert found.size == 24 and "2 files were skipped" in found.notes[1]


def test_a_file_that_is_no_word_is_named():
    silent, foreign = wav_bytes(np.zeros(8000)), b"not a sound"
    for content, said in ((silent, "recording is silent"), (foreign, "isn't a WAV, FLAC")):
        with pytest.raises(DataError, match=said) as caught:
            load_recordings(recordings_zip(**{"words/low/zoe_0.wav": content}))
        assert caught.value.where == "words.zip, words/low/zoe_0.wav" and caught.value.remedy


def test_a_bomb_is_refused(monkeypatch):
    monkeypatch.setenv("UNROLL_UPLOAD_BYTES", str(1 << 20))
    from components.settings import settings

    settings.cache_clear()
    content = recordings_zip(**{"words/low/zoe_0.wav": bytes(2 << 20)})
    with pytest.raises(DataError, match="would exceed 1 MB"):
        load_recordings(content)
    settings.cache_clear()


def test_a_sound_that_is_gone_is_said():
    found = load_recordings(recordings_zip())
    gone = Recordings(
        Upload(id="0" * 32, name="words.zip"),
        found.title,
        found.provenance,
        found.values,
        found.offsets,
        found.channels,
        step=found.step,
        files=found.files,
    )
    with pytest.raises(DataError, match="no longer stored"):
        audio_playback.load_audio(gone, 0)


# --- Names instead of folders ------------------------------------------------------------------------


def flat_zip(*names: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for number, name in enumerate(names):
            archive.writestr(name, wav_bytes(tone(300.0 + 20 * number, 0.1)))
    return kept.getvalue()


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{word}_{voice}_{take}.wav", ("no", "yes")),
        ("digits/{word}_{voice}_{take}.wav", ("no", "yes")),
        ("{word}-{take}{voice}.wav", ("no", "yes")),
        ("{word}{take}{voice}.wav", ("no", "yes")),
        ("{word} ({take}{voice}).wav", ("no", "yes")),
        ("03-01-{word}-{take}{voice}.wav", ("no", "yes")),
    ],
)
def test_words_are_told_by_names_where_no_folders_tell_them(pattern, words):
    names = [
        pattern.format(word=word, voice=voice, take=take)
        for word in ("yes", "no")
        for voice in VOICES
        for take in range(2)
    ]
    found = load_recordings(flat_zip(*names))
    assert found.answer.names == words
    assert found.answer.counts.tolist() == [12, 12]
    assert "part of the file names" in found.notes[0]


def test_digits_are_words_and_voices_stay_apart():
    names = [f"{digit}_{voice}_{take}.wav" for digit in range(3) for voice in VOICES for take in range(2)]
    found = load_recordings(flat_zip(*names))
    assert found.answer.names == ("0", "1", "2")
    assert found.groups is not None and found.groups.names == VOICES
    assert found.notes[0].startswith(
        "The classes were taken from the first part of the file names, such as “0”"
    )


def test_names_that_tell_nothing_are_said_to():
    with pytest.raises(DataError, match="say which word") as caught:
        load_recordings(flat_zip("one.wav", "two.wav", "three.wav", "four.wav"))
    assert "yes_1.wav" in caught.value.remedy
