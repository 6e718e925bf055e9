"""What the benchmarks of forecasting ask: seven series, and how far each is to be forecast.

Those that ship with the product are read as it reads them. The others are in packages that only the tests or
a rival's environment have: hourly normals in vega-datasets, the airline's passengers in NeuralForecast, and
monthly sunspots in pmdarima.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

MOST_LEARNT = 2000
"""Rows, the newest, that anybody learns from."""


@dataclass(frozen=True, eq=False)
class Question:
    """Series side by side, (rows, series), of which the last `horizon` rows are to be forecast from the rest.

    Attributes:
        name: for people.
        table: one column a series; several are a panel, of one kind.
        season: rows after which it usually repeats; None where it doesn't.
        horizon: rows that are to be forecast.
    """

    name: str
    table: pd.DataFrame
    season: int | None
    horizon: int

    @property
    def known(self) -> np.ndarray:
        """What everyone learns from, (rows, series)."""
        return self.table.to_numpy(np.float64)[: -self.horizon]

    @property
    def truth(self) -> np.ndarray:
        """What is to be forecast, (horizon, series)."""
        return self.table.to_numpy(np.float64)[-self.horizon :]


def questions(borrowed: Callable[[str], list[float]]) -> Iterator[Question]:
    """Yield them all.

    Args:
        borrowed: gives a series by name, `airline` or `sunspots`, out of a rival's environment.
    """
    yield _monthly("airline passengers", borrowed("airline"), "1949-01-01", 12, 24)
    yield _monthly("sunspots, monthly", borrowed("sunspots"), "1749-01-01", 132, 132)
    yield _sample("CO₂, weekly", "co2", 52)
    yield _sample("temperature in Seattle, daily", "seattle_weather", 14)
    yield _sample("electrical equipment, monthly", "electrical_equipment", 24)
    yield _normals()
    yield _sample("jobs by industry, a panel, monthly", "us_jobs", 12)


def _monthly(name: str, values: list[float], first: str, season: int, horizon: int) -> Question:
    months = pd.date_range(first, periods=len(values), freq="MS")
    table = pd.DataFrame({"value": np.array(values, np.float64)}, index=months)
    return Question(name, table.iloc[-(MOST_LEARNT + horizon) :], season, horizon)


def _sample(name: str, key: str, horizon: int) -> Question:
    from components.data import load
    from components.recipe import Sample

    dataset = load(Sample(name=key))
    columns = dataset.table if dataset.is_panel else dataset.table.iloc[:, :1]
    return Question(name, columns.iloc[-(MOST_LEARNT + horizon) :], dataset.season, horizon)


def _normals() -> Question:
    """Return what the temperature of Seattle usually is in each hour of a year, by NOAA."""
    from vega_datasets import local_data

    table = local_data.seattle_temps().set_index("date")[["temp"]].astype("float64")
    return Question("hourly weather normals", table.iloc[-(MOST_LEARNT + 48) :], 24, 48)
