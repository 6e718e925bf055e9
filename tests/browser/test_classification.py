"""Telling classes in the browser: look at a finished run, use the task's own panel, bring one's own."""

import re

import pytest
from playwright.sync_api import Page, expect

from components.runs.shelf import shelf
from tests.browser.page_actions import bring, button, expect_status, train
from tests.live_server import LiveServer

TRIES = 10


def open_results(page: Page, server: LiveServer, card: str) -> None:
    """Open the results of the finished run that comes with a card."""
    page.goto(f"{server.url}/results?run={shelf()[card].id}")
    expect(page.get_by_role("heading", name="Scores on the test set")).to_be_visible()


def test_sequences_are_told_and_a_cell_is_looked_at(visitor: Page, server: LiveServer) -> None:
    open_results(visitor, server, "control_charts")
    picture = visitor.get_by_test_id("stPlotlyChart").filter(has_text="Confusion matrix")
    chosen = visitor.get_by_role("combobox", name="Cell", exact=True)
    told_right = re.compile(r"shifted down, predicted correctly: \d+")
    for _ in range(TRIES):  # the page still grows above the picture while it is being drawn
        picture.scroll_into_view_if_needed()
        place = picture.locator(".nsewdrag").first.bounding_box()
        assert place is not None
        # The last cell: charts shifted down that are told to be so.
        visitor.mouse.click(place["x"] + place["width"] * 11 / 12, place["y"] + place["height"] * 11 / 12)
        visitor.wait_for_timeout(2000)
        if told_right.match(chosen.input_value()):
            break
    expect(chosen).to_have_value(told_right)
    expect(visitor.get_by_text(re.compile(r"^#[\d,]+, \d+% sure")).first).to_be_visible()

    visitor.goto(visitor.url)
    visitor.get_by_text("Try it: change a sequence and see why").click()
    expect(visitor.get_by_text(re.compile("The model predicts “.*” with a probability"))).to_be_visible()


def test_a_sentence_is_told_while_it_is_typed(visitor: Page, server: LiveServer) -> None:
    open_results(visitor, server, "sentiment")
    box = visitor.get_by_label("Enter a text")
    box.press_sequentially("What a lovely, wonderful day!", delay=20)
    expect(visitor.get_by_text("The model predicts “positive”")).to_be_visible()
    expect(visitor.locator("span[title]", has_text="wonderful")).to_be_visible()
    box.fill("This is horrible, I hate it")
    expect(visitor.get_by_text("The model predicts “negative”")).to_be_visible()
    expect(visitor.locator("span[title]", has_text="hate")).to_be_visible()


def archive_file(count: int, shift: float) -> bytes:
    """Write sequences as the archive does: ramps up and down, told apart by where they begin."""
    head = "@problemName Ramps\n@univariate true\n@classLabel true down up\n@data\n"
    rows = [
        f"{','.join(f'{(step if at % 2 else 9 - step) + shift * (at % 5):g}' for step in range(10))}"
        f":{'up' if at % 2 else 'down'}\n"
        for at in range(count)
    ]
    return (head + "".join(rows)).encode()


@pytest.mark.acceptance
def test_two_files_of_an_archive_are_one_dataset_from_upload_to_verdict(
    visitor: Page, server: LiveServer
) -> None:
    bring(visitor, server.url, "Ramps_TRAIN.ts", archive_file(30, 0.05))
    expect(visitor.get_by_role("heading", name="Ramps_TRAIN.ts")).to_be_visible()
    visitor.locator("input[type=file]").nth(1).set_input_files(
        {"name": "Ramps_TEST.ts", "mimeType": "text/plain", "buffer": archive_file(20, 0.04)}
    )
    expect(visitor.get_by_role("heading", name="Ramps.zip")).to_be_visible()
    expect(visitor.get_by_role("table").get_by_text("30 for training, 20 for the test")).to_be_visible()
    button(visitor, "Train on this").click()
    visitor.get_by_label("Epochs").fill("6")
    visitor.get_by_label("Epochs").press("Enter")
    train(visitor)
    expect_status(visitor, "Finished")
    button(visitor, "See the results").click()
    expect(visitor.get_by_text(re.compile("balanced accuracy", re.IGNORECASE)).first).to_be_visible()


def labelled_reviews(count: int) -> bytes:
    """Write sentences whose class one word tells, as a table with a header."""
    words = (("good", "lovely", "great"), ("bad", "awful", "poor"))
    rows = [
        f"The {('food', 'film', 'room', 'staff')[at % 4]} was {words[at % 2][at % 3]} on day {at},"
        f"{('positive', 'negative')[at % 2]}"
        for at in range(count)
    ]
    return "\n".join(["review,label", *rows]).encode()


def test_a_contest_of_settings_for_brought_texts_is_watched_and_taken_up(
    visitor: Page, server: LiveServer
) -> None:
    bring(visitor, server.url, "reviews.csv", labelled_reviews(60))
    expect(visitor.get_by_role("heading", name="reviews.csv")).to_be_visible()
    button(visitor, "Train on this: classify texts").click()
    button(visitor, "Suggest settings").click()
    expect(visitor.get_by_text(re.compile(r"[3-9] sets of settings tried; now “Network: "))).to_be_visible()
    button(visitor, "Stop").click()
    expect(visitor.get_by_text(re.compile("has the highest balanced accuracy"))).to_be_visible()
    expect(visitor.get_by_text(re.compile("51 texts, each left out of the training once"))).to_be_visible()
    button(visitor, "Use these settings").click()
    expect(button(visitor, "Use these settings")).to_be_hidden()
    expect(button(visitor, "Train")).to_be_enabled()


@pytest.mark.acceptance
def test_texts_are_told_by_subwords_from_the_control_to_the_words_that_are_marked(
    visitor: Page, server: LiveServer
) -> None:
    bring(visitor, server.url, "stays.csv", labelled_reviews(60))
    expect(visitor.get_by_role("heading", name="stays.csv")).to_be_visible()
    button(visitor, "Train on this: classify texts").click()
    visitor.get_by_role("radio", name="Subwords").click()
    expect(visitor.get_by_text("length (subwords)").first).to_be_visible()
    visitor.get_by_label("Epochs").fill("3")
    visitor.get_by_label("Epochs").press("Enter")
    train(visitor)
    expect_status(visitor, "Finished")
    button(visitor, "See the results").click()
    expect(visitor.get_by_role("heading", name="Scores on the test set")).to_be_visible()
    expect(button(visitor, "Subwords (SentencePiece)")).to_be_visible()
    visitor.get_by_label("Enter a text").press_sequentially("The room was lovely", delay=20)
    expect(visitor.get_by_text(re.compile("The model predicts “.*” with a probability"))).to_be_visible()
    marked = visitor.locator("div[dir=auto]", has=visitor.locator("span[title]"))
    expect(marked).to_have_text("the room was lovely")
