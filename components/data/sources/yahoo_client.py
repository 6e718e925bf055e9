"""The line to Yahoo Finance: yfinance with a deadline, second tries, and words for what goes wrong.

It takes 35 MB and a second to import, when it is first used.
"""

import logging
import re
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import yfinance
from curl_cffi.requests import Response, Session
from curl_cffi.requests import exceptions as web
from yfinance import exceptions as yahoo
from yfinance.data import YfData

from components.data.sources.market_data import History, Listing
from components.errors import DataError
from components.recipe import Interval, Period
from components.settings import settings

T = TypeVar("T")

logger = logging.getLogger(__name__)

# yfinance turns these on for itself; they are for those who make it.
warnings.filterwarnings("ignore", category=DeprecationWarning, module="^yfinance")

SOURCE = "Yahoo Finance"
_REQUEST_TIMEOUT = 5.0  # seconds for one request
_PAUSES = (0.5, 2.0)  # seconds before a second and a third try
_STEPS: dict[Interval, pd.DateOffset] = {
    "1m": pd.DateOffset(minutes=1),
    "5m": pd.DateOffset(minutes=5),
    "15m": pd.DateOffset(minutes=15),
    "1h": pd.DateOffset(hours=1),
    "1d": pd.DateOffset(days=1),
    "1wk": pd.DateOffset(weeks=1),
    "1mo": pd.DateOffset(months=1),
}


def fetch_histories(
    symbols: tuple[str, ...], period: Period, interval: Interval, adjusted: bool, seconds: float
) -> tuple[History, ...]:
    """Ask for the past of each symbol, all within so many seconds.

    Raises:
        DataError: in its own words for each thing that can go wrong.
    """
    with _client(seconds) as line:
        return tuple(
            line.ask(partial(_fetch_history, line, symbol, period, interval, adjusted), symbol)
            for symbol in symbols
        )


def fetch_listings(text: str, seconds: float, most: int = 10) -> tuple[Listing, ...]:
    """Ask for what a name or a part of a symbol may mean, the best match first, within so many seconds.

    Raises:
        DataError: in its own words for each thing that can go wrong.
    """
    with _client(seconds) as line:
        return line.ask(partial(_fetch_listings, line, text, most))


# --- What is asked ---------------------------------------------------------------------------------


def _fetch_history(
    line: "_Client", symbol: str, period: Period, interval: Interval, adjusted: bool
) -> History:
    ticker = yfinance.Ticker(symbol, session=line)
    try:
        rows = ticker.history(period=period, interval=interval, auto_adjust=adjusted, actions=False)
    except yahoo.YFPricesMissingError as error:
        raise _missing_prices_error(error.yahoo_reason or "", symbol, period) from error
    about = ticker.get_history_metadata()
    rows = rows[["Close", "Open", "High", "Low", "Volume"]].rename(columns=str.lower).astype("float64")
    rows, notes = _drop_open_row(rows, about, interval)
    priced = np.isfinite(rows.drop(columns="volume")).all(axis=1)
    if not priced.all():
        missing = int((~priced).sum())
        rows = rows[priced]
        notes.append(
            f"{missing:,} rows of {symbol} had no price and were left out."
            if missing > 1
            else f"A row of {symbol} had no price and was left out."
        )
    if rows.empty:
        raise _missing_prices_error("", symbol, period)
    if not rows["volume"].any():
        notes.append(f"Yahoo has no volume for {symbol}.")
        rows = rows.drop(columns="volume")
    rows.index = _naive_times(rows.index, interval)
    name = about.get("longName") or about.get("shortName") or symbol
    unit = "points" if about.get("instrumentType") == "INDEX" else about.get("currency") or ""
    return History(symbol, str(name), str(unit), rows, tuple(notes))


def _drop_open_row(
    rows: pd.DataFrame, about: Mapping[str, Any], interval: Interval
) -> tuple[pd.DataFrame, list[str]]:
    """Leave out the last row while it still grows: half a day of trade is no day."""
    if rows.empty or pd.Timestamp.now("UTC") >= _row_end(rows.index[-1], about, interval):
        return rows, []
    last = f"{rows.index[-1]:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    return rows.iloc[:-1], [f"The row of {last} was left out because trading was still going on."]


def _row_end(start: pd.Timestamp, about: Mapping[str, Any], interval: Interval) -> pd.Timestamp:
    """Return the moment from which on a row no longer changes."""
    if interval == "1d":
        trading = about.get("currentTradingPeriod") or {}
        end = trading.get("regular", {}).get("end")
        if isinstance(end, pd.Timestamp) and end.date() == start.date():
            return end
    return start + _STEPS[interval]


def _naive_times(times: pd.DatetimeIndex, interval: Interval) -> pd.DatetimeIndex:
    """Take off the zone: days are those of the exchange, and hours don't exist twice in UTC."""
    if interval[-1] in "mh":
        return times.tz_convert("UTC").tz_localize(None).as_unit("us").rename("time")
    return times.tz_localize(None).normalize().as_unit("us").rename("date")


