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
from components.tasks import example_count, forecast, plan, recipe_issues
from components.tasks.forecasting import evaluate as evaluating
from components.tasks.forecasting.backtest import FoldRange, folds
from components.tasks.forecasting.panel import series_errors, with_panel_verdict
from components.tasks.forecasting.result import ForecastResult, Score
from components.tasks.forecasting.static_features import numbers
from components.tasks.forecasting.suggest import suggestion
from components.tasks.forecasting.task import ForecastInputs
from components.tasks.result_file import pack, unpack
from components.training.loop import Loop
from tests.charts.forecast_result import result as forecast_result
from tests.tasks.forecasting.test_task import dataset, recipe

SHOPS = Generated(name="shops", length=120)
TOGETHER = ("shop 2", "shop 3")


def shops(**task) -> Recipe:
    settings = {"target": "shop 1", "together": TOGETHER, "window": 24, "horizon": 6, "season": 12}
    return Recipe(
        dataset=SHOPS,
        task=Forecast(**settings | task),
        model=Recurrent(kind="lstm", units=4),
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
    assert len(problem.train) == example_count(wanted, data) == 3 * len(problem.train[problem.train < 126])
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
    assert field in [complaint.field for complaint in recipe_issues(recipe(**settings), dataset())]


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
    assert recipe_issues(wanted, data) == ()
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
        np.testing.assert_array_equal(numbers(task, data.trim((name,))), numbers(task, data))
    assert numbers(Forecast(target="shop 1"), load(SHOPS)).shape == (0,)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"static": ("colour",)}, "There is no static feature “colour”"),
        ({"static": ("size",), "together": ()}, "only one"),
    ],
)
def test_what_is_not_known_of_series_or_tells_none_apart_is_said_at_its_control(settings, said):
    (found,) = recipe_issues(shops(**settings), known_of_each())
    assert found.field == "task.static" and said in found.message


def test_where_the_last_value_tells_more_it_looks_back_over_one_season_only():
    """Months' jobs go on from where they are; passengers of an airline come back as last summer."""
    jobs = replace(load(Sample(name="us_jobs")), season=12)
    found = suggestion(jobs, Preparation(), horizon=12).recipe.task
    assert found.base in ("classical", "pretrained", "combination") and found.window == 12
    equipment = load(Sample(name="electrical_equipment"))
    found = suggestion(equipment, Preparation(), horizon=12).recipe.task
    assert (found.base, found.window) == ("combination", 36)


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
    assert len(problem.train) == example_count(wanted, late(first))
    shown = forecast.preview(wanted, late(first)).truth
    assert shown.size and np.isfinite(shown).all()


def test_a_series_that_begins_too_late_is_said_at_its_control():
    (found,) = recipe_issues(shops(), late(80))
    assert found.field == "task.together" and "only 22 of its rows come before the test set" in found.message
    (found,) = recipe_issues(shops(target="shop 2", together=()), late(70))
    assert found.field == "task.target"
    assert recipe_issues(shops(), late(20)) == ()
    settings = suggestion(late(70), Preparation()).recipe
    assert settings.task.together == ("shop 3", "shop 4", "shop 5", "shop 6")
    for target in ("shop 1", "shop 2"):
        assert recipe_issues(suggestion(late(20), Preparation(), target).recipe, late(20)) == ()


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
    covered = [FoldRange(1, 0, 102, 120)]
    one, two, _ = folds(result, covered)
    np.testing.assert_array_equal(one.origins, two.origins)
    own = two.without_first(30)
    np.testing.assert_array_equal(second.truth[own.origins[0] + 1 : own.origins[0] + 7], own.truth[0])


def early(rows: int) -> Series:
    """Return the shops, of which the second one ends after some rows."""
    data = load(SHOPS)
    table = data.table.copy()
    table.iloc[rows:, 1] = np.nan
    return replace(data, table=table)


@pytest.mark.parametrize(("rows", "tested"), [(60, 0), (95, 0), (110, 1), (120, 1)])
def test_a_series_that_ends_early_is_learnt_from_up_to_its_own_last_value(rows, tested):
    wanted = shops(together=("shop 2",))
    problem = forecast.prepare(wanted, early(rows))
    whole = forecast.prepare(shops(together=("shop 2",)), load(SHOPS))
    own = problem.others[0]
    assert len(own.raw) == rows and np.isfinite(own.values).all()
    np.testing.assert_array_equal(own.raw, whole.others[0].raw[:rows])
    assert len(problem.tested) == tested
    learnt = min(rows, whole.split.train.stop) - 24 - 6 + 1
    assert len(own.train) == learnt
    assert (
        len(problem.train)
        == example_count(wanted, early(rows))
        == len(whole.train) - (len(whole.others[0].train) - learnt)
    )
    assert (own.test < rows - 24 - 6 + 1).all()
    assert recipe_issues(wanted, early(rows)) == ()


