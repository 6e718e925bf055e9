"""The race and the twins from their cards to the end, and every slider of the first weights moved."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_actions import button, chart, open_card
from tests.live_server import LiveServer

_ENDED = "() => document.querySelectorAll('.unroll-run-table [data-status=\"%s\"]').length"


def move(page: Page, label: str, key: str, times: int = 1) -> None:
    slider = page.get_by_role("slider", name=label)
    slider.focus()
    for _ in range(times):
        slider.press(key)


def zoom(page: Page, title: str) -> None:
    box = chart(page, title).locator(".plotly .nsewdrag").bounding_box()
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.8 * box["height"], steps=5)
    page.mouse.up()


def axis(page: Page, title: str) -> list[float]:
    return chart(page, title).locator(".js-plotly-plot").evaluate("plot => plot.layout.xaxis.range")


@pytest.mark.acceptance
def test_the_race_runs_to_its_end_and_keeps_the_zoom_meanwhile(page: Page, server: LiveServer):
    page.goto(server.url)
    open_card(page, "race")
    expect(button(page, "Start the race")).to_be_visible()
    move(page, "Sequence length (steps)", "ArrowLeft", 5)
    move(page, "Updates", "ArrowLeft", 2)
    expect(page.get_by_text("282 updates each")).to_be_visible()
    button(page, "Start the race").click()
    page.wait_for_url(re.compile(r"runs="))
    page.wait_for_function(
        """() => (document.querySelector('figure[aria-label="Training loss"] .js-plotly-plot')
                  ?.data?.[3].x.length ?? 0) > 3"""
    )
    zoom(page, "Training loss")
    held = axis(page, "Training loss")
    page.wait_for_function(f"() => ({_ENDED % 'finished'})() === 4")
    assert axis(page, "Training loss") == held
    for title in ("Validation set: R²", "Gradient ratio: first to last time steps"):
        chart(page, title).scroll_into_view_if_needed()
        expect(chart(page, title).locator("figcaption")).to_contain_text("Latest")
    expect(page.locator(".unroll-run-table tbody tr")).to_have_count(4)
    page.reload()
    page.wait_for_function(f"() => ({_ENDED % 'finished'})() === 4")


@pytest.mark.acceptance
def test_a_twin_dies_and_the_page_says_what_of_and_every_slider_moves(page: Page, server: LiveServer):
    page.goto(server.url)
    open_card(page, "twins")
    button(page, "Train both at learning rate 0.1").click()
    page.wait_for_function(f"() => ({_ENDED % 'failed'})() === 1")
    expect(page.get_by_text("Why “Not clipped” diverged")).to_be_visible()
    expect(page.get_by_text(re.compile(r"At update \d+ the gradient of"))).to_be_visible()
    page.wait_for_function(f"() => ({_ENDED % 'finished'})() === 1")
    page.get_by_role("radio", name="Through time").click()
    expect(chart(page, "Gradient through time").locator("figcaption")).to_contain_text(
        "first five time steps"
    )
    layers = chart(page, "Gradient through layers")
    layers.scroll_into_view_if_needed()
    expect(layers.locator("figcaption")).to_contain_text("simple rnn 1, the first layer, is")
    page.get_by_role("radio", name="Initialisation").click()
    ratio = page.get_by_test_id("stMetricValue")
    page.get_by_role("radio", name="LSTM").click()
    for label in ("Spectral radius", "Forget gate bias", "Sequence length (steps)", "Units"):
        before = ratio.inner_text()
        move(page, label, "ArrowRight", 3)
        expect(ratio).not_to_have_text(before)
