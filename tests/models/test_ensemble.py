"""A member of an ensemble is the network that it would be alone, before, while and after it learns."""

from dataclasses import replace

import keras
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.data.datasets import Provenance, Series
from components.insight.probe import Probe
from components.models.ensemble import Ensemble, layers_of, to_functional
from components.models.forecaster import build_forecaster
from components.models.head_spec import HeadSpec
from components.recipe import Clipping, Forecast, Optimizer, Recipe, Recurrent, Sample, Training, Transformer
from components.tasks import forecast, plan
from components.tasks.forecasting import evaluate as evaluating
from components.tasks.forecasting.shrinkage import apply_shrinkage
from components.training.loop import Loop

MEMBERS, WINDOW, HORIZON = 3, 6, 4
models = st.one_of(
    st.builds(
        Recurrent,
        kind=st.sampled_from(["simple_rnn", "lstm", "gru"]),
        units=st.integers(1, 5),
        layers=st.integers(1, 2),
        bidirectional=st.booleans(),
        attention=st.sampled_from(["none", "additive", "dot"]),
    ),
    st.builds(lambda heads: Transformer(units=4 * heads, heads=heads, layers=1), st.integers(1, 2)),
)
heads = st.builds(
    lambda **settings: HeadSpec.of(Forecast(target="y", window=WINDOW, members=MEMBERS, **settings)),
    loss=st.sampled_from(["mse", "quantile", "gaussian"]),
    base=st.sampled_from(["none", "last"]),
    window_scaling=st.sampled_from(["none", "affine"]),
    segment=st.sampled_from([1, 3]),
)


def shaken(built):
    """Give every weight a value that no other has."""
    rng = np.random.default_rng(0)
    for layer in layers_of(built.model):
        for variable in layer.trainable_variables:
            variable.assign(variable + 0.1 * rng.normal(size=variable.shape).astype(np.float32))
    return built


def inputs(ahead, rows=7):
    rng = np.random.default_rng(1)
    window = rng.normal(size=(rows, WINDOW, 1 + ahead)).astype(np.float32)
    return [window, rng.normal(size=(rows, HORIZON, ahead)).astype(np.float32)] if ahead else window


@settings(deadline=None, max_examples=5)
@given(
    model=models,
    head=heads,
    strategy=st.sampled_from(["direct", "decoder", "recursive"]),
    ahead=st.integers(0, 2),
)
def test_each_member_says_what_it_would_say_alone(model, head, strategy, ahead):
    if isinstance(model, Recurrent) or (strategy == "recursive" and head.numbers == 1):
        head = replace(head, strategy=strategy if head.numbers == 1 else "direct")
    head = replace(head, ahead=ahead)
    built = shaken(build_forecaster(model, WINDOW, 1 + ahead, HORIZON, head))
    given_ = inputs(ahead)
    alone = [np.array(built.model.member(place)(given_)) for place in range(MEMBERS)]
    np.testing.assert_allclose(built.model(given_), np.median(alone, axis=0), atol=1e-5)
    np.testing.assert_allclose(to_functional(built.model)(given_), np.median(alone, axis=0), atol=1e-5)
    if head.strategy != "recursive":
        learning = np.reshape(built.model(given_, training=True), (MEMBERS, *alone[0].shape))
        np.testing.assert_allclose(learning, alone, atol=1e-5)
        assert np.ptp(learning, axis=0).min() > 0


@pytest.mark.parametrize("model", [Recurrent(kind="lstm", bidirectional=True), Transformer()])
def test_members_begin_as_the_networks_of_the_seeds_that_follow(model):
    head = HeadSpec(members=2)
    ensemble = build_forecaster(model, WINDOW, 1, HORIZON, head, seed=2**31 - 1).model
    for place, seed in enumerate([2**31 - 1, 0]):
        alone = build_forecaster(model, WINDOW, 1, HORIZON, replace(head, members=1), seed).model
        for own, other in zip(ensemble.member(place).variables, alone.variables, strict=True):
            np.testing.assert_array_equal(own, other)


# --- While it learns ---------------------------------------------------------------------------------


def dataset(rows=90):
    at = np.arange(rows)
    table = pd.DataFrame({"y": 9 + np.sin(at) + np.random.default_rng(0).normal(0, 0.3, rows)})
    return Series(Sample(name="toy"), "Toy", Provenance("here", "none"), table)


def recipe(members=MEMBERS, model=None, optimizer=None, clipping=None, epochs=5, **task):
    return Recipe(
        dataset=Sample(name="toy"),
        task=Forecast(**{"target": "y", "window": WINDOW, "horizon": HORIZON, "members": members} | task),
        model=model or Recurrent(kind="gru", units=3),
        optimizer=optimizer or Optimizer(),
        clipping=clipping or Clipping(threshold=0.2),
        training=Training(batch=11, epochs=epochs),
    )


