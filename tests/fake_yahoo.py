"""A server on loopback that answers as Yahoo Finance does, its failures included."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

from yfinance.data import YfData

STEPS = {
    "1m": timedelta(minutes=1),
    "5m": timedelta(minutes=5),
    "15m": timedelta(minutes=15),
    "1h": timedelta(hours=1),
    "1d": timedelta(days=1),
    "1wk": timedelta(weeks=1),
    "1mo": timedelta(days=30),
}
RANGES = ["1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max"]


@dataclass(frozen=True)
class FakeListing:
    """What is traded: its first price is 100, each next one is higher by 1."""

    name: str
    kind: str = "EQUITY"
    exchange: str = "NasdaqGS"
    currency: str = "USD"
    zone: str = "America/New_York"
    bars: tuple[datetime, ...] = ()
    """when each bar begins; empty: days of trade to 3 January 2024"""
    without: tuple[int, ...] = ()
    """bars that have no prices"""
    volume: int = 1000
    closes: datetime | None = None
    """end of the trading that goes on; None: long ago"""

    def times(self) -> tuple[datetime, ...]:
        """Return the beginnings of the bars."""
        return self.bars or trading_days("2023-12-27", 6, self.zone)


def trading_days(first: str, count: int, zone: str) -> tuple[datetime, ...]:
    """Return `count` openings at 9:30 from a day on, weekends left out."""
    start = datetime.fromisoformat(f"{first}T09:30").replace(tzinfo=ZoneInfo(zone))
    days = (start + timedelta(days=n) for n in range(2 * count + 7))
    return tuple(day for day in days if day.weekday() < 5)[:count]


@dataclass
class FakeYahoo:
    """The server, and what it was asked.

    Attributes:
        listed: what it knows, by symbol.
        faults: what goes wrong with a symbol, or with "search": "429", "500", "truncated", "cut", "hang",
            "closed", "too long ago", "garbled".
        passing: how often a fault shows before it is over; without a number, for good.
    """

    url: str = ""
    listed: dict[str, FakeListing] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    passing: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)

    def fault(self, name: str) -> str:
        """Return what goes wrong this time."""
        if name in self.passing:
            self.passing[name] -= 1
            if self.passing[name] < 0:
                return ""
        return self.faults.get(name, "")

    def charts_asked(self) -> Counter[str]:
        """Count the questions for prices, by symbol."""
        return Counter(path.rsplit("/", 1)[-1] for path in self.asked if "/v8/finance/chart/" in path)


@contextmanager
def fake_yahoo() -> Iterator[FakeYahoo]:
    """Serve until the block ends."""
    state = FakeYahoo()

    class Handler(_Handler):
        yahoo = state

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        state.enough.set()
        server.shutdown()
        thread.join()
        server.server_close()
        # A later server may be given the same port, and yfinance remembers answers by their address.
        YfData.cache_get.cache_clear()


class _Handler(BaseHTTPRequestHandler):
    yahoo: FakeYahoo

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        host, _, path = split.path.removeprefix("/").partition("/")
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        self.yahoo.asked.append(f"{host}/{path}")
        if host == "fc.yahoo.com":
            self._say(404, "", kind="text/html")
        elif path == "v1/test/getcrumb":
            self._say(200, "Unroll/crumb", kind="text/plain")
        elif path.startswith("v8/finance/chart/"):
            self._chart(unquote(path.rsplit("/", 1)[-1]), query)
        elif path == "v1/finance/search":
            self._search(query["q"])
        elif path.startswith("v10/finance/quoteSummary/"):
            self._say(404, json.dumps({"quoteSummary": {"result": None, "error": _error("Not Found", "")}}))
        else:
            self._say(404, "<html>Not here</html>", kind="text/html")

    def _chart(self, symbol: str, query: dict[str, str]) -> None:
        listed = self.yahoo.listed.get(symbol)
        # What can't be had of a period can be had of the last day, which yfinance asks for the time zone.
        fault = self.yahoo.fault(symbol)
        if fault in {"closed", "too long ago"} and (query.get("range"), query["interval"]) == ("1d", "1d"):
            fault = ""
        if listed is None:
            reason = _error("Not Found", "No data found, symbol may be delisted")
            return self._say(404, json.dumps({"chart": {"result": None, "error": reason}}))
        if fault == "too long ago":
            reason = _error(
                "Unprocessable Entity",
                f"{query['interval']} data not available for startTime=1700000000 and endTime=1710000000. "
                "The requested range must be within the last 60 days.",
            )
            return self._say(422, json.dumps({"chart": {"result": None, "error": reason}}))
        return self._answer(chart(symbol, listed, query, closed=fault == "closed"), fault)

    def _search(self, text: str) -> None:
        found = [
            {
                "symbol": symbol,
                "longname": listed.name,
                "shortname": listed.name.upper(),
                "exchange": "NMS",
                "exchDisp": listed.exchange,
                "quoteType": listed.kind,
                "typeDisp": listed.kind.title(),
                "isYahooFinance": True,
            }
            for symbol, listed in self.yahoo.listed.items()
            if text.lower() in f"{symbol} {listed.name}".lower()
        ]
        # Private companies have a name and no symbol.
        found.append({"index": "abc", "name": "Private", "isYahooFinance": False})
        self._answer(
            {"explains": [], "count": len(found), "quotes": found, "news": []}, self.yahoo.fault("search")
        )

    def _answer(self, content: dict[str, Any], fault: str) -> None:
        text = json.dumps(content)
        match fault:
            case "429":
                self._say(429, "Edge: Too Many Requests", kind="text/html")
            case "500":
                self._say(500, "<html><body>Internal error</body></html>", kind="text/html")
            case "down":
                self._say(200, "<html>Will be right back</html>", kind="text/html")
            case "truncated":
                self._say(200, text[: len(text) // 2])
            case "cut":
                self._say(200, text[: len(text) // 2], promised=len(text))
            case "garbled":
                self._say(200, '{"chart": {"result": [{"meta": [1, 2]}], "error": null}, "quotes": 3}')
            case "hang":
                self.yahoo.enough.wait()
            case _:
                self._say(200, text)

    def _say(
        self, status: int, text: str, kind: str = "application/json", promised: int | None = None
    ) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(promised or len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = True


def _error(code: str, description: str) -> dict[str, str]:
    return {"code": code, "description": description}


def chart(symbol: str, listed: FakeListing, query: dict[str, str], closed: bool = False) -> dict[str, Any]:
    """Write prices as Yahoo does."""
    zone, interval = ZoneInfo(listed.zone), query["interval"]
    times = listed.times()
    last = times[-1].astimezone(zone)
    ends = listed.closes or last.replace(hour=16, minute=0)
    offset = int(last.utcoffset().total_seconds())

    def session(start: datetime, end: datetime) -> dict[str, Any]:
        return {
            "timezone": last.tzname(),
            "start": int(start.timestamp()),
            "end": int(end.timestamp()),
            "gmtoffset": offset,
        }

    regular = session(ends.replace(hour=0, minute=0), ends)
    meta: dict[str, Any] = {
        "currency": listed.currency,
        "symbol": symbol,
        "exchangeName": "NMS",
        "fullExchangeName": listed.exchange,
        "instrumentType": listed.kind,
        "firstTradeDate": int(times[0].timestamp()),
        "regularMarketTime": int(time.time()),
        "hasPrePostMarketData": True,
        "gmtoffset": offset,
        "timezone": last.tzname(),
        "exchangeTimezoneName": listed.zone,
        "regularMarketPrice": 100.0,
        "longName": listed.name,
        "shortName": listed.name.upper(),
        "priceHint": 2,
        "currentTradingPeriod": {"pre": dict(regular), "regular": dict(regular), "post": dict(regular)},
        "dataGranularity": interval,
        "range": query.get("range", ""),
        "validRanges": RANGES,
    }
    if interval[-1] in "mh":
        days = sorted({when.astimezone(zone).date() for when in times})
        meta["tradingPeriods"] = [
            [
                session(
                    datetime(day.year, day.month, day.day, tzinfo=zone),
                    datetime(day.year, day.month, day.day, 23, 59, tzinfo=zone),
                )
            ]
            for day in days
        ]
    if closed:
        result: dict[str, Any] = {"meta": meta, "indicators": {"quote": [{}], "adjclose": [{}]}}
        return {"chart": {"result": [result], "error": None}}
    closes = [None if n in listed.without else 100.0 + n for n in range(len(times))]

    def shifted(by: float) -> list[float | None]:
        return [None if close is None else close + by for close in closes]

    quote = {
        "open": shifted(-0.5),
        "high": shifted(1),
        "low": shifted(-1),
        "close": closes,
        "volume": [None if close is None else listed.volume for close in closes],
    }
    result = {
        "meta": meta,
        "timestamp": [int(when.timestamp()) for when in times],
        "indicators": {"quote": [quote]},
    }
    if interval[-1] not in "mh":
        # As if a tenth of the price had been paid out since.
        adjusted = [None if close is None else 0.9 * close for close in closes]
        result["indicators"]["adjclose"] = [{"adjclose": adjusted}]
    return {"chart": {"result": [result], "error": None}}
