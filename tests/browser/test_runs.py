"""Runs are found, labelled, shared, compared, deleted and brought back; who has a link sees the same."""

import re
from urllib.parse import unquote

from playwright.sync_api import Browser, Page, expect

from components.insight.doctor.remedies import modified_recipe
from tests.browser.made_runs import RECIPE, add_runs, owner_of
from tests.browser.page_actions import button, chart
from tests.live_server import LiveServer

CURVES = ("Training loss", "Validation loss", "Gradient norm before clipping")
ROW = 35  # pixels; the table is drawn on a canvas
TRIES = 3


def tick(page: Page, *rows: int) -> None:
    """Tick rows of the table of runs, the first of which is 0."""
    ticked = page.locator(".st-key-run-actions")
    for number, row in enumerate(rows, start=1):
        words = ticked.get_by_text(f"{number} run{'s' if number > 1 else ''}", exact=True)
        for _ in range(TRIES):  # a table that has just taken another's place hears nothing for a moment
            page.get_by_test_id("stDataFrame").last.click(position={"x": 15, "y": (row + 1.5) * ROW})
            page.wait_for_timeout(500)
            if words.is_visible():
                break
        expect(words).to_be_visible()


def expect_runs(page: Page, *titles: str) -> None:
    """Wait until the table holds just these runs: it says so to those who can't see its canvas."""
    cells = page.get_by_test_id("stDataFrame").locator("tbody tr td:first-child")
    expect(cells).to_have_text(titles)


def open_as_visitor(page: Page, server: LiveServer) -> str:
    page.goto(f"{server.url}/runs")
    expect(page.get_by_text("No runs yet")).to_be_visible()
    return owner_of(page.context)


def test_runs_of_a_sweep_are_compared_and_a_second_browser_sees_the_same(
    page: Page, server: LiveServer, browser: Browser
) -> None:
    owner = open_as_visitor(page, server)
    sweep = [
        (
            f"{units:02} units, seed {seed}",
            modified_recipe(RECIPE, model={"units": units}, seed=seed),
            2 - units / 64 + seed / 20,
        )
        for units in (8, 16, 32, 64)
        for seed in (0, 1, 2)
    ]
    add_runs(server, owner, sweep)
    page.goto(f"{server.url}/runs?sort=title&order=up")
    expect_runs(page, *(title for title, _, _ in sweep))
    tick(page, 0, 3, 6)
    button(page, "Compare").click()
    page.wait_for_url(re.compile(r"/compare\?runs=[0-9a-f]{32}(%2C[0-9a-f]{32}){2}$"))
    expect(page.get_by_text("Compared with A, C has 32 units instead of 8.")).to_be_visible()
    for title in CURVES:
        chart(page, title).scroll_into_view_if_needed()
        expect(chart(page, title).locator("figcaption")).to_contain_text("C · 32 units, seed 0 ends lowest")
    page.get_by_role("heading", name="Compare", exact=True).scroll_into_view_if_needed()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    page.get_by_role("combobox", name="Compared with").click()
    page.get_by_role("option", name="C · 32 units, seed 0").click()
    expect(page.get_by_text("Compared with C, A has 8 units instead of 32.")).to_be_visible()
    page.get_by_role("radio", name="Epoch").click()
    page.get_by_text("Difference to C").click()
    loss = chart(page, "Training loss")
    loss.scroll_into_view_if_needed()  # a chart that nobody sees waits
    expect(loss.locator("figcaption")).to_contain_text("compared with C · 32 units, seed 0: A · 08")
    expect(page).to_have_url(re.compile(r"base=2&axis=epoch&difference=1$"))
    button(page, "Share").click()
    link = page.get_by_test_id("stCode").inner_text().strip()
    assert unquote(link) == unquote(page.url)
    with browser.new_context() as other_browser:
        other = other_browser.new_page()
        other.goto(link)
        expect(other.get_by_text("Compared with C, A has 8 units instead of 32.")).to_be_visible()
        caption = chart(other, "Training loss").locator("figcaption")
        chart(other, "Training loss").scroll_into_view_if_needed()
        expect(caption).to_have_text(loss.locator("figcaption").inner_text())


