"""How time and memory grow with the rows of a table that is brought, up to ten million."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import ParamSpec, TypeVar

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.csv
from playwright.sync_api import expect

from tests.benchmarks.bench_server import bench_server
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.browser.page_actions import button, train, wait_for_step

P = ParamSpec("P")
T = TypeVar("T")

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
PORTION = 1_000_000  # rows that are made at once
MEGABYTE = 1e6
PREVIEW, READY, MEMORY = 10.0, 40.0, 1500.0
"""Seconds, seconds and megabytes that ten million rows may take."""


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Bring tables of every size, each in processes of its own, and the largest in a browser too."""
    previews = {}
    for one in ledger.pieces(Size, SIZES, size):
        previews[one.rows] = one.preview
        is_largest = one.rows == max(SIZES)
        yield _figure(f"preview of {one.rows:,} rows", one.preview, "s", PREVIEW if is_largest else None)
        yield _figure(
            f"{one.rows:,} rows until ready to train", one.ready, "s", READY if is_largest else None
        )
        yield _figure(
            f"peak memory of the app with {one.rows:,} rows", one.peak, "MB", MEMORY if is_largest else None
        )
    if len(previews) == len(SIZES):
        times = previews[SIZES[-1]] / previews[SIZES[-2]]
        yield _figure("time for ten times the rows, a million to ten", times, "times", 12)
    rows = f"{max(SIZES):,} rows in a browser"
    for seen in ledger.pieces(Visit, [max(SIZES)], visit):
        yield _figure(f"preview of {rows}", seen.preview, "s", PREVIEW)
        yield _figure(f"{rows} until Train can be pressed", seen.ready, "s", READY)
        yield _figure(f"{rows} until the first point of a training", seen.first, "s", READY)
        yield _figure(f"peak memory of the app with {rows}", seen.peak, "MB", MEMORY)
        yield _figure(f"memory of the app after {rows}", seen.settled, "MB", MEMORY)


def _figure(name: str, value: float, unit: str, bound: float | None) -> Measurement:
    return Measurement.of(name, [value], unit, "nothing" if bound is None else "at most", bound)


