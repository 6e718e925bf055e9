"""What a run says of its gradient through time is what the probe measures, by how far back a step is."""

import keras
import numpy as np
import pytest

from components.engine.gradient_probe import GradientProbe
from components.engine.train_job import problem_and_model
from components.insight.bptt import backpropagate, norms, ratio
from components.insight.gradient_watch import MOST_STEPS, GradientWatch, _align
from components.insight.probe import Probe
from components.recipe import Recipe, Recurrent, RegressSequences, Sample, Training, Transformer
from components.tasks import classify_sequences
from components.tasks import regress_sequences as task
from components.training.loop import Loop
from tests.insight.test_inspector import WAYS
from tests.tasks.regression.test_task import measured
from tests.tasks.toys import sequences, sequences_recipe


def watched_gradients(model, many=60, **asked):
    recipe = Recipe(
        dataset=Sample(name="toy"),
        task=RegressSequences(**{"longest": 6} | asked),
        model=model,
        training=Training(batch=8, epochs=2, patience=None),
    )
    problem = task.prepare(recipe, measured(many))
    built = task.build(recipe, problem)
    return problem, built, GradientWatch(built.model, problem).measure()


def test_it_tells_what_goes_in_and_every_state_of_every_layer():
    _, _, look = watched_gradients(Recurrent(kind="lstm", units=3, layers=2, bidirectional=True))
    cells = [
        f"lstm_{n}{way}{state}" for n in (1, 2) for way in ("", ", backwards") for state in ("", ", cell")
    ]
    assert look.rows == ("input", *cells)
    assert look.length == 6 and {len(row) for row in look.norms} == {6}
    assert np.isfinite(look.ratios).all() and min(look.ratios) > 0


def test_the_last_steps_of_all_stand_at_the_end():
    problem, built, look = watched_gradients(Recurrent(kind="gru", units=3))
    examples = problem.validation[:16]
    lengths = problem.ragged.lengths[examples]
    assert len(set(lengths)) > 1
    seen = Probe(built.model, problem.loss).gradients(*problem.batch(examples))
    by_h = backpropagate(seen.layer_passes[0]).grad_h
    last = by_h[np.arange(len(examples)), lengths - 1]
    assert look.norms[1][-1] == pytest.approx(np.sqrt(np.square(last).sum(axis=1).mean()), rel=1e-4)
    fourth = by_h[lengths >= 4][np.arange((lengths >= 4).sum()), lengths[lengths >= 4] - 4]
    assert look.norms[1][-4] == pytest.approx(np.sqrt(np.square(fourth).sum(axis=1).mean()), rel=1e-4)


def test_a_transformer_has_its_input_alone():
    problem, built, look = watched_gradients(Transformer(units=4, heads=2, layers=1))
    assert look.rows == ("input",)
    seen = Probe(built.model, problem.loss).gradients(*problem.batch(problem.validation[:16]))
    assert look.ratios[0] > 0 and seen.entries[0].gradient is not None


def test_long_sequences_are_told_in_stretches():
    from dataclasses import replace

    from components.data.datasets import Numbers, concatenate_sequences

    rng = np.random.default_rng(0)
    values, offsets = concatenate_sequences(rng.normal(size=(1000, 1)) for _ in range(30))
    data = replace(
        measured(30),
        values=values,
        offsets=offsets,
        channels=("x",),
        answer=Numbers(rng.normal(size=30).astype("f4"), "n"),
    )
    recipe = Recipe(
        dataset=Sample(name="toy"),
        task=RegressSequences(longest=1000),
        model=Recurrent(kind="simple_rnn", units=2),
    )
    problem = task.prepare(recipe, data)
    built = task.build(recipe, problem)
    look = GradientWatch(built.model, problem).measure()
    assert look.length == 1000 and {len(row) for row in look.norms} == {MOST_STEPS}
    seen = Probe(built.model, problem.loss).gradients(*problem.batch(problem.validation[:16]))
    every = norms(backpropagate(seen.layer_passes[0]).grad_h)
    assert look.norms[1][-1] == pytest.approx(every[-5:].mean(), rel=1e-4)
    assert look.ratios[1] == pytest.approx(ratio(every), rel=1e-4)


def test_of_steps_that_are_read_as_one_the_state_stands_for_each():
    recipe = sequences_recipe(Recurrent(kind="gru", units=3), stride=4, kernel=6)
    problem = classify_sequences.prepare(recipe, sequences(60))
    built = classify_sequences.build(recipe, problem)
    look = GradientWatch(built.model, problem).measure()
    assert look.rows == ("input", "gru_1") and look.length == problem.ragged.width == 6
    assert {len(row) for row in look.norms} == {6}
    inner = np.array(look.norms[1])
    assert inner[-4:] == pytest.approx(inner[-1]) and inner[0] == inner[1] != inner[-1]
    seen = Probe(built.model, problem.loss).gradients(*problem.batch(problem.validation[:16]))
    ends = problem.ragged.lengths[problem.validation[:16]] - 1
    last = seen.entries[0].gradient[np.arange(len(ends)), ends]
    assert look.norms[0][-1] == pytest.approx(np.sqrt(np.square(last).sum(axis=1).mean()), rel=1e-4)


@pytest.mark.parametrize("way", list(WAYS))
def test_the_model_of_every_task_can_be_watched(way):
    dataset, asked, model = WAYS[way]
    recipe = Recipe(
        dataset=dataset, task=asked, model=model, training=Training(batch=8, epochs=1, patience=None)
    )
    problem, built = problem_and_model(recipe)
    for (
        variable
    ) in built.model.trainable_variables:  # a head that begins with nothing lets no gradient through
        variable.assign_add(keras.random.uniform(variable.shape, 0.01, 0.1, seed=0))
    look = GradientWatch(built.model, problem).measure()
    assert look.rows[0] == "input" and len(look.rows) == len(look.norms) == len(look.ratios)
    assert all(np.nanmax(norms) > 0 for norms in look.norms)
    assert {one.layer for one in look.pressed} == {
        name.removesuffix(", cell") for name in look.rows if not name.startswith("input")
    }
    assert all(0 <= one.low <= one.low + one.high <= 1 for one in look.pressed)


def test_looking_changes_nothing_and_tells_of_the_beginning_too(monkeypatch):
    dataset, asked, model = WAYS["numbers"]
    recipe = Recipe(
        dataset=dataset, task=asked, model=model, training=Training(batch=8, epochs=1, patience=None)
    )
    problem, built = problem_and_model(recipe)
    fresh = GradientWatch(built.model, problem).measure()
    loop = Loop(built.model, problem, recipe)
    looker = GradientProbe(loop, problem)
    loop.run(2)
    weights = [np.array(variable) for variable in built.model.variables]
    first, now = looker()
    assert (first.step, now.step) == (0, 2)
    assert first.ratios == pytest.approx(fresh.ratios, rel=1e-4) and now.ratios != first.ratios
    for before, after in zip(weights, built.model.variables, strict=True):
        np.testing.assert_array_equal(before, np.array(after))
    monkeypatch.setattr(GradientWatch, "measure", lambda self: 1 / 0)
    assert looker() == () and looker() == (), "the run goes on"


def test_rows_of_unequal_length_end_together():
    short, long = _align([np.array([1.0, 2.0]), np.array([3.0, 4.0, 5.0])])
    assert np.isnan(short[0]) and short[1:].tolist() == [1.0, 2.0]
    assert long.tolist() == [3.0, 4.0, 5.0]
