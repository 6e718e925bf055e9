"""Translating and chatting, as a person does it: open the card, train, try it, and come back by the link."""

import re

from playwright.sync_api import Page, expect

from tests.browser.page_actions import button, expect_status, set_up_card, train

_LONG = 120_000  # milliseconds, for an epoch beside other work


def _train_for_an_epoch(page: Page, card: str) -> None:
    set_up_card(page, card)
    expect(button(page, "Train")).to_be_enabled()
    epochs, before = page.get_by_role("spinbutton", name="Epochs"), page.url
    epochs.fill("1")
    epochs.press("Enter")
    page.wait_for_function("before => location.href !== before", arg=before)
    train(page)
    expect(page.get_by_role("status").filter(has_text="Finished")).to_be_visible(timeout=_LONG)


def _to_results(page: Page) -> None:
    button(page, "See the results").click()
    expect(page.get_by_role("heading", name="Scores on the test set")).to_be_visible()
    page.reload()


def test_a_date_is_answered_and_the_search_for_it_drawn(visitor: Page) -> None:
    _train_for_an_epoch(visitor, "dates")
    _to_results(visitor)
    visitor.get_by_role("textbox", name=re.compile("Text in the style of")).fill("lunedì 3 marzo 2031")
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_text("Probability of exactly this answer")).to_be_visible()
    plots = visitor.get_by_test_id("stPlotlyChart")
    expect(plots.filter(has_text="Beam search")).to_be_visible()
    expect(plots.filter(has_text="Attention")).to_have_count(2)


def test_a_chat_streams_its_reply_and_shows_where_it_comes_from(visitor: Page) -> None:
    _train_for_an_epoch(visitor, "small_talk")
    answers = visitor.get_by_role("figure", name="Answers on the validation set")
    expect(answers.get_by_text("After epoch 1,")).to_be_visible()
    expect_status(visitor, "Finished")
    _to_results(visitor)
    expect(visitor.get_by_text("This is a toy", exact=True)).to_be_visible()
    box = visitor.get_by_test_id("stChatInputTextArea")
    box.fill("Good morning, how are you?")
    box.press("Enter")
    expect(visitor.get_by_text(re.compile(r"(Memorised|New):"))).to_be_visible()
    visitor.get_by_text("Where does it come from?").click()
    expect(visitor.get_by_text("Most similar training pairs")).to_be_visible()
    expect(visitor.get_by_test_id("stChatMessage")).to_have_count(2)
