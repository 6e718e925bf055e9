"""Quotes come from the real yfinance, which asks a server on loopback; each failure has its own words."""

import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from components import data
from components.data.sources import yahoo, yahoo_client
from components.data.sources.market_data import Listing
from components.data.sources.web import fetch_pool
from components.errors import DataError
from components.recipe import Quotes, Recipe
from components.settings import Settings, settings
from tests.fake_yahoo import FakeListing, FakeYahoo, trading_days
from tests.fake_yahoo import fake_yahoo as serving


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeYahoo]:
    """Yahoo on loopback, and a folder of its own for what is fetched; no pause is worth the name."""
    with serving() as server:
        server.listed = {
            "AAPL": FakeListing("Apple Inc."),
            "VOD.L": FakeListing("Vodafone Group", exchange="London", currency="GBp", zone="Europe/London"),
            "EURUSD=X": FakeListing("EUR/USD", "CURRENCY", "CCY", zone="Europe/London", volume=0),
            "^GSPC": FakeListing("S&P 500", "INDEX", "SNP"),
        }
        chosen = Settings(artifacts=str(tmp_path), cache=settings().cache, yahoo=server.url)
        monkeypatch.setattr(yahoo, "settings", lambda: chosen)
        monkeypatch.setattr(yahoo_client, "settings", lambda: chosen)
        monkeypatch.setattr(yahoo_client, "_PAUSES", (0.01, 0.02))
        yield server


def error_of(question: Callable[[], object]) -> DataError:
    with pytest.raises(DataError) as caught:
        question()
    assert caught.value.remedy
    return caught.value


def make_older(reference: Quotes, monkeypatch: pytest.MonkeyPatch, age: timedelta) -> None:
    """Let time pass since quotes were fetched."""
    later = yahoo.fetch_time(reference) + age

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return later

    monkeypatch.setattr(yahoo, "datetime", Clock)


# --- What is fetched -------------------------------------------------------------------------------


def test_prices_and_volume_come_with_their_name_unit_and_source(server):
    dataset = data.load(yahoo.fetch(["AAPL"], "1mo", "1d", adjusted=False))
    assert dataset.columns == ("close", "open", "high", "low", "volume")
    assert dataset.table["close"].tolist() == [100, 101, 102, 103, 104, 105]
    assert dataset.table.iloc[0].tolist() == [100, 99.5, 101, 99, 1000]
    assert list(dataset.table.index[[0, -1]]) == [pd.Timestamp("2023-12-27"), pd.Timestamp("2024-01-03")]
    assert (dataset.frequency, dataset.season) == ("every business day", None)
    assert (dataset.title, dataset.unit) == ("Apple Inc. (AAPL)", "USD")
    assert "Yahoo Finance" in dataset.provenance.source and dataset.provenance.url.endswith("/AAPL")


def test_adjusted_prices_have_their_dividends_taken_out_and_say_so(server):
    adjusted = data.load(yahoo.fetch(["AAPL"], "1mo", "1d", adjusted=True))
    assert adjusted.table["close"].tolist() == pytest.approx([90, 90.9, 91.8, 92.7, 93.6, 94.5])
    assert adjusted.notes[-1].startswith("Prices are adjusted for splits and dividends")
    paid = data.load(yahoo.fetch(["AAPL"], "1mo", "1d", adjusted=False))
    assert paid.notes[-1].startswith("Prices are adjusted for splits, but not for dividends")


@pytest.mark.parametrize("period", ["1mo", "1y", "max"])
def test_any_period_can_be_asked(server, period):
    assert data.load(yahoo.fetch(["AAPL"], period, "1d")).rows == 6


def test_days_are_those_of_the_exchange(server):
    bars = tuple(datetime(2024, 1, day, 15, tzinfo=UTC) for day in (2, 3))  # midnight in Tokyo
    server.listed["7203.T"] = FakeListing("Toyota", zone="Asia/Tokyo", bars=bars)
    index = data.load(yahoo.fetch(["7203.T"], "1mo", "1d")).table.index
    assert list(index) == [pd.Timestamp("2024-01-03"), pd.Timestamp("2024-01-04")]
    assert index.name == "date"


def test_hours_are_in_utc_so_that_none_comes_twice_when_clocks_go_back(server):
    bars = tuple(datetime(2023, 10, 28, 22, tzinfo=UTC) + timedelta(hours=n) for n in range(6))
    server.listed["BTC-GBP"] = FakeListing("Bitcoin", "CRYPTOCURRENCY", zone="Europe/London", bars=bars)
    dataset = data.load(yahoo.fetch(["BTC-GBP"], "5d", "1h"))
    assert list(dataset.table.index) == [pd.Timestamp(bar).tz_localize(None) for bar in bars]
    assert dataset.frequency == "every hour"
    assert "Times are in UTC." in dataset.notes


