"""Share prices: found by name or typed, fetched by a worker, and offered again when Yahoo is away."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.data import load
from components.data.sources import yahoo, yahoo_client
from components.recipe import Quotes, Recipe
from components.settings import Settings, settings
from components.tasks import recipe_issues
from tests.fake_yahoo import FakeListing, FakeYahoo, trading_days
from tests.fake_yahoo import fake_yahoo as serving
from tests.ui.conftest import page_text

DAYS = trading_days("2023-01-02", 120, "America/New_York")


@pytest.fixture(autouse=True)
def exchange(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeYahoo]:
    """Yahoo on loopback, and a folder of its own for what is fetched."""
    with serving() as server:
        server.listed = {
            "AAPL": FakeListing("Apple [Inc.]", bars=DAYS),
            "APLE": FakeListing("Apple Hospitality", bars=DAYS),
        }
        chosen = Settings(artifacts=str(tmp_path), cache=settings().cache, yahoo=server.url)
        monkeypatch.setattr(yahoo, "settings", lambda: chosen)
        monkeypatch.setattr(yahoo_client, "settings", lambda: chosen)
        monkeypatch.setattr(yahoo_client, "_PAUSES", (0.01, 0.02))
        yield server


@pytest.fixture
def bench(open_page, engine, monkeypatch):
    # The workers are for runs: what Yahoo doesn't answer mustn't keep them.
    monkeypatch.setattr(engine, "ask", lambda *_, **__: pytest.fail("a worker was asked"))
    bench = open_page("data")
    bench.segmented_control(key="data.source").set_value("yahoo").run()
    assert not bench.exception
    return bench


def look_for(bench, text):
    bench.text_input(key="data.searched").set_value(text)
    next(button for button in bench.button if button.label == "Search").click()
    return bench.run()


def type_symbols(bench, *symbols):
    bench.multiselect(key="data.symbols").set_value(list(symbols)).run()


def fetch(bench):
    bench.button(key="data.fetch").click().run()
    assert not bench.exception


def train_on_it(bench):
    bench.button(key="data-train").click().run()
    assert not bench.exception
    assert not bench.error
    return Recipe.from_url(bench.query_params["recipe"])


def test_it_says_first_what_to_do(bench):
    assert "No prices yet" in bench.info[0].proto.title
    assert bench.button(key="data.fetch").disabled


def test_a_company_is_found_by_name_fetched_and_trained_on(bench):
    look_for(bench, "apple")
    assert bench.button(key="data.add.AAPL").label == r"Apple \[Inc.\] · AAPL · NasdaqGS"
    bench.button(key="data.add.AAPL").click().run()
    assert bench.multiselect(key="data.symbols").value == ["AAPL"]
    fetch(bench)
    assert not bench.error
    assert bench.get("plotly_chart")
    assert "dividends" in page_text(bench)
    recipe = train_on_it(bench)
    assert recipe.dataset.tickers == ("AAPL",)
    assert recipe_issues(recipe, load(recipe.dataset)) == ()


def test_a_name_that_nothing_has_is_said(bench):
    look_for(bench, "zzz[z]")
    assert not bench.error
    assert r"zzz\[z\]" in page_text(bench)


def test_symbols_can_be_typed_in_any_case_and_are_taken_once(bench):
    type_symbols(bench, "aapl", "AAPL ", "aple")
    assert bench.multiselect(key="data.symbols").value == ["AAPL", "APLE"]
    fetch(bench)
    assert {"AAPL close", "APLE close"} <= set(bench.dataframe[0].value.columns)


def test_what_is_chosen_is_what_is_asked(bench):
    type_symbols(bench, "AAPL")
    bench.selectbox(key="data.interval").select("1wk").run()
    bench.selectbox(key="data.period").select("2y").run()
    bench.toggle(key="data.adjusted").set_value(False).run()
    fetch(bench)
    asked = train_on_it(bench).dataset
    assert (asked.interval, asked.period, asked.adjusted) == ("1wk", "2y", False)


@pytest.mark.parametrize("interval", yahoo.INTERVALS)
def test_only_periods_that_can_be_had_are_offered(bench, interval):
    bench.selectbox(key="data.interval").select(interval).run()
    assert not bench.exception
    periods = yahoo.INTERVALS[interval].periods
    assert bench.selectbox(key="data.period").options == [yahoo.PERIODS[period] for period in periods]
    assert bench.selectbox(key="data.period").value in periods


def test_what_goes_wrong_is_said_in_place_and_all_that_was_typed_stays(bench, exchange):
    exchange.faults = {"AAPL": "429", "search": "429"}
    type_symbols(bench, "AAPL")
    fetch(bench)
    assert "too many requests" in bench.error[0].proto.title
    look_for(bench, "apple")
    assert "too many requests" in bench.error[0].proto.title
    assert bench.text_input(key="data.searched").value == "apple"
    assert bench.multiselect(key="data.symbols").value == ["AAPL"]
    exchange.faults = {}
    fetch(bench)
    assert not bench.error
    assert bench.get("plotly_chart")


def test_what_cannot_be_a_symbol_is_said(bench):
    type_symbols(bench, "no symbol!")
    assert not bench.exception
    assert "isn't a valid symbol" in bench.error[0].proto.title


def test_older_quotes_are_offered_while_yahoo_is_away(bench, exchange):
    kept = yahoo.fetch(["AAPL"], "5y", "1d", True)
    exchange.faults = {"AAPL": "429"}
    type_symbols(bench, "AAPL")
    assert bench.button(key="data.kept").label == "Use the prices from just now"
    bench.button(key="data.kept").click().run()
    assert not bench.error
    assert "data.kept" not in [button.key for button in bench.button]
    assert train_on_it(bench).dataset == kept


def test_a_link_brings_back_quotes_and_what_was_asked(open_page):
    quotes: Quotes = yahoo.fetch(["AAPL"], "2y", "1wk", False)
    bench = open_page("data", dataset=quotes.model_dump_json())
    assert not bench.error
    assert bench.segmented_control(key="data.source").value == "yahoo"
    assert bench.multiselect(key="data.symbols").value == ["AAPL"]
    assert bench.selectbox(key="data.period").value == "2y"
    assert not bench.toggle(key="data.adjusted").value
    assert train_on_it(bench).dataset == quotes


def test_the_page_leaves_yfinance_to_the_workers():
    script = "import components.ui.data.quotes, sys; assert 'yfinance' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)