def loop_of(wanted):
    problem = forecast.prepare(wanted, dataset())
    built = forecast.build(wanted, problem)
    return Loop(built.model, problem, wanted), problem, built


@pytest.mark.parametrize(
    ("kind", "optimizer", "clipping"),
    [
        ("gru", "adam", "global_norm"),
        ("lstm", "sgd", "norm"),
        ("simple_rnn", "sgd", "value"),
        ("gru", "sgd", "none"),
    ],
)
def test_each_member_learns_what_it_would_learn_alone(kind, optimizer, clipping):
    settings = {
        "model": Recurrent(kind=kind, units=3),
        "optimizer": Optimizer(kind=optimizer, learning_rate=0.01),
        "clipping": Clipping(mode=clipping, threshold=0.05),
        "loss": "quantile",
    }
    together, _, built = loop_of(recipe(**settings))
    single, *_ = loop_of(recipe(members=1, **settings))  # compiled once, it begins anew as each of them
    each, learnt = [], []
    for place in range(MEMBERS):
        single.begin_anew(single.recipe, built.model.member(place))
        each.append(single.run(5))
        learnt.append([np.array(variable) for variable in single.model.trainable_variables])
    said = together.run(5)
    np.testing.assert_allclose(said.losses, np.mean([one.losses for one in each], axis=0), rtol=1e-5)
    for name in ("before", "after"):
        squares = np.square([getattr(one, name) for one in each])
        np.testing.assert_allclose(getattr(said, name), np.sqrt(squares.mean(axis=0)), rtol=1e-4)
    for place, alone in enumerate(learnt):
        member = built.model.member(place)
        for own, other in zip(member.trainable_variables, alone, strict=True):
            np.testing.assert_allclose(own, other, atol=1e-5)


def test_what_is_validated_is_the_median():
    loop, problem, built = loop_of(recipe())
    loop.run(100)
    ended = loop.end_epoch()
    inputs, targets = problem.batch(problem.validation)
    said = np.median([built.model.member(place)(inputs) for place in range(MEMBERS)], axis=0)
    assert ended.validation == pytest.approx(np.square(said - targets).mean(), rel=1e-4)


# --- After -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", [{}, {"base": "last", "loss": "quantile"}, {"strategy": "recursive"}])
def test_it_is_evaluated_looked_into_and_taken_away(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(evaluating, "classical", lambda *_: ())
    wanted = recipe(model=Recurrent(kind="gru", units=3, attention="dot", dropout=0.2), passes=3, **settings)
    loop, problem, built = loop_of(wanted)
    assert plan(wanted, problem.dataset).parameters == sum(
        int(np.prod(one.shape)) for one in built.model.trainable_variables
    )
    loop.run(6)
    result = forecast.evaluate(problem, loop.outputs, built, 1)
    assert [band.name for band in result.bands][-1] == "dropout"
    np.testing.assert_allclose(result.attention.sum(-1), 1, rtol=1e-4)
    exported = forecast.export_model(problem, built.model)
    exported.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    rows = problem.dataset.table.to_numpy()[-WINDOW:][None].astype(np.float32)
    np.testing.assert_allclose(loaded(rows)[0], result.future, rtol=1e-4)


def test_with_lambda_0_an_ensemble_is_its_start():
    _, problem, built = loop_of(recipe(base="last"))
    shaken(built)
    apply_shrinkage(built.model, problem.head, 0.0)
    said = problem.forecasts(lambda few: built.model(problem.batch(few)[0]).numpy(), problem.test)
    np.testing.assert_allclose(
        said, problem.raw[problem.origins(problem.test)][:, None] + 0 * said, atol=1e-6
    )


def test_the_first_member_is_looked_into_with_the_weights_that_it_has_by_then():
    loop, problem, built = loop_of(recipe(epochs=9))
    probe, (inputs, targets) = (
        Probe(built.model, problem.loss, compiled=False),
        problem.batch(problem.validation[:4]),
    )
    for _ in range(2):
        loop.run(3)
        seen = probe.gradients(inputs, targets)
        np.testing.assert_allclose(seen.outputs, built.model.member(0)(inputs), atol=1e-5)
    assert [one.layer for one in seen.layer_passes] == ["gru_1"]


def test_only_forecasters_of_several_members_are_ensembles():
    assert not isinstance(loop_of(recipe(members=1))[2].model, Ensemble)
