"""Files from the web on the Data page: searched or typed, fetched, fetched again, opened by a link."""

import pytest

from components.data.sources.web import fetch
from components.settings import settings
from tests.data.sources.web.conftest import own_folder, web  # noqa: F401 - fixtures
from tests.fake_web import FakeWeb, Page
from tests.ui.conftest import page_text

ROWS = "".join(f"2024-01-{day:02d},{day * 1.5}\n" for day in range(1, 29))
TABLE = f"day,price\n{ROWS}"


@pytest.fixture
def bench(open_page, web):  # noqa: F811
    bench = open_page("data")
    bench.segmented_control(key="data.source").set_value("web").run()
    return bench


def fetch_address(bench, address: str) -> None:
    if bench.selectbox(key="data.web.source").value != "address":
        bench.selectbox(key="data.web.source").select("address").run()
    bench.text_input(key="data.web.address").set_value(address)
    bench.button(key="data.web.fetch_now").click().run()
    assert not bench.exception


def test_it_begins_with_examples_each_a_press_away(bench, web: FakeWeb) -> None:  # noqa: F811
    assert "Nothing fetched yet" in page_text(bench) or bench.info
    assert "CC BY 4.0" in page_text(bench)
    bench.button(key="data.web.match.weather.0").click().run()
    assert not bench.error
    assert bench.subheader[0].value == "Weather of Berlin, Germany.csv"
    assert "fetched just now" in page_text(bench)


def test_a_search_finds_and_a_press_fetches(bench, web: FakeWeb) -> None:  # noqa: F811
    bench.selectbox(key="data.web.source").select("gutenberg").run()
    bench.text_input(key="data.web.words.gutenberg").set_value("lighthouse")
    bench.button(key="data.web.search_now.gutenberg").click().run()
    bench.button(key="data.web.match.gutenberg.0").click().run()
    assert not bench.error
    assert "The Lighthouse.txt" in page_text(bench)
    assert "Public domain" in bench.table[0].value.to_string()


def test_a_search_without_a_match_says_so(bench, web: FakeWeb) -> None:  # noqa: F811
    bench.text_input(key="data.web.words.weather").set_value("Xyzzy")
    bench.button(key="data.web.search_now.weather").click().run()
    assert "No match for “Xyzzy”" in page_text(bench)


def test_what_was_fetched_within_the_hour_isnt_asked_for_again(bench, web: FakeWeb) -> None:  # noqa: F811
    web.give("example.org/prices.csv", TABLE)
    for _ in range(2):
        fetch_address(bench, "https://example.org/prices.csv")
    assert len(web.asked) == 1


def test_fetching_again_says_what_is_new_and_keeps_the_cleaning(bench, web: FakeWeb) -> None:  # noqa: F811
    web.give("example.org/prices.csv", TABLE)
    fetch_address(bench, "https://example.org/prices.csv")
    bench.button(key="data.web.again").click().run()
    assert any("Nothing has changed" in info.value for info in bench.info)
    web.give("example.org/prices.csv", TABLE + "2024-01-29,7\n2024-01-30,8\n")
    bench.button(key="data.web.again").click().run()
    assert any(info.value == "2 rows are new." for info in bench.info)
    assert "30" in bench.table[0].value.to_string()


def test_a_failure_is_said_beside_the_controls(bench, web: FakeWeb) -> None:  # noqa: F811
    web.pages["example.org/prices.csv"] = Page(status=404)
    fetch_address(bench, "https://example.org/prices.csv")
    assert "Check the address" in bench.error[0].value
    fetch_address(bench, "http://127.0.0.1:8501/")
    assert "everyone can reach" in bench.error[0].value


def test_a_link_opens_what_was_fetched(open_page, web: FakeWeb) -> None:  # noqa: F811
    web.give("example.org/prices.csv", TABLE)
    reference = fetch.fetch("https://example.org/prices.csv")
    bench = open_page("data", dataset=reference.model_dump_json())
    assert bench.segmented_control(key="data.source").value == "web"
    assert "prices.csv" in page_text(bench)


def test_a_link_to_what_has_changed_offers_to_fetch_it(open_page, web: FakeWeb) -> None:  # noqa: F811
    web.give("example.org/changed.csv", TABLE)
    reference = fetch.fetch("https://example.org/changed.csv")
    assert reference.origin is not None
    fetch._folder().remove(reference.origin.sha256)
    web.give("example.org/changed.csv", TABLE + "2024-01-29,7\n")
    bench = open_page("data", dataset=reference.model_dump_json())
    assert "Fetch it again" in bench.error[0].value
    assert bench.text_input(key="data.web.address").value == "https://example.org/changed.csv"
    bench.button(key="data.web.fetch_now").click().run()
    assert not bench.error
    assert "changed.csv" in page_text(bench)


def test_a_host_that_wants_no_fetching_offers_none(open_page, web: FakeWeb, monkeypatch) -> None:  # noqa: F811
    monkeypatch.setenv("UNROLL_FETCH", "false")
    settings.cache_clear()
    bench = open_page("data")
    options = bench.segmented_control(key="data.source").options
    assert "Fetch" not in options
    assert "Share prices" not in options
