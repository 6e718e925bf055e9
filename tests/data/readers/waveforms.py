"""Sounds to test with: tones, and WAV files of every kind."""

import struct

import numpy as np

RATE = 16_000


def tone(frequency: float = 440, seconds: float = 0.5, rate: int = RATE, loudness: float = 0.5) -> np.ndarray:
    """Return a tone, (samples,)."""
    return loudness * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)


def silence(seconds: float) -> np.ndarray:
    """Return silence, (samples,)."""
    return np.zeros(round(seconds * RATE))


def wav_bytes(samples: np.ndarray, rate: int = RATE, bits: int = 16, *, floating: bool = False) -> bytes:
    """Write a WAV file by hand, as its makers describe it.

    Args:
        samples: (samples,) or (samples, channels) from −1 to 1.
        rate: samples a second.
        bits: of a sample.
        floating: whether samples are floating point.
    """
    samples = np.atleast_2d(samples.T).T
    if floating:
        data = samples.astype(f"<f{bits // 8}").tobytes()
    elif bits == 8:
        data = np.round(samples * 127 + 128).astype(np.uint8).tobytes()
    else:
        whole = np.round(samples * (2 ** (bits - 1) - 1)).astype("<i4")
        data = whole[..., None].view(np.uint8)[..., : bits // 8].tobytes()
    channels, width = samples.shape[1], samples.shape[1] * bits // 8
    about = struct.pack("<HHIIHH", 3 if floating else 1, channels, rate, rate * width, width, bits)
    return riff_bytes(
        b"fmt " + struct.pack("<I", len(about)) + about, b"data" + struct.pack("<I", len(data)) + data
    )


def riff_bytes(*chunks: bytes) -> bytes:
    """Put chunks into a RIFF file."""
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body
