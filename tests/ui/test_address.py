"""Two controls used in quick succession both count while the browser's address lags; so does a step back."""

import pytest

from components.recipe import Forecast, Recipe, Sample
from components.ui import address
from tests.ui.conftest import ME

RECIPE = Recipe(dataset=Sample(name="sunspots"), task=Forecast(target="sunspots", window=22, horizon=3))


@pytest.fixture
def clock(monkeypatch):
    """The seconds that the page sees."""
    now = [1000.0]
    monkeypatch.setattr(address, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def runs(store, open_page):
    store.add(RECIPE, ME, "a run")
    return open_page("runs", q="a")


def test_a_second_control_keeps_what_the_first_one_said(runs, clock):
    runs.selectbox(key="runs.sort").set_value("title").run()
    runs.query_params.pop("sort")  # the browser hasn't heard of it
    clock[0] += 10 * address.LAG_SECONDS  # nor has it on a very slow line
    runs.toggle(key="runs.archived").set_value(True).run()
    runs.query_params.pop("archived")
    runs.toggle(key="runs.order").set_value(False).run()
    assert dict(runs.query_params) == {"q": "a", "sort": "title", "archived": "1", "order": "up"}
    assert runs.selectbox(key="runs.sort").value == "title" and runs.toggle(key="runs.archived").value


def test_what_is_drawn_again_at_once_shows_what_was_chosen(runs, clock):
    runs.selectbox(key="runs.sort").set_value("title").run()
    runs.query_params.pop("sort")
    runs.run()
    assert runs.selectbox(key="runs.sort").value == "title"
    assert runs.query_params["sort"] == "title"


def test_a_step_back_shows_what_was_there(runs, clock):
    runs.selectbox(key="runs.sort").set_value("title").run()
    clock[0] += 1.1 * address.LAG_SECONDS
    runs.query_params.pop("sort")
    runs.run()
    assert runs.selectbox(key="runs.sort").value == "created"
    assert "sort" not in runs.query_params
    runs.toggle(key="runs.archived").set_value(True).run()
    assert "sort" not in runs.query_params


def test_a_link_is_followed_at_once(runs, clock):
    runs.selectbox(key="runs.sort").set_value("title").run()
    runs.query_params["sort"] = "status"
    runs.run()
    assert runs.selectbox(key="runs.sort").value == "status"


def test_a_made_series_keeps_every_slider_that_was_moved(open_page, clock):
    bench = open_page("data")
    bench.segmented_control(key="data.source").set_value("generated").run()
    before = dict(bench.query_params)
    bench.slider(key="data.length").set_value(1500).run()
    bench.query_params.update(before)
    bench.number_input(key="data.seed").set_value(3).run()
    assert bench.slider(key="data.length").value == 1500
    assert '"length":1500' in bench.query_params["dataset"] and '"seed":3' in bench.query_params["dataset"]
