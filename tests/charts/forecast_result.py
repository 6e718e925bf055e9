"""A small finished forecast, made up, for the charts to draw."""

import numpy as np
import pandas as pd

from components.tasks.forecasting.result import Band, Fan, ForecastResult, Score

ROWS, TEST_START, HORIZON = 120, 90, 5


def score(name: str, label: str, mae: float) -> Score:
    return Score(name=name, label=label, mse=mae**2, mae=mae, rmse=mae, mape=None, smape=None, mase=None)


def band(name: str = "conformal", level: float = 0.8) -> Band:
    """A band of 2 to either side of the truth, and half of it within."""
    finished = result()
    rows = finished.origins[:, None] + np.arange(1, HORIZON + 1)
    future = np.arange(ROWS, ROWS + HORIZON)
    return Band(
        name=name,
        label=name.capitalize(),
        level=level,
        tested=Fan(*(finished.truth[rows] + away for away in (-2, -1, 1, 2))),
        future=Fan(*(future + away for away in (-2.0, -1.0, 1.0, 2.0))),
        coverage=0.76,
        half_coverage=0.5,
        by_step=np.full(HORIZON, 0.76),
        width=4.0,
        winkler=5.0,
        pinball=0.5,
        crps=0.4,
        sentence="The 80% prediction interval covers 76% of the values of the test set.",
    )


def result(model_error: float = 0.5) -> ForecastResult:
    """A straight rise of 1 a day; the model is off by `model_error`, the last value by 3 on average."""
    times = pd.date_range("2020-01-01", periods=ROWS, freq="D", name="day")
    truth = np.arange(ROWS, dtype=float)
    origins = np.arange(TEST_START - 1, ROWS - HORIZON)
    ahead = origins[:, None] + np.arange(1, HORIZON + 1)
    return ForecastResult(
        target="level",
        unit="m",
        scores=(score("model", "Your model", model_error), score("last_value", "Last value", 3.0)),
        verdict="",
        best_epoch=3,
        attention_rows="none",
        times=times,
        truth=truth,
        test_start=TEST_START,
        origins=origins,
        forecasts=truth[ahead] - model_error,
        future_times=pd.date_range("2020-04-30", periods=HORIZON, freq="D", name="day"),
        future=np.arange(ROWS, ROWS + HORIZON) - model_error,
        baselines={
            "Last value": np.repeat(truth[origins][:, None], HORIZON, axis=1),
            "Drift": truth[ahead] + 9.0,
        },
    )
