"""Telling classes of texts: an honest vocabulary, the sides that are chosen, an exact saved model."""

import subprocess
import sys
from dataclasses import replace

import keras
import numpy as np
import pytest

from components.data.datasets import Classes
from components.data.tokenizers.tokenizer import UNKNOWN, tokenize
from components.recipe import Recurrent, Transformer
from components.tasks import classify_texts as task
from components.tasks import example_count, plan, recipe_issues
from components.tasks.classification.classify_texts import TextInput
from components.tasks.classification.problem import class_probabilities
from tests.tasks.toys import sequences, texts, texts_recipe


def built_of(recipe, problem):
    return task.build(recipe, problem)


def test_the_vocabulary_knows_the_training_part_only():
    problem = task.prepare(texts_recipe(), texts())
    numbers = {str(number) for number in problem.train}
    assert {word for word in problem.vocabulary.tokens if word.isdigit()} <= numbers
    assert example_count(texts_recipe(), texts()) == len(problem.train)


@pytest.mark.parametrize(("rare", "balanced"), [(20, False), (17, True), (4, True)])
def test_classes_are_proposed_to_count_the_same_where_one_is_more_frequent(rare, balanced):
    data = replace(texts(), classes=Classes.of(["good"] * (40 - rare) + ["bad"] * rare))
    assert task.suggest(data).task.balanced is balanced


@pytest.mark.parametrize("cut", ["left", "right"])
@pytest.mark.parametrize("pad", ["left", "right"])
def test_texts_are_cut_and_filled_up_on_the_chosen_sides(cut, pad):
    data = texts()
    problem = task.prepare(texts_recipe(cut=cut, pad=pad), data)
    inputs, targets = (tensor.numpy() for tensor in problem.batch(np.array([1, 2, 3], "int32")))
    assert inputs.shape == (3, 5)
    for row, number in enumerate((1, 2, 3)):
        codes = problem.vocabulary.encode(data.texts[number])
        kept = codes[-5:] if cut == "left" else codes[:5]
        empty = [0] * (5 - len(kept))
        assert inputs[row].tolist() == ([*empty, *kept] if pad == "left" else [*kept, *empty])
    assert targets.tolist() == data.classes.codes[[1, 2, 3]].tolist()


def test_the_linear_model_finds_the_telling_word_and_padding_changes_nothing():
    recipe = texts_recipe(cut="left", longest=3)
    problem = task.prepare(recipe, texts(many=80))
    built = built_of(recipe, problem)

    def outputs(examples):
        return built.model(problem.batch(examples)[0]).numpy()

    result = task.evaluate(problem, outputs, built, 1)
    assert [score.name for score in result.scores] == ["model", "prior", "linear", "balanced"]
    assert result.scores[2].accuracy == 1
    by_sides = {(one.cut, one.pad): one.balanced for one in result.readings}
    assert by_sides["left", "left"] == by_sides["left", "right"] == result.scores[0].balanced
    assert by_sides["right", "left"] == by_sides["right", "right"]


@pytest.mark.parametrize("model", [Recurrent(units=3, attention="additive"), Transformer(units=4, heads=2)])
@pytest.mark.parametrize("stride", [1, 2])
def test_asked_about_a_text_it_says_what_it_read_and_which_words_did_it(model, stride):
    recipe, data = texts_recipe(model=model, cut="left", stride=stride), texts()
    problem = task.prepare(recipe, data)
    built = built_of(recipe, problem)
    answer = task.predict(problem, built, TextInput("Well, THE film was GOOD, my xyzzy"))
    assert answer.tokens == ("was", "good", ",", "my", "xyzzy")
    assert answer.cut == 4
    assert answer.known == (True, True, True, False, False)
    assert len(answer.prediction.occlusion) == 5
    codes = problem.vocabulary.encode("was good, my xyzzy")[None]
    np.testing.assert_allclose(
        answer.prediction.probabilities, class_probabilities(built.model(codes).numpy())[0], atol=1e-5
    )
    assert task.predict(problem, built, TextInput("  ")).prediction is None


def test_the_saved_model_takes_texts_and_says_what_the_run_says(tmp_path):
    """By words with a space between all, by characters as they are."""
    data = texts()
    odd = ["It's GOOD!", "so\nbad\t thing ", "Äpfel – ÇA 🙂 ß", "", "a longer one, which is to be cut: GOOD"]
    for level, cut, stride in (("word", "left", 1), ("word", "right", 2), ("character", "left", 1)):
        recipe = texts_recipe(level=level, cut=cut, longest=6, stride=stride)
        problem = task.prepare(recipe, data)
        built = built_of(recipe, problem)
        task.export_model(problem, built.model).save(tmp_path / "model.keras")
        loaded = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
        for text in (*data.texts[:4], *odd):
            given = text if level == "character" else " ".join(tokenize(text, level, lower=True))
            said = loaded(keras.ops.convert_to_tensor([given]))
            codes = problem.vocabulary.encode(text)
            kept = codes[-6:] if cut == "left" else codes[:6]
            ours = class_probabilities(built.model(np.array([[*kept, 0]], "int32")).numpy())[0]
            np.testing.assert_allclose(said["probabilities"][0], ours, atol=1e-5, err_msg=repr(text))
            assert said["class"].numpy()[0].decode() == problem.names[ours.argmax()]


def test_capitals_that_count_are_told_apart_by_the_saved_model_too(tmp_path):
    problem = task.prepare(texts_recipe(lower=False, level="character", longest=9), texts())
    built = built_of(texts_recipe(), problem)
    whole = task.export_model(problem, built.model)
    for text in ("Dinner", "dINNER", "\n"):
        codes = np.array([[*problem.vocabulary.encode(text), 0]], "int32")
        ours = class_probabilities(built.model(codes).numpy())[0]
        said = whole(keras.ops.convert_to_tensor([text]))["probabilities"]
        np.testing.assert_allclose(said[0], ours, atol=1e-5)


def test_it_loads_where_there_is_no_code_of_ours(tmp_path):
    problem = task.prepare(texts_recipe(), texts())
    model = built_of(texts_recipe(), problem).model
    task.export_model(problem, model).save(tmp_path / "model.keras")
    script = (
        "import keras; m = keras.models.load_model('model.keras');"
        "s = m(keras.ops.convert_to_tensor(['the film was good', 'so']));"
        "print(s['class'].shape[0], s['probabilities'].shape[1])"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.split() == ["2", "2"]


def test_what_does_not_fit_is_said_before_training():
    assert "this is a set of sequences" in recipe_issues(texts_recipe(), sequences())[0].message
    assert recipe_issues(texts_recipe(), texts()) == ()
    heavy = texts_recipe(model=Transformer(), longest=2000).model_copy(
        update={"training": texts_recipe().training.model_copy(update={"batch": 512})}
    )
    assert recipe_issues(heavy, texts())[0].field == "task.longest"
    assert plan(texts_recipe()).parameters == plan(texts_recipe(), texts()).parameters + 2 * 4


def test_an_unknown_word_is_the_unknown_one():
    problem = task.prepare(texts_recipe(), texts())
    assert problem.vocabulary.decode(problem.vocabulary.encode("qwertz")) != UNKNOWN
    assert not problem.vocabulary.contains("qwertz")
