"""Every address can be the first that a visitor opens, and a wrong one tells nothing."""

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_actions import button, open_recipe, recipe, train, wait_for_step
from tests.live_server import LiveServer

NOBODYS = "0" * 32


def test_a_link_to_a_recipe_is_the_very_first_request_of_a_server(
    page: Page, fresh_server: LiveServer
) -> None:
    wanted = recipe(epochs=7, seed=1234)
    open_recipe(page, fresh_server.url, wanted)
    expect(page.get_by_role("spinbutton", name="Epochs", exact=True)).to_have_value("7")
    expect(page.get_by_role("radio", name="GRU")).to_be_checked()
    train(page)
    wait_for_step(page)


def test_home_shows_its_cards_and_leads_to_every_page(visitor: Page) -> None:
    expect(visitor.get_by_role("heading", level=1)).to_be_visible()
    expect(visitor.get_by_role("button", name="Open")).not_to_have_count(0)
    for name in ("Data", "Train", "Results", "Home"):
        visitor.get_by_role("navigation", name="App pages").get_by_role("link", name=name).click()
        visitor.wait_for_url(f"**/{name.lower()}*" if name != "Home" else "**/")
        expect(visitor.get_by_role("heading", level=1)).to_be_visible()
        expect(visitor.get_by_test_id("stException")).to_have_count(0)


def test_a_damaged_link_says_so_and_offers_a_way_on(page: Page, server: LiveServer) -> None:
    page.goto(f"{server.url}/train?recipe={recipe(epochs=5).to_url()[:-4]}")
    expect(page.get_by_text("This link doesn't contain a complete recipe.")).to_be_visible()
    button(page, "Start again").click()
    expect(button(page, "Train")).to_be_enabled()


@pytest.mark.parametrize("run", [NOBODYS, "1", "../secrets", ""])
@pytest.mark.parametrize("place", ["train", "results"])
def test_a_page_of_no_run_says_so(page: Page, server: LiveServer, place: str, run: str) -> None:
    page.goto(f"{server.url}/{place}?run={run}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize(
    "path",
    [
        f"/api/runs/{NOBODYS}/points",
        f"/api/runs/{NOBODYS}/points?since=0",
        f"/api/runs/{NOBODYS[:-1]}/points",
        "/api/runs/x/points",
        f"/api/runs/{NOBODYS}/points?since=-1",
        f"/api/runs/{NOBODYS}/points?since=a",
        "/assets/0123456789abcdef/nothing.js",
    ],
)
def test_what_is_not_there_is_not_found_and_nothing_is_told(server: LiveServer, path: str) -> None:
    reply = httpx.get(server.url + path)
    assert reply.status_code == 404
    assert reply.text in ("", "Not Found")


@pytest.mark.parametrize(
    "path",
    ["/assets/0/../app.py", "/assets/0/..%2Froutes.py", "/assets/0/%2Fetc%2Fpasswd", "/assets/0/routes.py"],
)
def test_no_path_leads_to_another_file(server: LiveServer, path: str) -> None:
    """Where no route takes an address, Streamlit answers with its empty page, or refuses."""
    reply = httpx.get(server.url + path)
    assert reply.status_code in (400, 404) or "<title>" in reply.text
    assert "import " not in reply.text
    assert "root:" not in reply.text
