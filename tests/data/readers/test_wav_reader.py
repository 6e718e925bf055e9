"""WAV files of every kind give the sound that is in them, or one clear sentence."""

import struct
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from components.data.readers.wav_reader import SAMPLE_RATE, read_wav, resample
from components.errors import DataError
from tests.data.readers.waveforms import riff_bytes, tone, wav_bytes

KINDS = [(8, False), (16, False), (24, False), (32, False), (32, True), (64, True)]


@pytest.mark.parametrize(("bits", "floating"), KINDS)
@pytest.mark.parametrize("channels", [1, 2, 5])
def test_every_kind_of_sample(bits, floating, channels):
    sound = np.column_stack([tone(440, loudness=0.1 * (1 + channel)) for channel in range(channels)])
    found = read_wav(wav_bytes(sound, bits=bits, floating=floating), "a.wav")
    assert found.dtype == np.float32 and found.shape == (SAMPLE_RATE // 2,)
    np.testing.assert_allclose(found, sound.mean(axis=1), atol=2 / 2**8 if bits == 8 else 1e-4)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000, 96_000])
def test_every_rate_is_brought_to_one(rate):
    found = read_wav(wav_bytes(tone(700, 0.5, rate), rate, 32, floating=True), "a.wav")
    assert abs(len(found) - SAMPLE_RATE // 2) <= 1
    inside = slice(400, -400)  # at its ends a tone that breaks off rings
    np.testing.assert_allclose(found[inside], tone(700)[: len(found)][inside], atol=5e-3)


def test_resampling_is_that_of_scipy():
    sound = sum(tone(pitch, 0.1, 44_100) for pitch in (130, 990, 6000))
    np.testing.assert_allclose(resample(sound, 44_100, SAMPLE_RATE), signal.resample(sound, 1600), atol=1e-9)


def test_parts_that_nobody_needs_are_passed_over():
    whole = wav_bytes(tone())
    odd = b"LIST" + struct.pack("<I", 4) + b"abcd"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = read_wav(riff_bytes(odd, whole[12:]), "a.wav")
    np.testing.assert_allclose(found, tone(), atol=1e-4)


def sample_of(kind: int, rate: int = SAMPLE_RATE) -> bytes:
    about = struct.pack("<HHIIHH", kind, 1, rate, rate, 1, 8)
    return riff_bytes(b"fmt " + struct.pack("<I", 16) + about, b"data" + struct.pack("<I", 4) + bytes(4))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no WAV file"),
        (b"ID3\x04" + bytes(40), "no WAV file"),
        (b"RIFF\x24\x00\x00\x00WAVE", "damaged or cut off"),
        (wav_bytes(tone())[:30], "damaged or cut off"),
        (wav_bytes(np.zeros(0)), "no sound in it"),
        (sample_of(7), "packed in a way"),  # μ-law
        (sample_of(1, 100), "100 samples a second"),
        (wav_bytes(np.zeros(11 * 8000), 8000, 8), "11 seconds long"),
        (wav_bytes(np.full(100, np.nan), bits=32, floating=True), "no numbers"),
    ],
)
def test_what_cannot_be_read_is_said(content, words):
    with pytest.raises(DataError, match=words) as caught:
        read_wav(content, "my.wav")
    assert caught.value.where == "my.wav" and caught.value.remedy


@settings(deadline=None, max_examples=200)
@given(st.integers(4, 60), st.binary(min_size=1, max_size=8))
def test_a_damaged_file_is_read_or_refused(place, damage):
    whole = bytearray(wav_bytes(tone(seconds=0.01)))
    whole[place : place + len(damage)] = damage
    try:
        read_wav(bytes(whole), "my.wav")
    except DataError as error:
        assert error.where == "my.wav"


@pytest.mark.parametrize("floating", [False, True])
def test_of_a_file_that_breaks_off_what_is_there_is_read(floating):
    whole = wav_bytes(tone(), bits=32, floating=floating)
    found = read_wav(whole[: len(whole) // 2 + 2], "a.wav")
    np.testing.assert_allclose(found, tone()[: len(found)], atol=1e-4)
    assert SAMPLE_RATE // 4 - 20 < len(found) < SAMPLE_RATE // 4


def test_plain_files_are_read_without_what_is_heavy():
    """Most recordings are whole numbers: the process that draws pages stays small."""
    program = (
        "import sys; from components.data.readers.wav_reader import read_wav; "
        "from tests.data.readers.waveforms import tone, wav_bytes\n"
        "for bits in (8, 16, 24, 32): read_wav(wav_bytes(tone(), bits=bits), 'a.wav')\n"
        "sys.exit(any(name.startswith('scipy') for name in sys.modules))"
    )
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0
