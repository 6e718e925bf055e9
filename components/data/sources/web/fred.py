"""The economy: series of FRED, the Federal Reserve Bank of St. Louis' database, as CSV without a key."""

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qs, urlsplit

from components.data.sources.web.csv_file import write_csv
from components.data.sources.web.source import Match, Source
from components.errors import DataError

if TYPE_CHECKING:
    from components.data.sources.web.client import WebClient

_CSV = "https://fred.stlouisfed.org/graph/fredgraph.csv?id="
_PAGE = "https://fred.stlouisfed.org/series/"
_ID = re.compile(r"[A-Z0-9_]{2,60}")
_MISSING = ("", ".")
# FRED's own search wants a key. These are the series that people ask for most; all others have their ID.
_SERIES = {
    "UNRATE": "Unemployment rate, United States, every month",
    "CPIAUCSL": "Consumer price index (inflation), United States, every month",
    "CPILFESL": "Consumer price index without food and energy (core inflation), every month",
    "PCEPI": "Price index of personal consumption (inflation), United States, every month",
    "T10YIE": "Expected inflation over 10 years, every business day",
    "GDP": "Gross domestic product, United States, every quarter",
    "GDPC1": "Real gross domestic product, United States, every quarter",
    "A191RL1Q225SBEA": "Growth of the real gross domestic product, United States, every quarter",
    "FEDFUNDS": "Federal funds rate (interest), every month",
    "DFF": "Federal funds rate (interest), every day",
    "DGS10": "Yield of 10-year Treasury bonds (interest), every business day",
    "DGS2": "Yield of 2-year Treasury bonds (interest), every business day",
    "T10Y2Y": "Yield spread, 10-year less 2-year Treasury bonds, every business day",
    "MORTGAGE30US": "Rate of 30-year mortgages, United States, every week",
    "BAMLH0A0HYM2": "High-yield bond spread, United States, every business day",
    "SP500": "S&P 500 stock market index, every business day",
    "NASDAQCOM": "NASDAQ Composite stock market index, every business day",
    "DJIA": "Dow Jones Industrial Average stock market index, every business day",
    "VIXCLS": "VIX, expected volatility of the stock market, every business day",
    "DCOILWTICO": "Crude oil price, West Texas Intermediate, every business day",
    "DCOILBRENTEU": "Crude oil price, Brent, every business day",
    "DHHNGSP": "Natural gas price, Henry Hub, every business day",
    "GASREGW": "Gasoline (petrol) price, United States, every week",
    "PCOPPUSDM": "Copper price, world, every month",
    "PWHEAMTUSDM": "Wheat price, world, every month",
    "APU0000708111": "Price of a dozen eggs, United States, every month",
    "DEXUSEU": "Exchange rate, US dollars to the euro, every business day",
    "DEXJPUS": "Exchange rate, Japanese yen to the US dollar, every business day",
    "DEXUSUK": "Exchange rate, US dollars to the British pound, every business day",
    "DEXCHUS": "Exchange rate, Chinese yuan to the US dollar, every business day",
    "CBBTCUSD": "Bitcoin price in US dollars, every day",
    "CBETHUSD": "Ethereum price in US dollars, every day",
    "PAYEMS": "Employees outside farms (jobs), United States, every month",
    "ICSA": "New claims for unemployment insurance, United States, every week",
    "CIVPART": "Labour (labor) force participation rate, United States, every month",
    "JTSJOL": "Job openings, United States, every month",
    "CES0500000003": "Average hourly earnings (wages), United States, every month",
    "HOUST": "Housing starts, United States, every month",
    "CSUSHPINSA": "House (home) price index, Case-Shiller, United States, every month",
    "MSPUS": "Median house (home) price, United States, every quarter",
    "RSXFS": "Retail sales, United States, every month",
    "INDPRO": "Industrial production, United States, every month",
    "IPG2211A2N": "Electricity and gas production, United States, not seasonally adjusted, every month",
    "TOTALSA": "Vehicle (car) sales, United States, every month",
    "UMCSENT": "Consumer sentiment, University of Michigan, every month",
    "USREC": "Recessions of the United States, yes or no, every month",
    "M2SL": "Money supply M2, United States, every month",
    "WALCL": "Assets of the Federal Reserve, every week",
    "GFDEBTN": "Federal debt, United States, every quarter",
    "PSAVERT": "Personal saving rate, United States, every month",
    "AIRRPMTSID11": "Air travel, revenue passenger miles, United States, every month",
    "TSIFRGHT": "Freight transport index, United States, every month",
    "LRHUTTTTDEM156S": "Unemployment rate, Germany, every month",
    "LRHUTTTTEZM156S": "Unemployment rate, euro area, every month",
    "CP0000EZ19M086NEST": "Consumer prices (inflation), euro area, every month",
    "GBRCPIALLMINMEI": "Consumer prices (inflation), United Kingdom, every month",
    "JPNCPIALLMINMEI": "Consumer prices (inflation), Japan, every month",
}