def test_a_symbol_may_be_written_small(server):
    assert yahoo.fetch([" aapl "], "1mo", "1d").tickers == ("AAPL",)


def test_what_has_no_volume_has_no_column_of_zeros(server):
    dataset = data.load(yahoo.fetch(["EURUSD=X"], "1mo", "1d"))
    assert dataset.columns == ("close", "open", "high", "low")
    assert "Yahoo has no volume for EURUSD=X." in dataset.notes


def test_an_index_is_counted_in_points(server):
    assert data.load(yahoo.fetch(["^GSPC"], "1mo", "1d")).unit == "points"


def test_rows_without_a_price_are_left_out_and_said(server):
    server.listed["AAPL"] = FakeListing("Apple Inc.", without=(1, 3))
    dataset = data.load(yahoo.fetch(["AAPL"], "1mo", "1d", adjusted=False))
    assert dataset.table["close"].tolist() == [100, 102, 104, 105]


def test_half_a_price_is_no_price(server, monkeypatch):
    from tests import fake_yahoo as pages

    whole = pages.chart

    def without_a_high(*args, **options):
        answer = whole(*args, **options)
        answer["chart"]["result"][0]["indicators"]["quote"][0]["high"][2] = None
        return answer

    monkeypatch.setattr(pages, "chart", without_a_high)
    dataset = data.load(yahoo.fetch(["AAPL"], "1mo", "1d", adjusted=False))
    assert dataset.table["close"].tolist() == [100, 101, 103, 104, 105]
    assert "A row of AAPL had no price and was left out." in dataset.notes


@pytest.mark.parametrize("interval", ["1d", "1wk", "1mo", "1h"])
def test_a_row_that_still_grows_is_left_out_and_said(server, interval):
    now = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
    steps = {"1d": timedelta(days=1), "1wk": timedelta(weeks=1), "1mo": timedelta(days=31)}
    step = steps.get(interval, timedelta(hours=1))
    bars = (now - 2 * step, now - step, now)
    server.listed["BTC-USD"] = FakeListing(
        "Bitcoin", "CRYPTOCURRENCY", zone="UTC", bars=bars, closes=now + timedelta(minutes=5)
    )
    dataset = data.load(yahoo.fetch(["BTC-USD"], yahoo.INTERVALS[interval].periods[-1], interval))
    assert dataset.table.iloc[:, 0].tolist()[-1] < 102 and dataset.rows == 2
    assert any("trading was still going on" in note for note in dataset.notes)


def test_a_day_is_whole_once_its_trading_is_over(server):
    now = datetime.now(UTC).replace(microsecond=0)
    bars = (now - timedelta(days=1), now)
    server.listed["BTC-USD"] = FakeListing(
        "Bitcoin", zone="UTC", bars=bars, closes=now - timedelta(seconds=1)
    )
    assert data.load(yahoo.fetch(["BTC-USD"], "1mo", "1d")).rows == 2


# --- Several at once -------------------------------------------------------------------------------


def test_of_several_each_has_its_own_columns(server):
    dataset = data.load(yahoo.fetch(["VOD.L", "AAPL"], "1mo", "1d", adjusted=False))
    assert dataset.columns[0] == "VOD.L close" and "AAPL volume" in dataset.columns
    assert len(dataset.columns) == 10 and dataset.rows == 6
    assert dataset.title == "Vodafone Group (VOD.L), Apple Inc. (AAPL)" and dataset.unit == "GBp"


def test_only_the_days_are_kept_on_which_all_were_traded(server):
    server.listed["VOD.L"] = FakeListing(
        "Vodafone", zone="Europe/London", bars=trading_days("2024-01-01", 5, "Europe/London")
    )
    dataset = data.load(yahoo.fetch(["AAPL", "VOD.L"], "1mo", "1d", adjusted=False))
    assert list(dataset.table.index) == [pd.Timestamp(f"2024-01-0{day}") for day in (1, 2, 3)]
    assert dataset.table["AAPL close"].tolist() == [103, 104, 105]
    assert dataset.table["VOD.L close"].tolist() == [100, 101, 102]
    left_out = "5 of 8 times were left out because not all of AAPL, VOD.L were traded then."
    assert left_out in dataset.notes


def test_those_that_never_meet_are_said(server):
    server.listed["OLD"] = FakeListing("Old", bars=trading_days("2020-01-06", 3, "America/New_York"))
    assert "never traded at the same time" in error_of(lambda: yahoo.fetch(["AAPL", "OLD"], "max")).what


# --- What is kept ----------------------------------------------------------------------------------


