"""Runs the benchmarks, each in a process of its own, and writes .bench/results.json.

Run as `make bench`, or with names of modules beside this file: `make bench ARGS="telemetry memory"`.
"""

import json
import os
import platform
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

import psutil

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RESULTS = ROOT / ".bench" / "results.json"
sys.path.insert(0, str(ROOT))

from tests.benchmarks.machine import processor  # noqa: E402 - found by the line above
from tests.benchmarks.measurement import Measurement, measure  # noqa: E402

BENCHMARKS = sorted(path.stem for path in HERE.glob("*.py") if "def measure()" in path.read_text())


def main(names: list[str]) -> None:
    """Measure what is named, or all there is."""
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        sys.exit(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    found = []
    for name in names or BENCHMARKS:
        print(f"# {name}", flush=True)
        with ProcessPoolExecutor(1, get_context("spawn")) as process:
            for measurement in process.submit(measure, name).result():
                print(_line(measurement), flush=True)
                found.append({"benchmark": name, **asdict(measurement)})
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": _machine(), "measurements": found}, indent=2) + "\n")
    print(f"written to {RESULTS.relative_to(ROOT)}")


def _line(measurement: Measurement) -> str:
    compared = ""
    if measurement.compared_value is not None:
        compared = f"; {measurement.compared_with}: {measurement.compared_value:.4g} {measurement.unit}"
    return (
        f"{measurement.name}: {measurement.value:.4g} {measurement.unit} "
        f"({measurement.low:.4g} to {measurement.high:.4g}, {measurement.rounds} rounds){compared}"
    )


def _machine() -> dict[str, object]:
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": platform.platform(),
        "processor": processor(),
        "cores": psutil.cpu_count(),
        "memory_gigabytes": round(psutil.virtual_memory().total / 2**30, 1),
        "python": platform.python_version(),
        **{name: version(name) for name in ("tensorflow", "keras", "numpy", "streamlit", "distributed")},
    }


if __name__ == "__main__":
    main(sys.argv[1:])
