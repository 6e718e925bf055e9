"""Folds that follow each other to the end of the series, of which nothing is known before their time."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.splits.time_split import time_split
from components.recipe import Generated, Preparation
from components.tasks.forecasting import backtest as module
from components.tasks.forecasting.backtest import (
    KINDS,
    MODEL,
    Backtest,
    by_series,
    fold_ranges,
    folds,
    issue,
    mean_mase,
    panel_summary,
    ranges_of_training,
    summary,
    truncate,
)
from components.tasks.result_file import pack, unpack
from components.training.limits import Limits
from tests.charts.forecast_result import result
from tests.tasks.forecasting.test_task import dataset, recipe

BACKTESTS = st.builds(Backtest, st.integers(2, 12), st.sampled_from(KINDS), st.booleans())


@given(BACKTESTS)
def test_its_name_names_it(backtest):
    assert Backtest.from_name(backtest.name) == backtest


@pytest.mark.parametrize("name", ["", "expanding-99-refit", "../result", "expanding-5"])
def test_what_names_none_is_none(name):
    assert Backtest.from_name(name) is None


@given(BACKTESTS, st.integers(1, 40), st.integers(500, 5000))
def test_folds_follow_each_other_to_the_end_and_are_a_horizon_long_at_least(backtest, horizon, rows):
    every = fold_ranges(backtest, horizon, rows)
    assert len(every) == backtest.folds
    assert every[-1].stop == rows
    for one, after in pairwise(every):
        assert one.stop == after.start
    assert all(one.stop - one.start >= horizon for one in every)
    learnt = {one.start - one.first for one in every}
    if backtest.refit:
        assert len(learnt) == (1 if backtest.kind == "sliding" else backtest.folds)
        assert [ranges_of_training(backtest, n, horizon, rows) for n in range(backtest.training_count)] == [
            (one,) for one in every
        ]
    else:
        assert ranges_of_training(backtest, 0, horizon, rows) == every


@given(
    first=st.integers(0, 30),
    known=st.integers(20, 60),
    tested=st.integers(1, 30),
    validation=st.floats(0.05, 0.4),
    test=st.floats(0.05, 0.4),
)
def test_the_shortened_recipe_tests_exactly_the_fold(first, known, tested, validation, test):
    wanted = recipe(preparation=Preparation(validation=validation, test=test))
    made, series = truncate(wanted, dataset(150), first, first + known, first + known + tested)
    parts = time_split(series.rows, made.preparation)
    assert (parts.test.start, parts.test.stop) == (known, known + tested)
    assert 0 < parts.train.stop < parts.validation.stop
    assert series.table.index[-1] == dataset(150).table.index[first + known + tested - 1]


def test_too_many_folds_for_a_short_series_are_complained_of():
    assert issue(Backtest(3), recipe(), dataset(200)) is None
    found = issue(Backtest(12), recipe(window=20, horizon=7), dataset(110))
    assert found is not None and "fewer folds" in found.message


def test_one_model_that_goes_through_all_folds_is_measured_where_each_fold_lies():
    finished = result(model_error=0.5)
    covered = fold_ranges(Backtest(3, refit=False), finished.horizon, 120)
    covered = [one for one in covered if one.start >= finished.test_start]
    finished = replace(finished, test_start=covered[0].start)
    made = folds(finished, covered)
    for fold, one in zip(made, covered, strict=True):
        assert fold.origins[0] == one.start - 1
        assert fold.origins[-1] + finished.horizon == one.stop - 1
        assert fold.errors()[MODEL] == pytest.approx(0.5)
        np.testing.assert_array_equal(fold.truth[0], finished.truth[one.start : one.start + finished.horizon])
    assert set(made[0].errors()) == {MODEL, "Last value", "Drift"}
    assert summary(made, "m").startswith(
        f"Over {len(made)} folds the model's mean absolute error is 0.5 m on average"
    )
    assert "“Last value”, has 3" in summary(made, "m")


def test_every_series_has_folds_of_its_own_and_they_are_compared_by_their_size():
    near, far = (
        replace(one, scores=tuple(replace(score, mase=score.mae / 4) for score in one.scores))
        for one in (result(model_error=0.5), result(model_error=5))
    )
    covered = [one for one in fold_ranges(Backtest(3), near.horizon, 120) if one.start >= near.test_start]
    made = folds(replace(near, target="near", others=(replace(far, target="far"),)), covered)
    assert [*by_series(made)] == ["near", "far"]
    for own, one in zip(by_series(made).values(), (near, far), strict=True):
        assert [fold.number for fold in own] == [one.number for one in covered]
        assert mean_mase(own)[MODEL] == pytest.approx(one.scores[0].mase)
    said = panel_summary(made)
    assert f"Over {len(covered)} folds of 2 series" in said and "on 1 of 2 series" in said
    unscaled = [replace(fold, scale=None) for fold in made]
    assert mean_mase(unscaled) is None and "one scale" in panel_summary(unscaled)
    assert [one.series for one in unpack(pack(module.Part(made)), module.Part).folds] == [
        fold.series for fold in made
    ]


def test_a_fold_is_trained_and_kept(tmp_path):
    """The whole way of one, with a tiny model, beside the rules on the same origins."""
    from components.engine import extra_trainings

    wanted = recipe(window=6, horizon=3, season=None, preparation=Preparation(), batch=16).model_copy(
        update={"dataset": Generated(name="sine", length=120)}
    )
    task = wanted.task.model_copy(update={"target": "value"})
    training = wanted.training.model_copy(update={"epochs": 1})
    wanted = wanted.model_copy(update={"task": task, "training": training})
    backtest = Backtest(2)
    limits = Limits(60, 2**40, 60)
    extra_trainings.train_fold("r", wanted.to_json(), str(tmp_path), backtest, 1, limits)
    assert (
        extra_trainings.read_result("r", str(tmp_path), extra_trainings.fold_file(backtest, 0), module.Part)
        is None
    )
    (fold,) = extra_trainings.read_result(
        "r", str(tmp_path), extra_trainings.fold_file(backtest, 1), module.Part
    ).folds
    (last,) = ranges_of_training(backtest, 1, 3, 120)
    assert (fold.number, fold.start, fold.stop) == (2, last.start, 120)
    assert fold.origins.tolist() == list(range(last.start - 1, 117))
    assert {MODEL, "Last value (naive)", "Drift", "Mean"} <= set(fold.forecasts)
    assert all(rows.shape == fold.truth.shape for rows in fold.forecasts.values())
