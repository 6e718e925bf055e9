"""Quotes from Yahoo Finance: fetched once, kept as they were under a random name, and read again at each use.

Yahoo is asked in a thread of its own, and given up soon where it doesn't answer: nothing else waits for it.
The first question imports yfinance, which takes 35 MB.
"""

import io
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pandas as pd
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from components.data.datasets import Provenance, Series
from components.data.sources.market_data import History, Listing
from components.data.sources.web.fetch_pool import FetchPool
from components.data.sources.web.public_address import check_allowed
from components.errors import DataError
from components.recipe import Interval, Period, Quotes
from components.settings import settings
from components.storage import Folder

PERIODS: dict[Period, str] = {
    "1d": "1 day",
    "5d": "5 days",
    "1mo": "1 month",
    "3mo": "3 months",
    "6mo": "6 months",
    "1y": "1 year",
    "2y": "2 years",
    "5y": "5 years",
    "10y": "10 years",
    "ytd": "Year to date",
    "max": "All available",
}


@dataclass(frozen=True)
class IntervalInfo:
    """An interval from one row to the next.

    Attributes:
        periods: how far back Yahoo offers such rows.
        max_age: age up to which quotes are given again instead of fetched.
    """

    label: str
    periods: tuple[Period, ...]
    max_age: timedelta


_MINUTES, _HOUR = timedelta(minutes=5), timedelta(hours=1)
INTERVALS: dict[Interval, IntervalInfo] = {
    "1m": IntervalInfo("Every minute", ("1d", "5d"), _MINUTES),
    "5m": IntervalInfo("Every 5 minutes", ("1d", "5d", "1mo"), _MINUTES),
    "15m": IntervalInfo("Every 15 minutes", ("1d", "5d", "1mo"), _MINUTES),
    "1h": IntervalInfo("Every hour", ("5d", "1mo", "3mo", "6mo", "1y", "2y"), _MINUTES),
    "1d": IntervalInfo("Every day", ("1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max"), _HOUR),
    "1wk": IntervalInfo("Every week", ("6mo", "1y", "2y", "5y", "10y", "max"), _HOUR),
    "1mo": IntervalInfo("Every month", ("1y", "2y", "5y", "10y", "max"), _HOUR),
}
MOST_TICKERS = 10

_SYMBOL = re.compile(r"[A-Z0-9^][A-Z0-9.^=&-]{0,19}")  # what the recipe allows
_ISIN = re.compile(r"[A-Z]{2}[A-Z0-9]{9}[0-9]")
_POOL = FetchPool(1, "yahoo")  # yfinance asks one thing at a time
_SEARCH_SECONDS, _FETCH_SECONDS = 8.0, 20.0  # for all that is asked
_LONGEST_TEXT = 200  # characters of a title, or of what is searched for


def fetch(
    tickers: Iterable[str], period: Period = "1y", interval: Interval = "1d", adjusted: bool = True
) -> Quotes:
    """Fetch quotes and keep them. If fresh ones are kept already, those are given.

    Of several tickers only the times are kept at which all of them were traded.

    Args:
        tickers: up to ten of Yahoo's symbols.
        period: how far back.
        interval: time from one row to the next.
        adjusted: take dividends out of the prices.

    Raises:
        DataError: if that can't be asked, Yahoo can't be reached, or has no such quotes.
    """
    symbols = _check_symbols(tickers)
    _check_request(period, interval)
    known = _find_newest(symbols, period, interval, adjusted)
    if known and is_fresh(known):
        return known
    check_allowed()
    from components.data.sources.yahoo_client import fetch_histories  # noqa: PLC0415 - see the first lines

    found = _POOL.ask(
        lambda: fetch_histories(symbols, period, interval, adjusted, _FETCH_SECONDS), _FETCH_SECONDS
    )
    table, notes = _join_histories(found)
    now = datetime.now(UTC)
    label = _Metadata(
        title=", ".join(f"{one.name} ({one.symbol})" for one in found)[:_LONGEST_TEXT],
        unit=found[0].unit,
        notes=(
            *notes,
            _adjustment_note(adjusted),
            *(["Times are in UTC."] if interval[-1] in "mh" else []),
        ),
        fetched=now,
    )
    reference = Quotes(
        id=secrets.token_hex(16),
        tickers=symbols,
        period=period,
        interval=interval,
        adjusted=adjusted,
        fetched=now.date(),
    )
    _store(reference, label, table)
    return reference


def search(text: str) -> tuple[Listing, ...]:
    """Find what is traded, by a company's name or a part of a symbol; the best match first, at most ten.

    Raises:
        DataError: if Yahoo can't be reached.
    """
    check_allowed()
    from components.data.sources.yahoo_client import fetch_listings  # noqa: PLC0415

    words = " ".join(text.split())[:_LONGEST_TEXT]
    if not words:
        return ()
    found = _POOL.ask(lambda: fetch_listings(words, _SEARCH_SECONDS), _SEARCH_SECONDS)
    return tuple(listing for listing in found if _SYMBOL.fullmatch(listing.symbol))


def newest_quotes(
    tickers: Iterable[str], period: Period, interval: Interval, adjusted: bool
) -> Quotes | None:
    """Return the newest quotes that were fetched in this way, however old they are.

    Raises:
        DataError: if that can't be asked.
    """
    symbols = _check_symbols(tickers)
    _check_request(period, interval)
    return _find_newest(symbols, period, interval, adjusted)


def is_fresh(reference: Quotes) -> bool:
    """Return whether `fetch` would give these again instead of newer ones."""
    return datetime.now(UTC) - fetch_time(reference) < INTERVALS[reference.interval].max_age


