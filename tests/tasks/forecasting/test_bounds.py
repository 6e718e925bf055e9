"""What a series can't go beyond: proposed from its training set, and kept to wherever a forecast is."""

import io

import keras
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from components.data.datasets import Provenance, Series
from components.export.forecast import forecast_csv
from components.recipe import Forecast, Preparation, Recipe, Recurrent, Sample, Training
from components.tasks import forecast, recipe_issues
from components.tasks.forecasting import evaluate as evaluating
from components.tasks.forecasting.backtest import FoldRange, folds
from components.tasks.forecasting.bounds import proposed_bounds
from components.tasks.forecasting.classical import Classical
from components.tasks.forecasting.suggest import suggestion
from components.tasks.forecasting.task import ForecastInputs

ROWS, WINDOW, HORIZON, SEASON = 120, 24, 6, 12
LOW, HIGH = 0.0, 100.0


def dataset(low: float = LOW, high: float = HIGH) -> Series:
    """Return two shares that go from one bound to the other."""
    at, noise = np.arange(ROWS), np.random.default_rng(5).normal(0, 12, (2, ROWS))
    values = np.clip(50 + 55 * np.sin(2 * np.pi * at / SEASON) + noise, max(low, 0.5), min(high, 99.5))
    table = pd.DataFrame({"share": values[0], "other": values[1], "known": np.cos(at)})
    return Series(Sample(name="toy"), "Toy", Provenance("here", "none"), table, season=SEASON)


def recipe(**task) -> Recipe:
    held = {"target": "share", "window": WINDOW, "horizon": HORIZON, "season": SEASON}
    held |= {"lower_bound": LOW, "upper_bound": HIGH}
    return Recipe(
        dataset=Sample(name="toy"),
        preparation=Preparation(validation=0.2, test=0.25),
        task=Forecast(**held | task),
        model=Recurrent(kind="lstm", units=4, dropout=0.2),
        training=Training(epochs=1, batch=16),
    )


@pytest.fixture
def wild_methods(monkeypatch):
    """Classical methods that go far beyond every bound."""

    def wild(series, start, origins, horizon, *_):
        far = np.linspace(-1e4, 1e4, len(origins) * horizon).reshape(len(origins), horizon)
        return (Classical("ets", "ETS", far, "ETS goes wild."),)

    monkeypatch.setattr(evaluating, "classical", wild)


EVERY = [
    {},
    {"transform": "log"},
    {"transform": "seasonal_difference", "base": "season"},
    {"transform": "difference", "base": "last"},
    {"loss": "quantile", "base": "pretrained"},
    {"loss": "quantile", "transform": "log", "window_scaling": "standard"},
    {"loss": "gaussian", "passes": 5},
    {"loss": "student_t", "base": "classical"},
    {"strategy": "recursive", "known": ("known",)},
    {"strategy": "decoder", "loss": "quantile", "passes": 5},
    {"together": ("other",), "base": "last", "window_scaling": "standard"},
]


@pytest.mark.parametrize("settings", EVERY, ids=str)
def test_bounds_hold_everywhere(settings, wild_methods, tmp_path):
    wanted, data = recipe(**settings), dataset()
    assert recipe_issues(wanted, data) == ()
    problem = forecast.prepare(wanted, data)
    built = forecast.build(wanted, problem)
    chance = np.random.default_rng(1)
    for weight in built.model.trainable_variables:  # a model that has learnt nothing sensible
        weight.assign(chance.normal(0, 4, weight.shape))

    def outputs(examples):
        return built.model(problem.batch(examples)[0]).numpy()

    free = problem.task.model_copy(update={"lower_bound": None, "upper_bound": None})
    unbound = forecast.prepare(wanted.model_copy(update={"task": free}), data)
    beyond = unbound.forecasts(outputs, unbound.test)
    assert beyond.min() < LOW or beyond.max() > HIGH
    result = forecast.evaluate(problem, outputs, built, 1)
    said = [np.array(problem.snapshot(outputs).numbers)]
    for one in (result, *result.others):
        said += [one.forecasts, one.future, *one.baselines.values()]
        for band in one.bands:
            said += [
                end
                for fan in (band.tested, band.future)
                for end in (fan.lower, fan.half_lower, fan.half_upper, fan.upper)
            ]
    table = pd.read_csv(io.BytesIO(forecast_csv(result)))
    said += [
        table[name].dropna().to_numpy(np.float64)
        for name in table
        if name.startswith(("forecast", "baseline")) or "bound" in name
    ]
    start = problem.split.test.start
    for fold in folds(result, [FoldRange(1, 0, start, ROWS)]):
        said += list(fold.forecasts.values())
    rows = data.table[[*dict.fromkeys(["share", *wanted.task.inputs])]].to_numpy()[-WINDOW - problem.lag :]
    said.append(forecast.predict(problem, built, ForecastInputs(rows)))
    said.append(_from_file(problem, built, tmp_path))
    for numbers in said:
        assert numbers.size
        assert LOW <= numbers.min() <= numbers.max() <= HIGH
    assert any("kept within 0 and 100" in note for note in result.notes)


