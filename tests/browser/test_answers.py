"""Translating and chatting, as a person does it: open the card, train, try it, and come back by the link."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import button, expect_status, train


def _trained(page: Page, card: str) -> None:
    """Open a card, train it for one epoch, and go to its results."""
    page.locator(f".st-key-card-{card}").get_by_role("button").click()
    expect(button(page, "Train")).to_be_enabled()
    epochs = page.get_by_role("spinbutton", name="Epochs")
    epochs.fill("1")
    epochs.press("Enter")
    expect(page.get_by_text("1 of 1 epoch").or_(page.get_by_test_id("stMetric").last)).to_be_visible()
    page.wait_for_function("address => location.href !== address", arg=page.url)
    train(page)
    expect_status(page, "Finished")
    expect(
        page.get_by_role("figure", name="Answers to the validation part").get_by_role("cell")
    ).not_to_have_count(0)
    button(page, "See the results").click()
    expect(page.get_by_role("heading", name="Scores on the test part")).to_be_visible()


@pytest.mark.parametrize("card", ["dates"])
def test_a_date_is_read_and_the_search_for_it_drawn(visitor: Page, card: str) -> None:
    _trained(visitor, card)
    visitor.reload()
    visitor.get_by_role("textbox", name=re.compile("Write something")).fill("lunedì 3 marzo 2031")
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_text("The chance that the model writes just this")).to_be_visible()
    plots = visitor.get_by_test_id("stPlotlyChart")
    expect(plots.filter(has_text="The beams as a tree")).to_be_visible()
    expect(plots.filter(has_text="Where it looked")).to_have_count(2)


def test_a_chat_streams_its_reply_and_shows_where_it_comes_from(visitor: Page) -> None:
    _trained(visitor, "small_talk")
    expect(visitor.get_by_text("This is a toy", exact=True)).to_be_visible()
    visitor.reload()
    box = visitor.get_by_test_id("stChatInputTextArea")
    box.fill("Good morning, how are you?")
    box.press("Enter")
    expect(visitor.get_by_text(re.compile(r"^(memory|lightbulb)? ?(Memory|Invention):"))).to_be_visible()
    visitor.get_by_text("Where does it come from?").click()
    expect(visitor.get_by_text("Training pairs in which something like it was said")).to_be_visible()
    expect(visitor.get_by_test_id("stChatMessage")).to_have_count(2)
