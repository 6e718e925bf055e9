"""A table beside recordings says what is said in each, or one sentence says what it lacks."""

import io
import zipfile

import numpy as np
import pytest

from components import data
from components.data.datasets import Classes, Recordings, Transcripts
from components.errors import DataError
from tests.data.readers.file_helpers import upload_bytes
from tests.data.readers.waveforms import silence, tone, wav_bytes

ROWS = (
    ("clips/a1.wav", "Low, HIGH!", "ann"),
    ("b1.wav", "high low low", "ben"),
    ("c1", "low", "cat"),
    ("d1.wav", "high", "dan"),
    ("e1.wav", "high-high", "eve"),
)
PITCHES = {"low": 300.0, "high": 2000.0}


def spoken(words):
    parts = [part for word in words for part in (tone(PITCHES[word], 0.25), silence(0.5))]
    return wav_bytes(np.concatenate(parts))


def zipped(table, name="said.csv", more=()):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for stem, words in zip(("a1", "b1", "c1", "d1", "e1"), (2, 3, 1, 1, 2), strict=True):
            archive.writestr(f"clips/{stem}.wav", spoken(["low"] * words))
        for file in more:
            archive.writestr(file, spoken(["low"]))
        archive.writestr(name, table)
    return upload_bytes(kept.getvalue(), "speech.zip")


def table(header="file,text,speaker", rows=ROWS, between=","):
    lines = [header.replace(",", between)]
    lines += [between.join(f'"{cell}"' for cell in row[: header.count(",") + 1]) for row in rows]
    return "\n".join(lines) + "\n"


def test_each_recording_has_its_words_and_its_voice():
    found = data.load(zipped(table(), more=["clips/unnamed.wav"]))
    assert isinstance(found, Recordings) and isinstance(found.answer, Transcripts)
    texts = [found.answer.text(number) for number in range(found.size)]
    assert texts == ["low high", "high low low", "low", "high", "high high"]
    assert found.groups is not None and found.groups.names == ("ann", "ben", "cat", "dan", "eve")
    assert "5 voices" in found.notes[0] and "1 file was skipped" in found.notes[1]
    seconds = found.lengths * found.step
    assert seconds[1] > 1.6 > seconds[0] > 0.9 > seconds[2], "the pauses between words stay"


def test_columns_go_by_several_names_and_tables_may_have_tabs():
    found = data.load(zipped(table("Path,Sentence", between="\t"), "train.tsv"))
    assert isinstance(found.answer, Transcripts) and found.groups is None
    assert "don't say who is speaking" in found.notes[0]


def test_of_single_words_each_is_a_class():
    found = data.load(zipped(table(rows=[(file, "Low", "") for file, *_ in ROWS[:4]] + [("e1", "high", "")])))
    assert isinstance(found.answer, Classes) and found.answer.counts.tolist() == [1, 4]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("file,length\na1.wav,one\nb1.wav,two\n", "which word is heard"),
        ("file,text\na1.wav,427\nb1.wav,31\n", "holds numbers, not words"),
        ("file,text\na1.wav,low\nb1.wav,...\n", "holds no word"),
        ("file,text\nx.wav,low\ny.wav,high\n", "names none of the recordings"),
    ],
)
def test_what_it_lacks_is_said(content, message):
    with pytest.raises(DataError, match=message):
        data.load(zipped(content))
