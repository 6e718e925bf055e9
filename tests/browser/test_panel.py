"""A long table with a column that tells series apart, from the file to results series by series."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_actions import bring, button, expect_status, train
from tests.live_server import LiveServer

ROWS = [
    f"{year}-{month:02d}-01,{city},{size * (100 + 3 * (year - 2004) + 7 * month % 12)}"
    for year in range(2004, 2012)
    for month in range(1, 13)
    for size, city in ((1, "Bonn"), (5, "Oslo"), (20, "Rome"))
    if city != "Oslo" or year > 2004  # its museum opened later
]
TABLE = "\n".join(["month,city,visitors", *ROWS]).encode()


@pytest.mark.acceptance
def test_a_long_table_is_learnt_by_one_model_with_results_by_series(page: Page, server: LiveServer) -> None:
    bring(page, server.url, "museums.csv", TABLE)
    button(page, "Put the 3 series side by side").click()
    page.get_by_text("Notes (").click()
    expect(page.get_by_text("Some series begin later than others: “Oslo” at 2005-01-01")).to_be_visible()
    button(page, "Train on this").click()
    expect(page.get_by_text("The table holds 3 related series")).to_be_visible()
    train(page)
    expect_status(page, "Finished")
    button(page, "See the results").click()
    expect(page.get_by_role("heading", name="Results by series")).to_be_visible()
    expect(page.get_by_text("Over 3 series the model's mean MASE is").first).to_be_visible()
