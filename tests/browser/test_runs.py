"""Runs are found, labelled, shared, deleted and brought back; the curves of seeds are a band."""

import re

from playwright.sync_api import Browser, Page, expect

from components.insight.doctor.remedies import modified_recipe
from components.runs.shelf import shelf
from tests.browser.made_runs import RECIPE, add_runs, owner_of
from tests.browser.page_actions import button, chart, tick_runs
from tests.live_server import LiveServer


def expect_runs(page: Page, *titles: str) -> None:
    """Wait until the table holds just these runs: it says so to those who can't see its canvas."""
    cells = page.get_by_test_id("stDataFrame").locator("tbody tr td:first-child")
    expect(cells).to_have_text(titles)


def open_as_visitor(page: Page, server: LiveServer) -> str:
    page.goto(f"{server.url}/runs")
    expect(page.get_by_text("No runs yet")).to_be_visible()
    return owner_of(page.context)


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
    page.goto(f"{server.url}/compare?runs={ids[0]},{shelf()['sine'].id}&axis=seconds")
    chart(page, "Training loss").scroll_into_view_if_needed()
    caption = chart(page, "Training loss").locator("figcaption")
    expect(caption).to_contain_text("isn't drawn: it was trained elsewhere, so its seconds aren't known.")


def test_runs_are_labelled_archived_and_deleted_and_each_is_undone(page: Page, server: LiveServer) -> None:
    owner = open_as_visitor(page, server)
    add_runs(server, owner, [(name, RECIPE, 1.0) for name in ("Old", "Other", "Third")])
    page.goto(f"{server.url}/runs?sort=title&order=up")
    tick_runs(page, 0)
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
    expect(page.get_by_text("No runs match.")).to_be_visible()
    page.goto(f"{server.url}/runs?sort=title&order=up")
    expect_runs(page, "Old", "Other", "Third")
    tick_runs(page, 2)
    button(page, "Pin").click()
    expect_runs(page, "★ Third", "Old", "Other")
    for press, words in (("Archive", "2 runs archived."), ("Delete", "2 runs deleted.")):
        tick_runs(page, 1, 2)
        button(page, press).click()
        expect(page.get_by_text(words)).to_be_visible()
        button(page, "Undo").last.click()  # at once: it is offered for ten seconds, also on a busy machine
        expect(page.get_by_text(words)).to_have_count(0)  # the table stands as it was until then
        expect_runs(page, "★ Third", "Old", "Other")


def test_a_collection_is_seen_by_others_who_keep_a_run_of_it(
    page: Page, server: LiveServer, browser: Browser
) -> None:
    owner = open_as_visitor(page, server)
    add_runs(server, owner, [(name, RECIPE, 1.0) for name in ("One", "Two")])
    page.goto(f"{server.url}/runs?sort=title&order=up")
    tick_runs(page, 0, 1)
    button(page, "Share").click()
    page.get_by_role("textbox", name="Title of the collection").fill("Week 3")
    button(page, "Make a link").click()
    link = page.get_by_test_id("stCode").inner_text().strip()
    with browser.new_context() as other_browser:
        other = other_browser.new_page()
        other.goto(f"{link}&sort=title&order=up")
        expect(other.get_by_role("heading", name="Week 3")).to_be_visible()
        tick_runs(other, 1)
        expect(button(other, "Delete")).to_have_count(0)
        button(other, "Add to my runs").click()
        expect(other.get_by_text("1 run added.")).to_be_visible()
        other.goto(f"{server.url}/runs")
        expect_runs(other, "Two")
