"""Our World in Data: the tables behind its charts."""

import csv
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from components.data.sources.web.countries import WORLD, country_choice, country_codes
from components.data.sources.web.csv_file import write_csv
from components.data.sources.web.source import Choice, Match, Source
from components.errors import DataError

if TYPE_CHECKING:
    from components.data.sources.web.client import WebClient

_HOST = "https://ourworldindata.org"
_CHARTS = f"{_HOST}/grapher/"
_WORLD_CODE = "OWID_WRL"  # what Our World in Data calls the world
_KEEP = timedelta(days=7)
_KEYS = 3  # columns before the values: entity, code, and year or day


class OurWorldInData(Source):
    """The table of a chart, for a country, the world, or several countries."""

    name: ClassVar[str] = "Our World in Data"
    description: ClassVar[str] = (
        "The tables behind its charts of health, energy, climate, population and more, of every country."
    )
    licence: ClassVar[str] = "CC BY 4.0, Our World in Data and the sources that the chart's page names"
    search_label: ClassVar[str | None] = "Chart"
    placeholder: ClassVar[str] = "life expectancy, solar power…"
    examples: ClassVar[tuple[Match, ...]] = tuple(
        Match(title, f"{_CHARTS}{slug}")
        for slug, title in (
            ("life-expectancy", "Life expectancy"),
            ("annual-co2-emissions-per-country", "Annual CO₂ emissions"),
            ("population", "Population"),
            ("electricity-generation", "Electricity generation"),
        )
    )

    def choices(self) -> tuple[Choice, ...]:
        """Return the country."""
        return (country_choice(),)

    def search(self, text: str, chosen: Mapping[str, str], client: "WebClient") -> tuple[Match, ...]:
        """Return charts on something."""
        query = urlencode({"q": text, "hitsPerPage": 10})
        answer = client.get_json(f"{_HOST}/api/search?{query}", keep=_KEEP)
        found = answer.get("results") or answer.get("hits") or [] if isinstance(answer, dict) else []
        return tuple(
            Match(
                str(one["title"]), f"{_CHARTS}{quote(str(one['slug']))}", str(one.get("subtitle") or "")[:120]
            )
            for one in found
            if "slug" in one and "title" in one and one.get("type", "chart") == "chart"
        )

    def address(self, match: Match, chosen: Mapping[str, str]) -> str:
        """Return the address of a chart of the countries that were chosen."""
        codes = [_WORLD_CODE if code == WORLD else code for code in country_codes(chosen["country"])]
        # As the site itself writes it.
        return f"{match.address}?country={'~' if len(codes) == 1 else ''}{'~'.join(codes)}"

    def knows(self, address: str) -> bool:
        """Return whether it is a chart's page or file."""
        return address.startswith(_CHARTS)

    def download(self, address: str, target: Path, most: int, client: "WebClient") -> str:
        """Write a row for each time, with a column for each country or for each quantity."""
        parts = urlsplit(address)
        slug = parts.path.removeprefix("/grapher/").partition(".")[0].strip("/")
        with TemporaryDirectory() as folder:
            raw = Path(folder) / "raw"
            client.download(f"{_CHARTS}{slug}.csv?csvType=full", raw, most)
            with raw.open(newline="", encoding="utf-8-sig") as file:
                _write_countries(csv.reader(file), _asked_codes(parts.query), target, slug)
        return f"{slug}.csv"


def _asked_codes(query: str) -> tuple[str, ...]:
    written = parse_qs(query).get("country", [_WORLD_CODE])[0]
    return tuple(code for code in written.replace(" ", "~").split("~") if code)


def _write_countries(rows: Iterable[list[str]], codes: tuple[str, ...], target: Path, slug: str) -> None:
    """Write those rows of a table of all countries that belong to some, those of a time beside each other.

    Raises:
        DataError: if there are none, or it isn't such a table.
    """
    lines = iter(rows)
    header = next(lines, [])
    if len(header) <= _KEYS or header[:2] != ["Entity", "Code"]:
        raise DataError("The answer is garbled.", where=slug, remedy="Try again in a few minutes.")
    quantities = header[_KEYS:]
    found: dict[str, dict[str, list[str]]] = {}  # by the country's name, then by the time
    others: dict[str, None] = {}
    for line in lines:
        if len(line) == len(header):
            if line[1] in codes or line[0] in codes:
                found.setdefault(line[0], {})[line[2]] = line[_KEYS:]
            else:
                others[line[0]] = None
    if not found:
        some = ", ".join(list(others)[:5])
        raise DataError(
            "This chart has no values for this country.",
            where=slug,
            remedy=f"Choose another, such as {some}.",
        )
    times = sorted({time for values in found.values() for time in values}, key=_time_key)
    names = [
        quantity if len(found) == 1 else country if len(quantities) == 1 else f"{country}: {quantity}"
        for country in found
        for quantity in quantities
    ]
    empty = [""] * len(quantities)
    table = (
        [time, *(cell for values in found.values() for cell in values.get(time, empty))] for time in times
    )
    write_csv(target, [header[2].lower(), *names], table)


def _time_key(time: str) -> tuple[float, str]:
    """Return what years, which may lie before our era, and days are sorted by."""
    try:
        return float(time), ""
    except ValueError:
        return 0.0, time