def fetch_time(reference: Quotes) -> datetime:
    """Return the moment at which quotes were fetched, in UTC.

    Raises:
        DataError: if they are no longer kept.
    """
    return _read(reference)[0].fetched


def load(reference: Quotes) -> Series:
    """Read kept quotes: (rows, columns) prices and volumes, named “close”, or “AAPL close” if of several.

    Raises:
        DataError: if they are no longer kept.
    """
    label, table = _read(reference)
    return Series(
        reference=reference,
        title=label.title,
        table=table,
        provenance=Provenance(
            f"Yahoo Finance, as fetched on {label.fetched:%Y-%m-%d at %H:%M} UTC",
            "Yahoo's terms: for personal use",
            f"https://finance.yahoo.com/quote/{reference.tickers[0]}",
        ),
        unit=label.unit,
        notes=label.notes,
    )


# --- What can be asked -----------------------------------------------------------------------------


def _check_symbols(tickers: Iterable[str]) -> tuple[str, ...]:
    symbols = tuple(dict.fromkeys(ticker.strip().upper() for ticker in tickers))
    if not 1 <= len(symbols) <= MOST_TICKERS:
        raise DataError(
            f"There are {len(symbols)} symbols.",
            where="tickers",
            remedy=f"Enter 1 to {MOST_TICKERS} symbols.",
        )
    for symbol in symbols:
        if _ISIN.fullmatch(symbol):
            raise DataError(
                f"{symbol} is an ISIN, not a symbol.",
                where="tickers",
                remedy="Search for it to find the symbol.",
            )
        if not _SYMBOL.fullmatch(symbol):
            raise DataError(
                f"“{symbol[:40]}” isn't a valid symbol.",
                where="tickers",
                remedy="Symbols look like AAPL, ^GSPC, EURUSD=X or 0700.HK. Search for a name to find one.",
            )
    return symbols


def _check_request(period: Period, interval: Interval) -> None:
    if interval not in INTERVALS:
        raise DataError(
            f"There is no interval “{interval}”.", where="interval", remedy=f"Use {', '.join(INTERVALS)}."
        )
    periods = INTERVALS[interval].periods
    if period not in periods:
        raise DataError(
            f"The interval “{INTERVALS[interval].label}” isn't available for "
            f"“{PERIODS.get(period, period)}”.",
            where="period",
            remedy=f"Choose one of these: {', '.join(PERIODS[period].lower() for period in periods)}.",
        )


# --- What is made of the answers -------------------------------------------------------------------


def _join_histories(found: tuple[History, ...]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Join what was traded at the same times."""
    notes = tuple(note for one in found for note in one.notes)
    if len(found) == 1:
        return found[0].table, notes
    table = pd.concat(
        [one.table.add_prefix(f"{one.symbol} ") for one in found], axis=1, join="inner"
    ).sort_index()
    symbols = ", ".join(one.symbol for one in found)
    if table.empty:
        raise DataError(
            f"{symbols} were never traded at the same time.",
            where="tickers",
            remedy="Choose a longer period or the interval “Every day”.",
        )
    times = len(set().union(*(one.table.index for one in found)))
    left = times - len(table)
    if left:
        notes += (
            f"{left:,} of {times:,} times were left out because not all of {symbols} were traded then.",
        )
    return table, notes


def _adjustment_note(adjusted: bool) -> str:
    adjustments = "splits and dividends" if adjusted else "splits, but not for dividends"
    return f"Prices are adjusted for {adjustments}, so old ones differ from what was paid on the day."


# --- What is kept ----------------------------------------------------------------------------------


class _Metadata(BaseModel):
    """What is kept beside the numbers, inside their file."""

    model_config = ConfigDict(frozen=True)

    title: str
    unit: str
    notes: tuple[str, ...]
    fetched: AwareDatetime


_METADATA_KEY = b"unroll"


def _store(reference: Quotes, label: _Metadata, table: pd.DataFrame) -> None:
    import pyarrow as pa  # noqa: PLC0415 - some MB that a server without quotes can do without
    import pyarrow.parquet as pq  # noqa: PLC0415

    columns = pa.Table.from_pandas(table)
    columns = columns.replace_schema_metadata(
        {**columns.schema.metadata, _METADATA_KEY: label.model_dump_json().encode()}
    )
    file = io.BytesIO()
    pq.write_table(columns, file)
    _folder().write(reference.id, file.getvalue())
    newest = _newest_file_name(reference.tickers, reference.period, reference.interval, reference.adjusted)
    _folder().write(newest, reference.model_dump_json().encode())


def _read(reference: Quotes) -> tuple[_Metadata, pd.DataFrame]:
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        content = _folder().read(reference.id)
    except FileNotFoundError:
        raise DataError(
            "These quotes are no longer stored.",
            where=", ".join(reference.tickers),
            remedy="Fetch them again.",
        ) from None
    columns = pq.read_table(io.BytesIO(content))
    return _Metadata.model_validate_json(columns.schema.metadata[_METADATA_KEY]), columns.to_pandas()


def _find_newest(
    symbols: tuple[str, ...], period: Period, interval: Interval, adjusted: bool
) -> Quotes | None:
    try:
        known = Quotes.model_validate_json(
            _folder().read(_newest_file_name(symbols, period, interval, adjusted))
        )
    except (FileNotFoundError, ValidationError):
        return None
    return known if _folder().exists(known.id) else None


def _newest_file_name(symbols: tuple[str, ...], period: Period, interval: Interval, adjusted: bool) -> str:
    """Return the name of the file that says which quotes were the last to be fetched in this way."""
    question = json.dumps([symbols, period, interval, adjusted])
    return f"newest-{sha256(question.encode()).hexdigest()}"


def _folder() -> Folder:
    return Folder(settings().artifacts).folder("quotes")
