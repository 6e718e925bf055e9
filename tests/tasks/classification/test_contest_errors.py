"""Each example of a contest is predicted by who hasn't seen it, and nothing of the test set is there."""

from dataclasses import replace

import numpy as np
import pytest

from components.data.datasets import Classes
from components.data.datasets.given_split import GivenSplit
from components.recipe import Preparation
from components.tasks import classify_sequences, classify_texts
from components.tasks.classification import contest_errors as module
from components.tasks.classification.contest_errors import class_errors, contest_data
from tests.tasks.toys import sequences, sequences_recipe, texts, texts_recipe

PREPARATION = Preparation()


@pytest.mark.parametrize("make", [texts, sequences])
@pytest.mark.parametrize("folded", [0, 10_000])
def test_each_example_is_predicted_once_and_never_by_who_learnt_from_it(make, folded, monkeypatch):
    monkeypatch.setattr(module, "_FOLDED", folded)
    data = make(100)
    found = contest_data(data, PREPARATION)
    assert all(not set(learnt) & set(predicted) for learnt, predicted in found.parts)
    predicted = found.predicted
    assert len(set(predicted.tolist())) == len(predicted)
    assert len(found.parts) == (1 if not folded else 5)
    assert len(predicted) == (15 if not folded else 85)
    assert found.dataset.size == 85 and len(found.classes.codes) == 85
    for _, asked in found.parts:
        counts = np.bincount(found.classes.codes[asked], minlength=len(found.classes.names))
        assert counts.max() - counts.min() <= 1


def test_the_test_set_is_not_there_and_groups_stay_whole():
    data = texts(60)
    split = GivenSplit(np.repeat([0, 2], [40, 20]).astype(np.int8))
    groups = Classes.numbered(np.arange(60) // 4)
    found = contest_data(replace(data, given_split=split, groups=groups), PREPARATION)
    assert set(found.dataset.texts) == set(data.texts[:40])
    for learnt, predicted in found.parts:
        own = found.dataset.groups.codes
        assert not set(own[learnt]) & set(own[predicted])


def test_of_many_examples_only_some_take_part(monkeypatch):
    monkeypatch.setattr(module, "LEARNT", 30)
    monkeypatch.setattr(module, "TESTED", 9)
    monkeypatch.setattr(module, "_FOLDED", 0)
    ((learnt, predicted),) = contest_data(texts(200), PREPARATION).parts
    assert (len(learnt), len(predicted)) == (30, 9)


def test_every_class_counts_the_same():
    """Who always says the most frequent one is right of one class in three, wrong of two."""
    data = sequences(60)
    codes = np.where(np.arange(60) % 10 == 0, 1, np.where(np.arange(60) % 10 == 1, 2, 0)).astype(np.int32)
    data = replace(data, answer=Classes(codes, ("a", "b", "c")))
    rule = sequences_recipe().model_copy(
        update={"training": sequences_recipe().training.model_copy(update={"epochs": 0})}
    )
    found = contest_data(data, PREPARATION)
    wrong = class_errors(classify_sequences, rule, data)
    assert len(wrong) == len(found.predicted)
    truth = found.classes.codes[found.predicted]
    assert wrong.mean() == pytest.approx(np.mean([(wrong[truth == code] > 0).mean() for code in range(3)]))


@pytest.mark.parametrize(
    ("task", "recipe", "data"),
    [
        (classify_texts, texts_recipe(base="tfidf", pooling="mean_max", longest=6), texts(60)),
        (classify_texts, texts_recipe(word_dropout=0.2, label_smoothing=0.1, kernel=2), texts(60)),
        (classify_texts, texts_recipe(level="byte_pair", vocabulary=60, base="tfidf_both"), texts(60)),
        (
            classify_sequences,
            sequences_recipe(pooling="mean_max", kernel=3, label_smoothing=0.1),
            sequences(45),
        ),
    ],
    ids=["start", "texts", "subwords", "sequences"],
)
def test_a_second_try_comes_to_the_same_and_what_can_be_told_is_learnt(task, recipe, data, monkeypatch):
    monkeypatch.setattr(module, "_FOLDS_OF_FEW", 2)
    recipe = recipe.model_copy(
        update={
            "training": recipe.training.model_copy(update={"epochs": 12}),
            "optimizer": recipe.optimizer.model_copy(update={"learning_rate": 0.05}),
        }
    )
    once, again = (class_errors(task, recipe, data) for _ in range(2))
    np.testing.assert_array_equal(once, again)
    assert once.mean() < 0.35


def test_the_rules_need_no_training():
    rule = texts_recipe(base="tfidf").training.model_copy(update={"epochs": 0})
    recipe = texts_recipe(base="tfidf").model_copy(update={"training": rule})
    assert class_errors(classify_texts, recipe, texts(60)).mean() < 0.1
    recipe = sequences_recipe().model_copy(update={"training": rule})
    assert class_errors(classify_sequences, recipe, sequences(45)).mean() < 0.1
