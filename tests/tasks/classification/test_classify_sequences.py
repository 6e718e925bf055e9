"""Telling classes of sequences: honest parts, exact gathering, a verdict that holds, an exact saved model."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from components.data.datasets import Classes, Numbers
from components.errors import DataError
from components.recipe import Recurrent, Transformer
from components.tasks import classify_sequences as task
from components.tasks import example_count, plan, recipe_issues
from components.tasks.classification.problem import class_probabilities
from components.tasks.result_file import pack, unpack
from components.tasks.sequences import SequenceInput
from tests.tasks.toys import sequences, sequences_recipe, texts


def knowing(problem, right=lambda example: True):
    """Give the logits of one who knows the answers, where `right` says so, and elsewhere says another."""

    def outputs(examples):
        codes = problem.classes.codes[examples]
        said = [code if right(n) else (code + 1) % 3 for n, code in zip(examples, codes, strict=True)]
        return 5.0 * np.eye(3)[said]

    return outputs


def built_of(recipe, problem):
    return task.build(recipe, problem)


@pytest.mark.parametrize("cut", ["left", "right"])
def test_a_batch_is_what_is_read_of_each_sequence_filled_up(cut):
    data = sequences()
    problem = task.prepare(sequences_recipe(cut=cut, scaling="none"), data)
    inputs, targets = (tensor.numpy() for tensor in problem.batch(np.array([3, 0, 7], "int32")))
    assert inputs.shape == (3, 6, 2)
    for row, number in enumerate((3, 0, 7)):
        own = data.sequence(number)
        own = own[-6:] if cut == "left" else own[:6]
        np.testing.assert_allclose(inputs[row, : len(own)], own, rtol=1e-6)
        assert np.isnan(inputs[row, len(own) :]).all()
    assert targets.tolist() == data.answer.codes[[3, 0, 7]].tolist()


def test_nothing_is_measured_outside_of_the_training_part():
    recipe, data = sequences_recipe(), sequences()
    before = task.prepare(recipe, data)
    spoilt = data.values.copy()
    for number in (*before.validation, *before.test):
        spoilt[data.offsets[number] : data.offsets[number + 1]] = 1e6
    after = task.prepare(recipe, replace(data, values=spoilt))
    np.testing.assert_array_equal(before.scaler.offset, after.scaler.offset)
    np.testing.assert_array_equal(before.scaler.scale, after.scaler.scale)
    parts = np.concatenate([before.train, before.validation, before.test])
    assert sorted(parts) == list(range(data.size))


def test_each_class_has_its_share_of_every_part():
    problem = task.prepare(sequences_recipe(), sequences(many=60))
    for part in (problem.train, problem.validation, problem.test):
        found = np.bincount(problem.classes.codes[part], minlength=3)
        assert found.max() - found.min() <= 1


def test_rare_classes_count_as_much_where_that_is_asked_for():
    data = sequences()
    codes = (np.arange(data.size) % 8 == 0).astype(np.int32)
    data = replace(data, answer=Classes(codes, ("often", "rare")))
    problem = task.prepare(sequences_recipe(balanced=True), data)
    known = np.bincount(codes[problem.train])
    np.testing.assert_allclose(known[0] * problem.weights[0], known[1] * problem.weights[1], rtol=1e-5)
    targets, logits = np.array([0, 1], np.int32), np.array([[2.0], [2.0]], np.float32)
    wanted = (problem.weights * np.log1p(np.exp([2.0, -2.0]))).mean()
    assert float(problem.loss(targets, logits)) == pytest.approx(wanted, rel=1e-5)


def test_the_snapshot_counts_what_is_taken_for_what():
    data, recipe = sequences(), sequences_recipe()
    problem = task.prepare(recipe, data)
    table = np.array(problem.snapshot(knowing(problem)).numbers).reshape(3, 3)
    assert table.sum() == np.trace(table) == task.preview(recipe, data).examples
    assert task.preview(recipe, data).names == data.answer.names


def test_as_many_examples_are_promised_as_are_prepared():
    assert example_count(sequences_recipe(), sequences()) == len(
        task.prepare(sequences_recipe(), sequences()).train
    )


def test_a_model_that_knows_wins_and_one_that_guesses_does_not():
    problem = task.prepare(sequences_recipe(), sequences(many=120))
    built = built_of(sequences_recipe(), problem)
    good = task.evaluate(problem, knowing(problem), built, 3)
    assert good.scores[0].accuracy == good.scores[0].balanced == 1
    assert [score.name for score in good.scores] == ["model", "prior", "neighbour"]
    assert good.scores[1].balanced == pytest.approx(1 / 3)
    assert np.trace(good.confusion) == len(problem.test)
    assert all(curve.area == pytest.approx(1) for curve in (*good.roc, *good.precision_recall))
    bad = task.evaluate(problem, lambda examples: np.zeros((len(examples), 3)), built, 1)
    assert not bad.won
    assert bad.verdict.startswith("The model is no better than a constant baseline")
    assert bad.scores[0].log_loss == pytest.approx(np.log(3))
    # Chance alone may part them a little, but not by all there is.
    assert 0 < good.outcome.noise <= bad.outcome.noise < 1


def test_what_was_learnt_by_heart_is_said_to_be_so():
    problem = task.prepare(sequences_recipe(), sequences(many=120))
    learnt = set(problem.train.tolist())
    outputs = knowing(problem, right=lambda example: example in learnt or example % 2)
    result = task.evaluate(problem, outputs, built_of(sequences_recipe(), problem), 1)
    assert result.training_accuracy == 1
    assert "it overfits" in result.verdict


def test_a_result_comes_back_from_its_file():
    problem = task.prepare(sequences_recipe(), sequences())
    result = task.evaluate(problem, knowing(problem), built_of(sequences_recipe(), problem), 3)
    back = unpack(pack(result), task.result_class)
    assert (back.scores, back.verdict, back.names) == (result.scores, result.verdict, result.names)
    np.testing.assert_array_equal(back.confusion, result.confusion)
    np.testing.assert_array_equal(back.roc[1].y, result.roc[1].y)
    assert back.calibration.error == result.calibration.error


@pytest.mark.parametrize("classes", [("flat", "rising", "falling"), ("flat", "rising")])
@pytest.mark.parametrize(("cut", "stride"), [("left", 1), ("right", 1), ("left", 2)])
def test_the_saved_model_takes_raw_numbers_and_names_the_class_that_the_run_told(
    cut, stride, classes, tmp_path
):
    recipe, data = sequences_recipe(cut=cut, stride=stride), sequences(classes=classes)
    problem = task.prepare(recipe, data)
    built = built_of(recipe, problem)
    ours = class_probabilities(built.model(problem.batch(problem.test)[0]).numpy())
    task.export_model(problem, built.model).save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    raw = np.full((len(problem.test), 12, 2), np.nan, "float32")
    for row, number in zip(raw, problem.test, strict=True):
        row[2 : 2 + len(data.sequence(number))] = data.sequence(number)
    said = loaded(raw)
    np.testing.assert_allclose(said["probabilities"], ours, atol=1e-4)
    assert [name.decode() for name in said["class"].numpy()] == [
        classes[code] for code in ours.argmax(axis=1)
    ]


def test_the_saved_model_cuts_what_is_longer_than_any_sequence_that_it_learnt_from():
    recipe = sequences_recipe(model=Transformer(units=4, heads=2, layers=1), longest=50)
    problem = task.prepare(recipe, sequences())
    assert problem.ragged.width == 9
    whole = task.export_model(problem, built_of(recipe, problem).model)
    long = np.random.default_rng(0).normal(100, 1, (1, 30, 2)).astype("float32")
    np.testing.assert_allclose(whole(long)["probabilities"], whole(long[:, -9:])["probabilities"], rtol=1e-5)


@pytest.mark.parametrize(
    "model", [Recurrent(units=3, attention="dot"), Transformer(units=4, heads=2, layers=1)]
)
def test_asked_about_a_sequence_it_says_what_the_run_says_and_why(model):
    recipe, data = sequences_recipe(model=model), sequences()
    problem = task.prepare(recipe, data)
    built = built_of(recipe, problem)
    number = int(np.flatnonzero(data.lengths < 6)[0])
    prediction = task.predict(problem, built, SequenceInput(data.sequence(number)))
    wanted = class_probabilities(built.model(problem.batch(np.array([number], "int32"))[0]).numpy())[0]
    np.testing.assert_allclose(prediction.probabilities, wanted, atol=1e-5)
    assert (
        len(prediction.occlusion)
        == len(prediction.gradient)
        == len(prediction.attention)
        == data.lengths[number]
    )
    assert prediction.attention.sum() == pytest.approx(1, rel=1e-4)
    # Leaving a step out is what it would be without it.
    without = task.predict(problem, built, SequenceInput(np.delete(data.sequence(number), 1, axis=0)))
    code = prediction.probabilities.argmax()
    assert prediction.occlusion[1] == pytest.approx(
        prediction.probabilities[code] - without.probabilities[code], abs=1e-5
    )


def test_what_is_no_sequence_is_said_to_be_none():
    problem = task.prepare(sequences_recipe(), sequences())
    for values in (np.zeros((0, 2)), np.zeros((3, 1)), np.full((3, 2), np.nan)):
        with pytest.raises(DataError, match="sequence with 2 numbers"):
            task.predict(problem, None, SequenceInput(values))


def test_symbols_are_told_apart_rather_than_measured():
    data = sequences(channels=1)
    values = np.clip(np.round(data.values - 98), 0, 4).astype("float32")
    data = replace(data, values=values, symbols=("a", "b", "c", "d", "e"))
    recipe = sequences_recipe()
    problem = task.prepare(recipe, data)
    built = built_of(recipe, problem)
    assert problem.scaler is None
    assert plan(recipe, data).parameters == built.model.count_params()
    assert task.evaluate(problem, knowing(problem), built, 1).scores[2].accuracy > 0.5


def test_what_does_not_fit_is_said_before_training():
    data = sequences()
    assert "this is a set of texts" in recipe_issues(sequences_recipe(), texts())[0].message
    numbers = replace(data, answer=Numbers(np.zeros(data.size, np.float32), "sum"))
    assert "these have none" in recipe_issues(sequences_recipe(), numbers)[0].message
    with pytest.raises(DataError, match="these have none"):
        task.example_count(sequences_recipe(), numbers)
    same = replace(data, answer=Classes(np.zeros(data.size, np.int32), ("one", "other")))
    assert "the same class" in recipe_issues(sequences_recipe(), same)[0].message
    assert recipe_issues(sequences_recipe(), data) == ()


# --- Read by a stride -------------------------------------------------------------------------------


def test_a_stride_that_leaves_one_step_is_refused_in_words():
    assert recipe_issues(sequences_recipe(stride=5), sequences()) == ()
    (issue,) = recipe_issues(sequences_recipe(stride=6), sequences())
    assert issue.field == "task.stride"
    assert "all 6 steps read from an example become a single step" in issue.message
    assert "a stride below 6" in issue.message
    assert plan(sequences_recipe(stride=4), sequences()).turns == 2  # of 6 steps


def test_a_long_sequence_that_attention_has_no_memory_for_is_read_by_a_stride():
    recipe = sequences_recipe(Transformer(units=8, heads=4, layers=4), longest=5000)
    data = sequences()
    offsets = np.linspace(0, 40 * 5000, 41).astype(int)
    data = replace(data, values=np.zeros((40 * 5000, 2), np.float32), offsets=offsets)
    recipe = recipe.model_copy(update={"training": recipe.training.model_copy(update={"batch": 32})})
    (issue,) = recipe_issues(recipe, data)
    assert "Attention over 5,000 steps" in issue.message
    shorter = recipe.model_copy(update={"task": recipe.task.model_copy(update={"stride": 10})})
    assert recipe_issues(shorter, data) == ()


@pytest.mark.parametrize(
    "model", [Recurrent(kind="gru", units=3, attention="additive"), Transformer(units=4)]
)
def test_why_is_told_of_every_step_though_several_are_read_as_one(model):
    recipe, data = sequences_recipe(model, stride=2, kernel=3), sequences()
    problem = task.prepare(recipe, data)
    built = built_of(recipe, problem)
    number = int(np.flatnonzero(data.lengths >= 5)[0])
    said = task.predict(problem, built, SequenceInput(data.sequence(number)[:5]))
    assert said.occlusion.shape == said.gradient.shape == said.attention.shape == (5,)
    assert said.attention.sum() == pytest.approx(1, abs=1e-5)
    for told in (said.attention, said.occlusion):
        assert told[0] == pytest.approx(told[1]) and told[2] == pytest.approx(told[3])


def test_leaving_out_the_first_steps_is_the_sequence_without_them():
    recipe, data = sequences_recipe(stride=2, kernel=4), sequences()
    problem = task.prepare(recipe, data)
    built = built_of(recipe, problem)
    values = data.sequence(int(data.lengths.argmax()))[:6]
    whole = task.predict(problem, built, SequenceInput(values))
    rest = task.predict(problem, built, SequenceInput(values[2:]))
    code = int(whole.probabilities.argmax())
    assert whole.occlusion[0] == pytest.approx(whole.probabilities[code] - rest.probabilities[code], abs=1e-5)
