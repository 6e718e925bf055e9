"""A forecast that starts from another: untrained it is just that; what is learnt is added to it, shrunk."""

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from components.data.datasets import Provenance, Series
from components.insight.example import stack_examples
from components.insight.probe import Probe
from components.models.ensemble import layers_of
from components.models.pretrained.forecaster import forecast as pretrained
from components.recipe import Forecast, Optimizer, Preparation, Recipe, Recurrent, Sample, Training
from components.storage import Folder
from components.tasks import forecast, recipe_issues
from components.tasks.forecasting import evaluate as evaluating
from components.tasks.forecasting.shrinkage import apply_shrinkage
from components.tasks.forecasting.task import ForecastInputs
from components.tasks.forecasting.zero_shot import zero_shot
from components.training.control import CommandQueue
from components.training.events import EpochEnd
from components.training.limits import Budget, Limits
from components.training.loop import Loop
from components.training.session import Session

ROWS, WINDOW, HORIZON, SEASON = 110, 24, 6, 12


def dataset(rows=ROWS, seed=0) -> Series:
    at, noise = np.arange(rows), np.random.default_rng(seed).normal(0, 1, rows)
    values = 60 + 0.2 * at + 8 * np.sin(2 * np.pi * at / SEASON) + noise
    table = pd.DataFrame({"y": values, "z": values[::-1] + 3, "x": np.cos(at)})
    return Series(Sample(name="toy"), "Toy", Provenance("here", "none"), table, season=SEASON)


def recipe(epochs=2, **task) -> Recipe:
    held = {"target": "y", "window": WINDOW, "horizon": HORIZON, "season": SEASON, "base": "pretrained"}
    return Recipe(
        dataset=Sample(name="toy"),
        preparation=Preparation(validation=0.2, test=0.2),
        task=Forecast(**held | task),
        model=Recurrent(kind="lstm", units=4),
        training=Training(epochs=epochs, batch=16),
    )


def ready(wanted=None, data=None):
    problem = forecast.prepare(wanted or recipe(), data or dataset())
    return problem, forecast.build(wanted or recipe(), problem)


def outputs_of(problem, built):
    return lambda examples: built.model(problem.batch(examples)[0]).numpy()


@pytest.fixture
def without_classical_methods(monkeypatch):
    monkeypatch.setattr(evaluating, "classical", lambda *args: ())


EVERY = [
    {},
    {"loss": "mae", "transform": "log"},
    {"loss": "quantile"},
    {"loss": "quantile", "transform": "log", "window_scaling": "standard"},
    {"loss": "gaussian", "window_scaling": "standard"},
    {"loss": "student_t"},
    {"strategy": "decoder", "loss": "quantile"},
    {"known": ("x",), "window_scaling": "standard"},
    {"known": ("x",), "loss": "quantile", "strategy": "decoder"},
    {"transfer": "states"},
    {"transfer": "states", "loss": "quantile", "known": ("x",), "window_scaling": "standard"},
    {"transfer": "weights"},
    {"transfer": "weights", "loss": "quantile", "level": 0.9},
    {"transfer": "weights", "loss": "quantile", "transform": "log"},
    {"segment": 6, "strategy": "decoder", "loss": "quantile"},
    {"members": 2, "loss": "quantile"},
    {"together": ("z",)},
]


@pytest.mark.parametrize("settings", EVERY, ids=str)
@pytest.mark.parametrize("base", ["pretrained", "classical", "combination"])
def test_an_untrained_model_is_its_start(base, settings):
    problem, built = ready(recipe(base=base, **settings))
    outputs = outputs_of(problem, built)
    for place, one in enumerate((problem, *problem.others)):
        first = problem.first_example_of(place) if place else 0
        found = one.forecasts(lambda examples, first=first: outputs(examples + first), one.test)
        start = zero_shot(one.raw, one.origins(one.test), HORIZON, SEASON)
        expected = {
            "pretrained": start.median,
            "classical": start.smoothing,
            "combination": start.combination,
        }[base]
        if base == "classical" and settings.get("loss") == "quantile":
            continue  # has quantiles of its own round it
        np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_the_quantiles_are_the_pretrained_network_s():
    problem, built = ready(recipe(loss="quantile"))
    outputs = outputs_of(problem, built)(problem.test).astype(np.float64)
    found = outputs * problem.scaler.scale[0] + problem.scaler.offset[0]
    stack = zero_shot(problem.raw, problem.origins(problem.test), HORIZON, SEASON).stack
    np.testing.assert_allclose(found, stack, rtol=1e-5)
    assert (np.diff(found, axis=-1) >= 0).all()


