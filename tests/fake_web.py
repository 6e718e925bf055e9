"""A server on loopback that stands in for the web: each source's own form of answer, and what goes wrong."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

BOOK = (
    "The Project Gutenberg eBook of The Lighthouse\r\n\r\nTitle: The Lighthouse\r\n\r\nAuthor: Nobody\r\n\r\n"
    "*** START OF THE PROJECT GUTENBERG EBOOK THE LIGHTHOUSE ***\r\n\r\nProduced by A. Volunteer\r\n\r\n\r\n"
    + "The lamp was lit at dusk and burned until the morning came.\r\nNobody saw the keeper climb the "
    "stairs, though everyone could see the light that he kept.\r\n\r\n"
    * 60
    + "*** END OF THE PROJECT GUTENBERG EBOOK THE LIGHTHOUSE ***\r\n\r\nUpdated editions will replace…"
)


@dataclass(frozen=True)
class Page:
    """What an address gives.

    Attributes:
        content: the body.
        fault: "hang" says nothing at all, "drip" a byte now and then, "truncated" less than was promised,
            "slow" everything after a while.
        claims: bytes that are promised; None: as many as there are.
    """

    content: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    claims: int | None = None


@dataclass
class FakeWeb:
    """The server, and what it was asked.

    Attributes:
        pages: what it gives, by host and path; a list gives one after the other, and the last for good.
        asked: hosts and paths with their queries, in their order.
        agents: that asked.
        together: the most that were asked at once of one host.
    """

    url: str = ""
    pages: dict[str, Page | list[Page]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    together: int = 0
    enough: threading.Event = field(default_factory=threading.Event)
    now: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def give(self, address: str, content: str | bytes, **about: str) -> None:
        """Have an address give a file; headers by their names with underscores."""
        headers = {name.replace("_", "-"): value for name, value in about.items()}
        raw = content.encode() if isinstance(content, str) else content
        self.pages[address] = Page(raw, headers=headers)

    def page(self, host: str, path: str, query: Mapping[str, list[str]]) -> Page:
        """Return what is given for a request."""
        known = self.pages.get(f"{host}{path}")
        if isinstance(known, list):
            return known.pop(0) if len(known) > 1 else known[0]
        return known or _source_page(host, path, query)


@contextmanager
def fake_web() -> Iterator[FakeWeb]:
    """Serve until the block ends."""
    state = FakeWeb()

    class Handler(_Handler):
        web = state

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
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


class _Handler(BaseHTTPRequestHandler):
    web: FakeWeb

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        # As a stand-in it is told the host in the path; asked by itself, in the header.
        host = self.headers["Host"]
        whole = self.path if host == self.web.url.removeprefix("http://") else f"/{host}{self.path}"
        split = urlsplit(whole)
        host, _, path = split.path.removeprefix("/").partition("/")
        web = self.web
        with web.lock:
            web.asked.append(whole.removeprefix("/"))
            web.agents.add(self.headers.get("User-Agent", ""))
            web.now[host] = web.now.get(host, 0) + 1
            web.together = max(web.together, web.now[host])
            page = web.page(host, f"/{path}", parse_qs(split.query))
        if page.fault == "slow":
            time.sleep(0.05)
        with web.lock:  # once the answer is there, the next question may be as well
            web.now[host] -= 1
        with suppress(BrokenPipeError, ConnectionResetError):
            self._answer(page)

    def _answer(self, page: Page) -> None:
        if page.fault == "hang":
            self.web.enough.wait(20)
            return
        self.send_response(page.status)
        for name, value in page.headers.items():
            self.send_header(name, value)
        claims = page.claims if page.claims is not None else len(page.content)
        self.send_header("Content-Length", str(claims + (100 if page.fault == "truncated" else 0)))
        self.end_headers()
        if page.fault == "drip":
            for byte in page.content:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                if self.web.enough.wait(0.2):
                    return
        else:
            self.wfile.write(page.content)
        self.close_connection = True


# --- What the sources answer -------------------------------------------------------------------------


def _json(value: object) -> Page:
    return Page(json.dumps(value, ensure_ascii=False).encode(), headers={"Content-Type": "application/json"})


def _source_page(host: str, path: str, query: Mapping[str, list[str]]) -> Page:  # noqa: PLR0911
    def asked(name: str) -> str:
        return query.get(name, [""])[0]

    match host, path:
        case "geocoding-api.open-meteo.com", "/v1/search":
            return _json({"results": [PLACE]} if "ber" in asked("name").lower() else {"generationtime_ms": 1})
        case "archive-api.open-meteo.com", "/v1/archive":
            return _json(_weather(asked("daily"), asked("hourly"), asked("start_date")))
        case "fred.stlouisfed.org", "/graph/fredgraph.csv":
            if asked("id") == "NOSUCH":
                return Page(b"<!DOCTYPE html><html>Not found</html>", 404)
            rows = [f"2020-{month:02d}-01,{'.' if month == 3 else month / 2}" for month in range(1, 13)]
            return Page("\n".join([f"observation_date,{asked('id')}", *rows, ""]).encode())
        case "api.worldbank.org", "/v2/indicator":
            return _json([{"page": 1, "pages": 1, "per_page": "5000", "total": 2}, INDICATORS])
        case "api.worldbank.org", path if path.startswith("/v2/country/"):
            return _json(_indicator(path))
        case "ourworldindata.org", "/api/search":
            return _json({"query": asked("q"), "results": [CHART], "nbHits": 1})
        case "ourworldindata.org", "/grapher/life-expectancy.csv":
            return Page(OWID_TABLE.encode(), headers={"Content-Type": "text/csv"})
        case "gutendex.com", "/books/":
            return _json({"count": 1, "next": None, "previous": None, "results": [BOOK_RECORD]})
        case "www.gutenberg.org", "/cache/epub/99/pg99.txt":
            return Page(
                b"\xef\xbb\xbf" + BOOK.encode(), headers={"Content-Type": "text/plain; charset=utf-8"}
            )
        case host, "/w/api.php" if host.endswith(".wikipedia.org"):
            return _json(_wikipedia(query))
    return Page(b"<html>Nothing here</html>", 404, {"Content-Type": "text/html"})


PLACE = {
    "id": 2950159,
    "name": "Berlin",
    "latitude": 52.52437,
    "longitude": 13.41053,
    "country": "Germany",
    "admin1": "State of Berlin",
    "population": 3426354,
    "timezone": "Europe/Berlin",
}
INDICATORS = [
    {"id": "SP.POP.TOTL", "name": "Population, total", "unit": ""},
    {"id": "NY.GDP.MKTP.CD", "name": "GDP (current US$)", "unit": ""},
]
CHART = {
    "title": "Life expectancy",
    "slug": "life-expectancy",
    "subtitle": "At birth, in a given year.",
    "type": "chart",
}
OWID_TABLE = "Entity,Code,Year,Life expectancy\n" + "".join(
    f"{name},{code},{year},{base + year - 1990}\n"
    for name, code, base in (("France", "FRA", 76), ("Germany", "DEU", 75), ("World", "OWID_WRL", 64))
    for year in range(1990, 2020)
)
BOOK_RECORD = {
    "id": 99,
    "title": "The Lighthouse",
    "authors": [{"name": "Body, No", "birth_year": 1800, "death_year": 1870}],
    "languages": ["en"],
    "media_type": "Text",
    "formats": {"text/plain; charset=utf-8": "https://www.gutenberg.org/ebooks/99.txt.utf-8"},
}
ARTICLES = {
    "Moon": "The Moon is the only natural satellite of Earth.\n\n\n\nOrbit\nIt goes around in 27 days.",
    "Mars": "Mars is the fourth planet from the Sun, and the last of the rocky ones.",
}


def _weather(daily: str, hourly: str, start: str) -> dict[str, object]:
    if start == "1700-01-01":
        return {"error": True, "reason": "out of range"}
    interval, keys = ("daily", daily) if daily else ("hourly", hourly)
    times = [f"2024-01-{day:02d}" if daily else f"2024-01-01T{day:02d}:00" for day in range(1, 21)]
    values = {key: [*(n + 0.5 for n in range(18)), None, None] for key in keys.split(",")}
    units = {"time": "iso8601"} | dict.fromkeys(values, "°C")
    return {"latitude": 52.5, f"{interval}_units": units, interval: {"time": times, **values}}


def _indicator(path: str) -> list[object]:
    _, _, _, codes, _, key = path.split("/")
    if key == "NO.SUCH":
        message = {"id": "120", "key": "Invalid value", "value": "The provided parameter value is not valid"}
        return [{"message": [message]}]
    rows = [
        {
            "indicator": {"id": key, "value": "Population, total"},
            "country": {"id": code[:2], "value": {"WLD": "World", "DEU": "Germany"}.get(code, code)},
            "countryiso3code": code,
            "date": str(year),
            "value": None if year == 2023 else 1_000_000 + year,
        }
        for code in codes.split(";")
        for year in range(2023, 1959, -1)
    ]
    return [{"page": 1, "pages": 1, "per_page": 20000, "total": len(rows)}, rows]


def _wikipedia(query: Mapping[str, list[str]]) -> dict[str, object]:
    def asked(name: str) -> str:
        return query.get(name, [""])[0]

    if asked("list") == "search":
        found = [{"ns": 0, "title": "Moon"}, {"ns": 14, "title": "Category:Sky"}]
        return {"batchcomplete": True, "query": {"search": found}}
    if asked("list") == "categorymembers":
        return {
            "batchcomplete": True,
            "query": {"categorymembers": [{"ns": 0, "title": t} for t in ARTICLES]},
        }
    title = asked("titles")
    if title.startswith("Category:"):
        return {"batchcomplete": True, "query": {"pages": [{"ns": 14, "title": title}]}}
    if title not in ARTICLES:
        return {"batchcomplete": True, "query": {"pages": [{"ns": 0, "title": title, "missing": True}]}}
    page: dict[str, object] = {"ns": 0, "title": title, "pageid": 1}
    if asked("prop") == "extracts":
        page["extract"] = ARTICLES[title]
    return {"batchcomplete": True, "query": {"pages": [page]}}
