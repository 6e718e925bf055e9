"""What small files that unpack to much, or take long to look at, do to the server that everybody uses."""

import io
import json
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.chromium import launch_options
from tests.data.readers.workbooks import Sheet, xlsx_files, zip_files
from tests.live_server import live_server

MEGABYTE = 2**20
PATIENCE = 100_000  # milliseconds
MOST_GROWTH = 200  # megabytes
LONGEST_FREEZE = 0.5  # seconds


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Bring one bomb after the other, and watch the process that draws pages."""
    with (
        TemporaryDirectory() as home,
        live_server(Path(home)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**launch_options())
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        bring(page, server.url, "tidy.csv", b"day,x\n2020-01-01,1\n2020-01-02,2\n")
        watch = Watch(server.url, psutil.Process(server.process.pid))
        with watch:
            for name, content in bombs():
                start = time.perf_counter()
                bring(page, server.url, name, content)
                print(f"{name}: {time.perf_counter() - start:.1f} s, {watch}", flush=True)
        browser.close()
    yield Measurement.of("growth of the app process", [watch.growth], "MB", "at most", MOST_GROWTH)
    yield Measurement.of("longest wait for an answer", [watch.freeze], "s", "at most", LONGEST_FREEZE)


def bring(page: Page, url: str, name: str, content: bytes) -> None:
    """Upload a file, and wait until the page says what it is or what is wrong with it."""
    page.goto(f"{url}/data")
    page.get_by_role("radio", name="Upload", exact=True).click()
    chooser = page.locator("input[type=file]").first
    chooser.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
    page.wait_for_timeout(1000)
    page.get_by_text("Reading your file…").wait_for(state="hidden")


class Watch:
    """Asks the server how it is ten times a second, and keeps the worst."""

    def __init__(self, url: str, process: psutil.Process):
        self._url, self._process = url, process
        self._before = process.memory_info().rss
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.freeze = self.growth = 0.0

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def __str__(self) -> str:
        return f"growth {self.growth:.0f} MB, freeze {self.freeze:.2f} s"

    def _look(self) -> None:
        with httpx.Client(timeout=120) as client:
            while not self._done.wait(0.1):
                start = time.perf_counter()
                client.get(f"{self._url}/_stcore/health")
                self.freeze = max(self.freeze, time.perf_counter() - start)
                grown = self._process.memory_info().rss - self._before
                self.growth = max(self.growth, grown / MEGABYTE)


def bombs() -> Iterator[tuple[str, bytes]]:
    """Yield forty files of ten kinds, each of several sizes or shapes."""
    for size in (20, 60, 120, 240):
        yield f"rows{size}.csv.gz", packed(b"1\n2\n" * (1 << 18), size, b"x\n")
        yield f"sequence{size}.ts.gz", packed(b"1," * (1 << 19), size, b"@classLabel false\n@data\n")
        yield f"line{size}.csv", b"x" * min(size << 20, 60 << 20)
        yield f"repeated{size}.parquet", parquet("y" * 300_000, 100 * size)
        yield f"many{size}.parquet", parquet("y", 1_000_000 * size)
        yield f"zeros{size}.zip", zip_files({"a.csv": b"1,2\n" * (size << 18)})
        yield f"deep{size}.json", b"[" * (1000 * size) + b"]" * (1000 * size)
        yield f"wide{size}.json", json.dumps([{f"a{n}": 1} for n in range(200 * size)]).encode()
        yield f"signs{size}.csv", b"x,y\n1," + b"-" * (1000 * size) + b"\n2,3\n"
        yield f"far{size}.xlsx", far_cell(size * 4000)


def packed(portion: bytes, times: int, start: bytes) -> bytes:
    """Pack a beginning and a portion many times over, without ever holding it whole."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    parts = [packer.compress(start), *(packer.compress(portion) for _ in range(times))]
    return b"".join([*parts, packer.flush()])


def parquet(text: str, rows: int) -> bytes:
    """Write a column of one text, which stands in the file once."""
    content = io.BytesIO()
    column = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([text]))
    pq.write_table(pa.table({"x": column}), content)
    return content.getvalue()


def far_cell(row: int) -> bytes:
    """Write a workbook with a number in a cell far away."""
    cells = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="XFD{row}"><v>2</v></c></row>'
    text = f"<worksheet><sheetData>{cells}</sheetData></worksheet>"
    return zip_files({**xlsx_files(Sheet([["x"], [1]])), "xl/worksheets/sheet1.xml": text})
