"""A backtest, from the click to its charts, and again from its link."""

import pytest
from playwright.sync_api import Page, expect

from components.recipe import Forecast, Generated, Recipe, Recurrent, Training
from tests.browser.page_actions import button, expect_status, open_recipe, train
from tests.live_server import LiveServer

TINY = Recipe(
    dataset=Generated(name="sine", length=120),
    task=Forecast(target="value", window=8, horizon=3),
    model=Recurrent(kind="gru", units=4),
    training=Training(epochs=1, patience=None),
    seed=23,
)


@pytest.mark.acceptance
def test_a_backtest_is_begun_watched_and_found_again_by_its_link(page: Page, server: LiveServer) -> None:
    open_recipe(page, server.url, TINY)
    train(page)
    expect_status(page, "Finished")
    button(page, "See the results").click()
    page.get_by_text("Refit for each fold").click()
    expect(page.get_by_text("1 training; 5 folds")).to_be_visible()
    button(page, "Start the backtest").click()
    charts = page.get_by_test_id("stPlotlyChart").filter(has_text="Error by fold")
    expect(charts).to_be_visible()
    expect(page.get_by_text("Over 5 folds the model's mean absolute error is")).to_be_visible()
    assert "backtest=expanding-5-once" in page.url
    page.reload()
    expect(charts).to_be_visible()
    expect(button(page, "Start the backtest")).to_have_count(0)