class Fred(Source):
    """A series of the economy."""

    name: ClassVar[str] = "Economy (FRED)"
    description: ClassVar[str] = (
        "Prices, jobs, interest, output and more: over 800,000 series of a US central bank. "
        "The search covers the most popular; for any other, enter its ID, such as UNRATE."
    )
    licence: ClassVar[str] = (
        "As stated on the series' page: most are in the public domain, some are copyrighted"
    )
    notes: ClassVar[tuple[str, ...]] = ("FRED's dots for missing values were read as empty.",)
    search_label: ClassVar[str | None] = "Series or its ID"
    placeholder: ClassVar[str] = "unemployment, oil price, DGS10…"
    examples: ClassVar[tuple[Match, ...]] = tuple(
        Match(_SERIES[key], f"{_PAGE}{key}", key)
        for key in ("UNRATE", "CPIAUCSL", "DCOILBRENTEU", "IPG2211A2N")
    )

    def search(self, text: str, chosen: Mapping[str, str], client: "WebClient") -> tuple[Match, ...]:
        """Return the series that have all the words, and the one of that ID."""
        words = text.lower().split()
        found = [
            Match(title, f"{_PAGE}{key}", key)
            for key, title in _SERIES.items()
            if all(word in f"{title} {key}".lower() for word in words)
        ]
        key = text.strip().upper()
        if _ID.fullmatch(key) and key not in _SERIES and not found:
            found.append(Match(f"The series with the ID {key}", f"{_PAGE}{key}", key))
        return tuple(found[:10])

    def knows(self, address: str) -> bool:
        """Return whether it is a series' page or file."""
        return _series_id(address) is not None

    def download(self, address: str, target: Path, most: int, client: "WebClient") -> str:
        """Write the series, with empty cells where FRED writes a dot."""
        key = _series_id(address)
        with TemporaryDirectory() as folder:
            raw = Path(folder) / "raw"
            client.download(f"{_CSV}{key}", raw, most)
            with raw.open(newline="", encoding="utf-8-sig") as file:
                rows = list(csv.reader(file))
        if len(rows) < 2 or any(len(row) != len(rows[0]) for row in rows):
            raise DataError(
                "The answer is garbled.", where=f"FRED, {key}", remedy="Try again in a few minutes."
            )
        cells = (
            (day, *("" if value in _MISSING else value for value in values)) for day, *values in rows[1:]
        )
        write_csv(target, ["date", *rows[0][1:]], cells)
        return f"{key}.csv"


def _series_id(address: str) -> str | None:
    parts = urlsplit(address)
    if parts.hostname != "fred.stlouisfed.org":
        return None
    if parts.path.startswith("/series/"):
        key = parts.path.removeprefix("/series/").strip("/").upper()
    elif parts.path == "/graph/fredgraph.csv":
        key = parse_qs(parts.query).get("id", [""])[0].upper()
    else:
        return None
    return key if _ID.fullmatch(key) else None
