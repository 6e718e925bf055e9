"""The first minute: finished runs, reached by clicks alone, on pages that are never empty."""

import re

from playwright.sync_api import Page, expect

from tests.browser.newcomer import Newcomer
from tests.browser.page_actions import button, chart, last_step, open_card, wait_until_step_in
from tests.browser.test_data import TABLE
from tests.live_server import LiveServer


def test_a_newcomer_is_two_clicks_from_a_forecast_and_its_verdict(page: Page, server: LiveServer) -> None:
    newcomer = Newcomer(page)
    newcomer.reaches_a_verdict(server.url)
    assert newcomer.clicks <= 3


def test_a_newcomer_with_a_table_is_six_clicks_from_its_verdict(page: Page, server: LiveServer) -> None:
    newcomer = Newcomer(page)
    newcomer.forecasts_own_table(server.url, "museum.csv", TABLE)
    assert newcomer.clicks <= 6


def test_a_card_opens_trained_is_replayed_and_looked_into(visitor: Page) -> None:
    open_card(visitor, "dates")
    Newcomer(visitor).sees_verdict()
    expect(visitor.get_by_text("This finished run comes with Unroll")).to_be_visible()
    expect(chart(visitor, "Loss").locator(".js-plotly-plot")).to_be_visible()
    expect(visitor.get_by_text(re.compile("^After epoch 6, "))).to_be_visible()
    for name in ("Delete", "Resume", "Pin"):
        expect(button(visitor, name)).to_have_count(0)

    whole = last_step(visitor)
    replay = visitor.get_by_role("group", name="Replay of the training")
    replay.get_by_role("combobox", name="Speed").select_option("10")
    replay.get_by_role("button").click()
    wait_until_step_in(visitor, 1, whole - 1)
    wait_until_step_in(visitor, whole, whole)
    slider = replay.get_by_role("slider")
    slider.fill(str(whole // 3))
    expect(visitor.get_by_text(re.compile("^After epoch 2, "))).to_be_visible()
    expect(replay.get_by_text(f"step {whole // 3:,} of {whole:,}")).to_be_visible()
    assert 0 < last_step(visitor) <= whole // 3

    button(visitor, "See inside").click()
    expect(visitor.get_by_text("rank correlation")).to_be_visible()
    expect(visitor.get_by_test_id("stPlotlyChart").first).to_be_visible()


def test_results_and_gradients_of_who_has_none_show_a_finished_run(visitor: Page) -> None:
    visitor.get_by_role("link", name="Results").click()
    expect(visitor.get_by_text("You haven't trained a model yet")).to_be_visible()
    Newcomer(visitor).sees_verdict()
    visitor.get_by_role("link", name="Gradients").click()
    visitor.get_by_text("Through time", exact=True).click()
    expect(visitor.get_by_text("You haven't trained a model yet")).to_be_visible()
    expect(chart(visitor, "Gradient through time").locator(".js-plotly-plot")).to_be_visible()
    button(visitor, "Train it yourself").click()
    expect(button(visitor, "Train")).to_be_enabled()