def test_an_origin_s_start_is_what_the_forecaster_says_there():
    problem, _ = ready()
    example = int(problem.test[3])
    known = problem.raw[: problem.origins(problem.test)[3] + 1]
    start = problem.starts[example, :, 0] * problem.scaler.scale[0] + problem.scaler.offset[0]
    np.testing.assert_allclose(start, pretrained(known[None], SEASON, HORIZON).median[0], rtol=1e-5)


@pytest.mark.parametrize("base", ["pretrained", "classical", "combination"])
def test_no_start_knows_what_comes_after_its_origin(base):
    clean, spoilt = dataset(), dataset()
    problem, _ = ready(recipe(base=base))
    first = problem.split.test.start
    spoilt.table.iloc[first:] = 1e6 * np.random.default_rng(1).normal(size=(ROWS - first, 3))
    again, _ = ready(recipe(base=base), spoilt)
    before = problem.origins(np.arange(len(problem.starts))) < first
    np.testing.assert_array_equal(problem.starts[before], again.starts[before])
    assert len(clean.table) == ROWS


@pytest.mark.parametrize("transfer", ["states", "weights"])
def test_nothing_that_is_transferred_knows_what_comes_after_its_origin(transfer):
    spoilt, wanted = dataset(), recipe(transfer=transfer, loss="quantile")
    problem, _ = ready(wanted)
    first = problem.split.test.start
    spoilt.table.iloc[first:] = 1e6 * np.random.default_rng(1).normal(size=(ROWS - first, 3))
    again, _ = ready(wanted, spoilt)
    examples = np.arange(first - WINDOW + 1, dtype=np.int32)
    one, other = (tf.nest.flatten(held.batch(examples)[0]) for held in (problem, again))
    assert len(one) == len(other) == (5 if transfer == "weights" else 2)
    for own, spoilt_own in zip(one, other, strict=True):
        np.testing.assert_array_equal(own, spoilt_own)
    assert len(np.unique(one[-1 if transfer == "states" else 0])) > 1000


def test_the_states_are_the_encoder_s():
    problem, _ = ready(recipe(transfer="states"))
    at = int(problem.test[3])
    known = problem.raw[: at + WINDOW]
    np.testing.assert_allclose(
        problem.start_states[at], pretrained(known[None], SEASON, HORIZON).encoded[0], rtol=1e-5
    )


@pytest.mark.parametrize("settings", [{}, {"transform": "log", "loss": "quantile"}], ids=str)
def test_a_network_that_learns_on_changes_all_its_weights_and_takes_its_answer_with_it(
    settings, tmp_path, without_classical_methods
):
    wanted = recipe(epochs=2, transfer="weights", **settings)
    learning = wanted.training.model_copy(update={"weights": "last"})
    wanted = wanted.model_copy(update={"training": learning})
    problem, built = ready(wanted)
    before = [weight.numpy() for weight in built.model.trainable_variables]
    loop, told = train(wanted, problem, built, tmp_path)
    loop.restore(loop.state())
    start, *_ = (event for event in told if isinstance(event, EpochEnd))
    expected = zero_shot(problem.raw, problem.origins(problem.shown), HORIZON, SEASON).median
    np.testing.assert_allclose(start.snapshot.numbers, expected.ravel(), rtol=1e-4)
    after = loop.state().variables[: len(before)]
    assert len(before) == 14 and not any(map(np.array_equal, before, after))
    result = forecast.evaluate(problem, loop.outputs, built, 1)
    rows = problem.dataset.table[["y"]].to_numpy()[-WINDOW:]
    said = forecast.predict(problem, built, ForecastInputs(rows))
    np.testing.assert_allclose(said, result.future, rtol=1e-4)


