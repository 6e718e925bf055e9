"""A trained forecaster as one Keras model that takes and gives the series' own numbers."""

import keras
import numpy as np
from keras import ops

from components.data.transforms import Scaler
from components.recipe import Forecast


def whole_forecaster(forecaster: keras.Model, task: Forecast, scaler: Scaler, lag: int) -> keras.Model:
    """Put the transform and the scaling into the model, in plain Keras layers and operations.

    Args:
        forecaster: (batch, window, features) → (batch, horizon) in scaled units.
        task: names the transform.
        scaler: as fitted on the training part.
        lag: rows that the transform needs before the window.

    Returns:
        A model (batch, lag + window, features) → (batch, horizon): rows of the table, oldest first,
        the target in the first column and the covariates after it in the recipe's order; forecasts
        in the target's own units. It loads with `keras.models.load_model` alone.
    """
    features = len(scaler.offset)
    rows = keras.Input((lag + task.window, features), name="rows")
    target = rows[:, :, :1]
    changed = ops.concatenate([_forward(target, task, lag), rows[:, lag:, 1:]], axis=-1)
    scaling = keras.layers.Normalization(
        mean=scaler.offset.astype(np.float32),
        variance=np.square(scaler.scale).astype(np.float32),
        name="scaling",
    )
    scaled = forecaster(scaling(changed))
    back = keras.layers.Rescaling(float(scaler.scale[0]), float(scaler.offset[0]), name="unscaling")(scaled)
    return keras.Model(rows, _inverse(back, target[:, task.window :, 0], task), name="unroll")


def _forward(target: keras.KerasTensor, task: Forecast, lag: int) -> keras.KerasTensor:
    match task.transform:
        case "log":
            return ops.log(target)
        case "difference" | "seasonal_difference":
            return target[:, lag:] - target[:, :-lag]
    return target


def _inverse(forecast: keras.KerasTensor, newest: keras.KerasTensor, task: Forecast) -> keras.KerasTensor:
    """Undo the transform of (batch, horizon); `newest` are the (batch, lag) last values of the target."""
    match task.transform:
        case "log":
            return ops.exp(forecast)
        case "difference":
            return newest + ops.cumsum(forecast, axis=1)
        case "seasonal_difference":
            season = newest.shape[1]
            seasons = -(-task.horizon // season)
            filled = ops.pad(forecast, ((0, 0), (0, seasons * season - task.horizon)))
            changes = ops.cumsum(ops.reshape(filled, (-1, seasons, season)), axis=1)
            levels = ops.reshape(changes + newest[:, None], (-1, seasons * season))
            return levels[:, : task.horizon]
    return forecast
