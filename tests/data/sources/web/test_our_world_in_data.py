"""The tables of charts, asked of a server that answers as Our World in Data does."""

import pytest

from components import data
from components.data.datasets import Series
from components.data.sources.web import fetch
from components.data.sources.web.our_world_in_data import OurWorldInData
from components.errors import DataError
from tests.fake_web import FakeWeb

CHART = "https://ourworldindata.org/grapher/life-expectancy"


def load(address: str) -> Series:
    found = data.load(fetch.fetch(address))
    assert isinstance(found, Series)
    return found


def test_a_chart_is_found_and_the_world_is_a_series(web: FakeWeb) -> None:
    (match,) = fetch.search("our_world_in_data", "life expectancy", {"country": "WLD"})
    series = load(OurWorldInData().address(match, {"country": "WLD"}))
    assert series.title == "life-expectancy.csv"
    assert series.table["Life expectancy"].tolist() == [64 + n for n in range(30)]
    assert series.frequency == "every year"


def test_countries_stand_beside_each_other(web: FakeWeb) -> None:
    series = load(OurWorldInData().address(OurWorldInData.examples[0], {"country": "large"}))
    assert set(series.table.columns) == {"France", "Germany"}  # the others aren't in the chart


@pytest.mark.parametrize("query", ["?country=~DEU", "?tab=chart&country=DEU~FRA", "", ".csv?csvType=full"])
def test_an_address_from_the_browser_is_understood(web: FakeWeb, query: str) -> None:
    assert len(load(CHART + query).table) == 30


def test_a_country_that_a_chart_lacks_is_said_so(web: FakeWeb) -> None:
    with pytest.raises(DataError, match="no values for this country") as caught:
        fetch.fetch(f"{CHART}?country=~ATL")
    assert "France, Germany" in caught.value.remedy


def test_days_and_several_quantities_are_kept(web: FakeWeb) -> None:
    rows = [f"World,OWID_WRL,2024-01-{day:02d},{day},{2 * day}" for day in range(1, 20)]
    web.give("ourworldindata.org/grapher/cases.csv", "\n".join(["Entity,Code,Day,Cases,Deaths", *rows]))
    series = load("https://ourworldindata.org/grapher/cases")
    assert list(series.table.columns) == ["Cases", "Deaths"]
    assert series.frequency == "every day"


def test_another_table_is_said_to_be_garbled(web: FakeWeb) -> None:
    web.give("ourworldindata.org/grapher/cases.csv", "a,b\n1,2\n")
    with pytest.raises(DataError, match="garbled"):
        fetch.fetch("https://ourworldindata.org/grapher/cases")
