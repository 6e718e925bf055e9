"""Several series, one model: windows of all, each scaled by its own, and results of each."""

from dataclasses import replace

import numpy as np
import pytest

from components.data import load
from components.models.seeds import seeded
from components.recipe import (
    Forecast,
    Generated,
    Preparation,
    Recipe,
    Recurrent,
    Sample,
    SpreadColumn,
    Training,
)
from components.tasks import check, examples, forecast, plan
from components.tasks.forecasting import evaluating
from components.tasks.forecasting.result import ForecastResult
from components.tasks.forecasting.suggesting import suggestion
from components.tasks.packing import pack, unpack
from components.training.loop import Loop
from tests.tasks.test_forecast import dataset, recipe

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
    with seeded(0):
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
        (window, ahead), targets = problem.batch(alone.train[:3] + np.int32(problem.first_of(place)))
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
        outputs = loop.outputs((own.test + problem.first_of(place)).astype("int32"))
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
    said = forecast.predict(problem, built, forecast.Past(rows))
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


def test_what_stood_under_each_other_is_suggested_to_be_learnt_together():
    data = replace(load(SHOPS), alike=False)
    spread = SpreadColumn(column="shop", values=("shop 1", "shop 2", "shop 4"))
    found = suggestion(data, Preparation(mends=(spread,)))
    assert found.recipe.task.together == ("shop 2", "shop 4")
    assert "3 series of one kind" in found.reasons[0].sentence
    assert check(found.recipe, data) == ()
    assert suggestion(data, Preparation()).recipe.task.together == ()


def test_a_dataset_of_one_kind_is_suggested_to_be_learnt_together():
    data = load(Sample(name="us_jobs"))
    found = suggestion(data, Preparation(), "finance").recipe
    assert {"finance", *found.task.together} == {*data.columns}
    assert check(found, data) == ()
