"""The app in a frame of a course's page, on another site: its visitor keeps what is theirs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from components.engine.certificates import write_certificates
from tests.browser.course import course, lesson
from tests.browser.page_actions import recipe
from tests.live_server import LiveServer, live_server


@pytest.fixture
def reader(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 1280, "height": 1000})
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with course() as origin:
        yield origin


@pytest.fixture(scope="module")
def encrypted(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    home = tmp_path_factory.mktemp("encrypted")
    files = write_certificates(home)
    options = {
        "server.sslCertFile": str(files["tls_client_cert"]),
        "server.sslKeyFile": str(files["tls_client_key"]),
    }
    with live_server(home, options=options, frame_ancestors=site) as running:
        yield running


def test_what_is_trained_in_a_frame_is_its_visitors_when_the_page_is_opened_again(
    reader: Page, encrypted: LiveServer, site: str
) -> None:
    wanted = recipe(epochs=10_000).to_url()
    reader.goto(lesson(site, f"{encrypted.url}/train?embed=true&recipe={wanted}"))
    app = reader.frame_locator("iframe")
    app.get_by_role("button", name="Train", exact=True).click()
    expect(app.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    expect(app.get_by_text("keeps no cookie")).to_have_count(0)
    (cookie,) = [one for one in reader.context.cookies(encrypted.url) if one["name"].startswith("unroll")]
    assert (cookie["name"], cookie["sameSite"], cookie["secure"]) == ("unroll_visitor_framed", "None", True)
    reader.goto(lesson(site, f"{encrypted.url}/runs?embed=true"))
    again = reader.frame_locator("iframe")
    expect(again.get_by_test_id("stDataFrame")).to_be_visible()
    elsewhere = reader.context.new_page()
    elsewhere.goto(f"{encrypted.url}/runs")
    expect(elsewhere.get_by_text("No runs yet")).to_be_visible()


def test_a_file_can_be_brought_in_a_frame(
    reader: Page, encrypted: LiveServer, site: str, tmp_path: Path
) -> None:
    table = tmp_path / "sales.csv"
    table.write_text("month,sold\n" + "\n".join(f"2020-{month:02d}-01,{month}" for month in range(1, 13)))
    reader.goto(lesson(site, f"{encrypted.url}/data?embed=true"))
    app = reader.frame_locator("iframe")
    app.get_by_role("radio", name="Upload").click()
    app.locator("input[type=file]").set_input_files(table)
    expect(app.get_by_role("heading", name="sales")).to_be_visible()
