"""Audio files of every kind give the sound that is in them, or one clear sentence."""

import io
import struct
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from components.data.readers import audio
from components.data.readers.audio import RATE, read, resampled
from components.errors import DataError
from tests.data.readers.waveforms import riff_bytes, tone, wav_bytes

KINDS = [(8, False), (16, False), (24, False), (32, False), (32, True), (64, True)]


@pytest.mark.parametrize(("bits", "floating"), KINDS)
@pytest.mark.parametrize("channels", [1, 2, 5])
def test_every_kind_of_sample(bits, floating, channels):
    sound = np.column_stack([tone(440, loudness=0.1 * (1 + channel)) for channel in range(channels)])
    found = read(wav_bytes(sound, bits=bits, floating=floating), "a.wav")
    assert found.dtype == np.float32 and found.shape == (RATE // 2,)
    np.testing.assert_allclose(found, sound.mean(axis=1), atol=2 / 2**8 if bits == 8 else 1e-4)


@pytest.mark.parametrize("bits", [8, 16, 24, 32])
def test_whole_numbers_are_shares_of_full_scale(bits):
    """The smallest is −1, the largest a step less than 1, as exactly as float32 can tell it."""
    full = 2 ** (bits - 1)
    values = np.array([-full, -1, 0, 1, full - 1])
    data = (
        (values + (128 if bits == 8 else 0)).astype("<i4")[:, None].view(np.uint8)[:, : bits // 8].tobytes()
    )
    about = struct.pack("<HHIIHH", 1, 1, RATE, RATE * bits // 8, bits // 8, bits)
    content = riff_bytes(
        b"fmt " + struct.pack("<I", 16) + about, b"data" + struct.pack("<I", len(data)) + data
    )
    assert read(content, "a.wav").tolist() == (values / full).astype(np.float32).tolist()


def encoded(sound: np.ndarray, rate: int = RATE, kind: str = "FLAC", subtype: str | None = None) -> bytes:
    kept = io.BytesIO()
    soundfile.write(kept, sound, rate, format=kind, subtype=subtype)
    return kept.getvalue()


@pytest.mark.parametrize(("subtype", "step"), [("PCM_16", 2**-15), ("PCM_24", 2**-23)])
@pytest.mark.parametrize("rate", [RATE, 44_100])
def test_flac_loses_nothing(subtype, step, rate):
    sound = np.column_stack([tone(440, rate=rate), tone(700, rate=rate)])
    found = read(encoded(sound, rate, "FLAC", subtype), "a.flac")
    want = resampled(sound.mean(axis=1), rate, RATE)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, want, atol=2 * step + 1e-7)


@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_ogg_is_nearly_what_was_said(subtype):
    found = read(encoded(tone(440, rate=48_000), 48_000, "OGG", subtype), "a.ogg")
    want = tone(440)
    assert abs(len(found) - len(want)) < 400
    inside = slice(1000, 7000)
    assert np.corrcoef(found[inside], want[inside])[0, 1] > 0.99


@pytest.mark.parametrize("kind", ["WAV", "FLAC"])
def test_what_does_not_fit_into_a_block_is_read_block_by_block(monkeypatch, kind):
    content = encoded(np.column_stack([tone(440), tone(700), tone(90)]), kind=kind)
    want = read(content, "a")
    monkeypatch.setattr(audio, "_BLOCK", 1000)
    np.testing.assert_array_equal(read(content, "a"), want)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000, 96_000])
def test_every_rate_is_brought_to_one(rate):
    found = read(wav_bytes(tone(700, 0.5, rate), rate, 32, floating=True), "a.wav")
    assert abs(len(found) - RATE // 2) <= 1
    inside = slice(400, -400)  # at its ends a tone that breaks off rings
    np.testing.assert_allclose(found[inside], tone(700)[: len(found)][inside], atol=5e-3)


def test_resampling_is_that_of_scipy():
    sound = sum(tone(pitch, 0.1, 44_100) for pitch in (130, 990, 6000))
    np.testing.assert_allclose(resampled(sound, 44_100, RATE), signal.resample(sound, 1600), atol=1e-9)


def test_parts_that_nobody_needs_are_passed_over():
    whole = wav_bytes(tone())
    odd = b"LIST" + struct.pack("<I", 4) + b"abcd"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = read(riff_bytes(odd, whole[12:]), "a.wav")
    np.testing.assert_allclose(found, tone(), atol=1e-4)


def sample_of(kind: int, rate: int = RATE) -> bytes:
    about = struct.pack("<HHIIHH", kind, 1, rate, rate, 1, 8)
    return riff_bytes(b"fmt " + struct.pack("<I", 16) + about, b"data" + struct.pack("<I", 4) + bytes(4))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "isn't a WAV"),
        (b"ID3\x04" + bytes(40), "isn't a WAV"),
        (encoded(tone())[:60], "This FLAC file is damaged or cut off"),
        (encoded(tone(), kind="OGG")[:60], "This OGG file is damaged or cut off"),
        (encoded(np.zeros(11 * 8000), 8000), "11 seconds long"),
        (b"RIFF\x24\x00\x00\x00WAVE", "damaged or cut off"),
        (wav_bytes(tone())[:30], "damaged or cut off"),
        (wav_bytes(np.zeros(0)), "no sound in it"),
        (sample_of(0x1234), "encoding isn't supported"),
        (sample_of(1, 100), "sample rate is 100 Hz"),
        (wav_bytes(np.zeros(11 * 8000), 8000, 8), "11 seconds long"),
        (wav_bytes(np.full(100, np.nan), bits=32, floating=True), "out of range"),
    ],
    ids=range(
        12
    ),  # an OGG file's bytes hold a random serial number, and a test has one name in all processes
)
def test_what_cannot_be_read_is_said(content, words):
    with pytest.raises(DataError, match=words) as caught:
        read(content, "my.wav")
    assert caught.value.where == "my.wav" and caught.value.remedy


SHORT = {
    "a.wav": wav_bytes(tone(seconds=0.01)),
    "a.flac": encoded(tone(seconds=0.01)),
    "a.ogg": encoded(tone(seconds=0.01), kind="OGG"),
}


@pytest.mark.parametrize("name", SHORT)
@settings(deadline=None, max_examples=200)
@given(st.integers(4, 120), st.binary(min_size=1, max_size=8), st.integers(0, 400))
def test_a_damaged_file_is_read_or_refused(name, place, damage, cut):
    whole = bytearray(SHORT[name])
    whole[place : place + len(damage)] = damage
    try:
        found = read(bytes(whole[: max(len(whole) - cut, 4)]), name)
    except DataError as error:
        assert error.where == name
    else:
        assert np.isfinite(found).all()


@pytest.mark.parametrize("floating", [False, True])
def test_of_a_file_that_breaks_off_what_is_there_is_read(floating):
    whole = wav_bytes(tone(), bits=32, floating=floating)
    found = read(whole[: len(whole) // 2 + 2], "a.wav")
    np.testing.assert_allclose(found, tone()[: len(found)], atol=1e-4)
    assert RATE // 4 - 20 < len(found) < RATE // 4


def test_files_are_read_without_what_is_heavy():
    """The process that draws pages stays small."""
    program = (
        "import sys\n"
        "from components.data.readers.audio import read\n"
        "from tests.data.readers.waveforms import tone, wav_bytes\n"
        "for bits in (8, 16, 24, 32): read(wav_bytes(tone(), bits=bits), 'a.wav')\n"
        "sys.exit(any(name.startswith('scipy') for name in sys.modules))"
    )
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0