def test_a_recipe_repeats_without_a_network(server):
    reference = yahoo.fetch(["AAPL"], "1mo", "1d")
    first = data.load(reference).table
    recipe = Recipe.model_validate({"dataset": reference, "task": {"target": "close"}})
    server.faults["AAPL"] = "500"
    asked = len(server.asked)
    pd.testing.assert_frame_equal(data.load(Recipe.from_url(recipe.to_url()).dataset).table, first)
    assert len(server.asked) == asked


def test_fresh_quotes_are_given_again_and_old_ones_are_not(server, monkeypatch):
    first = yahoo.fetch(["AAPL"], "1mo", "1d")
    asked = len(server.asked)
    assert yahoo.is_fresh(first) and yahoo.fetch(["aapl"], "1mo", "1d") == first
    assert len(server.asked) == asked
    make_older(first, monkeypatch, timedelta(hours=2))
    second = yahoo.fetch(["AAPL"], "1mo", "1d")
    assert second.id != first.id and len(server.asked) > asked
    assert data.load(first).rows == 6  # and the old ones stay


@pytest.mark.parametrize(
    "other", [(["AAPL"], "3mo", "1d", True), (["AAPL"], "1mo", "1d", False), (["VOD.L"], "1mo", "1d", True)]
)
def test_another_question_is_another_answer(server, other):
    assert yahoo.fetch(["AAPL"], "1mo", "1d", True).id != yahoo.fetch(*other).id


def test_what_was_fetched_is_found_again_with_its_age(server, monkeypatch):
    assert yahoo.newest_quotes(["AAPL"], "1mo", "1d", True) is None
    before = datetime.now(UTC)
    reference = yahoo.fetch(["AAPL"], "1mo", "1d", True)
    assert before <= yahoo.fetch_time(reference) <= datetime.now(UTC)
    make_older(reference, monkeypatch, timedelta(days=30))
    assert yahoo.newest_quotes(["aapl"], "1mo", "1d", True) == reference
    assert not yahoo.is_fresh(reference)


def test_quotes_that_are_gone_are_said(server, tmp_path):
    reference = yahoo.fetch(["AAPL"], "1mo", "1d")
    (tmp_path / "quotes" / reference.id).unlink()
    assert yahoo.newest_quotes(["AAPL"], "1mo", "1d", True) is None
    for look in (data.load, yahoo.fetch_time):
        assert "no longer stored" in error_of(lambda look=look: look(reference)).what


# --- Searching -------------------------------------------------------------------------------------


def test_a_name_finds_its_symbol(server):
    assert yahoo.search("  vodafone ") == (Listing("VOD.L", "Vodafone Group", "London", "equity"),)


def test_what_nothing_matches_finds_nothing(server):
    assert yahoo.search("zzz") == () and yahoo.search("  ") == ()


def test_a_symbol_that_cannot_be_asked_is_not_offered(server):
    server.listed["A B/../C"] = FakeListing("Apple tree")
    assert [listing.symbol for listing in yahoo.search("apple")] == ["AAPL"]


# --- What goes wrong -------------------------------------------------------------------------------

FAULTS = {
    "429": "too many requests",
    "500": "incomplete or garbled",
    "down": "incomplete or garbled",
    "truncated": "incomplete or garbled",
    "cut": "incomplete or garbled",
    "garbled": "incomplete or garbled",
    "hang": "doesn't answer",
}


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("question", ["AAPL", "search"])
def test_each_fault_has_its_own_words(server, monkeypatch, kind, question):
    if kind == "hang":
        monkeypatch.setattr(yahoo_client, "_REQUEST_TIMEOUT", 0.2)
    server.faults[question] = kind
    found = error_of(
        lambda: yahoo.search("apple") if question == "search" else yahoo.fetch(["AAPL"], "1mo", "1d")
    )
    assert FAULTS[kind] in found.what
    assert found.where == ("Yahoo Finance" if question == "search" else "Yahoo Finance, AAPL")


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_that_passes_is_not_noticed(server, monkeypatch, kind):
    if kind == "hang":
        monkeypatch.setattr(yahoo_client, "_REQUEST_TIMEOUT", 2.0)  # what follows must answer within that
    server.faults["AAPL"], server.passing["AAPL"] = kind, 1
    assert data.load(yahoo.fetch(["AAPL"], "1mo", "1d")).rows == 6


@pytest.mark.parametrize(
    ("period", "interval", "kind", "said"),
    [
        ("1mo", "1d", "closed", "no prices for this period"),
        ("max", "1d", "closed", "no prices for this period"),
        ("1d", "1m", "closed", "market was closed"),
        ("1mo", "5m", "too long ago", "so far back"),
    ],
)
def test_why_there_are_no_prices_is_said(server, period, interval, kind, said):
    server.faults["AAPL"] = kind
    found = error_of(lambda: yahoo.fetch(["AAPL"], period, interval))
    assert said in found.what and found.where == "Yahoo Finance, AAPL"


