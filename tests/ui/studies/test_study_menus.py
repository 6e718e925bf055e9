"""Beside a recipe: a time that it is to fit into, a range test, and the ways to a sweep and a search."""

import numpy as np
import pytest

from components.insight.doctor.remedies import modified_recipe
from components.recipe import Recipe
from components.training.range_test import RangeTest, smooth
from components.ui.experiments import CARDS
from components.ui.studies import range_test_menu
from tests.ui.conftest import page_text

RECIPE = next(card.recipe for card in CARDS if card.key == "sine")


@pytest.fixture
def train(open_page):
    return open_page("train", recipe=RECIPE.to_url())


def recipe_of(bench):
    return Recipe.from_url(bench.query_params["recipe"])


def test_a_recipe_is_fitted_into_a_minute_with_two_presses(train) -> None:
    train.session_state["time-budget"] = True  # the test bench can't open a menu
    train.run()
    assert "so this is a guess" in page_text(train) and "learning rate schedule Cosine decay" in page_text(
        train
    )
    train.button(key="fit-budget").click().run()
    fitted = recipe_of(train)
    assert fitted.training.patience is None and fitted.training.epochs > RECIPE.training.epochs
    assert train.number_input(key="draft.training.epochs").value == fitted.training.epochs


def test_a_rate_is_proposed_and_taken(train, monkeypatch) -> None:
    rates = np.geomspace(1e-5, 1, 100)
    losses = 1 / (1 + np.exp(4 * (np.log10(rates) + 2))) + 0.1
    monkeypatch.setattr(
        range_test_menu, "find_learning_rate", lambda _: RangeTest(rates, losses, smooth(losses))
    )
    train.button(key="range-test").click().run()
    assert "The loss falls fastest at a learning rate of about" in page_text(train)
    train.button(key="use-rate").click().run()
    rate = recipe_of(train).optimizer.learning_rate
    assert 0.003 < rate < 0.1
    assert f"recipe's {rate:g} is about right" in page_text(train)
    train.number_input(key="draft.model.units").set_value(8).run()
    assert "The loss falls fastest" not in page_text(train)


def test_where_nothing_can_be_trained_nothing_is_offered(train) -> None:
    train.number_input(key="draft.model.units").set_value(0).run()
    assert "range-test" not in {one.key for one in train.button}


def test_a_recipe_that_trains_nothing_is_offered_a_search_only(open_page) -> None:
    start_alone = modified_recipe(RECIPE, task={"base": "last", "transform": "none"}, training={"epochs": 0})
    bench = open_page("train", recipe=start_alone.to_url())
    assert not bench.exception and "range-test" not in {one.key for one in bench.button}
    assert "Find better settings" in [one.proto.label for one in bench.get("page_link")]
