"""What a visitor brought or trained is deleted when they say so, and bounded before they are told no."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_actions import (
    bring,
    button,
    expect_status,
    open_recipe,
    recipe,
    train,
    unfold,
    wait_for_step,
)
from tests.live_server import LiveServer, live_server
from tests.small_disk import small_disk

TABLE = b"month,visitors\n" + b"\n".join(b"2000-%02d-01,%d" % (n, n) for n in range(1, 13))
KILOBYTE = 1024


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server that gives each visitor little."""
    limits = {"visitor_runs": "1", "visitor_bytes": str(1024 * KILOBYTE)}
    with live_server(tmp_path_factory.mktemp("strict"), **limits) as running:
        yield running


def test_a_deleted_run_is_gone_and_can_be_had_back_for_a_moment(page: Page, server: LiveServer) -> None:
    open_recipe(page, server.url, recipe(epochs=1, seed=71))
    train(page)
    expect_status(page, "Finished")
    address = page.url
    button(page, "Delete").click()
    button(page, "Delete this run").click()
    page.wait_for_url("**/runs")
    expect(page.get_by_text("1 run deleted.")).to_be_visible()
    button(page, "Undo").click()
    expect(page.get_by_text("1 run deleted.")).to_have_count(0)
    page.goto(address)
    expect_status(page, "Finished")
    button(page, "Delete").click()
    button(page, "Delete this run").click()
    page.wait_for_url("**/runs")
    page.goto(address)
    expect(page.get_by_text("There is no such run")).to_be_visible()


def test_a_deleted_file_is_really_gone(page: Page, strict: LiveServer) -> None:
    kept = strict.log.parent / "artifacts" / "uploads"
    bring(page, strict.url, "museum.csv", TABLE)
    unfold(page, "Your files (1)")
    expect(page.get_by_text("museum.csv").last).to_be_visible()
    assert len([*kept.iterdir()]) == 1
    page.get_by_test_id("stExpander").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Your files (1)")).to_have_count(0)
    assert [*kept.iterdir()] == []


def test_a_visitors_files_are_bounded(page: Page, strict: LiveServer) -> None:
    bring(page, strict.url, "large.csv", TABLE + b"\n" * 1025 * KILOBYTE)
    expect(page.get_by_role("alert").filter(has_text="a visitor may keep")).to_be_visible()
    expect(page.get_by_text("Delete a file that you no longer need")).to_be_visible()


def test_a_visitors_runs_are_bounded_and_the_control_says_so_first(page: Page, strict: LiveServer) -> None:
    open_recipe(page, strict.url, recipe(epochs=2000, seed=1))
    train(page)
    wait_for_step(page)
    going = page.url
    page.goto(f"{strict.url}/train?recipe={recipe(epochs=1, seed=2).to_url()}")
    expect(page.get_by_text("the most a visitor can have")).to_be_visible()
    expect(button(page, "Train")).to_be_disabled()
    page.goto(going)
    button(page, "Stop").click()
    expect_status(page, "Stopped")
    open_recipe(page, strict.url, recipe(epochs=1, seed=2))


def test_a_full_disk_is_said_and_the_server_lives(page: Page, strict: LiveServer) -> None:
    with small_disk(strict.log.parent / "artifacts", kilobytes=256) as disk:
        bring(page, strict.url, "large.csv", TABLE + b"\n" * 400 * KILOBYTE)
        expect(page.get_by_role("alert").filter(has_text="disk of this server is full")).to_be_visible()
        filler = disk / "filler"
        filler.write_bytes(bytes(shutil.disk_usage(disk).free - 8 * KILOBYTE))
        open_recipe(page, strict.url, recipe(epochs=200, seed=3))
        train(page)
        expect(page.get_by_role("status").filter(has_text="disk of this server is full")).to_be_visible()
        filler.unlink()
        bring(page, strict.url, "museum.csv", TABLE)
        expect(page.get_by_role("heading", name="museum")).to_be_visible()
