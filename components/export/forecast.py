"""A forecast as a CSV file."""

import numpy as np
import pandas as pd

from components.export.csv_table import to_csv
from components.tasks.forecasting.result import ForecastResult


def forecast_csv(result: ForecastResult) -> bytes:
    """Return every forecast of the test set and the one after the data, a row per forecast value.

    Of a panel they are those of all series, one after the other, and a column says of which.
    """
    if not result.others:
        return to_csv(_table(result, f" of {result.target}"))
    tables = []
    for one in (result, *result.others):
        table = _table(one, "")
        table.insert(0, "series", one.target)
        tables.append(table)
    return to_csv(pd.concat(tables, ignore_index=True))


def _table(result: ForecastResult, of: str) -> pd.DataFrame:
    """Return the forecasts of one series; `of` ends the names of the columns that may be several series'."""
    horizon = result.horizon
    rows = result.origins[:, None] + np.arange(1, horizon + 1)
    last = np.repeat(result.times[-1:], horizon)
    return pd.DataFrame(
        {
            "made at": result.times[np.repeat(result.origins, horizon)].append(pd.Index(last)),
            "for": result.times[rows.ravel()].append(result.future_times),
            "steps ahead": np.tile(np.arange(1, horizon + 1), len(result.origins) + 1),
            f"forecast{of}": np.append(result.forecasts.ravel(), result.future),
            f"truth{of}": np.append(result.truth[rows].ravel(), np.full(horizon, np.nan)),
            **{
                f"{band.level:.0%} interval ({band.label.lower()}), {which}": np.append(
                    values.ravel(), future
                )
                for band in result.bands
                for which, values, future in (
                    ("lower bound", band.tested.lower, band.future.lower),
                    ("upper bound", band.tested.upper, band.future.upper),
                )
            },
            **{
                f"baseline: {label}": np.append(values.ravel(), np.full(horizon, np.nan))
                for label, values in result.baselines.items()
            },
        }
    )
