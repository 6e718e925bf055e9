"""What never changes in each of several series, as numbers that tell which of them are alike."""

import numpy as np
import pandas as pd

from components.data.datasets import Series
from components.recipe import Forecast


def numbers(task: Forecast, dataset: Series) -> np.ndarray:
    """Return what a task tells of its target that never changes, (numbers,) float64.

    A number is brought to mean 0 and deviation 1 over all series; of words, there is a 1 in the place of that
    which is said, and a 0 for every other that is said of some series.
    """
    traits = [_numbers(dataset.static_features[name]) for name in task.static]
    at = dataset.static_features.index.get_loc(task.target) if traits else 0
    return np.concatenate([np.zeros(0), *(every[at] for every in traits)])


def _numbers(said: pd.Series) -> np.ndarray:
    """Turn a trait into numbers, (series, numbers)."""
    if said.dtype == np.float64:
        values = said.to_numpy()
        return ((values - values.mean()) / (values.std() or 1.0))[:, None]
    return pd.get_dummies(said, dtype="float64").to_numpy()
