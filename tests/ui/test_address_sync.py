"""What was typed counts while the address of the browser lags behind; a step back in history counts too."""

from components.recipe import Recipe
from components.ui.experiments import CARDS

CARD = CARDS[0].recipe


def epochs(link):
    return Recipe.from_url(link).training.epochs


def edited(open_page):
    """Open a card's link and type another number of epochs, which the address then holds."""
    bench = open_page("train", recipe=CARD.to_url())
    bench.number_input(key="draft.training.epochs").set_value(77).run()
    assert epochs(bench.query_params["recipe"]) == 77
    return bench


def test_train_pressed_before_the_address_has_followed_trains_what_was_typed(open_page, engine):
    bench = edited(open_page)
    bench.query_params["recipe"] = CARD.to_url()
    bench.button(key="train").click().run()
    (run,) = engine.submitted
    assert run.recipe.training.epochs == 77


def test_a_second_change_before_the_address_has_followed_keeps_the_first(open_page):
    bench = edited(open_page)
    bench.query_params["recipe"] = CARD.to_url()
    bench.number_input(key="draft.model.units").set_value(9).run()
    made = Recipe.from_url(bench.query_params["recipe"])
    assert (made.training.epochs, made.model.units) == (77, 9)


def test_a_step_back_in_the_history_brings_back_what_was_there(open_page):
    bench = edited(open_page)
    bench.query_params["recipe"] = CARD.to_url()
    bench.run()
    assert bench.number_input(key="draft.training.epochs").value == CARD.training.epochs
    assert epochs(bench.query_params["recipe"]) == CARD.training.epochs


def test_the_address_leads_from_any_card_to_any_other(open_page):
    bench = open_page("train", recipe=CARD.to_url())
    for card in (*CARDS[::-1], *CARDS):
        bench.query_params["recipe"] = card.recipe.to_url()
        bench.run()
        bench.run()
        assert Recipe.from_url(bench.query_params["recipe"]) == card.recipe
        assert bench.number_input(key="draft.training.epochs").value == card.recipe.training.epochs


def test_the_address_leads_away_from_what_cannot_be_trained(open_page):
    bench = edited(open_page)
    bench.number_input(key="draft.task.window").set_value(5000).run()
    assert bench.button(key="train").disabled
    bench.query_params["recipe"] = CARDS[1].recipe.to_url()
    bench.run()
    assert bench.number_input(key="draft.task.window").value == CARDS[1].recipe.task.window
