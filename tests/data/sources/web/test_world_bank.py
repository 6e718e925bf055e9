"""Indicators of countries, asked of a server that answers as the World Bank does."""

import pytest

from components import data
from components.data.datasets import Series
from components.data.sources.web import fetch
from components.data.sources.web.world_bank import WorldBank
from components.errors import DataError
from tests.fake_web import FakeWeb


def test_an_indicator_of_the_world_is_a_series_of_years(web: FakeWeb) -> None:
    (match,) = fetch.search("world_bank", "population total", {"country": "WLD"})
    series = data.load(fetch.fetch(WorldBank().address(match, {"country": "WLD"})))
    assert isinstance(series, Series)
    assert series.title == "Population, total, World.csv"
    assert series.frequency == "every year"
    assert len(series.table) == 63  # 2023 has no value yet
    assert series.table["Population, total"].iloc[0] == 1_001_960


def test_several_countries_stand_beside_each_other(web: FakeWeb) -> None:
    address = WorldBank().address(WorldBank.examples[0], {"country": "large"})
    series = data.load(fetch.fetch(address))
    assert isinstance(series, Series)
    assert len(series.table.columns) == 10
    assert "Germany" in series.table


def test_the_list_of_indicators_is_asked_for_once(web: FakeWeb) -> None:
    for text in ("gdp", "population"):
        assert len(fetch.search("world_bank", text, {"country": "WLD"})) == 1
    assert len(web.asked) == 1


def test_what_the_bank_reports_is_passed_on(web: FakeWeb) -> None:
    with pytest.raises(DataError, match="provided parameter value is not valid"):
        fetch.fetch("https://api.worldbank.org/v2/country/WLD/indicator/NO.SUCH")


@pytest.mark.parametrize(
    "answer", ['[{"page": 0, "pages": 0, "total": 0}, null]', '[{"page": 1, "total": 1}, [{"value": null}]]']
)
def test_an_indicator_without_values_is_said_to_have_none(web: FakeWeb, answer: str) -> None:
    web.give("api.worldbank.org/v2/country/XKX/indicator/A.B", answer)
    with pytest.raises(DataError, match="has no values"):
        fetch.fetch("https://api.worldbank.org/v2/country/XKX/indicator/A.B")


def test_a_garbled_answer_is_said_to_be_one(web: FakeWeb) -> None:
    web.give("api.worldbank.org/v2/country/WLD/indicator/A.B", '{"a": 1}')
    with pytest.raises(DataError, match="garbled"):
        fetch.fetch("https://api.worldbank.org/v2/country/WLD/indicator/A.B")
