"""What can be planned, and what can't."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.errors import RecipeError
from components.recipe import Forecast, Recipe, Sample, Transformer
from components.studies import Choices, NumberRange, Sweep, read_study, value_of, with_settings
from components.studies.study import make_study

RECIPE = Recipe(dataset=Sample(name="sunspots"), task=Forecast(target="sunspots"), seed=5)


def test_a_sweep_tries_all_values_of_a_seed_before_the_next_seed() -> None:
    sweep = Sweep(recipe=RECIPE, setting="model.units", values=(8, 64), seeds=2)
    tried = [(one["model.units"], one["seed"]) for one, _ in sweep.trials]
    assert tried == [(8, 5), (64, 5), (8, 6), (64, 6)]
    for chosen, recipe in sweep.trials:
        assert (recipe.model.units, recipe.seed) == (chosen["model.units"], chosen["seed"])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"values": (8, 8)}, "must differ"),
        ({"values": tuple(range(1, 11)), "seeds": 7}, "at most 60 runs"),
        ({"values": (8, 0)}, "greater than or equal to 1"),
        ({"setting": "model.width"}, "no setting model.width"),
        ({"setting": "__class__.__init__"}, "no setting"),
        ({"setting": "../../etc"}, "match pattern"),
        ({"values": ()}, "at least 1"),
    ],
)
def test_what_cannot_be_swept_is_said(changed, words: str) -> None:
    tree = {"kind": "sweep", "recipe": RECIPE.model_dump(), "setting": "model.units", "values": (8, 16)}
    with pytest.raises(RecipeError, match=words):
        make_study(tree | changed)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (
            {"kind": "number", "setting": "model.units", "low": 64, "high": 128, "multiple": 1},
            "own value, 32",
        ),
        ({"kind": "number", "setting": "model.units", "low": 64, "high": 8}, "must be below"),
        ({"kind": "number", "setting": "model.units", "low": 0, "high": 64, "logarithmic": True}, "above 0"),
        ({"kind": "choices", "setting": "model.kind", "values": ("gru", "simple_rnn")}, "own value, lstm"),
    ],
)
def test_a_range_holds_what_the_search_begins_with(one, words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        make_study({"kind": "search", "recipe": RECIPE.model_dump(), "ranges": (one,)})


def test_a_setting_has_one_range() -> None:
    one = NumberRange(setting="model.dropout", low=0, high=0.5)
    with pytest.raises(RecipeError, match="one range"):
        make_study({"kind": "search", "recipe": RECIPE.model_dump(), "ranges": (one, one)})


def test_what_is_no_study_is_refused() -> None:
    for text in ("", "{}", '{"kind": "raid"}', "[1]"):
        with pytest.raises(RecipeError):
            read_study(text)


values = st.one_of(st.booleans(), st.integers(1, 4), st.floats(0, 0.9), st.text(max_size=5))


@settings(max_examples=50, deadline=None)
@given(chosen=st.lists(values, min_size=2, max_size=4, unique_by=lambda value: (type(value), value)))
def test_choices_come_back_with_their_types(chosen) -> None:
    made = Choices(setting="model.kind", values=chosen)
    again = Choices.model_validate_json(made.model_dump_json())
    assert [(type(value), value) for value in again.values] == [(type(value), value) for value in chosen]


def test_settings_of_a_recipe_are_read_and_changed_by_name() -> None:
    changed = with_settings(RECIPE, {"model.units": 8, "optimizer.learning_rate": 0.1, "seed": 7})
    assert [value_of(changed, name) for name in ("model.units", "optimizer.learning_rate", "seed")] == [
        8,
        0.1,
        7,
    ]
    assert value_of(RECIPE, "model.heads") is None
    heads = RECIPE.model_copy(update={"model": Transformer(heads=4)})
    with pytest.raises(RecipeError, match="divided evenly"):
        with_settings(heads, {"model.units": 30})
    with pytest.raises(RecipeError, match="no setting"):
        with_settings(RECIPE, {"model.heads": 2})
