"""Several series, one model: windows of all, each scaled by its own, and results of each."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from components.data import load
from components.data.datasets import Series
from components.data.transforms import Scaler
from components.recipe import (
    Forecast,
    Generated,
    Preparation,
    Recipe,
    Recurrent,
    Sample,
    Training,
)
from components.tasks import check, examples, forecast, plan
from components.tasks.forecasting import evaluate as evaluating
from components.tasks.forecasting.backtest import FoldRange, folds
from components.tasks.forecasting.result import ForecastResult
from components.tasks.forecasting.static_features import numbers
from components.tasks.forecasting.suggest import suggestion
from components.tasks.forecasting.task import ForecastInputs
from components.tasks.packing import pack, unpack
from components.training.loop import Loop
from tests.tasks.forecasting.test_task import dataset, recipe

SHOPS = Generated(name="shops", length=120)
TOGETHER = ("shop 2", "shop 3")


def shops(**task) -> Recipe:
    settings = {"target": "shop 1", "together": TOGETHER, "window": 24, "horizon": 6, "season": 12}
    return Recipe(
        dataset=SHOPS,
        task=Forecast(**settings | task),
        model=Recurrent(kind="gru", units=4),
        training=Training(batch=32, epochs=2, patience=None),
    )


@pytest.fixture(scope="module")
def trained():
    wanted, data = shops(base="season", window_scaling="standard"), load(SHOPS)
    problem = forecast.prepare(wanted, data)
    built = forecast.build(wanted, problem)
    loop = Loop(built.model, problem, wanted)
    while not loop.is_over:
        loop.run(100)
        loop.end_epoch()
    with pytest.MonkeyPatch.context() as patch:  # fitting them takes long, and they know one series only
        patch.setattr(evaluating, "classical", lambda *_: ())
        return problem, built, loop, forecast.evaluate(problem, loop.outputs, built, 1)


def test_windows_of_all_series_are_learnt_from_and_each_says_which_it_is():
    wanted, data = shops(scaling="standard"), load(SHOPS)
    problem = forecast.prepare(wanted, data)
    assert len(problem.train) == examples(wanted, data) == 3 * len(problem.train[problem.train < 126])
    for place, name in enumerate(("shop 1", *TOGETHER)):
        alone = forecast.prepare(shops(target=name, together=()), data)
        (window, ahead), targets = problem.batch(alone.train[:3] + np.int32(problem.first_example_of(place)))
        own, expected = alone.batch(alone.train[:3])
        np.testing.assert_allclose(window[:, :, :1], own)
        np.testing.assert_allclose(targets, expected)
        which = np.eye(3)[place]
        assert (np.array(window[:, :, 1:]) == which).all() and (np.array(ahead) == which).all()


def test_as_many_parameters_are_promised_as_there_are(trained):
    problem, built, _, _ = trained
    promised = plan(shops(base="season", window_scaling="standard"), problem.dataset).parameters
    assert promised == sum(int(np.prod(v.shape)) for v in built.model.trainable_variables)


def test_every_series_has_results_in_its_own_units(trained):
    problem, _, loop, result = trained
    assert [one.target for one in (result, *result.others)] == ["shop 1", *TOGETHER]
    for place, one in enumerate(result.others, 1):
        np.testing.assert_array_equal(one.truth, problem.dataset.table[one.target])
        own = problem.others[place - 1]
        outputs = loop.outputs((own.test + problem.first_example_of(place)).astype("int32"))
        forecasts = own.forecasts(lambda _, said=outputs: said, own.test)
        np.testing.assert_allclose(one.forecasts, forecasts, rtol=1e-5)
        assert 0.3 < np.median(one.forecasts / one.truth[one.origins + 1][:, None]) < 3
    each = [one.scores[0].mase for one in (result, *result.others)]
    assert result.mean_mase == pytest.approx(np.mean(each))


def test_results_of_several_come_back_from_their_file(trained):
    back = unpack(pack(trained[3]), ForecastResult)
    assert [one.scores for one in back.others] == [one.scores for one in trained[3].others]


def test_asked_what_if_it_answers_for_the_series_that_is_the_target(trained):
    problem, built, _, result = trained
    rows = problem.dataset.table[["shop 1"]].to_numpy()[-24:]
    said = forecast.predict(problem, built, ForecastInputs(rows))
    np.testing.assert_allclose(said, result.future, rtol=1e-4)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"together": ("q",)}, "task.together"),
        ({"together": ("x",), "transform": "log"}, "task.transform"),
        ({"together": ("x",), "transform": "difference", "base": "last"}, "task.transform"),
        ({"together": ("x",), "loss": "negative_binomial"}, "task.loss"),
    ],
)
def test_what_cannot_work_together_is_said_at_its_control(settings, field):
    assert field in [complaint.field for complaint in check(recipe(**settings), dataset())]


def test_a_series_has_one_role():
    with pytest.raises(ValueError, match="can't also be"):
        Forecast(target="y", together=("y",))
    with pytest.raises(ValueError, match="can't also be"):
        Forecast(target="y", covariates=("x",), together=("x",))


def known_of_each() -> Series:
    """Return the shops, and of each its town and its size."""
    data = load(SHOPS)
    known = {"town": ["A", "B", "A", "B", "C", "C"], "size": [10.0, 20, 30, 40, 50, 60]}
    return replace(data, static_features=pd.DataFrame(known, index=list(data.columns)))


def test_the_model_is_told_of_each_series_what_never_changes_in_it():
    wanted, data = shops(static=("size", "town")), known_of_each()
    assert check(wanted, data) == ()
    problem = forecast.prepare(wanted, data)
    sizes = (np.arange(6) - 2.5) / np.arange(6).std()
    towns = [[1, 0, 0], [0, 1, 0], [1, 0, 0]]
    for place in range(3):
        own = (problem, *problem.others)[place]
        (window, ahead), _ = problem.batch(own.train[:3] + np.int32(problem.first_example_of(place)))
        said = np.array([sizes[place], *towns[place], *np.eye(3)[place]])
        np.testing.assert_allclose(np.array(window)[:, :, 1:], np.tile(said, (3, 24, 1)), rtol=1e-6)
        np.testing.assert_allclose(np.array(ahead), np.tile(said, (3, 6, 1)), rtol=1e-6)
    built = forecast.build(wanted, problem)
    promised = plan(wanted, data).parameters
    assert promised == sum(int(np.prod(v.shape)) for v in built.model.trainable_variables)


def test_what_is_known_of_series_late_or_not_is_the_same():
    data = known_of_each()
    for name in data.columns:
        task = Forecast(target=name, static=("size", "town"))
        np.testing.assert_array_equal(numbers(task, data.trim_start((name,))), numbers(task, data))
    assert numbers(Forecast(target="shop 1"), load(SHOPS)).shape == (0,)


@pytest.mark.parametrize(
    ("settings", "said"),
    [({"static": ("colour",)}, "“colour” isn't known"), ({"static": ("size",), "together": ()}, "only one")],
)
def test_what_is_not_known_of_series_or_tells_none_apart_is_said_at_its_control(settings, said):
    (found,) = check(shops(**settings), known_of_each())
    assert found.field == "task.static" and said in found.message


def test_where_the_last_value_tells_more_it_looks_back_over_one_season_only():
    """Months' jobs go on from where they are; passengers of an airline come back as last summer."""
    jobs = replace(load(Sample(name="us_jobs")), season=12)
    found = suggestion(jobs, Preparation(), horizon=12).recipe.task
    assert (found.base, found.window) == ("last", 12)
    equipment = load(Sample(name="electrical_equipment"))
    found = suggestion(equipment, Preparation(), horizon=12).recipe.task
    assert (found.base, found.window) == ("pretrained", 36)


