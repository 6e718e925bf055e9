"""The World Bank's indicators: population, output, energy and more, of every country and year since 1960."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from components.data.sources.web.countries import WORLD, country_choice, country_codes
from components.data.sources.web.csv_file import write_csv
from components.data.sources.web.source import Choice, Match, Source
from components.errors import DataError

if TYPE_CHECKING:
    from components.data.sources.web.client import WebClient

_API = "https://api.worldbank.org/v2"
_LIST = f"{_API}/indicator?format=json&source=2&per_page=5000"  # 2: the World Development Indicators
_KEEP = timedelta(days=30)
_PER_PAGE = 20_000  # more than any question here has


class WorldBank(Source):
    """An indicator of a country, the world, or several countries."""

    name: ClassVar[str] = "World Bank"
    description: ClassVar[str] = (
        "1,400 indicators of population, output, trade, energy, health and education, every year since 1960."
    )
    licence: ClassVar[str] = "CC BY 4.0, The World Bank"
    search_label: ClassVar[str | None] = "Indicator"
    placeholder: ClassVar[str] = "population, GDP, CO2 emissions…"
    examples: ClassVar[tuple[Match, ...]] = tuple(
        Match(title, f"{_API}/country/{WORLD}/indicator/{key}", key)
        for key, title in (
            ("SP.POP.TOTL", "Population, total"),
            ("NY.GDP.MKTP.CD", "GDP (current US$)"),
            ("SP.DYN.LE00.IN", "Life expectancy at birth, total (years)"),
            ("IT.NET.USER.ZS", "Individuals using the Internet (% of population)"),
        )
    )

    def choices(self) -> tuple[Choice, ...]:
        """Return the country."""
        return (country_choice(),)

    def search(self, text: str, chosen: Mapping[str, str], client: "WebClient") -> tuple[Match, ...]:
        """Return the indicators that have all the words in their names; those with the shortest first."""
        listed = _rows(client.get_json(_LIST, keep=_KEEP), "indicators")
        words = text.lower().split()
        found = [
            (str(one["name"]), str(one["id"]))
            for one in listed
            if all(word in f"{one['name']} {one['id']}".lower() for word in words)
        ]
        found.sort(key=lambda one: len(one[0]))
        return tuple(
            Match(title, f"{_API}/country/{WORLD}/indicator/{key}", key) for title, key in found[:10]
        )

    def address(self, match: Match, chosen: Mapping[str, str]) -> str:
        """Return the address of an indicator in the countries that were chosen."""
        codes = ";".join(country_codes(chosen["country"]))
        return match.address.replace(f"/country/{WORLD}/", f"/country/{codes}/")

    def knows(self, address: str) -> bool:
        """Return whether it is one of an indicator."""
        return urlsplit(address).hostname == "api.worldbank.org" and _indicator(address) is not None

    def download(self, address: str, target: Path, most: int, client: "WebClient") -> str:
        """Write a row for each year with a column for each country."""
        plain = address.partition("?")[0]
        rows = _rows(client.get_json(f"{plain}?format=json&per_page={_PER_PAGE}"), _indicator(address) or "")
        values: dict[str, dict[str, Any]] = {}  # by the time, then by the country
        countries: dict[str, None] = {}
        for row in rows:
            if row.get("value") is not None:
                country = str(row["country"]["value"])
                countries[country] = None
                values.setdefault(str(row["date"]), {})[country] = row["value"]
        if not values:
            raise DataError(
                "The World Bank has no values of this indicator for this country.",
                where=str(_indicator(address)),
                remedy="Choose another country or indicator.",
            )
        title = str(rows[0]["indicator"]["value"])
        names = list(countries)
        table = ([time, *(values[time].get(name) for name in names)] for time in sorted(values))
        write_csv(target, ["year", *(names if len(names) > 1 else [title])], table)
        return f"{title}, {names[0]}.csv" if len(names) == 1 else f"{title}.csv"


def _indicator(address: str) -> str | None:
    parts = urlsplit(address).path.strip("/").split("/")
    return parts[4] if len(parts) == 5 and parts[1] == "country" and parts[3] == "indicator" else None


def _rows(answer: Any, where: str) -> list[dict[str, Any]]:
    """Return what an answer lists: it is a page's number and size, and the page; or a message alone.

    Raises:
        DataError: if it lists nothing.
    """
    match answer:
        case [dict(), [dict(), *_] as rows]:
            return rows
        case [{"message": [{"value": message}, *_]}]:
            raise DataError(
                f"The World Bank reports: “{str(message)[:200]}”", where=where, remedy="Choose another one."
            )
        case [{"total": 0}, *_]:
            raise DataError(
                "The World Bank has no values of this indicator for this country.",
                where=where,
                remedy="Choose another country or indicator.",
            )
    raise DataError("The answer is garbled.", where="World Bank", remedy="Try again in a few minutes.")
