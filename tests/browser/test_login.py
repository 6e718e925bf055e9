"""Logging in, with a real OpenID Connect provider on this machine: discovery, code, keys, id token."""

from collections.abc import Callable, Iterator

import pytest
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Browser, Page, expect

from tests.browser.course import course, lesson
from tests.browser.made_runs import RECIPE, add_runs, owner_of
from tests.live_server import LiveServer, free_port, live_server

SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "unroll"
client_secret = "secret"
server_metadata_url = "http://127.0.0.1:{provider}/.well-known/openid-configuration"
"""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with course() as origin:
        yield origin


@pytest.fixture(scope="module")
def laboratory(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server whose visitors can log in, without HTTPS."""
    home, port = tmp_path_factory.mktemp("laboratory"), free_port()
    secrets = home / "secrets.toml"
    with run_server_in_thread() as provider:
        secrets.write_text(SECRETS.format(port=port, provider=provider.server_port))
        options = {"secrets.files": str(secrets)}
        with live_server(home, port, options, frame_ancestors=site) as running:
            yield running


@pytest.fixture
def device(browser: Browser, laboratory: LiveServer) -> Iterator[Callable[[], Page]]:
    """Open the server on one more device."""
    opened = []

    def new_device() -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        context.route(
            "https://**", lambda route: route.abort()
        )  # the provider's page asks a CDN for its looks
        opened.append(context)
        page = context.new_page()
        page.goto(laboratory.url)
        return page

    yield new_device
    for context in opened:
        context.close()


def log_in(page: Page, who: str) -> None:
    page.get_by_role("link", name="Log in").click()
    page.get_by_role("button", name="Log in").click()
    page.get_by_placeholder("sub").fill(who)
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("link", name="Account")).to_be_visible()


def own_runs(page: Page) -> None:
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()


def test_runs_belong_to_an_account_on_every_device(
    device: Callable[[], Page], laboratory: LiveServer
) -> None:
    desk = device()
    own_runs(desk)
    expect(desk.get_by_text("No runs yet")).to_be_visible()
    add_runs(laboratory, owner_of(desk.context), [("Sunspots", RECIPE, 1.0)])
    log_in(desk, "ann")
    own_runs(desk)
    expect(desk.get_by_text("No runs yet")).to_be_visible()
    desk.get_by_role("link", name="Account").click()
    expect(desk.get_by_text("Logged in as ann")).to_be_visible()
    expect(desk.get_by_text("1 run from before you logged in")).to_be_visible()
    desk.get_by_role("button", name="Move to my account").click()
    expect(desk.get_by_text("Moved to your account: 1 run.")).to_be_visible()

    sofa = device()
    log_in(sofa, "ann")
    own_runs(sofa)
    expect(sofa.get_by_text("No runs yet")).to_have_count(0)
    expect(sofa.get_by_test_id("stDataFrame")).to_be_visible()

    stranger = device()
    log_in(stranger, "bob")
    own_runs(stranger)
    expect(stranger.get_by_text("No runs yet")).to_be_visible()

    desk.get_by_role("link", name="Account").click()
    desk.get_by_role("button", name="Log out").click()
    desk.wait_for_url("**/end_session**")  # the provider asks, too
    desk.goto(laboratory.url)
    expect(desk.get_by_role("link", name="Log in")).to_be_visible()
    own_runs(desk)
    expect(desk.get_by_text("No runs yet")).to_be_visible()


def test_in_a_frame_without_https_a_page_says_what_it_cant_keep(
    device: Callable[[], Page], laboratory: LiveServer, site: str
) -> None:
    page = device()
    page.goto(lesson(site, f"{laboratory.url}/account?embed=true"))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("keeps no cookie from this page")).to_be_visible()
    expect(frame.get_by_text("Open Unroll in a tab of its own to log in")).to_be_visible()
    expect(frame.get_by_role("button", name="Log in")).to_have_count(0)