def test_a_target_that_ends_before_it_can_be_tested_is_said_and_not_suggested():
    (found,) = recipe_issues(shops(target="shop 2", together=("shop 1",)), early(95))
    assert (
        found.field == "task.target"
        and "“shop 2” ends early: none of its rows are in the test set" in found.message
    )
    (found,) = recipe_issues(shops(target="shop 2", together=("shop 1",)), early(104))
    assert "2 of its rows are in the test set" in found.message
    (found,) = recipe_issues(shops(), early(20))
    assert found.field == "task.together" and "“shop 2” ends early: only 20" in found.message
    data = early(95)
    turned = replace(data, table=data.table[["shop 2", "shop 1", "shop 3"]])
    settings = suggestion(turned, Preparation()).recipe
    assert settings.task.target != "shop 2" and "shop 2" in settings.task.together
    assert recipe_issues(settings, turned) == ()


def test_results_and_folds_hold_only_series_that_go_on_into_them(monkeypatch):
    monkeypatch.setattr(evaluating, "classical", lambda *_: ())
    wanted, data = shops(), early(112)
    problem = forecast.prepare(wanted, data)
    built = forecast.build(wanted, problem)
    loop = Loop(built.model, problem, wanted)
    result = forecast.evaluate(problem, loop.outputs, built, 1)
    assert [one.target for one in result.others] == ["shop 2", "shop 3"]
    assert result.others[0].origins[-1] == 112 - 6 - 1 and len(result.others[0].truth) == 112
    made = folds(result, [FoldRange(1, 0, 102, 111), FoldRange(2, 0, 111, 120)])
    assert [(fold.number, fold.series) for fold in made] == [
        (1, "shop 1"), (2, "shop 1"), (1, "shop 2"), (1, "shop 3"), (2, "shop 3"),
    ]  # fmt: skip
    ended = forecast.prepare(wanted, early(80))
    result = forecast.evaluate(ended, loop.outputs, built, 1)
    assert [one.target for one in result.others] == ["shop 3"]


def test_a_dataset_of_one_kind_is_suggested_to_be_learnt_together():
    data = load(Sample(name="us_jobs"))
    found = suggestion(data, Preparation(), "finance").recipe
    assert {"finance", *found.task.together} == {*data.columns}
    assert recipe_issues(found, data) == ()


# --- New series ---------------------------------------------------------------------------------------------


def test_nothing_is_learnt_from_a_new_series_and_it_is_forecast_by_what_the_others_taught(monkeypatch):
    monkeypatch.setattr(evaluating, "classical", lambda *_: ())
    wanted, data = shops(base="pretrained", loss="quantile"), late(70)
    assert recipe_issues(wanted, data) == ()
    problem = forecast.prepare(wanted, data)
    new = problem.others[0]
    assert new.is_new and not problem.is_new and not problem.others[1].is_new
    without = forecast.prepare(shops(base="pretrained", loss="quantile", together=("shop 3",)), data)
    assert len(problem.train) == len(without.train) == example_count(wanted, data)
    before = new.raw[: new.split.test.start]
    np.testing.assert_allclose(new.scaler.offset[0], before.mean())
    built = forecast.build(wanted, problem)
    loop = Loop(built.model, problem, wanted)
    while not loop.is_over:
        loop.run(100)
        loop.end_epoch()
    result = forecast.evaluate(problem, loop.outputs, built, 1)
    one = result.others[0]
    assert one.target == "shop 2" and one.own_verdict.startswith("This series is new")
    assert np.isfinite(one.forecasts).all() and len(one.forecasts) == len(new.test) > 5
    assert one.scores[0].mase is not None and one.bands[0].coverage > 0.3
    assert {found.name for found in series_errors(result)} == {"shop 1", *TOGETHER}


