"""Telling a number of sequences: exact gathering, honest scores, an exact saved model."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from components.data.datasets import Numbers
from components.errors import DataError
from components.recipe import Recurrent, RegressSequences, Transformer
from components.tasks import example_count, plan, recipe_issues
from components.tasks import regress_sequences as task
from components.tasks.result_file import pack, unpack
from components.tasks.sequences import SequenceInput
from tests.tasks.toys import sequences, sequences_recipe, texts


def measured(many=60):
    """Give sequences whose number is a thousand times their last step's first channel."""
    data = sequences(many)
    last = data.values[data.offsets[1:] - 1, 0].astype(np.float64) * 1000
    return replace(data, answer=Numbers(last.astype(np.float32), "the last"))


def recipe_of(model=None, **task_):
    recipe = sequences_recipe(model=model)
    return recipe.model_copy(update={"task": RegressSequences(**{"longest": 6} | task_)})


def built_of(recipe, problem):
    return task.build(recipe, problem)


def knowing(problem, off=0.0):
    """Give the outputs of one who knows the numbers, or is off by so much in scaled units."""
    return lambda examples: problem.batch(np.asarray(examples, "int32"))[1].numpy() + off


@pytest.mark.parametrize("answer", ["standard", "none"])
def test_a_batch_holds_the_sequences_and_their_scaled_numbers(answer):
    data = measured()
    problem = task.prepare(recipe_of(scaling="none", answer=answer), data)
    inputs, targets = (tensor.numpy() for tensor in problem.batch(np.array([3, 7], "int32")))
    own = data.sequence(3)[-6:]
    np.testing.assert_allclose(inputs[0, : len(own)], own, rtol=1e-6)
    assert np.isnan(inputs[0, len(own) :]).all()
    np.testing.assert_allclose(problem.in_units(targets), data.answer.values[[3, 7]], rtol=1e-5)
    scaled = problem.batch(problem.train)[1].numpy()
    if answer == "standard":
        np.testing.assert_allclose([scaled.mean(), scaled.std()], [0, 1], atol=1e-3)


def test_the_number_is_scaled_by_the_training_part_alone():
    recipe, data = recipe_of(), measured()
    before = task.prepare(recipe, data)
    values = data.answer.values.copy()
    values[before.test] = 1e9
    after = task.prepare(recipe, replace(data, answer=Numbers(values, "the last")))
    np.testing.assert_array_equal(before.answer.offset, after.answer.offset)


def test_who_knows_wins_and_who_says_the_mean_does_not():
    problem = task.prepare(recipe_of(), measured(120))
    built = built_of(recipe_of(), problem)
    good = task.evaluate(problem, knowing(problem), built, 3)
    assert good.won and good.scores[0].mae < 0.1 and good.scores[0].r2 == pytest.approx(1)
    assert [score.name for score in good.scores] == ["model", "mean", "neighbour"]
    mean = good.scores[1]
    truth = problem.truth[problem.test]
    assert mean.mse == pytest.approx(np.mean((truth - problem.truth[problem.train].mean()) ** 2))
    idle = task.evaluate(problem, lambda examples: np.zeros((len(examples), 1)), built, 1)
    assert not idle.won and idle.scores[0].mae == pytest.approx(mean.mae)
    assert unpack(pack(good), task.result_class).scores == good.scores


def test_what_was_learnt_by_heart_is_said_to_be_so():
    problem = task.prepare(recipe_of(), measured(120))
    learnt = set(problem.train.tolist())
    off = lambda examples: np.array([[0.01 if n in learnt else 0.5] for n in examples])  # noqa: E731
    result = task.evaluate(
        problem,
        lambda examples: knowing(problem)(examples) + off(examples),
        built_of(recipe_of(), problem),
        1,
    )
    assert "the model overfits" in result.verdict


def test_the_snapshot_tells_what_the_preview_names_and_scores_it():
    data = measured()
    problem = task.prepare(recipe_of(), data)
    snapshot, shown = problem.snapshot(knowing(problem)), task.preview(recipe_of(), data)
    np.testing.assert_allclose(snapshot.numbers, shown.truth, rtol=1e-4)
    assert snapshot.score == pytest.approx(1, abs=1e-4)
    assert len(problem.train) == example_count(recipe_of(), data)


@pytest.mark.parametrize("model", [Recurrent(kind="lstm", units=3), Transformer(units=4, heads=2, layers=1)])
def test_the_saved_model_takes_raw_numbers_and_gives_the_number_in_its_own_units(model, tmp_path):
    recipe, data = recipe_of(model=model), measured()
    problem = task.prepare(recipe, data)
    built = built_of(recipe, problem)
    assert plan(recipe, data).parameters == built.model.count_params()
    ours = problem.in_units(built.model(problem.batch(problem.test)[0]).numpy())
    task.export_model(problem, built.model).save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    raw = np.full((len(problem.test), 12, 2), np.nan, "float32")
    for row, number in zip(raw, problem.test, strict=True):
        row[2 : 2 + len(data.sequence(number))] = data.sequence(number)
    np.testing.assert_allclose(loaded(raw), ours, rtol=1e-4)


def test_asked_about_a_sequence_it_says_what_the_run_says_and_why():
    recipe, data = recipe_of(model=Recurrent(kind="gru", units=3, attention="dot")), measured()
    problem = task.prepare(recipe, data)
    built = built_of(recipe, problem)
    number = int(np.flatnonzero(data.lengths < 6)[0])
    said = task.predict(problem, built, SequenceInput(data.sequence(number)))
    wanted = problem.in_units(built.model(problem.batch(np.array([number], "int32"))[0]).numpy())[0]
    assert said.number == pytest.approx(wanted, rel=1e-5)
    without = task.predict(problem, built, SequenceInput(np.delete(data.sequence(number), 1, axis=0)))
    assert said.occlusion[1] == pytest.approx(said.number - without.number, rel=1e-3, abs=0.5)
    assert said.attention.sum() == pytest.approx(1, rel=1e-4)


def test_what_does_not_fit_is_said_before_training():
    assert "this is a set of texts" in recipe_issues(recipe_of(), texts())[0].message
    assert "these have none" in recipe_issues(recipe_of(), sequences())[0].message
    assert "too few" in recipe_issues(recipe_of(), measured(5))[0].message
    with pytest.raises(DataError, match="these have none"):
        example_count(recipe_of(), sequences())
    with pytest.raises(DataError, match="sequence with 2 numbers"):
        problem = task.prepare(recipe_of(), measured())
        task.predict(problem, None, SequenceInput(np.zeros((0, 2))))
