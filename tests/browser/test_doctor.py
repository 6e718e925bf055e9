"""The training doctor speaks up while a run goes on, and a click trains what it prescribes."""

import re

from playwright.sync_api import Page, expect

from tests.browser.page_actions import button, expect_status, open_recipe, recipe, train, wait_for_step
from tests.live_server import LiveServer


def test_a_run_that_overshoots_is_told_so_and_trained_anew_at_a_click(page: Page, server: LiveServer) -> None:
    sick = recipe(epochs=10_000)
    rate = sick.optimizer.model_copy(update={"learning_rate": 0.5})
    open_recipe(page, server.url, sick.model_copy(update={"optimizer": rate}))
    train(page)
    wait_for_step(page)
    sick_run = page.url
    expect(page.get_by_text("Learning rate too high")).to_be_visible()
    page.get_by_text("Evidence", exact=True).click()
    expect(page.locator(".st-key-doctor .js-plotly-plot")).to_be_visible()
    button(page, "Stop").click()
    expect_status(page, "Stopped")
    button(page, "Train with this").click()
    expect(page).not_to_have_url(sick_run)
    expect(page).to_have_url(re.compile(r"/train\?run=[0-9a-f]{32}$"))
    expect(page.get_by_text("learning rate 0.003 · seed 0")).to_be_visible()
    wait_for_step(page)
    button(page, "Stop").click()
    expect_status(page, "Stopped")
    expect(page.get_by_text("Learning rate too high")).to_have_count(0)
