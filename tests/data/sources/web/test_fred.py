"""A series of the economy, asked of a server that answers as FRED does."""

import pytest

from components import data
from components.data.cleaning.doctor import propose
from components.data.datasets import Series
from components.data.sources import upload
from components.data.sources.web import fetch
from components.data.tables.raw_table import RawTable
from components.errors import DataError
from components.recipe import Preparation
from tests.fake_web import FakeWeb


def test_a_series_is_found_by_its_words_and_a_dot_is_no_value(web: FakeWeb) -> None:
    found = fetch.search("fred", "unemployment united", {})
    assert found[0].detail == "UNRATE"
    reference = fetch.fetch(found[0].address)
    assert reference.name == "UNRATE.csv"
    table = upload.open_upload(reference)
    assert isinstance(table, RawTable)
    assert table.frame["UNRATE"].isna().sum() == 1
    mended = Preparation(mends=propose(table.frame, Preparation(), ()))
    series = data.load(reference, mended)
    assert isinstance(series, Series)
    assert series.frequency == "every month"
    assert len(series.table) == 12
    assert series.table["UNRATE"].tolist()[:2] == [0.5, 1.0]
    assert any("dots" in note for note in series.notes)


@pytest.mark.parametrize("text", ["dgs30", " DGS30 "])
def test_a_series_that_isnt_listed_is_found_by_its_id(text: str) -> None:
    (match,) = fetch.search("fred", text, {})
    assert match.address == "https://fred.stlouisfed.org/series/DGS30"


def test_words_that_nothing_has_find_nothing() -> None:
    assert fetch.search("fred", "no such thing at all", {}) == ()


@pytest.mark.parametrize(
    "address",
    [
        "https://fred.stlouisfed.org/series/UNRATE",
        "https://fred.stlouisfed.org/graph/fredgraph.csv?id=UNRATE&cosd=2000-01-01",
    ],
)
def test_both_addresses_of_a_series_are_known(web: FakeWeb, address: str) -> None:
    assert fetch.fetch(address).name == "UNRATE.csv"


def test_a_series_that_isnt_there_is_said_so(web: FakeWeb) -> None:
    with pytest.raises(DataError, match="nothing at this address"):
        fetch.fetch("https://fred.stlouisfed.org/series/NOSUCH")


def test_a_page_instead_of_the_series_is_said_to_be_one(web: FakeWeb) -> None:
    web.give("fred.stlouisfed.org/graph/fredgraph.csv", "<html>busy</html>", Content_Type="text/html")
    with pytest.raises(DataError, match="web page"):
        fetch.fetch("https://fred.stlouisfed.org/series/UNRATE")
