"""What is proposed to vary: always something that the recipe may have, its own values among it."""

import pytest

from components.recipe import ClassifySequences, Clipping, Transformer
from components.studies import Choices, Search, Sweep, value_of
from components.studies.factors import factors
from components.ui.experiments import CARDS
from components.ui.recipe_form.labels import SETTING_LABELS, label_in


@pytest.mark.parametrize("recipe", [card.recipe for card in CARDS], ids=[card.key for card in CARDS])
def test_what_is_proposed_can_be_planned(recipe) -> None:
    found = factors(recipe)
    Search(recipe=recipe, ranges=tuple(one.range for one in found if one.range))
    assert 3 <= sum(one.is_usual for one in found) <= 5
    for one in found:
        Sweep(recipe=recipe, setting=one.setting, values=one.values)
        assert value_of(recipe, one.setting) in one.values and one.setting in SETTING_LABELS
        assert isinstance(one.range, Choices) <= bool(one.choices)


def test_units_go_up_and_down_from_the_recipes_own() -> None:
    (recipe,) = (card.recipe for card in CARDS if card.key == "adding")
    assert factors(recipe)[0].setting == "model.units" and factors(recipe)[0].values == (8, 16, 32, 64)


def test_a_transformers_units_are_divided_among_its_heads() -> None:
    recipe = CARDS[0].recipe.model_copy(update={"model": Transformer(units=24, heads=4)})
    units = factors(recipe)[0]
    assert all(value % 4 == 0 for value in units.values) and units.range.multiple == 4
    Search(recipe=recipe, ranges=(units.range,))
    assert "model.attention" not in {one.setting for one in factors(recipe)}


def test_strides_pass_over_nothing_and_leave_something_to_read() -> None:
    (recipe,) = (card.recipe for card in CARDS if card.key == "control_charts")

    def strides(**task):
        changed = recipe.model_copy(update={"task": ClassifySequences(**task)})
        return next((one.values for one in factors(changed) if one.setting == "task.stride"), None)

    assert strides(longest=60) == (1, 2, 4, 8)
    assert strides(longest=60, kernel=5) == (1, 2, 4)
    assert strides(longest=9) == (1, 2, 4)
    assert strides(longest=500, stride=20) == (1, 2, 4, 8, 20)
    assert strides(longest=60, kernel=1) is None


def test_how_a_text_is_cut_is_varied_and_called_by_its_own_name() -> None:
    (recipe,) = (card.recipe for card in CARDS if card.key == "sentiment")
    found = {one.setting: one for one in factors(recipe)}
    assert found["task.level"].choices == ("word", "character", "byte_pair")
    assert label_in(recipe, "task.level") == "Tokens"
    assert found["task.pooling"].range and found["task.label_smoothing"].range is None
    assert label_in(CARDS[0].recipe, "task.level") == "Interval coverage"


def test_a_threshold_of_no_clipping_is_not_varied() -> None:
    recipe = CARDS[0].recipe.model_copy(update={"clipping": Clipping(mode="none")})
    assert "clipping.threshold" not in {one.setting for one in factors(recipe)}


def test_what_changes_the_scale_of_the_loss_is_not_searched() -> None:
    for one in factors(CARDS[1].recipe):
        if one.setting.startswith("task."):
            assert one.range is None
