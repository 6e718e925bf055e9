"""The weather of a place, asked of a server that answers as Open-Meteo does."""

import pytest

from components import data
from components.data.datasets import Series
from components.data.sources.web import fetch
from components.data.sources.web.open_meteo import OpenMeteo
from components.errors import DataError
from tests.fake_web import FakeWeb, Page


def test_a_city_is_found_and_its_days_are_a_series(web: FakeWeb) -> None:
    (place,) = fetch.search("weather", "Berlin", {})
    assert (place.title, place.detail) == ("Berlin, Germany", "State of Berlin · 3,426,354 inhabitants")
    address = OpenMeteo().address(place, {"interval": "daily", "years": "1"})
    assert "timezone=auto" in address
    found = data.load(fetch.fetch(address))
    assert isinstance(found, Series)
    assert found.title == "Weather of Berlin, Germany.csv"
    assert found.frequency == "every day"
    assert len(found.table) == 18  # the last two have no values yet
    assert found.table["temperature (°C)"].iloc[0] == 0.5
    assert found.provenance.licence.startswith("CC BY 4.0")


def test_hours_are_those_of_utc(web: FakeWeb) -> None:
    (place,) = fetch.search("weather", "Berlin", {})
    address = OpenMeteo().address(place, {"interval": "hourly", "years": "1"})
    assert "timezone=UTC" in address
    found = data.load(fetch.fetch(address))
    assert isinstance(found, Series)
    assert found.frequency == "every hour"


def test_the_newest_of_an_address_goes_up_to_the_newest_day(web: FakeWeb) -> None:
    (place,) = fetch.search("weather", "Berlin", {})
    now = OpenMeteo().address(place, {"interval": "daily", "years": "10"})
    end = now.partition("end_date=")[2][:10]
    assert OpenMeteo().latest(now.replace(end, "2020-05-01")) == now


def test_a_place_that_nobody_knows_is_not_found(web: FakeWeb) -> None:
    assert fetch.search("weather", "Xyzzy", {}) == ()


@pytest.mark.parametrize(
    "answer", [b"[]", b'{"daily": {"time": ["2024-01-01"], "rain": []}}', b'{"daily": 1}']
)
def test_a_garbled_answer_is_said_to_be_one(web: FakeWeb, answer: bytes) -> None:
    web.pages["archive-api.open-meteo.com/v1/archive"] = Page(answer)
    with pytest.raises(DataError, match="garbled"):
        fetch.fetch(OpenMeteo.examples[0].address + "&daily=rain")


def test_a_period_without_weather_is_said_to_be_one(web: FakeWeb) -> None:
    web.give("archive-api.open-meteo.com/v1/archive", '{"daily": {"time": ["2024-01-01"], "rain": [null]}}')
    with pytest.raises(DataError, match="no weather"):
        fetch.fetch(OpenMeteo.examples[0].address + "&daily=rain")
