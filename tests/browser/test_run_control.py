"""A run is started, watched and steered from the page, and others can look on."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.page_actions import (
    button,
    chart,
    expect_status,
    last_step,
    open_recipe,
    recipe,
    set_up_card,
    train,
    unfold,
    wait_for_step,
)
from tests.live_server import LiveServer

FOR_EVER = 10_000  # epochs: the test is over sooner


@contextmanager
def own_browser(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """A page in a browser that nobody else uses."""
    context = browser.new_context(**browser_context_args)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def endless(browser: Browser, browser_context_args: dict[str, Any], server: LiveServer) -> Iterator[Page]:
    """A page on a run of one's own that goes on; in the end it is stopped, for there is one worker."""
    with own_browser(browser, browser_context_args) as page:
        open_recipe(page, server.url, recipe(FOR_EVER))
        train(page)
        wait_for_step(page)
        yield page
        button(page, "Stop").click()
        expect_status(page, "Stopped")


@pytest.fixture
def running(endless: Page) -> Page:
    """That page, opened afresh, and its run going on, whatever was done with it before."""
    endless.reload()
    expect(button(endless, "Stop")).to_be_visible()
    if button(endless, "Resume").is_visible():
        button(endless, "Resume").click()
    wait_for_step(endless, beyond=wait_for_step(endless))
    return endless