def _fetch_listings(line: "_Client", text: str, most: int) -> tuple[Listing, ...]:
    quotes = yfinance.Search(
        text,
        max_results=most,
        news_count=0,
        lists_count=0,
        recommended=0,
        include_cb=False,
        session=line,
        timeout=_REQUEST_TIMEOUT,
    ).quotes
    return tuple(
        Listing(
            symbol=str(quote["symbol"]),
            name=str(quote.get("longname") or quote.get("shortname") or quote["symbol"]),
            exchange=str(quote.get("exchDisp") or quote.get("exchange") or ""),
            kind=str(quote.get("typeDisp") or quote.get("quoteType") or "").lower(),
        )
        for quote in quotes
    )


# --- How it is asked -------------------------------------------------------------------------------


class _Client(Session):
    """A session that ends in time: yfinance would wait half a minute for its cookie alone."""

    deadline = 0.0

    def request(self, method: Any, url: str, **options: Any) -> Response:  # type: ignore[override]
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise web.Timeout("No time is left.")
        stand_in = settings().yahoo
        if stand_in:
            url = f"{stand_in}/{url.removeprefix('https://')}"
        return super().request(method, url, **options | {"timeout": min(left, _REQUEST_TIMEOUT)})

    def ask(self, question: Callable[[], T], symbol: str = "") -> T:
        """Put a question up to three times, where asking again may help."""
        for pause in _PAUSES:
            try:
                return question()
            except Exception as error:
                complaint, may_pass = _explain(error, symbol)
                if not may_pass or time.monotonic() + pause >= self.deadline:
                    raise complaint from error
            time.sleep(pause)
            YfData.cache_get.cache_clear()  # it also keeps answers that nobody can read
        try:
            return question()
        except Exception as error:
            raise _explain(error, symbol)[0] from error


# yfinance has one session, one cookie and one configuration for all of a process.
_lock = threading.Lock()


@contextmanager
def _client(seconds: float) -> Iterator[_Client]:
    """Yield the one client of this process, for this caller alone."""
    deadline = time.monotonic() + seconds
    if not _lock.acquire(timeout=seconds):
        raise _yahoo_error("Too many people are asking at once.", "Try again in a minute.")
    try:
        line = _shared_client()
        line.deadline = deadline
        yield line
    finally:
        _lock.release()


@cache
def _shared_client() -> _Client:
    yfinance.set_tz_cache_location(str(settings().cache / "yfinance"))
    yfinance.config.debug.hide_exceptions = False
    # Yahoo answers browsers.
    return _Client(impersonate="chrome")


# --- What can go wrong -----------------------------------------------------------------------------


_BROKEN_ANSWER_ERRORS = (
    web.IncompleteRead,
    web.ChunkedEncodingError,
    web.ContentDecodingError,
    web.InvalidJSONError,
)


def _yahoo_error(what: str, remedy: str, symbol: str = "") -> DataError:
    return DataError(what, where=f"{SOURCE}, {symbol}" if symbol else SOURCE, remedy=remedy)


def _missing_prices_error(reason: str, symbol: str, period: Period) -> DataError:
    """Return why there are no prices, by the reason that Yahoo gave, if it gave one."""
    if "delisted" in reason:
        return _unknown_symbol_error(symbol)
    if re.search(r"within the last|days worth", reason):
        return _yahoo_error(
            "Yahoo doesn't offer this interval so far back.",
            "Choose a shorter period or a longer interval.",
            symbol,
        )
    if reason and "doesn't exist" not in reason:
        quoted = " ".join(reason.split())[:300]
        return _yahoo_error(f"Yahoo reports: “{quoted}”", "Choose another period or interval.", symbol)
    if period in {"1d", "5d"}:
        return _yahoo_error(
            "The market was closed in this period, so nothing was traded.", "Choose a longer period.", symbol
        )
    return _yahoo_error("Yahoo has no prices for this period.", "Choose a longer period.", symbol)


def _unknown_symbol_error(symbol: str) -> DataError:
    return _yahoo_error(
        "This symbol doesn't exist or is no longer traded.",
        "Search for a name to find its symbol.",
        symbol,
    )


def _explain(error: Exception, symbol: str) -> tuple[DataError, bool]:
    """Return what went wrong, and whether it may be over in a moment."""
    match error:
        case DataError():
            return error, False
        case yahoo.YFTzMissingError() | web.HTTPError(response=Response(status_code=404)):
            return _unknown_symbol_error(symbol), False
        case yahoo.YFRateLimitError():
            what, remedy = "This server sent Yahoo too many requests.", "Try again in a few minutes."
        case web.Timeout():
            what, remedy = "Yahoo doesn't answer.", "Try again in a moment."
        case web.RequestException() if not isinstance(error, _BROKEN_ANSWER_ERRORS):
            what, remedy = (
                "Yahoo Finance can't be reached.",
                "Check this server's internet connection, then try again.",
            )
        case _:
            logger.warning("An answer of Yahoo's can't be read", exc_info=error)
            what, remedy = "Yahoo's answer is incomplete or garbled.", "Try again in a few minutes."
    return _yahoo_error(what, remedy, symbol), True