def test_a_network_that_learns_on_can_be_looked_into():
    problem, built = ready(recipe(transfer="weights", loss="quantile"))
    (first, *_, last) = forecast.sample_evenly(problem, 3)
    assert (first.steps, last.steps) == (WINDOW, ROWS - HORIZON)
    probe = Probe(built.model, problem.loss, compiled=False)
    seen = probe.gradients(*problem.batch(problem.validation[:3]))
    assert [one.layer for one in seen.layer_passes] == ["encoder", "decoder"]
    assert probe.outputs(stack_examples([first, last])).shape == (2, HORIZON, 5)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"optimizer": Optimizer(learning_rate=0.01)}, "optimizer.learning_rate"),
        ({"known": ("x",)}, "task.transfer"),
        ({"loss": "gaussian"}, "task.transfer"),
        ({"members": 3}, "task.members"),
        ({"fourier": (12,)}, "task.transfer"),
    ],
    ids=str,
)
def test_what_a_network_that_learns_on_can_t_do_is_said(changes, field):
    optimizer = changes.pop("optimizer", Optimizer(learning_rate=0.0003))
    wanted = recipe(transfer="weights", **changes).model_copy(update={"optimizer": optimizer})
    assert [issue.field for issue in recipe_issues(wanted, dataset())] == [field]


# --- What is shown and kept -----------------------------------------------------------------------------


def train(wanted, problem, built, folder):
    told: list = []
    loop = Loop(built.model, problem, wanted)
    Session(loop, told.append, CommandQueue(), Folder(str(folder)), Budget(Limits(60, 2**40, 60))).train()
    loop.load_selected_weights()
    return loop, told


def test_epoch_0_is_the_start_and_is_shown(tmp_path):
    wanted = recipe(epochs=1)
    problem, built = ready(wanted)
    _, told = train(wanted, problem, built, tmp_path)
    first, second = (event for event in told if isinstance(event, EpochEnd))
    assert (first.epoch, first.step, second.epoch) == (0, 0, 1)
    start = zero_shot(problem.raw, problem.origins(problem.shown), HORIZON, SEASON).median
    np.testing.assert_allclose(first.snapshot.numbers, start.ravel(), rtol=1e-5)
    assert np.isfinite([first.training, first.validation]).all()


def test_a_forecast_from_nothing_has_no_epoch_0(tmp_path):
    wanted = recipe(epochs=1, base="none")
    problem, built = ready(wanted)
    _, told = train(wanted, problem, built, tmp_path)
    assert [event.epoch for event in told if isinstance(event, EpochEnd)] == [1]


def test_without_any_training_the_forecast_is_its_start(tmp_path, without_classical_methods):
    wanted = recipe(epochs=0)
    problem, built = ready(wanted)
    assert not recipe_issues(wanted, problem.dataset)
    loop, told = train(wanted, problem, built, tmp_path)
    result = forecast.evaluate(problem, loop.outputs, built, loop.kept_epoch)
    assert result.best_epoch == 0 and [event.epoch for event in told if isinstance(event, EpochEnd)] == [0]
    np.testing.assert_allclose(result.forecasts, result.baselines["Pretrained network"], rtol=1e-5)
    assert "λ = 0" in result.verdict


def test_a_search_from_a_start_alone_may_end_with_the_start() -> None:
    trained = forecast.with_training(recipe(epochs=0), dataset())
    assert trained.training.epochs and trained.training.weights == "best"
    assert trained.task == recipe().task and trained.model == recipe().model


def test_without_training_and_without_a_start_there_is_nothing():
    (found,) = recipe_issues(recipe(epochs=0, base="none"), dataset())
    assert found.field == "training.epochs"


@pytest.mark.parametrize(
    "settings", [{"transform": "difference"}, {"strategy": "recursive"}, {"transform": "seasonal_difference"}]
)
def test_what_a_start_can_t_be_added_to_is_said(settings):
    assert "task.base" in [issue.field for issue in recipe_issues(recipe(**settings), dataset())]


def test_a_start_that_would_take_minutes_is_refused():
    long = Series(
        Sample(name="toy"), "Toy", Provenance("here", "none"), pd.DataFrame({"y": np.arange(60_000.0) % 12})
    )
    wanted = recipe()
    (found,) = [issue for issue in recipe_issues(wanted, long) if issue.field == "task.base"]
    assert "60,000 rows" in found.message


# --- What is shrunk -------------------------------------------------------------------------------------


def spoil(built, seed=0):
    """Give the last layers weights as if much nonsense had been learnt."""
    rng = np.random.default_rng(seed)
    for layer in layers_of(built.model):
        if layer.name in ("forecast", "forecast_ahead", "head") and layer.trainable_variables:
            layer.set_weights([rng.normal(size=weight.shape) for weight in layer.get_weights()])