def late(rows: int) -> Series:
    """Return the shops, of which the second one begins after some rows."""
    data = load(SHOPS)
    table = data.table.copy()
    table.iloc[:rows, 1] = np.nan
    return replace(data, table=table)


@pytest.mark.parametrize("place", [0, 1])
def test_a_series_that_begins_late_is_learnt_from_its_own_first_value_on(place):
    """It is as if the table began there; and the others are as if it had never been late."""
    first = 30
    names = ("shop 1", "shop 2")
    wanted = shops(target=names[place], together=(names[1 - place],))
    problem = forecast.prepare(wanted, late(first))
    both = (problem, *problem.others)
    own, other = both[place != 1], both[place == 1]
    whole = forecast.prepare(shops(target="shop 2", together=()), load(SHOPS))
    assert own.dataset.rows == 120 - first and other.dataset.rows == 120
    np.testing.assert_array_equal(own.raw, whole.raw[first:])
    assert own.dataset.table.index[own.split.test.start] == other.split.test.start == whole.split.test.start
    assert all(np.isfinite(one.values).all() for one in both)
    alone = Scaler.fit(whole.raw[first : whole.split.train.stop, None], "standard")
    np.testing.assert_allclose((own.scaler.offset[0], own.scaler.scale[0]), (alone.offset[0], alone.scale[0]))
    assert len(own.raw[own.split.train]) == whole.split.train.stop - first
    number = int(place == 0)
    _, targets = problem.batch(own.validation[:3] + np.int32(problem.first_example_of(number)))
    back = targets * own.scaler.scale[0] + own.scaler.offset[0]
    np.testing.assert_allclose(back, own.truth(own.validation[:3]), rtol=1e-4)
    assert len(problem.train) == examples(wanted, late(first))
    shown = forecast.preview(wanted, late(first)).truth
    assert shown.size and np.isfinite(shown).all()


def test_a_series_that_begins_too_late_is_said_at_its_control():
    (found,) = check(shops(), late(70))
    assert found.field == "task.together" and "“shop 2” starts late: only 14 of its rows" in found.message
    (found,) = check(shops(target="shop 2", together=()), late(70))
    assert found.field == "task.target"
    assert check(shops(), late(20)) == ()
    settings = suggestion(late(70), Preparation()).recipe
    assert settings.task.together == ("shop 3", "shop 4", "shop 5", "shop 6")
    for target in ("shop 1", "shop 2"):
        assert check(suggestion(late(20), Preparation(), target).recipe, late(20)) == ()


def test_results_and_folds_of_a_late_series_lie_at_its_own_times(monkeypatch):
    monkeypatch.setattr(evaluating, "classical", lambda *_: ())
    wanted, data = shops(), late(30)
    problem = forecast.prepare(wanted, data)
    built = forecast.build(wanted, problem)
    loop = Loop(built.model, problem, wanted)
    result = forecast.evaluate(problem, loop.outputs, built, 1)
    second = result.others[0]
    assert np.isfinite(second.truth).all() and len(second.truth) == 90
    np.testing.assert_array_equal(second.times, data.table.index[30:])
    assert second.times[second.test_start] == result.test_start
    covered = [FoldRange(1, 0, 105, 120)]
    one, two, _ = folds(result, covered)
    np.testing.assert_array_equal(one.origins, two.origins)
    own = two.without_first(30)
    np.testing.assert_array_equal(second.truth[own.origins[0] + 1 : own.origins[0] + 7], own.truth[0])


def test_a_dataset_of_one_kind_is_suggested_to_be_learnt_together():
    data = load(Sample(name="us_jobs"))
    found = suggestion(data, Preparation(), "finance").recipe
    assert {"finance", *found.task.together} == {*data.columns}
    assert check(found, data) == ()
