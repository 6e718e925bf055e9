"""Tables in the shapes that offices and spreadsheets give them, from the file to what is suggested."""

import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from components.recipe import Recipe
from tests.browser.page_actions import bring, button
from tests.data.readers.workbooks import Sheet, xlsx
from tests.live_server import LiveServer

YEARS = range(1980, 2024)
COUNTRIES = {"Norland": 10.0, "Sudland": 25.0, "Estland": 40.0}


def suggestion(page: Page) -> Recipe:
    """Go on to the training, and return what it suggests for the table."""
    button(page, "Train on this").click()
    page.wait_for_url(re.compile(r"/train\?recipe="))
    expect(button(page, "Train")).to_be_enabled()
    return Recipe.from_url(parse_qs(urlsplit(page.url).query)["recipe"][0])


def wide_table() -> bytes:
    """Write a value of each country and year as statistical offices do: the years side by side."""
    rows = []
    for name, level in COUNTRIES.items():
        values = [f"{level + (year - 1980) / 2 + year % 5:.1f} {'p' * (year > 2021)}" for year in YEARS]
        rows.append("\t".join([f"A,{name}", *values]))
    head = "freq,geo\\TIME_PERIOD\t" + "\t".join(f"{year} " for year in YEARS)
    return "\n".join([head, *rows, ""]).encode()


def test_a_wide_table_becomes_a_series_of_each_row(page: Page, server: LiveServer) -> None:
    bring(page, server.url, "indicator.tsv", wide_table())
    expect(page.get_by_text("was split into “freq”, “geo”")).to_be_visible()
    expect(page.get_by_text("The header holds years, “1980” to “2023” in 44 columns")).to_be_visible()
    button(page, "Fix all").click()
    expect(page.get_by_role("table").get_by_text("Norland, Sudland, Estland")).to_be_visible()
    expect(page.get_by_role("table").get_by_text("every year")).to_be_visible()
    suggested = suggestion(page)
    assert {suggested.task.target, *suggested.task.together} == {*COUNTRIES}


def two_header_workbook() -> bytes:
    """Write trade by month, its columns named by two rows, on the second of two sheets."""
    head = [["", "Import", "", "Export", ""], ["Month", "Goods", "Services", "Goods", "Services"]]
    rows = [
        [date(2000 + n // 12, n % 12 + 1, 1), *(size * (100 + n / 3 + 7 * (n % 12)) for size in (1, 2, 3, 4))]
        for n in range(120)
    ]
    return xlsx(Sheet([["Contents"], ["Trade"]], "Contents"), Sheet([*head, *rows], "Trade"))


def test_a_workbook_with_two_header_rows_is_named_by_both(page: Page, server: LiveServer) -> None:
    bring(page, server.url, "trade.xlsx", two_header_workbook())
    expect(page.get_by_text("Rows 1 to 2 name the columns together.")).to_be_visible()
    expect(page.get_by_role("table").get_by_text("Import Goods, Import Services")).to_be_visible()
    suggested = suggestion(page)
    assert suggested.task.target == "Import Goods"