def test_a_new_series_is_said_to_be_a_bit_of_each_of_the_others():
    problem = forecast.prepare(shops(), late(70))
    (window, ahead), _ = problem.batch(problem.others[0].test[:2] + np.int32(problem.first_example_of(1)))
    for told in (np.array(window)[:, :, 1:], np.array(ahead)):
        assert (told == [0.5, 0, 0.5]).all()
    (window, _), _ = problem.batch(problem.others[1].test[:2] + np.int32(problem.first_example_of(2)))
    assert (np.array(window)[:, :, 1:] == [0, 0, 1]).all()


def test_what_comes_after_the_split_moves_nothing_of_a_new_series():
    clean, spoilt = late(70), late(70)
    start = forecast.prepare(shops(), clean).split.test.start
    spoilt.table.iloc[start:] = 1e6 * np.random.default_rng(0).normal(size=spoilt.table.iloc[start:].shape)
    one, other = (forecast.prepare(shops(base="classical"), data).others[0] for data in (clean, spoilt))
    rows = one.split.test.start
    np.testing.assert_array_equal(one.values[:rows], other.values[:rows])
    np.testing.assert_array_equal(one.starts[: rows - 24], other.starts[: rows - 24])


# --- The verdict on all of them ---------------------------------------------------------------------------


def finished(errors: dict[str, tuple[float, float]]) -> ForecastResult:
    """Return the result of a panel: series → the model's error and that of the last value, of scale 1."""

    def of(target: str, model: float, naive: float) -> ForecastResult:
        scores = (scaled("model", "Your model", model), scaled("last_value", "Last value", naive))
        return replace(forecast_result(), target=target, scores=scores, verdict=f"On {target}.")

    first, *others = (of(name, *pair) for name, pair in errors.items())
    return replace(first, others=tuple(others))


def scaled(name: str, label: str, mase: float) -> Score:
    return Score(name, label, mase**2, mase, mase, None, None, mase, mase)


def test_series_stand_by_how_far_the_model_is_behind():
    found = series_errors(finished({"a": (0.5, 1), "b": (2, 1), "c": (1, 1), "d": (3, 2)}))
    assert [(one.name, one.standing) for one in found] == [
        ("b", "behind"),
        ("d", "behind"),
        ("c", "even"),
        ("a", "ahead"),
    ]
    assert found[0].ratio == 2 and found[0].rival == "Last value"


def test_the_verdict_of_a_panel_is_on_all_of_its_series():
    better = with_panel_verdict(finished({f"s{n}": (0.5 + n / 100, 1) for n in range(8)}))
    assert better.verdict.startswith("Over all series the model beats")
    assert "Over 8 series the model's mean MASE is 0.535; that of “Last value”" in better.verdict
    assert "unlikely to be chance" in better.verdict and "ahead on 8, about the same on 0" in better.verdict
    assert better.won and better.own_verdict == "On s0."
    assert better.outcome.model == pytest.approx(0.535) and better.outcome.rule == 1
    assert better.others[0].own_verdict == "On s1."


def test_a_lead_on_one_series_does_not_win_a_panel():
    mixed = with_panel_verdict(finished({f"s{n}": (0.2 if n == 0 else 1.05, 1) for n in range(8)}))
    assert mixed.verdict.startswith("The model is ahead over all series, but not significantly.")
    assert not mixed.won and "ahead on 1, about the same on 0 and behind on 7" in mixed.verdict
    worse = with_panel_verdict(finished({"a": (0.5, 1), "b": (3, 1)}))
    assert worse.verdict.startswith("Over all series the model doesn't beat the best of the others.")
    assert not worse.won and "Wilcoxon" not in worse.verdict  # two series are too few to test


def test_a_single_series_or_one_without_a_scale_has_no_verdict_on_all():
    alone = finished({"a": (0.5, 1)})
    assert with_panel_verdict(alone) == alone
    unscaled = finished({"a": (0.5, 1), "b": (1, 1)})
    unscaled = replace(unscaled, scores=tuple(replace(score, mase=None) for score in unscaled.scores))
    assert with_panel_verdict(unscaled).panel is None
    assert [one.name for one in series_errors(unscaled)] == ["b"]


def test_a_trained_panel_says_what_came_of_it_and_comes_back_from_its_file(trained):
    result = trained[3]
    assert result.panel is not None and "Over 3 series" in result.verdict and "λ = " in result.verdict
    back = unpack(pack(result), ForecastResult)
    assert back.panel == result.panel and back.verdict == result.verdict