@pytest.mark.parametrize("settings", EVERY[:-1], ids=str)
def test_with_lambda_0_a_forecast_is_its_start(settings):
    wanted = recipe(**settings)
    problem, built = ready(wanted)
    spoil(built)
    moved = problem.forecasts(outputs_of(problem, built), problem.test)
    apply_shrinkage(built.model, problem.head, 0.0)
    found = problem.forecasts(outputs_of(problem, built), problem.test)
    start = zero_shot(problem.raw, problem.origins(problem.test), HORIZON, SEASON).median
    np.testing.assert_allclose(found, start, rtol=1e-6, atol=1e-5)
    assert np.abs(moved - start).max() > 0.1


def test_nonsense_is_not_added_and_the_verdict_says_so(without_classical_methods):
    problem, built = ready()
    spoil(built)
    result = forecast.evaluate(problem, outputs_of(problem, built), built, 1)
    assert result.shrinkage.weight == 0
    assert "Your data taught the network nothing that lasts (λ = 0)" in result.verdict
    np.testing.assert_allclose(result.forecasts, result.baselines["Pretrained network"], rtol=1e-5)


def test_what_helps_is_added_and_the_verdict_names_lambda(without_classical_methods):
    data = dataset()
    data.table["y"] += 25 * (np.arange(ROWS) % 17 == 0)  # what no start knows, and none can
    problem, built = ready(data=data)
    # A bias that all of the validation set agrees on.
    layer = built.model.get_layer("forecast")
    start = problem.starts[problem.validation, :, 0]
    wanted = problem._scaled(problem.truth(problem.validation)) - start
    kernel, _ = layer.get_weights()
    layer.set_weights([kernel, np.median(wanted, axis=0).astype(np.float32)])
    errors = np.abs(wanted).mean(), np.abs(wanted - np.median(wanted, axis=0)).mean()
    assert errors[1] < errors[0]
    result = forecast.evaluate(problem, outputs_of(problem, built), built, 1)
    if result.shrinkage.weight:
        assert f"λ = {result.shrinkage.weight:g}" in result.verdict
    assert result.shrinkage.error <= result.shrinkage.start_error


# --- Asked, downloaded, looked into ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings", [{}, {"loss": "quantile", "transform": "log"}, {"known": ("x",)}], ids=str
)
def test_asked_with_what_it_knows_it_says_what_it_forecast(settings, without_classical_methods):
    problem, built = ready(recipe(**settings))
    spoil(built)
    apply_shrinkage(built.model, problem.head, 0.05)
    expected = problem.forecasts(outputs_of(problem, built), np.array([ROWS - WINDOW], np.int32))[0]
    columns = ["y", *settings.get("known", ())]
    rows = problem.dataset.table[columns].to_numpy()[-WINDOW:]
    np.testing.assert_allclose(forecast.predict(problem, built, ForecastInputs(rows)), expected, rtol=1e-4)


def test_it_can_be_looked_into():
    problem, _ = ready(recipe(loss="quantile", known=("x",)))
    (example, *_) = forecast.sample_evenly(problem, 3)
    assert [part.shape for part in example.inputs] == [(WINDOW, 2), (HORIZON, 6)]


def test_what_was_shrunk_once_is_shrunk_again_when_its_weights_are_loaded(without_classical_methods):
    problem, built = ready()
    spoil(built)
    weights = built.model.get_weights()
    result = forecast.evaluate(problem, outputs_of(problem, built), built, 1)
    shrunk = built.model.get_weights()
    built.model.set_weights(weights)
    forecast.restore(problem, built, result)
    assert all(np.array_equal(one, two) for one, two in zip(shrunk, built.model.get_weights(), strict=True))


@pytest.mark.parametrize("transfer", ["forecast", "states"])
def test_the_plan_has_the_built_model_s_parameters(transfer):
    wanted = recipe(loss="quantile", known=("x",), transfer=transfer)
    problem, built = ready(wanted)
    plan = forecast.plan(wanted, problem.dataset)
    assert plan.parameters == built.model.count_params()


def test_the_plan_of_a_network_that_learns_on_has_its_layers():
    wanted = recipe(loss="quantile", transfer="weights")
    problem, built = ready(wanted)
    plan = forecast.plan(wanted, problem.dataset)
    assert plan.parameters == sum(int(np.prod(one.shape)) for one in built.model.trainable_variables)
    for layer in plan.layers:
        if layer.parameters:
            assert built.model.get_layer(layer.name).count_params() == layer.parameters
