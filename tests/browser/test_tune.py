"""A sweep in three clicks, and a search that gives up, is stopped, goes on after a reload and ends."""

import re

import pytest
from playwright.sync_api import Page, expect

from components.recipe import Forecast, Generated, Recipe, Recurrent, Training
from tests.browser.page_actions import button, open_recipe
from tests.live_server import LiveServer

_LONG = 200_000  # milliseconds, for seven trainings beside other work
STUDY = re.compile(r"/tune\?study=[0-9a-f]{32}$")


def quick(epochs: int, length: int) -> Recipe:
    """A recipe whose runs are over in a few seconds."""
    return Recipe(
        dataset=Generated(name="sine", length=length),
        task=Forecast(target="value", window=8, horizon=2),
        model=Recurrent(kind="simple_rnn", units=4),
        training=Training(batch=16, epochs=epochs, patience=None),
    )


def test_a_sweep_takes_three_clicks_and_ends_in_a_chart_and_a_sentence(
    page: Page, server: LiveServer
) -> None:
    open_recipe(page, server.url, quick(1, 200))
    button(page, "Sweep").click()
    seeds = page.get_by_role("spinbutton", name="Seeds of each value")
    seeds.fill("1")
    seeds.press("Enter")
    start = page.get_by_role("button", name=re.compile(r"^Start [34] runs$"))
    start.click()
    page.wait_for_url(STUDY)
    expect(page.get_by_text("finished").first).to_be_visible()
    expect(page.get_by_text(re.compile(r"With units \d+ the mean absolute error is lowest"))).to_be_visible()
    expect(page.locator(".st-key-sweep-chart .js-plotly-plot")).to_be_visible()
    page.get_by_role("link", name="Compare them").click()
    expect(page.get_by_role("heading", name="What differs")).to_be_visible()


@pytest.mark.timeout(400)
def test_a_search_is_stopped_goes_on_after_a_reload_and_measures_its_winner(
    page: Page, server: LiveServer
) -> None:
    page.goto(f"{server.url}/tune?recipe={quick(27, 1000).to_url()}")
    trials = page.get_by_role("spinbutton", name="Trials at most")
    trials.fill("5")
    trials.press("Enter")
    button(page, "Start the search").click()
    page.wait_for_url(STUDY)
    expect(page.get_by_text(re.compile("^Best so far: trial"))).to_be_visible()
    expect(page.get_by_text("The test set hasn't been looked at.")).to_be_visible()
    button(page, "Stop").click()
    expect(button(page, "Resume")).to_be_visible()
    page.reload()
    button(page, "Resume").click()
    expect(page.get_by_text("finished").first).to_be_visible(timeout=_LONG)
    expect(page.get_by_text("5 of 5 runs")).to_be_visible()
    said = re.compile(r"of the gain is left|nothing was gained")
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_text(re.compile(r"; [1-4] of 5 were given up early"))).to_be_visible()
    page.get_by_role("radio", name="Slices").click()
    expect(page.locator(".st-key-search-slices .js-plotly-plot")).to_be_visible()
    button(page, "Use these settings").click()
    page.wait_for_url(re.compile(r"/train\?recipe="))
