"""Only what differs is told, in words that a person would use."""

import pytest

from components.insight.doctor.remedies import modified_recipe
from components.recipe import (
    ClassifySequences,
    ClassifyTexts,
    Forecast,
    Generated,
    ModelLanguage,
    Recipe,
    Sample,
    Transformer,
    Translate,
)
from components.ui.compare.differences import (
    Difference,
    change_phrase,
    difference_sentence,
    differences,
)
from components.ui.recipe_form.labels import TOKENS

BASE = Recipe(dataset=Sample(name="sunspots"), task=Forecast(target="sunspots"))


def sentence(**parts):
    recipes = (BASE, modified_recipe(BASE, **parts))
    return difference_sentence("B", "A", differences(recipes), 1, 0)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({}, "B has the same recipe as A."),
        (
            {"model": {"layers": 2}, "clipping": {"mode": "none"}},
            "Compared with A, B has 2 layers instead of 1 and no gradient clipping.",
        ),
        ({"model": {"dropout": 0.2}}, "Compared with A, B has dropout 20% instead of 0%."),
        ({"model": {"kind": "gru"}}, "Compared with A, B has the model GRU instead of LSTM."),
        ({"training": {"patience": None}}, "Compared with A, B has patience none instead of 10."),
        ({"model": {"bidirectional": True}}, "Compared with A, B has bidirectional on instead of off."),
        ({"optimizer": {"weight_decay": 0.1}}, "B has the same recipe as A."),
        (
            {"optimizer": {"kind": "adamw", "weight_decay": 0.1, "momentum": 0.5}},
            "Compared with A, B has optimiser AdamW instead of Adam and weight decay 0.1 instead of 0.004.",
        ),
        ({"task": {"loss": "mae"}}, "Compared with A, B has loss Absolute error instead of Squared error."),
    ],
)
def test_a_difference_is_told_in_words(parts, words):
    assert sentence(**parts) == words


def test_runs_of_one_recipe_are_told_together():
    recipes = (BASE, modified_recipe(BASE, model={"units": 64}))
    words = difference_sentence("they", "A", differences(recipes), 1, 0)
    assert words == "Compared with A, they have 64 units instead of 32."


def test_of_recipes_with_little_in_common_the_sentence_leaves_the_rest_to_the_table():
    words = sentence(
        model={"units": 8, "layers": 2, "dropout": 0.2, "kind": "gru"},
        training={"epochs": 5, "patience": None, "batch": 8},
    )
    assert words.endswith("and 2 more differences (see the table).") and words.count("instead of") == 5


def test_a_long_setting_is_cut_short_in_the_sentence():
    long = Difference("task.series", "Series of the panel", ("none", "mining and logging, " * 8))
    assert len(change_phrase(long, 1, 0)) < 100


def test_of_different_tasks_and_data_only_that_is_told():
    other = BASE.model_copy(
        update={"task": ClassifySequences(), "dataset": Generated(name="sine", length=300)}
    )
    found = differences((BASE, other))
    assert [one.name for one in found] == ["dataset", "task"]
    assert found[0].values == ("Sunspots", "Sine wave with trend and noise (length 300)")


@pytest.mark.parametrize("task", [ClassifyTexts, ModelLanguage, Translate])
def test_what_texts_are_cut_into_has_the_words_of_its_control(task):
    recipes = [Recipe(dataset=Sample(name="tweets"), task=task(level=level)) for level in TOKENS]
    assert difference_sentence("B", "A", differences(recipes), 1, 0) == (
        "Compared with A, B has tokens Subwords instead of Words."
    )
    other = modified_recipe(BASE, task={"level": 0.9})
    assert difference_sentence("B", "A", differences((BASE, other)), 1, 0).endswith(
        "interval coverage 90% instead of 80%."
    )


def test_a_setting_that_a_model_lacks_is_left_open():
    other = BASE.model_copy(update={"model": Transformer()})
    heads = next(one for one in differences((BASE, other)) if one.name == "model.heads")
    assert heads.values == ("–", "4")
    assert change_phrase(heads, 1, 0) == "4 heads instead of –"
