"""Runs the benchmarks, each in a process of its own, and keeps what they measure in .bench/results.json.

Run as `make bench`, or with names of modules beside this file: `make bench ARGS="telemetry memory"`. Each
takes ten minutes at most, or as many as `--minutes` says, and goes on where it stopped when it's run again.
"""

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MINUTES = 10.0
GRACE = 5.0  # minutes, for what has begun
sys.path.insert(0, str(ROOT))

from tests.benchmarks.runner import run  # noqa: E402 - found by the line above

BENCHMARKS = sorted(path.stem for path in HERE.glob("*.py") if "\ndef measure(" in path.read_text())


def main() -> None:
    """Measure what is named, or all there is."""
    asked = argparse.ArgumentParser(prog="make bench", description=__doc__)
    asked.add_argument("names", nargs="*", metavar="benchmark", help=", ".join(BENCHMARKS))
    asked.add_argument("--minutes", type=float, default=MINUTES, help="that each benchmark may take")
    chosen = asked.parse_args()
    unknown = sorted(set(chosen.names) - set(BENCHMARKS))
    if unknown:
        asked.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    for name in chosen.names or BENCHMARKS:
        print(f"# {name}", flush=True)
        with ProcessPoolExecutor(1, get_context("spawn")) as process:
            try:
                print(process.submit(run, name, chosen.minutes).result(60 * (chosen.minutes + GRACE)))
            except TimeoutError:
                print(f"{name} hung and was ended; what it had measured is kept.")
                for worker in list(process._processes.values()):
                    worker.kill()


if __name__ == "__main__":
    main()
