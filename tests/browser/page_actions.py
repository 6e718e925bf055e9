"""What a person does and sees on the pages, in the words that stand there."""

import re

from playwright.sync_api import Locator, Page, expect

from components.recipe import Forecast, Generated, Recipe, Recurrent, Training
from components.runs.shelf import shelf

_ROW = 35  # pixels; the table of runs is drawn on a canvas
_TRIES = 3
_PATIENCE = 5_000  # milliseconds until a table has shown a tick
_STANDS_OPEN = "fold => fold.open && fold.scrollHeight <= fold.clientHeight + 1"
_LAST_STEP = (
    """() => document.querySelector('figure[aria-label="Loss"] .js-plotly-plot')?.data?.[0].x.at(-1) ?? 0"""
)


def recipe(epochs: int, seed: int = 0, length: int = 400) -> Recipe:
    """Describe a training that is quick to step through; it never stops early."""
    return Recipe(
        dataset=Generated(name="sine", length=length),
        task=Forecast(target="value", window=24, horizon=6),
        model=Recurrent(kind="gru", units=8),
        training=Training(epochs=epochs, patience=None),
        seed=seed,
    )


def open_recipe(page: Page, server_url: str, wanted: Recipe) -> None:
    """Follow a link to a recipe."""
    page.goto(f"{server_url}/train?recipe={wanted.to_url()}")
    expect(button(page, "Train")).to_be_enabled()


def open_card(page: Page, key: str) -> None:
    """Press a card on Home; those that aren't shown at once are a press away."""
    button(page, "Choose data").wait_for()
    card = page.locator(f".st-key-card-{key}")
    if not card.count():
        page.locator(".st-key-home-all").get_by_role("button").click()
    card.get_by_role("button").click()


def set_up_card(page: Page, key: str) -> None:
    """Press a card on Home, and go from its finished run to a training of one's own."""
    open_card(page, key)
    if key in shelf():
        button(page, "Train it yourself").click()
    expect(button(page, "Train")).to_be_enabled()


def train(page: Page) -> None:
    """Press Train and wait for the run's own address."""
    button(page, "Train").click()
    page.wait_for_url(re.compile(r"/train\?run=[0-9a-f]{32}$"))


def bring(page: Page, url: str, name: str, content: bytes) -> None:
    """Bring a file to the Data page of a server."""
    page.goto(f"{url}/data")
    page.get_by_role("radio", name="Upload").click()
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


def unfold(page: Page, label: str) -> None:
    """Open a fold by its label, and wait until it stands open.

    What is to be pressed in one that still slides slips from under the pointer.
    """
    summary = page.get_by_test_id("stExpander").locator("summary").filter(has_text=label)
    summary.click()
    page.wait_for_function(_STANDS_OPEN, arg=summary.locator("xpath=..").element_handle())


def button(page: Page | Locator, name: str) -> Locator:
    """Find a button by its whole name."""
    return page.get_by_role("button", name=name, exact=True)


def chart(page: Page, title: str) -> Locator:
    """Find a live chart by its title."""
    return page.get_by_role("figure", name=title, exact=True)


def last_step(page: Page) -> int:
    """Tell up to which step the loss is drawn; 0 while nothing is."""
    return page.evaluate(_LAST_STEP)


def wait_for_step(page: Page, beyond: int = 0) -> int:
    """Wait until the loss is drawn beyond a step, and tell how far."""
    page.wait_for_function(f"beyond => ({_LAST_STEP})() > beyond", arg=beyond)
    return last_step(page)


def wait_until_step_in(page: Page, least: int, most: int) -> None:
    """Wait until the loss is drawn up to a step between two others."""
    inside = f"([least, most]) => {{ const step = ({_LAST_STEP})(); return least <= step && step <= most; }}"
    page.wait_for_function(inside, arg=[least, most])


def expect_status(page: Page, words: str) -> None:
    """Wait until the run is said to be so: Waiting, Training, Paused, Finished, Stopped, or why."""
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


def tick_runs(page: Page, *rows: int) -> None:
    """Tick rows of the table of runs, the first of which is 0."""
    table = page.get_by_test_id("stDataFrame").last
    actions = page.locator(".st-key-run-actions")
    for number, row in enumerate(rows, start=1):
        for _ in range(_TRIES):  # a table that has just taken another's place hears nothing for a moment
            table.click(position={"x": 15, "y": (row + 1.5) * _ROW})
            if _is_ticked(table, row):  # or a second press would take the tick away
                break
        expect(actions.get_by_text(f"{number} run{'s' if number > 1 else ''}", exact=True)).to_be_visible()


def _is_ticked(table: Locator, row: int) -> bool:
    """Return whether a row of a table on a canvas is ticked, as those are told who can't see it."""
    try:
        expect(table.locator("tbody tr").nth(row)).to_have_attribute(
            "aria-selected", "true", timeout=_PATIENCE
        )
    except AssertionError:
        return False
    return True
