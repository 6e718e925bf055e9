"""A run that comes to its end leaves a replay, results, and files to take away."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from components.data import load
from components.recipe import Generated
from components.ui.experiments import CARDS
from tests.browser.page_actions import button, expect_status, set_up_card, train, unfold
from tests.live_server import LiveServer

CARD = next(card for card in CARDS if isinstance(card.recipe.dataset, Generated))


@pytest.fixture(scope="module")
def finished(browser, browser_context_args, server: LiveServer) -> Iterator[Page]:
    """A page on the run of a card, as it stands when it has come to its end."""
    context = browser.new_context(**browser_context_args)
    page = context.new_page()
    page.goto(server.url)
    set_up_card(page, CARD.key)
    train(page)
    expect_status(page, "Finished")
    yield page
    context.close()


@pytest.fixture
def results(finished: Page) -> Page:
    """The results of that run."""
    if "/results" not in finished.url:
        button(finished, "See the results").click()
        expect(finished.get_by_role("heading", name="Scores on the test set")).to_be_visible()
    return finished


def test_the_end_is_said_and_the_forecast_replayed(finished: Page) -> None:
    expect_status(finished, "Finished")
    unfold(finished, "Epoch by epoch")
    shown = finished.get_by_test_id("stPlotlyChart").filter(has_text="after epoch")
    shown.scroll_into_view_if_needed()
    expect(shown.get_by_text("after epoch")).to_be_visible()
    line = "plot => JSON.stringify(plot.data[1].y)"
    plot = shown.locator(".js-plotly-plot")
    last = plot.evaluate(line)
    shown.locator(".slider-rail-touch-rect").click(position={"x": 2, "y": 5})
    expect(shown.get_by_text("after epoch 1", exact=True)).to_be_visible()
    # A slider's words change before its line does.
    finished.wait_for_function(
        f"([plot, last]) => ({line})(plot) !== last", arg=[plot.element_handle(), last]
    )


def test_the_model_stands_beside_the_simple_rules(results: Page) -> None:
    results.get_by_text("All scores: the model is best").click()
    expect(results.get_by_test_id("stDataFrame").first).to_be_visible()
    scores = results.get_by_test_id("stPlotlyChart").filter(has_text="Your model").first
    for label in ("Your model", "Last value (naive)", "Drift", "Seasonal naive"):  # the rest stands below
        expect(scores.get_by_text(label, exact=True)).to_be_visible()
    expect(results.get_by_test_id("stAlert").first).to_contain_text(".")
    results.get_by_role("link", name="Where it fails").click()
    expect(results.get_by_role("heading", name="Errors")).to_be_in_viewport()
    results.get_by_text("Residuals", exact=True).click()
    expect(results.get_by_test_id("stPlotlyChart").filter(has_text="Residuals over time")).to_be_visible()
    expect(results.get_by_test_id("stPlotlyChart")).not_to_have_count(0)


def test_a_point_can_be_moved_and_the_forecast_follows(results: Page) -> None:
    unfold(results, "What if?")
    newest = results.get_by_role("slider", name=re.compile("^value, row")).last
    newest.scroll_into_view_if_needed()
    place = newest.bounding_box()
    assert place is not None
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    results.mouse.move(x, y)
    results.mouse.down()
    results.mouse.move(x, y - 40, steps=4)
    results.mouse.up()
    said = results.get_by_text("The change is largest at")
    expect(said).to_be_visible()
    before = said.inner_text()
    newest.focus()
    results.keyboard.press("PageUp")
    expect(results.get_by_text(before, exact=True)).to_have_count(0)
    button(results, "Reset").click()
    expect(results.get_by_text("Move a point up or down")).to_be_visible()


def test_the_files_fit_each_other(results: Page, tmp_path: Path) -> None:
    """The model, loaded with nothing but Keras, forecasts from raw values what the CSV file says."""
    table = pd.read_csv(_download(results, "Forecast (CSV)", tmp_path / "forecast.csv"))
    _download(results, "Model (.keras)", tmp_path / "model.keras")
    task = CARD.recipe.task
    beyond = table["forecast of value"].to_numpy()[-task.horizon :]
    np.save(tmp_path / "rows.npy", load(CARD.recipe.dataset).table["value"].to_numpy())
    program = (
        "import keras, numpy as np\n"
        "model = keras.saving.load_model('model.keras')\n"
        "rows = np.load('rows.npy')[-model.input_shape[1]:]\n"
        "np.save('said.npy', model.predict(rows[None, :, None], verbose=0)[0])\n"
        "import sys; assert 'components' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)
    np.testing.assert_allclose(np.load(tmp_path / "said.npy"), beyond, rtol=1e-3, atol=1e-3)


def _download(page: Page, name: str, path: Path) -> Path:
    with page.expect_download() as caught:
        button(page, name).click()
    caught.value.save_as(path)
    return path
