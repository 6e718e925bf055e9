"""The pretrained forecaster at work, in NumPy: nothing to trace or to compile, and no TensorFlow."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from components.models.cells import CELLS
from components.models.cells.arrays import NUMPY
from components.models.head_spec import PRETRAINED_UNITS
from components.models.pretrained.features import Features, Reading, Variant, read

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
MEDIAN = QUANTILES.index(0.5)
WEIGHTS = Path(__file__).parent / "weights"
"""A file of numbers for each variant, and what its training came to."""
LONGEST_CONTEXT = 128
"""Newest rows that a forecast looks at, or three seasons where that is more."""
LONGEST_SEASON = 400
"""Longer ones aren't seen: a year of days is."""
FEWEST_ROWS = 4
"""That must be known."""
UNITS = PRETRAINED_UNITS


EXAMPLE = 100 + 0.3 * np.arange(72) + 8 * np.sin(np.arange(72) * np.pi / 6) ** 3
"""Six years of months, whose forecast is kept beside the weights: to tell that they still say the same."""
EXAMPLE_SEASON = EXAMPLE_HORIZON = 12


@dataclass(frozen=True, eq=False)
class PretrainedForecast:
    """What a pretrained network forecasts for B series, H steps ahead.

    Attributes:
        quantiles: (B, H, 5), those of `QUANTILES`, in the units of the series.
        weights: (B, H, candidates) of each baseline in the median, before its correction; they sum to 1.
        states: (B, H, UNITS) of the decoder at each step ahead.
        encoded: (B, UNITS) the encoder's state after the newest row: all that it made of the series.
    """

    quantiles: np.ndarray
    weights: np.ndarray
    states: np.ndarray
    encoded: np.ndarray

    @property
    def median(self) -> np.ndarray:
        """(B, H)."""
        return self.quantiles[..., MEDIAN]


def forecast(
    series: np.ndarray, season: int | None, horizon: int, variant: Variant = "stack"
) -> PretrainedForecast:
    """Forecast series that the network has never seen.

    Args:
        series: (B, n) known values, n ≥ FEWEST_ROWS; NaN where a row has no value, but not everywhere.
        season: rows after which they repeat; None: they don't.
        horizon: steps ahead.
        variant: which of the networks.
    """
    return apply(load_weights(variant), read_context(series, season, horizon).features(variant))


def read_context(series: np.ndarray, season: int | None, horizon: int) -> Reading:
    """Read as much of the newest rows of series as a forecast looks at; arguments as of `forecast`."""
    season = known_season(series.shape[1], season)
    return read(series[:, -max(LONGEST_CONTEXT, 3 * season) :], season, horizon)


def known_season(rows: int, season: int | None) -> int:
    """Return the season that so many rows let be seen; 1 where they show none."""
    is_seen = season and season <= LONGEST_SEASON and rows >= season + max(2, math.ceil(season / 2))
    return season if season and is_seen else 1


def apply(weights: Mapping[str, np.ndarray], features: Features) -> PretrainedForecast:
    """Run a network with these weights over what it reads."""
    state = np.zeros((len(features.history), weights["encoder/recurrent"].shape[0]), np.float32)
    encoded = _run(weights, "encoder", features.history, state)[:, -1]
    first = np.tanh(encoded @ weights["bridge/kernel"] + weights["bridge/bias"])
    steps = _relu(features.ahead @ weights["steps/kernel"] + weights["steps/bias"])
    states = _run(weights, "decoder", steps, first)
    joined = np.concatenate([states, steps], 2)
    joined = _relu(joined @ weights["joint/kernel"] + weights["joint/bias"])
    outputs = joined @ weights["head/kernel"] + weights["head/bias"]
    count = features.candidates.shape[2]
    shares = np.exp(outputs[..., :count] - outputs[..., :count].max(2, keepdims=True))
    shares /= shares.sum(2, keepdims=True)
    median = (shares * features.candidates).sum(2) + outputs[..., count]
    widths = np.logaddexp(0, outputs[..., count + 1 :])
    low, high = median - widths[..., 0], median + widths[..., 1]
    quantiles = np.stack([low - widths[..., 2], low, median, high, high + widths[..., 3]], 2)
    in_units = features.location[..., None] + features.scale[..., None] * quantiles.astype(np.float64)
    return PretrainedForecast(in_units, shares, states, encoded)


@cache
def load_weights(variant: Variant) -> Mapping[str, np.ndarray]:
    """Return the weights that come with Unroll, by layer and name."""
    with np.load(WEIGHTS / f"{variant}.npz", allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


@cache
def series_seen(variant: Variant) -> int:
    """Return how many series the weights that come with Unroll were trained on."""
    return json.loads((WEIGHTS / f"{variant}.json").read_text())["reports"][-1]["series"]


def _run(
    weights: Mapping[str, np.ndarray], layer: str, sequences: np.ndarray, state: np.ndarray
) -> np.ndarray:
    """Go through a GRU → (B, T, units), its state after every step."""
    cell, (outer, inner) = CELLS["gru"], weights[f"{layer}/bias"]
    products = sequences @ weights[f"{layer}/kernel"] + outer
    recurrent, states = weights[f"{layer}/recurrent"], []
    for step in range(sequences.shape[1]):
        (state,), _ = cell.forward(NUMPY, products[:, step], state @ recurrent + inner, [state])
        states.append(state)
    return np.stack(states, 1)


def _relu(values: np.ndarray) -> np.ndarray:
    return np.maximum(values, 0)