def _in_process(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function in a process of its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(function, *args, **kwargs).result()


def make(path: Path, rows: int) -> None:
    """Write one column of times and three of numbers, some 42 bytes a row."""
    chance = np.random.default_rng(0)
    level = 0.0
    with path.open("wb") as file:
        for start in range(0, rows, PORTION):
            at = np.arange(start, min(start + PORTION, rows))
            times = np.datetime64("2005-01-01", "s") + 30 * at
            levels = level + np.cumsum(chance.normal(0, 0.01, len(at)))
            level = levels[-1]
            table = pa.table(
                {
                    "time": pa.array(times).cast(pa.string()),
                    "temperature": 20 + 5 * np.sin(at * (2 * np.pi / 2880)) + chance.normal(0, 0.5, len(at)),
                    "level": levels,
                    "power": chance.gamma(2, 3, len(at)),
                }
            )
            rounded = [table[0], *(pa.compute.round(column, 4) for column in table.columns[1:])]
            pyarrow.csv.write_csv(
                pa.table(dict(zip(table.column_names, rounded, strict=True))),
                file,
                pyarrow.csv.WriteOptions(include_header=not start, quoting_style="none"),
            )


# --- Without a browser -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Size:
    """A table of so many rows: seconds to a preview and until it can be trained on, megabytes at most."""

    rows: int
    preview: float
    ready: float
    peak: float


def size(rows: int) -> Size:
    """Bring a table of so many rows, and prepare it, each in a process of its own."""
    with TemporaryDirectory() as folder:
        table = Path(folder) / f"{rows}.csv"
        make(table, rows)
        brought = _in_process(upload_table, table)
        ready = brought.preview + _in_process(prepare, brought.recipe, brought.artifacts)
    return Size(rows, brought.preview, ready, brought.peak)


@dataclass(frozen=True)
class UploadCost:
    """What became of a table that was brought: seconds, megabytes, and what a worker needs to go on."""

    preview: float
    peak: float
    recipe: str
    artifacts: str


def upload_table(table: Path) -> UploadCost:
    """Do all that the Data page does until a table is seen."""
    artifacts = os.environ["UNROLL_ARTIFACTS"] = str(table.with_suffix(".artifacts"))
    from components.charts.series import series
    from components.data import NO_PREPARATION
    from components.data.isolation.examination import examine
    from components.data.sources import upload
    from components.tasks import suggest_recipe
    from components.ui.process_memory import limit_malloc

    limit_malloc()
    with watch_peak(psutil.Process()) as peak:
        start = time.perf_counter()
        with table.open("rb") as file:
            stored = upload.store(file, table.name)
        reference, raw = upload.accept(stored)
        steps = upload.steps_to_apply(raw, NO_PREPARATION)
        diagnosis = examine(raw, steps, NO_PREPARATION)
        dataset = upload.build_series(reference, raw, steps, NO_PREPARATION)
        drawn = series(dataset.table, dataset.columns[:3])
        shown = (diagnosis.findings, drawn.figure.to_json(), dataset.facts())
        preview = time.perf_counter() - start
    assert all(part is not None for part in shown) and diagnosis.table_is_ready
    return UploadCost(preview, peak.bytes / MEGABYTE, suggest_recipe(dataset).to_json(), artifacts)


def prepare(recipe: str, artifacts: str) -> float:
    """Do all that a worker does until it trains, its own start apart, and give the seconds."""
    os.environ["UNROLL_ARTIFACTS"] = artifacts
    from components import data
    from components.recipe import Recipe
    from components.tasks import task_of

    wanted = Recipe.from_json(recipe)
    start = time.perf_counter()
    task_of(wanted).prepare(wanted, data.load(wanted.dataset, wanted.preparation))
    return time.perf_counter() - start


@dataclass
class PeakMemory:
    """The most memory that a process held."""

    bytes: int = 0
    done: Event = field(default_factory=Event)

    def watch(self, process: psutil.Process) -> None:
        """Look at it every hundredth of a second."""
        while not self.done.wait(0.01):
            self.bytes = max(self.bytes, process.memory_info().rss)


@contextmanager
def watch_peak(process: psutil.Process) -> Iterator[PeakMemory]:
    """Watch a process."""
    peak = PeakMemory()
    watcher = Thread(target=peak.watch, args=(process,))
    watcher.start()
    try:
        yield peak
    finally:
        peak.done.set()
        watcher.join()


# --- With a browser ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Visit:
    """A table brought in a browser: seconds since the file was chosen, and megabytes of the app."""

    preview: float
    ready: float
    first: float
    peak: float
    settled: float


def visit(rows: int) -> Visit:
    """Bring a table of so many rows as a person does, and press Train."""
    with TemporaryDirectory() as folder, bench_server() as stage, watch_peak(stage.server.process) as peak:
        table = Path(folder) / f"{rows}.csv"
        make(table, rows)
        page = stage.page()
        page.goto(f"{stage.server.url}/data")
        page.get_by_role("radio", name="Your own file").click()
        chooser = page.locator("input[type=file]")
        chooser.wait_for(state="attached")
        start = time.perf_counter()
        chooser.set_input_files(table)
        # Unlike `expect`, which looks once in a while, this sees it at once.
        page.locator(".js-plotly-plot").first.wait_for()
        page.get_by_role("table").get_by_text("every 30 seconds").wait_for()
        preview = time.perf_counter() - start
        button(page, "Train on this").click()
        expect(button(page, "Train")).to_be_enabled()
        ready = time.perf_counter() - start
        train(page)
        wait_for_step(page)
        first = time.perf_counter() - start
        settled = stage.server.process.memory_info().rss
        button(page, "Stop").click()
        page.context.close()
    return Visit(preview, ready, first, peak.bytes / MEGABYTE, settled / MEGABYTE)
