"""From an address or a search on the web to a finished run."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from components.recipe import ModelLanguage, Recipe, Recurrent, Training
from tests.browser.page_actions import button, expect_status, open_recipe, train
from tests.fake_web import FakeWeb
from tests.live_server import LiveServer

ROWS = [
    f"{year}-{month:02d}-01,{100 + 10 * (year - 2000) + 7 * month % 12}"
    for year in range(2000, 2012)
    for month in range(1, 13)
]
TABLE = "\n".join(["month,visitors", *ROWS, ""])


def ask(page: Page, server: LiveServer, source: str, field: str, words: str, press: str) -> None:
    """Fill in the form of a source; that of the source before stands beside it for a while."""
    page.goto(f"{server.url}/data")
    page.get_by_role("radio", name="Fetch").click()
    page.get_by_role("combobox", name="From").click()
    page.get_by_role("option", name=source).click()
    form = page.get_by_test_id("stForm").filter(has=page.get_by_role("textbox", name=field))
    form.get_by_role("textbox", name=field).fill(words)
    button(form, press).click()


def recipe_of(page: Page) -> Recipe:
    page.wait_for_url(re.compile(r"/train\?recipe="))
    return Recipe.from_url(parse_qs(urlsplit(page.url).query)["recipe"][0])


@pytest.mark.acceptance
def test_a_book_is_found_fetched_and_learnt_from(page: Page, server: LiveServer, internet: FakeWeb) -> None:
    ask(page, server, "Books (Project Gutenberg)", "Title, author or number", "lighthouse", "Search")
    page.get_by_role("button", name="The Lighthouse · No Body").click()
    expect(page.get_by_role("heading", name="The Lighthouse.txt")).to_be_visible()
    expect(page.get_by_text("header and licence were cut off")).to_be_visible()
    expect(page.get_by_role("table").get_by_text("Public domain in the United States")).to_be_visible()
    button(page, "Train on this").click()
    suggested = recipe_of(page)
    assert isinstance(suggested.task, ModelLanguage)
    small = Recipe(
        **dict(suggested) | {"training": Training(epochs=1), "model": Recurrent(kind="gru", units=8)}
    )
    open_recipe(page, server.url, small)
    train(page)
    expect_status(page, "Finished")


def test_a_table_by_its_address_is_fetched_again_and_brought_to_train(
    page: Page, server: LiveServer, internet: FakeWeb
) -> None:
    internet.give("github.example.org/visitors.csv", TABLE)
    ask(page, server, "Address of a file", "Address", "https://github.example.org/visitors.csv", "Fetch")
    expect(page.get_by_role("heading", name="visitors.csv")).to_be_visible()
    internet.give("github.example.org/visitors.csv", f"{TABLE}2012-01-01,230\n")
    button(page, "Fetch again").click()
    expect(page.get_by_text("1 row is new.")).to_be_visible()
    button(page, "Train on this").click()
    assert recipe_of(page).dataset.origin.address == "https://github.example.org/visitors.csv"


def test_an_address_inside_is_refused_in_words(page: Page, server: LiveServer) -> None:
    ask(page, server, "Address of a file", "Address", "http://169.254.169.254/latest/meta-data", "Fetch")
    expect(page.get_by_text("This address leads into a private network")).to_be_visible()
