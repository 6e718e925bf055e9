"""A sweep in three clicks, compared and shared; a search that is stopped, goes on after a reload and ends."""

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, expect

from components.recipe import Forecast, Generated, Recipe, Recurrent, Training
from tests.browser.page_actions import button, chart, open_recipe, tick_runs
from tests.live_server import LiveServer

_LONG = 400_000  # milliseconds, for twelve trainings beside other work
STUDY = re.compile(r"/tune\?study=[0-9a-f]{32}$")


def quick(epochs: int, length: int) -> Recipe:
    """A recipe whose runs are over in a few seconds."""
    return Recipe(
        dataset=Generated(name="sine", length=length),
        task=Forecast(target="value", window=8, horizon=2),
        model=Recurrent(kind="simple_rnn", units=8),
        training=Training(batch=16, epochs=epochs, patience=None),
    )


@pytest.mark.timeout(600)
@pytest.mark.acceptance
def test_a_sweep_in_three_clicks_is_compared_and_a_second_browser_sees_the_same(
    page: Page, server: LiveServer, browser: Browser
) -> None:
    open_recipe(page, server.url, quick(2, 200))
    button(page, "Sweep").click()
    button(page, "Start 12 runs").click()
    page.wait_for_url(STUDY)
    expect(page.get_by_text("finished").first).to_be_visible(timeout=_LONG)
    expect(page.get_by_text(re.compile(r"With units \d+ the mean absolute error is lowest"))).to_be_visible()
    expect(page.locator(".st-key-sweep-chart .js-plotly-plot").last).to_be_visible()
    page.get_by_role("link", name="Its runs").click()
    page.wait_for_url(re.compile(r"/runs\?q=tag"))
    runs = page.get_by_test_id("stDataFrame").locator("tbody tr")
    expect(runs).to_have_count(12)
    tick_runs(page, 4)
    button(page, "Delete").click()
    expect(runs).to_have_count(11)
    button(page, "Undo").click()
    expect(runs).to_have_count(12)
    tick_runs(page, 0, 1, 3)  # the newest first: of the last seed, with 16, 8 and 2 units
    button(page, "Compare").click()
    page.wait_for_url(re.compile(r"/compare\?runs=[0-9a-f]{32}(%2C[0-9a-f]{32}){2}$"))
    expect(page.get_by_text("Compared with A, C has 2 units instead of 16.")).to_be_visible()
    for title in ("Training loss", "Validation loss", "Gradient norm before clipping"):
        chart(page, title).scroll_into_view_if_needed()  # a chart that nobody sees waits
        expect(chart(page, title).locator("figcaption")).to_contain_text("ends lowest, at")
    page.get_by_role("heading", name="Compare", exact=True).scroll_into_view_if_needed()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    page.get_by_role("combobox", name="Compared with").click()
    page.get_by_role("option", name=re.compile("^C · ")).click()
    compared = "Compared with C, A has 16 units instead of 2."
    expect(page.get_by_text(compared)).to_be_visible()
    page.get_by_role("radio", name="Epoch").click()
    page.get_by_text("Difference from C").click()
    loss = chart(page, "Training loss")
    loss.scroll_into_view_if_needed()
    expect(loss.locator("figcaption")).to_contain_text("Where each ends, compared with C · ")
    expect(page).to_have_url(re.compile(r"base=2&axis=epoch&difference=1$"))
    button(page, "Share").click()
    link = page.get_by_test_id("stCode").inner_text().strip()
    assert unquote(link) == unquote(page.url)
    with browser.new_context() as other_browser:
        other = other_browser.new_page()
        other.goto(link)
        expect(other.get_by_text(compared)).to_be_visible()
        chart(other, "Training loss").scroll_into_view_if_needed()
        caption = chart(other, "Training loss").locator("figcaption")
        expect(caption).to_have_text(loss.locator("figcaption").inner_text())


@pytest.mark.timeout(600)
@pytest.mark.acceptance
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
    said = re.compile(r"of the gain remains|nothing was gained")
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_text(re.compile(r"; [1-4] of 5 were pruned"))).to_be_visible()
    page.get_by_role("radio", name="Slices").click()
    expect(page.locator(".st-key-search-slices .js-plotly-plot")).to_be_visible()
    button(page, "Use these settings").click()
    page.wait_for_url(re.compile(r"/train\?recipe="))
