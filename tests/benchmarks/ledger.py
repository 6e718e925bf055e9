"""What was measured: rows and the pieces they come from, in .bench/results.json as soon as they are there.

A benchmark that ran out of its minutes goes on with what is missing the next time, as long as the code is the
same; one that came to its end begins anew.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from tests.benchmarks.machine import machine
from tests.benchmarks.measurement import Measurement

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / ".bench" / "results.json"

Item = TypeVar("Item")
Piece = TypeVar("Piece")


class Ledger:
    """The pages of one benchmark in the file of results. Other benchmarks' pages stay as they are.

    Args:
        benchmark: its name.
        minutes: that it may take; what has begun by then is measured to its end.
        results: the file.
    """

    def __init__(self, benchmark: str, minutes: float, results: Path = RESULTS):
        self._benchmark, self._results = benchmark, results
        self._began, self._seconds = time.monotonic(), 60 * minutes
        self.is_cut_off = False
        """whether something was left out for want of time"""
        sitting = self._read()["sittings"].get(benchmark, {})
        is_resumed = sitting.get("code") == code() and not sitting["finished"]
        self._pieces: dict[str, Any] = sitting["pieces"] if is_resumed else {}
        self._longest = 0.0

    def write(self, row: Measurement) -> None:
        """Keep a row, in the place of an earlier one of the same name."""
        content = self._read()
        own = {"benchmark": self._benchmark, "when": _now(), "code": code(), **asdict(row)}
        rows = content["measurements"]
        names = [(one["benchmark"], one["name"]) for one in rows]
        if (self._benchmark, row.name) in names:
            rows[names.index((self._benchmark, row.name))] = own
        else:
            rows.append(own)
        self._write(content)

    def pieces(
        self,
        kind: type[Piece],
        items: Iterable[Item],
        measure: Callable[[Item], Piece],
        name: Callable[[Item], str] = str,
    ) -> Iterator[Piece]:
        """Measure item by item, those apart that an earlier sitting measured; stop when the time is up.

        Args:
            kind: a dataclass of plain values that holds what is measured of an item.
            items: what is to be measured.
            measure: measures an item.
            name: tells an item from all others of the benchmark.

        Yields:
            what was measured, now or earlier.
        """
        adapter = TypeAdapter(kind)
        for item in items:
            key = f"{kind.__name__}: {name(item)}"
            if key in self._pieces:
                yield adapter.validate_python(self._pieces[key])
                continue
            if not self._has_time():
                return
            began = time.monotonic()
            piece = measure(item)
            self._longest = max(self._longest, time.monotonic() - began)
            self._pieces[key] = adapter.dump_python(piece, mode="json")
            self.close(finished=False)
            yield piece

    def rounds(self, most: int) -> Iterator[int]:
        """Count the rounds of a measurement: at least one, then as many as there is time for."""
        longest = 0.0
        for number in range(most):
            if number and time.monotonic() - self._began + longest > self._seconds:
                return
            began = time.monotonic()
            yield number
            longest = max(longest, time.monotonic() - began)

    def close(self, finished: bool) -> None:
        """Keep how far the benchmark came."""
        content = self._read()
        pieces = {} if finished else self._pieces
        content["sittings"][self._benchmark] = {"code": code(), "finished": finished, "pieces": pieces}
        self._write(content)

    def _has_time(self) -> bool:
        """Return whether another piece may begin: the first one always, later ones as long as they may
        fit."""
        spent = time.monotonic() - self._began
        if self._longest and spent + self._longest > self._seconds:
            self.is_cut_off = True
        return not self.is_cut_off

    def _read(self) -> dict[str, Any]:
        content = json.loads(self._results.read_text()) if self._results.exists() else {}
        return {"machine": machine(), "measurements": [], "sittings": {}} | content

    def _write(self, content: dict[str, Any]) -> None:
        self._results.parent.mkdir(exist_ok=True)
        written = self._results.with_suffix(".part")
        written.write_text(json.dumps(content | {"machine": machine()}, indent=2) + "\n")
        written.replace(self._results)


@cache
def code() -> str:
    """Return a hash of the code that is measured and of the code that measures."""
    found = hashlib.blake2b(digest_size=8)
    for folder in ("components", "tests/benchmarks"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            found.update(path.read_bytes())
    return found.hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
