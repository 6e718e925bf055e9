"""Setting up a search: ranges are proposed, and what can't be searched is said."""

import pytest

from components.recipe import Forecast, Generated, Recipe, Recurrent, Training
from components.studies import Search
from components.ui.experiments import CARDS
from tests.ui.conftest import ME, page_text

RECIPE = next(card.recipe for card in CARDS if card.key == "sine")


@pytest.fixture
def setup(open_page):
    return open_page("tune", recipe=RECIPE.to_url())


def test_what_is_proposed_is_started_with_one_press(setup, store) -> None:
    assert not setup.exception and "Find better settings" in page_text(setup)
    setup.number_input(key="search.trials").set_value(12).run()
    setup.button(key="start-search").click().run()
    (study,) = store.studies.studies(ME)
    assert isinstance(study.plan, Search) and study.plan.recipe == RECIPE
    assert (study.plan.trials, study.plan.seconds) == (12, 900)
    assert {one.setting for one in study.plan.ranges} >= {"model.units", "optimizer.learning_rate"}


def test_a_range_without_the_recipes_own_value_is_refused(setup, store) -> None:
    setup.number_input(key="search.model.units.from").set_value(30).run()
    assert "must hold the recipe's own value" in " ".join(one.proto.title for one in setup.error)
    assert "start-search" not in {one.key for one in setup.button}


def test_choices_are_offered_by_their_names(setup, store) -> None:
    setup.multiselect(key="search.settings").set_value(["model.kind"]).run()
    assert setup.multiselect(key="search.model.kind").options == ["Simple RNN", "LSTM", "GRU"]
    setup.button(key="start-search").click().run()
    (study,) = store.studies.studies(ME)
    assert study.plan.ranges[0].values == ("simple_rnn", "lstm", "gru")


def test_each_trial_is_fitted_into_a_time(setup, store) -> None:
    setup.segmented_control(key="search.trial-seconds").set_value(20).run()
    assert not setup.error
    setup.button(key="start-search").click().run()
    (study,) = store.studies.studies(ME)
    assert study.plan.recipe.training.patience is None
    assert study.plan.recipe.training.epochs != RECIPE.training.epochs


def test_nothing_to_vary_is_no_search(setup) -> None:
    setup.multiselect(key="search.settings").set_value([]).run()
    assert setup.error and "start-search" not in {one.key for one in setup.button}


def test_a_recipe_that_trains_nothing_is_searched_with_a_network_of_its_own(open_page, store) -> None:
    start_alone = Recipe(
        dataset=Generated(name="sine", length=200),
        task=Forecast(target="value", window=8, horizon=2, base="last"),
        model=Recurrent(kind="gru", units=4),
        training=Training(epochs=0),
    )
    bench = open_page("tune", recipe=start_alone.to_url())
    assert not bench.exception and not bench.error
    assert "This recipe trains nothing" in page_text(bench) and "GRU, 4 units" in page_text(bench)
    bench.button(key="start-search").click().run()
    (study,) = store.studies.studies(ME)
    assert study.plan.recipe.training.epochs > 0
    assert study.plan.recipe.model_copy(update={"training": start_alone.training}) == start_alone
