"""Weather of the past, anywhere on Earth: Open-Meteo's archive of the ERA5 reanalysis."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit, urlunsplit

from components.data.sources.web.csv_file import write_csv
from components.data.sources.web.source import Choice, Match, Source
from components.errors import DataError

if TYPE_CHECKING:
    from components.data.sources.web.client import WebClient

_ARCHIVE = "https://archive-api.open-meteo.com/v1/archive"
_PLACES = "https://geocoding-api.open-meteo.com/v1/search"
_KEEP = timedelta(days=30)
_DELAY = timedelta(days=6)  # after which the archive has a day
_QUANTITIES = {
    "daily": {
        "temperature_2m_mean": "temperature",
        "temperature_2m_min": "lowest temperature",
        "temperature_2m_max": "highest temperature",
        "precipitation_sum": "precipitation",
        "wind_speed_10m_max": "strongest wind",
        "sunshine_duration": "sunshine",
    },
    "hourly": {
        "temperature_2m": "temperature",
        "relative_humidity_2m": "relative humidity",
        "pressure_msl": "pressure",
        "precipitation": "precipitation",
        "cloud_cover": "cloud cover",
        "wind_speed_10m": "wind",
    },
}
_LABELS = {key: label for labels in _QUANTITIES.values() for key, label in labels.items()}


class OpenMeteo(Source):
    """The weather of a place over past years."""

    name: ClassVar[str] = "Weather (Open-Meteo)"
    description: ClassVar[str] = (
        "Temperature, precipitation, wind and more, of any place since 1940, from the ERA5 reanalysis."
    )
    licence: ClassVar[str] = "CC BY 4.0, weather data by Open-Meteo.com"
    search_label: ClassVar[str | None] = "Place"
    placeholder: ClassVar[str] = "Berlin, Nairobi, 10115…"
    examples: ClassVar[tuple[Match, ...]] = tuple(
        Match(title, f"{_ARCHIVE}?latitude={latitude}&longitude={longitude}#{quote(title)}")
        for title, latitude, longitude in (
            ("Berlin, Germany", 52.52, 13.41),
            ("Nairobi, Kenya", -1.28, 36.82),
            ("Seattle, United States", 47.61, -122.33),
            ("Tokyo, Japan", 35.69, 139.69),
        )
    )

    def choices(self) -> tuple[Choice, ...]:
        """Return the interval and the years."""
        return (
            Choice("interval", "Interval", {"daily": "Every day", "hourly": "Every hour"}),
            Choice(
                "years",
                "Period",
                {
                    "10": "The last 10 years",
                    "1": "The last year",
                    "3": "The last 3 years",
                    "30": "The last 30 years",
                },
                "The archive lags a few days behind the present.",
            ),
        )

    def search(self, text: str, chosen: Mapping[str, str], client: "WebClient") -> tuple[Match, ...]:
        """Return places of that name or postal code."""
        query = urlencode({"name": text, "count": 10, "language": "en", "format": "json"})
        answer = client.get_json(f"{_PLACES}?{query}", keep=_KEEP)
        places = answer.get("results", []) if isinstance(answer, dict) else []
        return tuple(_place_match(place) for place in places)

    def address(self, match: Match, chosen: Mapping[str, str]) -> str:
        """Return the address of a place's weather, every day or every hour, over the last years."""
        interval, end = chosen["interval"], _last_day()
        start = _years_before(end, int(chosen["years"]))
        query = {
            "start_date": start.isoformat(),
            "end_date": end.isoformat(),
            interval: ",".join(_QUANTITIES[interval]),
            # Days begin at midnight of the place; hours of a clock with summer time don't follow each other.
            "timezone": "auto" if interval == "daily" else "UTC",
        }
        address, _, name = match.address.partition("#")
        return f"{address}&{urlencode(query, safe=',')}#{name}"

    def latest(self, address: str) -> str:
        """Return the address up to the newest day."""
        parts = urlsplit(address)
        query = parse_qs(parts.query) | {"end_date": [_last_day().isoformat()]}
        return urlunsplit(parts._replace(query=urlencode(query, doseq=True, safe=",")))

    def knows(self, address: str) -> bool:
        """Return whether it is one of the archive."""
        return address.startswith(f"{_ARCHIVE}?")

    def download(self, address: str, target: Path, most: int, client: "WebClient") -> str:
        """Write a column for each quantity, named with its unit."""
        answer = client.get_json(address)
        interval = "daily" if isinstance(answer, dict) and "daily" in answer else "hourly"
        try:
            values: dict[str, list[Any]] = answer[interval]
            units: dict[str, str] = answer.get(f"{interval}_units", {})
            names = [_column_name(key, units.get(key, "")) for key in values]
            rows = list(zip(*values.values(), strict=True))
        except (AttributeError, KeyError, TypeError, ValueError):
            raise _garbled_error() from None
        while rows and all(cell is None for cell in rows[-1][1:]):
            rows.pop()
        if not rows:
            raise DataError(
                "There is no weather data for this place and period.",
                where="Open-Meteo",
                remedy="Choose another one.",
            )
        write_csv(target, names, rows)
        return f"Weather of {unquote(urlsplit(address).fragment) or _coordinates(address)}.csv"


def _place_match(place: Mapping[str, Any]) -> Match:
    country, region = str(place.get("country", "")), str(place.get("admin1", ""))
    title = ", ".join(part for part in (str(place["name"]), country) if part)
    address = f"{_ARCHIVE}?latitude={place['latitude']:.4f}&longitude={place['longitude']:.4f}#{quote(title)}"
    people = place.get("population")
    detail = " · ".join(part for part in (region, f"{people:,} inhabitants" if people else "") if part)
    return Match(title, address, detail)


def _column_name(key: str, unit: str) -> str:
    if key == "time":
        return "time"
    label = _LABELS.get(key, key.replace("_", " "))
    return f"{label} ({unit})" if unit else label


def _coordinates(address: str) -> str:
    query = parse_qs(urlsplit(address).query)
    return ", ".join(query.get(name, ["?"])[0] for name in ("latitude", "longitude"))


def _last_day() -> date:
    return (datetime.now(UTC) - _DELAY).date()


def _years_before(day: date, years: int) -> date:
    return (day - timedelta(days=round(365.2425 * years))) + timedelta(days=1)


def _garbled_error() -> DataError:
    return DataError("The answer is garbled.", where="Open-Meteo", remedy="Try again in a few minutes.")