@pytest.fixture(autouse=True)
def stop_what_goes_on(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave the one worker to the next test, also where one with a run of its own failed half-way."""
    page = request.getfixturevalue("page") if "page" in request.fixturenames else None
    yield
    if page and button(page, "Stop").is_visible():
        button(page, "Stop").click()
        expect_status(page, "Stopped")


@pytest.fixture
def guest(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """Someone else, with a browser of their own."""
    with own_browser(browser, browser_context_args) as page:
        yield page


def test_a_run_that_is_started_from_far_down_is_seen_from_its_top(page: Page, server: LiveServer) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    open_recipe(page, server.url, recipe(2))
    main = page.get_by_test_id("stMain")
    main.evaluate("page => page.scrollTo(0, page.scrollHeight)")
    assert main.evaluate("page => page.scrollTop") > 0
    button(page, "Train").dispatch_event("click")
    page.wait_for_url(re.compile(r"/train\?run="))
    expect_status(page, "Finished")
    assert main.evaluate("page => page.scrollTop") == 0


def test_a_run_from_its_card_to_its_results(visitor: Page, guest: Page) -> None:
    page = visitor
    set_up_card(page, "co2")
    expect(page.get_by_role("heading", name="CO₂ over Mauna Loa", level=1)).to_be_visible()
    unfold(page, "Training")
    page.get_by_text("Early stopping", exact=True).click()
    expect(page.get_by_text("Patience", exact=True)).to_have_count(0)
    page.get_by_role("spinbutton", name="Epochs", exact=True).fill("500")
    train(page)  # at once: what was typed last counts, whether the page has followed or not
    moved = wait_for_step(page)
    expect(page.get_by_text("of 500 epochs")).to_be_visible()
    assert wait_for_step(page, beyond=moved) > moved
    for title in ("Loss", "Gradient norm", "Gradient norm by layer"):
        expect(chart(page, title).locator(".js-plotly-plot")).to_be_attached()

    button(page, "Pause").click()
    expect_status(page, "Paused")
    expect(button(page, "Resume")).to_be_visible()
    held = last_step(page)

    button(page, "Adjust").click()
    rate = page.get_by_role("spinbutton", name="Learning rate", exact=True)
    rate.fill("0.002")
    page.locator(".st-key-set-learning_rate").get_by_role("button").click()
    expect(chart(page, "Loss").get_by_text("learning rate 0.002")).to_be_visible()
    assert last_step(page) == held, "a paused run must not go on"
    page.keyboard.press("Escape")

    button(page, "Resume").click()
    wait_for_step(page, beyond=held)

    guest.goto(page.url)
    seen = wait_for_step(guest)
    wait_for_step(guest, beyond=seen)
    expect(guest.get_by_text("someone else's run")).to_be_visible()
    expect(chart(guest, "Loss").get_by_text("learning rate 0.002")).to_be_visible()
    for name in ("Pause", "Stop", "Rewind", "Adjust"):
        expect(button(guest, name)).to_have_count(0)

    page.reload()
    wait_for_step(page, beyond=held)
    button(page, "Stop").click()
    expect_status(page, "Stopped")
    expect_status(guest, "Stopped")
    expect(button(page, "See the results")).to_have_count(0)

    button(page, "Evaluate").click()
    button(page, "See the results").click()
    verdict = page.get_by_test_id("stAlert").first.locator("p")
    expect(page.get_by_role("heading", name="Scores on the test set")).to_be_visible()
    said = verdict.inner_text()
    page.reload()
    expect(verdict).to_have_text(said)
    guest.goto(page.url)
    expect(guest.get_by_test_id("stAlert").first.locator("p")).to_have_text(said)


def test_runs_wait_in_line_and_can_be_cancelled(running: Page, server: LiveServer) -> None:
    second, third = running.context.new_page(), running.context.new_page()
    for number, page in enumerate((second, third), 1):
        open_recipe(page, server.url, recipe(FOR_EVER, seed=number))
        train(page)
    expect_status(second, "Next in the queue: starts when a worker is free.")
    expect_status(third, "1 run is ahead in the queue.")
    button(second, "Cancel").click()
    expect_status(second, "Stopped")
    expect_status(third, "Next in the queue: starts when a worker is free.")
    button(third, "Cancel").click()
    expect_status(third, "Stopped")
    wait_for_step(running, beyond=last_step(running))
    for page in (second, third):
        page.close()


def test_a_paused_run_makes_one_step_at_a_time(running: Page) -> None:
    button(running, "Pause").click()
    expect_status(running, "Paused")
    held = last_step(running)
    for number in (1, 2):
        button(running, "Single step").click()
        assert wait_for_step(running, beyond=held + number - 1) == held + number
    expect_status(running, "Paused")


def test_a_run_goes_back_to_a_checkpoint_and_on_from_there(running: Page) -> None:
    while _kept(running) < 2:
        running.wait_for_timeout(200)
    button(running, "Pause").click()
    expect_status(running, "Paused")
    held = last_step(running)
    button(running, "Rewind").click()
    there = _rewind(running, r"step [1-9]")
    assert 0 < there <= held
    expect(chart(running, "Loss").get_by_text("rewound")).to_be_attached()
    assert last_step(running) == there
    _rewind(running, r"step 0$")
    expect(chart(running, "Loss").get_by_text("The first steps will appear here.")).to_be_visible()
    assert last_step(running) == 0
    running.keyboard.press("Escape")
    button(running, "Resume").click()
    wait_for_step(running, beyond=there)


def _rewind(page: Page, offered: str) -> int:
    """Rewind to the newest checkpoint whose words match, and give its step."""
    page.get_by_role("combobox", name="Back to").click()
    option = page.get_by_role("option").filter(has_text=re.compile(offered)).first
    step = int(option.inner_text().split("step")[1].replace(",", ""))
    option.click()
    button(page, "Rewind to this").click()
    return step


def _kept(page: Page) -> int:
    """Count the states that the run has kept."""
    reply = page.request.get(
        f"{page.url.partition('/train')[0]}/api/runs/{page.url.rpartition('=')[2]}/points"
    )
    return len(reply.json()["checkpoints"])


def test_a_zoom_stays_while_the_chart_goes_on(running: Page) -> None:
    wait_for_step(running, beyond=100)
    plot = chart(running, "Loss").locator(".nsewdrag").first
    box = plot.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    running.mouse.move(box["x"] + 0.3 * box["width"], middle)
    running.mouse.down()
    running.mouse.move(box["x"] + 0.6 * box["width"], middle, steps=5)
    running.mouse.up()
    ranged = (
        """() => document.querySelector('figure[aria-label="Loss"] .js-plotly-plot').layout.xaxis.range"""
    )
    zoomed = running.evaluate(ranged)
    drawn = last_step(running)
    assert 0 < zoomed[0] < zoomed[1] < drawn
    for _ in range(3):
        drawn = wait_for_step(running, beyond=drawn)
    assert running.evaluate(ranged) == zoomed


def test_the_forecast_is_drawn_anew_while_it_trains(running: Page) -> None:
    forecast = chart(running, "Forecast of the validation set")
    forecast.scroll_into_view_if_needed()
    caption = forecast.locator("figcaption")
    expect(caption).to_contain_text("After epoch")
    first = caption.inner_text()
    expect(caption).not_to_have_text(first)
