"""The charts of a backtest and of seeds say what their numbers say."""

import numpy as np
import pytest

from components.charts.backtest import error_by_fold, fold_forecasts
from components.charts.seed_variability import seed_variability
from components.tasks.forecasting.backtest import Backtest, fold_ranges, folds
from components.tasks.forecasting.seeds import Seed
from tests.charts.forecast_result import TEST_START, result, score

FINISHED = result(model_error=0.5)
FOLDS = folds(
    FINISHED,
    [one for one in fold_ranges(Backtest(6), FINISHED.horizon, 120) if one.start >= TEST_START],
)


def test_the_error_of_everyone_stands_in_the_table_a_row_a_fold() -> None:
    chart = error_by_fold(FOLDS, FINISHED.times, "m")
    assert len(chart.table) == len(FOLDS)
    np.testing.assert_allclose(chart.table["Your model"], 0.5)
    np.testing.assert_allclose(chart.table["Last value"], 3)
    assert f"better in {len(FOLDS)} of {len(FOLDS)} folds" in chart.sentence


def test_the_forecasts_of_each_fold_lie_in_it() -> None:
    chart = fold_forecasts(FOLDS, FINISHED.times, FINISHED.truth, "level", "m")
    for fold in FOLDS:
        rows = chart.table[chart.table["fold"] == fold.number]
        assert rows.index[0] == FINISHED.times[fold.start]
        assert rows.index[-1] < FINISHED.times[min(fold.stop, 119)] or fold.stop == 120
        np.testing.assert_allclose(rows["truth"] - rows["model"], 0.5)
    assert len(chart.figure.layout.shapes) == len(FOLDS)


def test_the_spread_of_the_seeds_is_said() -> None:
    every = [Seed(seed, score("model", "Your model", mae)) for seed, mae in enumerate((1.0, 2.0, 4.0))]
    chart = seed_variability(
        every, [score("drift", "Drift", 3.0), score("last_value", "Last value", 5.0)], "m"
    )
    assert chart.sentence == (
        "Over 3 seeds the median error is 2 m, the lowest 1 and the highest 4; 2 of them have a lower error "
        "than “Drift” with 3. The runs differ only in their random numbers."
    )
    assert chart.table.loc["seed 1", "MAE"] == pytest.approx(2)
