"""A table of one's own is brought, looked at and trained on."""

from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.screen import button, train, wait_for_step
from tests.data.workbooks import Sheet, xlsx
from tests.serving import Server, serving
from tests.yahoo import Listed, days_of_trade, yahoo

ROWS = [
    f"{year}-{month:02d}-01,{100 + 10 * year + 7 * month % 12}"
    for year in range(2000, 2012)
    for month in range(1, 13)
]
TABLE = "\n".join(["month,visitors", *ROWS]).encode()


def test_a_table_of_ones_own_is_trained_on(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/data")
    page.get_by_role("radio", name="Your own file").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "museum.csv", "mimeType": "text/csv", "buffer": TABLE}
    )
    expect(page.get_by_role("heading", name="museum")).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart")).to_be_visible()
    expect(page.get_by_role("table").get_by_text("every month")).to_be_visible()
    button(page, "Train on this").click()
    expect(page.get_by_role("combobox", name="What to forecast")).to_have_value("visitors")
    train(page)
    wait_for_step(page)
    button(page, "Stop").click()


def messy_workbook() -> bytes:
    """Write sales by day as a shop might: a title, decimal commas, a word and gaps among the numbers."""
    days = [date(2019, 1, 1) + timedelta(days=day) for day in range(200)]
    odd = {40: "closed", 60: None, 61: None}
    rows = [
        [day.strftime("%d/%m/%Y"), odd.get(n, f"{100 + n / 4 + 9 * (n % 7):.2f}".replace(".", ",")), "A"]
        for n, day in enumerate(days)
    ]
    return xlsx(
        Sheet([["Daily sales of the shop"], [None], ["Date", "Sold", "Till"], *rows, ["Source: the till"]])
    )


def test_a_messy_workbook_is_mended_by_clicks_and_trained_on(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/data")
    page.get_by_role("radio", name="Your own file").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "shop.xlsx", "mimeType": "application/octet-stream", "buffer": messy_workbook()}
    )
    expect(page.get_by_text("Row 1, above the table, was left out")).to_be_visible()
    expect(page.get_by_text("such as “closed” in row 44")).to_be_visible()
    expect(button(page, "Train on this")).to_be_disabled()
    button(page, "Read “100,00” as 100; the others become missing").click()
    expect(page.get_by_text("3 values are missing")).to_be_visible()
    button(page, "Mend all").click()
    expect(page.get_by_text("Nothing to mend.")).to_be_visible()
    expect(page.get_by_text("Marked: 3 filled.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Marked: 3 filled.")).to_be_visible()
    button(page, "Train on this").click()
    expect(page.get_by_text("Mended in")).to_be_visible()
    train(page)
    wait_for_step(page)
    button(page, "Stop").click()


def test_what_cannot_be_read_is_said_where_it_stands(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/data")
    page.get_by_role("radio", name="Your own file").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "notes.csv", "mimeType": "text/csv", "buffer": b"just some words\nand more of them\n"}
    )
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_made_series_follows_its_sliders(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/data")
    page.get_by_role("radio", name="Make one").click()
    expect(page.get_by_role("figure", name="From row 0 to row 999")).to_be_visible()
    slider = page.get_by_role("slider", name="Rows")
    slider.focus()
    slider.press("ArrowRight")
    expect(page.get_by_role("figure", name="From row 0 to row 1049")).to_be_visible()
    expect(page.get_by_role("table").get_by_text("1,050")).to_be_visible()


def test_share_prices_are_found_fetched_and_trained_on(page: Page, tmp_path: Path) -> None:
    with yahoo() as exchange, serving(tmp_path, yahoo=exchange.url) as server:
        bars = days_of_trade("2023-01-02", 200, "America/New_York")
        exchange.listed = {"AAPL": Listed("Apple Inc.", bars=bars)}
        page.goto(f"{server.url}/data")
        page.get_by_role("radio", name="Share prices").click()
        page.get_by_role("textbox", name="Find a company").fill("apple")
        button(page, "Search").click()
        page.get_by_role("button", name="Apple Inc. · AAPL · NasdaqGS").click()
        page.get_by_role("button", name="Fetch the prices").click()
        expect(page.get_by_role("heading", name="Apple Inc. (AAPL)")).to_be_visible()
        expect(page.get_by_test_id("stPlotlyChart")).to_be_visible()
        button(page, "Train on this").click()
        expect(page.get_by_role("combobox", name="What to forecast")).to_have_value("close")
        expect(button(page, "Train")).to_be_enabled()
        assert "Traceback" not in server.log.read_text()
