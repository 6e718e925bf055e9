"""From a table of one's own to a forecast that begins as the pretrained network's: what it shows and says."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_actions import bring, button, expect_status, train
from tests.live_server import LiveServer

NOISE = np.random.default_rng(5).normal(0, 6, 96)
ROWS = [
    f"{2000 + row // 12}-{row % 12 + 1:02d}-01,{100 + row + 20 * np.sin(row * np.pi / 6) + NOISE[row]:.1f}"
    for row in range(96)
]
TABLE = "\n".join(["month,visitors", *ROWS]).encode()


@pytest.mark.acceptance
def test_the_first_frame_is_the_pretrained_forecast_and_the_verdict_names_lambda(
    page: Page, server: LiveServer
) -> None:
    bring(page, server.url, "museum.csv", TABLE)
    button(page, "Train on this").click()
    page.get_by_text("What the forecast may start from").click()
    expect(page.get_by_text("forecasts within the training set, “")).not_to_have_count(0)
    button(page, "Suggest settings").click()
    expect(page.get_by_text("forecasts of the validation set, “No network")).to_be_visible()
    train(page)
    expect_status(page, "Finished")
    expect(page.get_by_text("After epoch 0 the forecast is off by")).to_be_visible()
    button(page, "See the results").click()
    expect(page.get_by_text("λ = 0").first).to_be_visible()
