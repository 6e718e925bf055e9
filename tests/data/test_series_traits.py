"""How a series goes: whether it walks at random."""

import numpy as np
import pytest

from components.data.series_traits import is_random_walk


def share_of_walks(draw, many: int = 60) -> float:
    return float(np.mean([is_random_walk(draw(np.random.default_rng(seed))) for seed in range(many)]))


def wild(rng: np.random.Generator) -> np.ndarray:
    """A walk with calm and wild times."""
    size = np.exp(0.6 * np.cumsum(rng.normal(0, 0.15, 200)))
    return np.cumsum(rng.normal(size=200) * size)


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng: np.cumsum(rng.normal(size=200)),
        lambda rng: 1e6 + np.cumsum(rng.normal(size=60)),
        lambda rng: np.cumsum(rng.standard_t(3, 500)),
        wild,
    ],
)
def test_walks_are_seen(draw):
    assert share_of_walks(draw) > 0.65


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng: rng.normal(size=200),
        lambda rng: np.cumsum(rng.normal(0.3, 1, 200)),  # it drifts
        lambda rng: np.cumsum(np.convolve(rng.normal(size=202), [1, 0.5, 0.2], "valid")),  # it goes on
        lambda rng: np.sin(np.arange(200) / 5) + 0.1 * rng.normal(size=200),
        lambda rng: np.ones(200),
        lambda rng: np.cumsum(rng.normal(size=12)),  # too few rows to tell
    ],
)
def test_what_tells_of_what_comes_is_no_walk(draw):
    assert share_of_walks(draw) < 0.15
