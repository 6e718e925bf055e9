"""Setting up a sweep on the page Train: a setting, and it is ready; nothing impossible is started."""

import pytest

from components.studies import Sweep
from components.ui.experiments import CARDS
from tests.ui.conftest import ME, page_text

RECIPE = next(card.recipe for card in CARDS if card.key == "sine")


@pytest.fixture
def menu(open_page):
    """The page Train with the menu open: the test bench can't click on it."""
    bench = open_page("train", recipe=RECIPE.to_url())
    bench.session_state["sweep"] = True
    return bench.run()


def started(store):
    return [study.plan for study in store.studies.studies(ME)]


def test_what_is_proposed_is_started_with_one_press(menu, store) -> None:
    assert menu.selectbox(key="sweep.setting").value == "model.units"
    assert menu.button(key="start-sweep").label == "Start 12 runs"
    menu.button(key="start-sweep").click().run()
    assert started(store) == [Sweep(recipe=RECIPE, setting="model.units", values=(4, 8, 16, 32), seeds=3)]
    assert store.studies.studies(ME)[0].title == "Sine wave with trend and noise · Units"


def test_another_setting_has_other_values(menu, store) -> None:
    menu.selectbox(key="sweep.setting").set_value("model.kind").run()
    menu.number_input(key="sweep.seeds").set_value(2).run()
    menu.button(key="start-sweep").click().run()
    (plan,) = started(store)
    assert (plan.setting, plan.values, plan.seeds) == ("model.kind", ("simple_rnn", "lstm", "gru"), 2)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["8", "many"], "a number that this setting can take"),
        (["8", "1.5"], "a number that this setting can take"),
        ([], "at least 1"),
        (["8", "4000"], "less than or equal to 1024"),
    ],
)
def test_what_cannot_be_tried_is_said_and_not_started(menu, store, values, words) -> None:
    field = next(one for one in menu.multiselect if one.key.startswith("sweep.values.model.units"))
    menu.session_state[field.key] = values
    menu.run()
    assert words in page_text(menu) + " ".join(str(one.proto) for one in menu.error)
    assert not [one for one in menu.button if one.key == "start-sweep"]
    assert not started(store)
