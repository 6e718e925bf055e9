"""Every setting of a recipe is called something, and so is every value of one that is a choice."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from components.recipe import Recipe
from components.recipe.training import OPTIMIZER_SETTINGS, Optimizer
from components.ui.recipe_form.labels import (
    CHOICE_LABELS,
    FORECAST_STARTS,
    SETTING_LABELS,
    TEXT_STARTS,
    setting_label,
    setting_text,
)
from tests.test_recipe_tables import _is_model, _parts


def settings_of(model: type[BaseModel], place: str = "") -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the dotted name of each setting, with its values where it is one of a few words."""
    for name, field in model.model_fields.items():
        parts = [*_parts(field.annotation)]
        inner = [part for part in parts if _is_model(part)]
        if name in ("dataset", "preparation", "version") or f"{place}{name}" == "task.kind":
            continue
        if not inner:
            yield f"{place}{name}", tuple(word for part in parts for word in get_args(part))
        for one in inner:
            yield from settings_of(one, f"{place}{name}.")


SETTINGS = tuple(settings_of(Recipe))
CHOICES = sorted({(name, word) for name, words in SETTINGS for word in words})


def test_every_setting_has_a_label() -> None:
    assert {name for name, _ in SETTINGS} <= SETTING_LABELS.keys()


@pytest.mark.parametrize(("name", "word"), CHOICES)
def test_every_value_of_a_choice_has_a_label(name: str, word: str) -> None:
    assert word in CHOICE_LABELS[name] and setting_text(name, word) == CHOICE_LABELS[name][word]


def test_a_table_of_labels_is_of_a_setting_that_is_a_choice() -> None:
    assert CHOICE_LABELS.keys() == {name for name, _ in CHOICES}


def test_what_forecasts_and_texts_may_both_start_from_has_one_label() -> None:
    assert all(FORECAST_STARTS[start] == TEXT_STARTS[start] for start in FORECAST_STARTS.keys() & TEXT_STARTS)


def test_what_has_another_meaning_in_another_task_has_another_label() -> None:
    assert (setting_label("task.level", "word"), setting_label("task.level", 0.8)) == (
        "Tokens",
        "Interval coverage",
    )


def test_what_only_one_kind_of_optimiser_goes_by_is_a_setting_of_optimisers() -> None:
    own = {name for names in OPTIMIZER_SETTINGS.values() for name in names}
    assert own and own <= Optimizer.model_fields.keys()
