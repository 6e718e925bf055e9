"""The forecast as CSV: complete, exact, and harmless to a spreadsheet."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from components.export.forecast import forecast_csv
from components.tasks.forecasting.result import ForecastResult
from tests.charts import forecast_result

ORIGINS = np.array([4, 5, 6])


def result(target="sales", index=None):
    rng = np.random.default_rng(0)
    times = pd.date_range("2020-01-31", periods=9, freq="ME") if index is None else index
    return ForecastResult(
        target=target,
        unit="",
        scores=(),
        verdict="",
        best_epoch=1,
        attention_rows="none",
        times=times[:9],
        truth=rng.normal(size=9),
        test_start=5,
        origins=ORIGINS,
        forecasts=rng.normal(size=(3, 2)),
        future_times=pd.date_range("2020-10-31", periods=2, freq="ME")
        if index is None
        else pd.RangeIndex(9, 11),
        future=rng.normal(size=2),
        baselines={"Last value": rng.normal(size=(3, 2))},
    )


@pytest.mark.parametrize("index", [None, pd.RangeIndex(9)])
def test_every_forecast_is_a_row_and_no_digit_is_lost(index):
    given = result(index=index)
    table = pd.read_csv(io.BytesIO(forecast_csv(given)))
    assert len(table) == 3 * 2 + 2
    np.testing.assert_array_equal(
        table["forecast of sales"], np.append(given.forecasts.ravel(), given.future)
    )
    np.testing.assert_array_equal(
        table["truth of sales"][:6], given.truth[ORIGINS[:, None] + np.array([1, 2])].ravel()
    )
    np.testing.assert_array_equal(table["baseline: Last value"][:6], given.baselines["Last value"].ravel())
    assert table["truth of sales"][6:].isna().all()
    assert table["steps ahead"].tolist() == [1, 2] * 4
    expected = [*given.times[[5, 6, 6, 7, 7, 8]], *given.future_times]
    assert table["for"].astype(str).tolist() == [str(moment).removesuffix(" 00:00:00") for moment in expected]


def test_the_ends_of_every_band_stand_beside_the_forecasts():
    given = replace(forecast_result.result(), bands=(forecast_result.band(), forecast_result.band("own")))
    table = pd.read_csv(io.BytesIO(forecast_csv(given)))
    for band, name in zip(given.bands, ("conformal", "own"), strict=True):
        for which, values, future in (
            ("lower bound", band.tested.lower, band.future.lower),
            ("upper bound", band.tested.upper, band.future.upper),
        ):
            np.testing.assert_array_equal(
                table[f"80% interval ({name}), {which}"], np.append(values.ravel(), future)
            )


@pytest.mark.parametrize(
    "target", ['=HYPERLINK("http://evil.example")', "+1", "@SUM(A1)", "-2", "\t=1", 'a"\n=1']
)
def test_no_cell_is_a_formula(target):
    content = io.BytesIO(forecast_csv(result(target)))
    cells = pd.read_csv(content, header=None, dtype=str, keep_default_na=False).to_numpy().ravel()
    for cell in cells:
        assert not cell.startswith(("=", "+", "@", "\t", "\r"))
        if cell.startswith("-"):
            float(cell)


def test_of_a_panel_the_forecasts_of_all_series_are_there_and_each_says_of_which():
    first, second = forecast_result.result(), replace(forecast_result.result(2.5), target="second")
    table = pd.read_csv(io.BytesIO(forecast_csv(replace(first, others=(second,)))))
    assert list(table["series"].unique()) == ["level", "second"]
    for one in (first, second):
        own = table[table["series"] == one.target]
        np.testing.assert_array_equal(own["forecast"], np.append(one.forecasts.ravel(), one.future))
        assert own["truth"].notna().sum() == one.forecasts.size
