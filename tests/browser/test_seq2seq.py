"""Translating and chatting, as a person does it: try a finished run; train, try it, come back."""

import re

import pytest
from playwright.sync_api import Page, expect

from components.runs.shelf import shelf
from tests.browser.page_actions import button, expect_status, set_up_card, train
from tests.live_server import LiveServer


def test_a_date_is_answered_and_the_search_for_it_drawn(page: Page, server: LiveServer) -> None:
    page.goto(f"{server.url}/results?run={shelf()['dates'].id}")
    page.get_by_role("textbox", name=re.compile("Text in the style of")).fill("lunedì 3 marzo 2031")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Probability of exactly this answer")).to_be_visible()
    plots = page.get_by_test_id("stPlotlyChart")
    expect(plots.filter(has_text="Beam search")).to_be_visible()
    expect(plots.filter(has_text="Attention")).to_have_count(2)


@pytest.mark.acceptance
def test_a_chat_streams_its_reply_and_shows_where_it_comes_from(visitor: Page) -> None:
    set_up_card(visitor, "small_talk")
    epochs, before = visitor.get_by_role("spinbutton", name="Epochs"), visitor.url
    epochs.fill("1")
    epochs.press("Enter")
    visitor.wait_for_function("before => location.href !== before", arg=before)
    train(visitor)
    answers = visitor.get_by_role("figure", name="Answers on the validation set")
    expect(answers.get_by_text("After epoch 1,")).to_be_visible()
    expect_status(visitor, "Finished")
    button(visitor, "See the results").click()
    expect(visitor.get_by_role("heading", name="Scores on the test set")).to_be_visible()
    visitor.reload()
    expect(visitor.get_by_text("This is a toy", exact=True)).to_be_visible()
    box = visitor.get_by_test_id("stChatInputTextArea")
    box.fill("Good morning, how are you?")
    box.press("Enter")
    expect(visitor.get_by_text(re.compile(r"(Memorised|New):"))).to_be_visible()
    visitor.get_by_text("Where does it come from?").click()
    expect(visitor.get_by_text("Most similar training pairs")).to_be_visible()
    expect(visitor.get_by_test_id("stChatMessage")).to_have_count(2)