def _from_file(problem, built, folder) -> np.ndarray:
    """Return what the model for download says of random rows, read back by Keras alone."""
    file = folder / "model.keras"
    forecast.export_model(problem, built.model).save(file)
    model = keras.models.load_model(file)
    chance = np.random.default_rng(2)
    given = [chance.uniform(1, 99, (16, *side.shape[1:])).astype(np.float32) for side in model.inputs]
    return np.array(model(given if len(given) > 1 else given[0]))


def test_without_bounds_nothing_is_cut():
    wanted, data = recipe(lower_bound=None, upper_bound=None), dataset()
    problem = forecast.prepare(wanted, data)
    far = problem.forecasts(lambda examples: np.full((len(examples), HORIZON), -9.0), problem.test)
    assert far.max() < LOW


@pytest.mark.parametrize(
    ("settings", "field"),
    [({"lower_bound": 20}, "task.lower_bound"), ({"upper_bound": 80}, "task.upper_bound")],
)
def test_bounds_that_the_training_set_contradicts_are_refused_at_their_control(settings, field):
    assert [issue.field for issue in recipe_issues(recipe(**settings), dataset())] == [field]
    together = recipe(**settings | {"target": "known", "together": ("share",)} | _wide(settings))
    assert field in [issue.field for issue in recipe_issues(together, dataset())]


def _wide(settings):
    """Return the other bound so far away that it is kept by every column."""
    return {"upper_bound": 1e3} if "lower_bound" in settings else {"lower_bound": -1e3}


def test_a_lower_bound_lies_below_the_upper():
    with pytest.raises(ValueError, match="must be below"):
        recipe(lower_bound=5, upper_bound=5)


@pytest.mark.parametrize(
    ("values", "name", "unit", "expected"),
    [
        ([0, 3, 1, 7, 2], "sold", "", (0, None)),
        ([5.5, 30, 12.2], "sunspots", "", (0, None)),
        ([315.0, 330, 420], "co2", "ppm", (None, None)),  # zero is out of reach
        ([2.0, 25, 11], "temperature", "°C", (None, None)),
        ([-1.0, 25, 11], "balance", "", (None, None)),
        ([20.0, 91, 55], "humidity", "", (0, 100)),
        ([20.0, 91, 55], "load", "%", (0, 100)),
        ([0.2, 0.91, 0.5], "market_share", "", (0, 1)),
        ([20.0, 100, 100, 55.5], "filled", "", (0, 100)),
        ([20.0, 100, 100, 55], "guests", "", (0, None)),  # counts that happen to be 100
        ([20.0, 130, 55], "share of last year", "", (0, None)),
        ([4.0, 4, 4], "constant", "", (None, None)),
        ([np.nan, np.nan], "empty", "", (None, None)),
    ],
)
def test_bounds_are_read_off_the_training_set(values, name, unit, expected):
    found = proposed_bounds(np.array(values, np.float64), name, unit)
    assert (found.lower, found.upper) == expected
    assert bool(found.sentence) == (expected != (None, None))


@given(
    arrays(np.float64, st.integers(1, 30), elements=st.floats(-200, 200, width=32)),
    st.sampled_from(["y", "share", "humidity"]),
    st.sampled_from(["", "%", "°C"]),
)
def test_a_proposal_never_contradicts_what_it_is_read_off(values, name, unit):
    found = proposed_bounds(values, name, unit)
    assert found.lower is None or found.lower <= values.min()
    assert found.upper is None or found.upper >= values.max()


def test_a_suggestion_proposes_bounds_and_says_why():
    found = suggestion(dataset(), Preparation(validation=0.2, test=0.25))
    assert found.recipe.task.bounds == (LOW, HIGH)
    assert any("is a share" in sentence for sentence in found.shared_reasons(found.recipe))
    assert recipe_issues(found.recipe, dataset()) == ()
