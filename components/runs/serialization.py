"""Numbers of a run as the store keeps them and as a page gets them."""

import numpy as np
from tsdownsample import MinMaxLTTBDownsampler

from components.training.events import Steps

FLOAT32 = np.dtype("<f4")
"""As the model computes them: nothing is lost, and every machine reads them alike."""
_POWERS_OF_TEN = np.array([float(f"1e{power}") for power in range(54)])
"""Up to what gives the smallest float32 nine digits. Computed ones aren't the same on all processors."""


def pack_steps(steps: Steps, skip: int = 0) -> bytes:
    """Pack the numbers of updates, the first `skip` left out, into (3 + layers, K) float32."""
    rows = [steps.losses, steps.before, steps.after, *steps.layers]
    return to_bytes(np.array(rows)[:, skip:])


def unpack_steps(payload: bytes, count: int) -> np.ndarray:
    """Return what `pack_steps` packed of `count` updates → (3 + layers, count)."""
    return from_bytes(payload).reshape(-1, count)


def to_bytes(numbers: np.ndarray) -> bytes:
    """Return numbers as float32; what is too large for it becomes infinite."""
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(numbers, FLOAT32).tobytes()


def from_bytes(payload: bytes) -> np.ndarray:
    """Return the numbers that `to_bytes` kept."""
    return np.frombuffer(payload, FLOAT32)


def json_numbers(numbers: np.ndarray) -> list[float | None]:
    """Return float32 numbers for JSON: as short as they stay distinct, None for NaN and infinity."""
    exact = numbers.astype(float)
    finite = np.isfinite(exact)
    exact[~finite] = 0.0
    # Nine digits tell every float32 from its neighbours; the other eight would only be noise.
    shift = 8 - np.floor(np.log10(np.maximum(np.abs(exact), 1e-45))).astype(int)
    power, up = _POWERS_OF_TEN[np.abs(shift)], shift >= 0
    nine = np.rint(np.where(up, exact * power, exact / power))
    short: list[float | None] = np.where(up, nine / power, nine * power).tolist()
    for hole in np.flatnonzero(~finite):
        short[hole] = None
    return short


def downsample(losses: np.ndarray, most: int) -> np.ndarray:
    """Choose at most `most` points that keep the shape of a curve → their positions, the last included.

    MinMaxLTTB of Van Der Donckt et al. (2023), which keeps the peaks.
    """
    if len(losses) <= most:
        return np.arange(len(losses))
    finite = np.isfinite(losses)
    # A loss that blew up is the highest of peaks.
    drawn = np.where(finite, losses, 2 * losses[finite].max(initial=0.0))
    return MinMaxLTTBDownsampler().downsample(drawn, n_out=most)


def means_between(values: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Return the mean over the values that each kept one stands for: those since the kept one before it.

    Args:
        values: (N,) float32; where one is no finite number, its mean isn't either.
        kept: (K,) positions of those that are kept, rising, the last value's included.

    Returns:
        (K,) float32.
    """
    sizes = np.diff(kept.astype(int), prepend=-1)
    starts = np.concatenate([[0], kept[:-1].astype(int) + 1])
    with np.errstate(invalid="ignore", over="ignore"):
        return (np.add.reduceat(values.astype(float), starts) / sizes).astype(FLOAT32)
