"""Only what differs is told, in words that a person would use."""

from typing import get_args

import pytest
from pydantic import BaseModel

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
from components.recipe.task import ForecastBase, TextBase
from components.ui.compare.differences import (
    Difference,
    change_phrase,
    difference_sentence,
    differences,
)
from components.ui.recipe_form.choice_labels import FORECAST_STARTS, TEXT_STARTS, TOKENS
from components.ui.recipe_form.setting_labels import SETTING_LABELS, setting_text
from tests.test_recipe_tables import _is_model, _parts

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


def leaves(model, place=""):
    for name, field in model.model_fields.items():
        inner = [part for part in _parts(field.annotation) if _is_model(part)]
        if name in ("dataset", "preparation", "version"):
            continue
        if not inner:
            yield f"{place}{name}"
        for one in inner:
            assert issubclass(one, BaseModel)
            yield from leaves(one, f"{place}{name}.")


def test_every_setting_has_a_label():
    assert {*leaves(Recipe)} - SETTING_LABELS.keys() - {"task.kind"} == set()


@pytest.mark.parametrize("start", [*get_args(ForecastBase), *get_args(TextBase)])
def test_what_a_recipe_starts_from_has_the_words_of_its_control(start):
    said = setting_text("task.base", start)
    assert said in {*FORECAST_STARTS.values(), *TEXT_STARTS.values()}
