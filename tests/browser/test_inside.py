"""A run that was just trained is looked into: its attention, its memory, how far back, at every moment."""

import pytest
from playwright.sync_api import Page, expect

from components.recipe import Forecast, Generated, Recipe, Recurrent, Training
from tests.browser.page_actions import button, expect_status, open_recipe, train
from tests.live_server import LiveServer

RECIPE = Recipe(
    dataset=Generated(name="sine", length=400),
    task=Forecast(target="value", window=24, horizon=3),
    model=Recurrent(kind="lstm", units=8, attention="additive"),
    training=Training(epochs=4, patience=None),
)


@pytest.mark.acceptance
def test_a_run_is_looked_into_at_every_moment(visitor: Page, server: LiveServer) -> None:
    open_recipe(visitor, server.url, RECIPE)
    train(visitor)
    expect_status(visitor, "Finished")
    button(visitor, "See inside").click()
    meter = visitor.get_by_text("rank correlation")
    expect(meter).to_be_visible()
    expect(visitor.get_by_test_id("stPlotlyChart")).to_have_count(2)
    kept = meter.inner_text()

    thumb = visitor.get_by_role("slider")
    thumb.focus()
    thumb.press("Home")
    expect(visitor.get_by_test_id("stSliderThumbValue")).to_have_text("before training")
    expect(visitor.get_by_text(kept, exact=True)).to_have_count(0)
    thumb.press("End")
    expect(visitor.get_by_text(kept, exact=True)).to_be_visible()

    visitor.get_by_text("Gates and states", exact=True).click()
    expect(visitor.get_by_text("Forget gate saturated")).to_be_visible()
    visitor.get_by_text("Hidden state", exact=True).click()
    expect(visitor.get_by_text("Hidden state of every unit")).to_be_visible()
    expect(visitor.get_by_text("examples of the dataset, unit")).to_be_visible()

    visitor.get_by_text("Influence", exact=True).click()
    expect(visitor.get_by_text("this is the half-life")).to_be_visible()