@pytest.mark.parametrize("period", ["1mo", "max"])
@pytest.mark.parametrize("time", range(3))  # yfinance looks elsewhere the first two times
def test_an_unknown_symbol_is_said(server, period, time):
    found = error_of(lambda: yahoo.fetch(["AAPL", "NOPE"], period))
    assert "doesn't exist" in found.what and found.where == "Yahoo Finance, NOPE"


def test_a_symbol_without_any_price_is_said(server):
    server.listed["AAPL"] = FakeListing("Apple Inc.", without=tuple(range(6)))
    assert "no prices for this period" in error_of(lambda: yahoo.fetch(["AAPL"], "1mo")).what


def test_a_server_without_a_network_says_so(server, monkeypatch):
    chosen = yahoo.settings().model_copy(update={"yahoo": "http://127.0.0.1:9"})
    monkeypatch.setattr(yahoo_client, "settings", lambda: chosen)
    assert "can't be reached" in error_of(lambda: yahoo.fetch(["AAPL"], "1mo")).what
    assert "can't be reached" in error_of(lambda: yahoo.search("apple")).what


def test_patience_has_an_end(server, monkeypatch):
    monkeypatch.setattr(yahoo, "_FETCH_SECONDS", 0.5)
    server.faults = dict.fromkeys(server.listed, "hang")
    started = datetime.now(UTC)
    assert "doesn't answer" in error_of(lambda: yahoo.fetch(list(server.listed), "1mo")).what
    assert datetime.now(UTC) - started < timedelta(seconds=3)


def test_after_a_fault_nothing_is_kept(server, tmp_path):
    server.faults["VOD.L"] = "truncated"
    error_of(lambda: yahoo.fetch(["AAPL", "VOD.L"], "1mo"))
    assert not (tmp_path / "quotes").exists()


@pytest.mark.parametrize(
    ("tickers", "period", "interval", "where", "said"),
    [
        ([], "1y", "1d", "tickers", "0 symbols"),
        ([f"A{n}" for n in range(11)], "1y", "1d", "tickers", "11 symbols"),
        (["../v7/quote"], "1y", "1d", "tickers", "isn't a valid symbol"),
        (["A?range=max"], "1y", "1d", "tickers", "isn't a valid symbol"),
        (["Apple Inc"], "1y", "1d", "tickers", "isn't a valid symbol"),
        ([""], "1y", "1d", "tickers", "isn't a valid symbol"),
        (["US0378331005"], "1y", "1d", "tickers", "ISIN"),
        (["AAPL"], "1y", "1m", "period", "“1 year”"),
        (["AAPL"], "1y", "2m", "interval", "“2m”"),
    ],
)
def test_what_cannot_be_asked_is_not_asked(server, tickers, period, interval, where, said):
    for question in (yahoo.fetch, yahoo.newest_quotes):
        found = error_of(lambda question=question: question(tickers, period, interval, True))
        assert said in found.what and found.where == where
    assert not server.asked


# --- What it costs others --------------------------------------------------------------------------


def test_every_interval_has_periods_and_a_name():
    for spacing in yahoo.INTERVALS.values():
        assert spacing.periods and re.fullmatch(r"Every .+", spacing.label)
        assert all(yahoo.PERIODS[period] for period in spacing.periods)


def test_the_app_comes_without_yfinance_until_somebody_asks(server):
    found = pickle.dumps((yahoo.search("apple"), yahoo.fetch(["AAPL"], "1mo", "1d")))
    program = (
        "import pickle, sys, components.data\n"
        "pickle.loads(sys.stdin.buffer.read())\n"
        "print({'yfinance', 'curl_cffi'} & sys.modules.keys())"
    )
    root = Path(__file__).parents[3]
    process = subprocess.run(
        [sys.executable, "-c", program], cwd=root, input=found, capture_output=True, check=True
    )
    assert process.stdout.strip() == b"set()"


def test_a_silent_yahoo_keeps_everybody_waiting_only_so_long(server, monkeypatch):
    monkeypatch.setattr(yahoo, "_SEARCH_SECONDS", 0.3)
    monkeypatch.setattr(fetch_pool, "_WAITING_SECONDS", 0.2)
    server.faults["search"] = "hang"
    with ThreadPoolExecutor(3) as people:
        said = list(people.map(lambda _: error_of(lambda: yahoo.search("apple")).what, range(3)))
    server.enough.set()
    assert sum("doesn't answer" in one for one in said) >= 1
    assert all("doesn't answer" in one or "Too many people" in one for one in said)


def test_yfinance_keeps_its_own_files_in_our_cache(server):
    yahoo.fetch(["AAPL"], "1mo", "1d")
    from yfinance.cache import _TzDBManager

    assert Path(_TzDBManager.get_location()) == settings().cache / "yfinance"