def test_curves_of_seeds_are_a_band_and_smoothing_leaves_the_raw_line(page: Page, server: LiveServer) -> None:
    owner = open_as_visitor(page, server)
    runs = [(f"Seed {seed}", modified_recipe(RECIPE, seed=seed), 1 + seed / 10) for seed in (0, 1, 2)]
    ids = add_runs(server, owner, runs)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/points" in request.url else None)
    page.goto(f"{server.url}/compare?runs={','.join(ids)}&smoothing=90")
    chart(page, "Training loss").scroll_into_view_if_needed()
    plot = chart(page, "Training loss").locator(".js-plotly-plot")
    expect(chart(page, "Training loss").locator("figcaption")).to_contain_text("mean of 3 seeds")
    drawn = "plot => plot.data.map(({ fill, opacity }) => [fill ?? '', opacity ?? 1])"
    raw = [["", 0.12]] * 3
    assert plot.evaluate(drawn) == [*raw, ["", 1], ["tonexty", 1], ["", 1]]
    page.get_by_text("Bands of seeds").click()
    expect(chart(page, "Training loss").locator(".unroll-legend button")).to_have_count(3)
    assert plot.evaluate(drawn) == [["", 0.3], ["", 1]] * 3
    page.get_by_role("radio", name="Seconds").click()
    page.wait_for_function(
        "() => document.querySelector('[aria-label=\"Training loss\"] .js-plotly-plot')"
        ".data.at(-1).x.at(-1) === 4"
    )
    assert len(asked) < 6 and all("/api/points?" in url and url.count("run=") == 3 for url in asked)


def test_runs_are_labelled_archived_and_deleted_and_each_is_undone(page: Page, server: LiveServer) -> None:
    owner = open_as_visitor(page, server)
    add_runs(server, owner, [(name, RECIPE, 1.0) for name in ("Old", "Other", "Third")])
    page.goto(f"{server.url}/runs?sort=title&order=up")
    tick(page, 0)
    button(page, "Rename").click()
    page.get_by_role("textbox", name="Title", exact=True).fill("A new name")
    page.get_by_role("textbox", name="Note", exact=True).fill("why it was run")
    page.get_by_role("combobox", name="Tags").fill("baseline")
    page.keyboard.press("Enter")
    button(page, "Save").click()
    expect_runs(page, "A new name", "Other", "Third")
    expect(page.get_by_text("1 run changed.")).to_be_visible()
    page.get_by_role("searchbox", name="Search").fill("tag:baseline why")
    page.keyboard.press("Enter")
    expect_runs(page, "A new name")
    page.wait_for_url(re.compile(r"q=tag"))
    button(page, "Undo").click()
    expect(page.get_by_text("No run fits.")).to_be_visible()
    page.goto(f"{server.url}/runs?sort=title&order=up")
    expect_runs(page, "Old", "Other", "Third")
    tick(page, 2)
    button(page, "Pin").click()
    expect_runs(page, "★ Third", "Old", "Other")
    for press, words in (("Archive", "2 runs archived."), ("Delete", "2 runs deleted.")):
        tick(page, 1, 2)
        button(page, press).click()
        expect(page.get_by_text(words)).to_be_visible()
        button(page, "Undo").last.click()  # at once: it is offered for ten seconds, also on a busy machine
        expect_runs(page, "★ Third", "Old", "Other")


def test_a_collection_is_seen_by_others_who_keep_a_run_of_it(
    page: Page, server: LiveServer, browser: Browser
) -> None:
    owner = open_as_visitor(page, server)
    add_runs(server, owner, [(name, RECIPE, 1.0) for name in ("One", "Two")])
    page.goto(f"{server.url}/runs?sort=title&order=up")
    tick(page, 0, 1)
    button(page, "Share").click()
    page.get_by_role("textbox", name="Title of the collection").fill("Week 3")
    button(page, "Make a link").click()
    link = page.get_by_test_id("stCode").inner_text().strip()
    with browser.new_context() as other_browser:
        other = other_browser.new_page()
        other.goto(f"{link}&sort=title&order=up")
        expect(other.get_by_role("heading", name="Week 3")).to_be_visible()
        tick(other, 1)
        expect(button(other, "Delete")).to_have_count(0)
        button(other, "Add to my runs").click()
        expect(other.get_by_text("1 run added.")).to_be_visible()
        other.goto(f"{server.url}/runs")
        expect_runs(other, "Two")
