"""Learning to write: open the card, train, see it write, and find it all again by its link."""

import pytest
from playwright.sync_api import Page, expect

from components.recipe import Recipe, Training
from components.ui.experiments import CARDS
from tests.browser.page_actions import button, expect_status, open_recipe, set_up_card, train
from tests.live_server import LiveServer

CARD = next(card for card in CARDS if card.key == "first_names")


@pytest.mark.acceptance
def test_a_card_is_trained_and_then_writes(visitor: Page, server: LiveServer) -> None:
    page = visitor
    set_up_card(page, CARD.key)
    expect(button(page, "Train")).to_be_enabled()
    short = Recipe(**dict(CARD.recipe) | {"training": Training(batch=32, epochs=2)})
    open_recipe(page, server.url, short)
    train(page)
    expect_status(page, "Finished")
    expect(page.locator(".unroll-sample-text span")).to_have_count(240)
    expect(page.get_by_text("After epoch 2.")).to_be_visible()
    button(page, "See the results").click()
    expect(page.get_by_role("heading", name="Try the model")).to_be_visible()
    address = page.url
    page.get_by_label("Prompt").fill("Ann")
    button(page, "Generate").click()
    written = page.locator(".unroll-prose").last
    expect(written.locator("> span")).to_have_count(600)
    expect(written.locator("b")).to_have_text("Ann")
    first = written.locator("> span").first
    expect(first.locator("span")).to_be_hidden()
    first.hover()
    expect(first.locator("span")).to_contain_text("%")
    page.goto(address)
    expect(page.get_by_role("heading", name="Token probabilities")).to_be_visible()
    expect(page.locator(".unroll-prose > span").first).to_be_visible()
