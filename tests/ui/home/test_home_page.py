"""Home: what this is, and experiments that are one click from a finished run, and two from their training."""

import pytest

from components.data import load
from components.recipe import Recipe, Sample
from components.runs.shelf import shelf
from components.tasks import recipe_issues
from components.training.events import Status
from components.ui.experiments import CARDS
from components.ui.home.gallery import LESSONS
from tests.ui.conftest import ANOTHER, ME, page_text


def test_there_is_a_card_for_every_experiment_though_not_all_at_once(open_page):
    bench = open_page("home")
    assert not bench.exception
    for key in ("sunspots", "co2", "seattle_weather", "share_prices"):
        assert bench.button(key=f"card-{key}")
    bench.button(key="home-all").click().run()
    for card in CARDS:
        assert card.title in page_text(bench)
        assert card.sentence in page_text(bench)


def test_where_to_start_a_finished_run_did_better_than_the_baselines(open_page, store, shelf_runs):
    bench = open_page("home")
    # After the way to data of one's own.
    first = [button.key for button in bench.button if button.key.startswith("card-")][1:5]
    runs = [shelf_runs[key.removeprefix("card-")] for key in first]
    errors = [entry.evaluation.relative_error for entry in store.catalog.entries(runs, ME)]
    assert len(errors) == 4 and max(errors) < 0.9
    bench.button(key="start").click().run()
    assert bench.query_params["run"] == runs[0]


@pytest.mark.parametrize("card", [card for card in CARDS if card.key in shelf()], ids=lambda card: card.key)
def test_a_card_opens_its_finished_run(open_page, shelf_runs, card):
    bench = open_page("home")
    bench.button(key="home-all").click().run()
    bench.button(key=f"card-{card.key}").click().run()
    assert not bench.exception and not bench.error
    assert bench.query_params["run"] == shelf_runs[card.key]
    assert bench.title[0].value == card.title
    assert len([*bench.success, *bench.warning]) == 1  # the verdict
    assert "Train it yourself" in [button.label for button in bench.button]


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.key)
def test_a_card_can_be_trained_as_it_is(open_page, card):
    bench = open_page("train", recipe=card.recipe.to_url())
    assert not bench.exception
    assert Recipe.from_url(bench.query_params["recipe"]) == card.recipe
    assert not bench.button(key="train").disabled


def test_every_card_is_in_one_group_or_among_the_first(open_page):
    bench = open_page("home")
    bench.button(key="home-all").click().run()
    keys = [button.key for button in bench.button if button.key.startswith("card-")]
    assert sorted(keys) == sorted(
        [*(f"card-{card.key}" for card in CARDS), *(f"card-{lesson.key}" for lesson in LESSONS), "card-own"]
    )
    assert [heading.value for heading in bench.header][:2] == ["Start here", "Forecast"]


def test_the_cards_are_searched_by_their_words(open_page):
    bench = open_page("home")
    bench.text_input(key="home.search").set_value("weather").run()
    keys = {button.key for button in bench.button if button.key.startswith("card-")}
    assert "card-seattle_weather" in keys and "card-french" not in keys
    bench.text_input(key="home.search").set_value("<no such thing>").run()
    assert not bench.exception and "No experiment matches" in page_text(bench)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.key)
def test_nothing_speaks_against_a_card(card):
    assert recipe_issues(card.recipe, load(card.recipe.dataset)) == ()


def test_it_lists_the_visitor_s_own_runs_only(open_page, store):
    own = store.add(CARDS[0].recipe, ME, "Mine")
    store.add(CARDS[0].recipe, ANOTHER, "Theirs")
    bench = open_page("home")
    assert [link.value for link in bench.page_link] == ["Mine", "All your runs"]
    assert own.id in bench.page_link[0].proto.query_string


def test_a_finished_run_leads_to_its_results_and_another_to_its_training(open_page, store):
    run = store.add(CARDS[0].recipe, ME, "Mine")
    assert "train" in open_page("home").page_link[0].proto.page
    attempt = store.begin(run.id, "here")
    store.write([(run.id, attempt, Status(status="finished"))])
    assert "results" in open_page("home").page_link[0].proto.page


def test_a_visitor_without_runs_sees_no_empty_list(open_page):
    assert "Your runs" not in page_text(open_page("home"))


def test_a_title_of_a_run_cannot_draw_on_the_page(open_page, store):
    store.add(
        Recipe(dataset=Sample(name="co2"), task={"target": "co2"}), ME, "![x](https://evil.example/x.png)"
    )
    assert "![x]" not in open_page("home").page_link[0].value
