"""The README beside this file: benchmarks write what they measured into sections of their own."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.machine import processor

README = Path(__file__).resolve().parent / "README.md"


def write_section(name: str, section: str) -> None:
    """Put a section in its place, which two comments mark."""
    begin, end = f"<!-- {name}: written by the benchmark -->", f"<!-- end of {name} -->"
    before, _, rest = README.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(end)
    README.write_text(f"{before}{begin}\n\n{section.strip()}\n\n{end}{after}", encoding="utf-8")


def machine_sentence() -> str:
    """Return when and on what it was measured, as the beginning of a sentence."""
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores of {processor()}, "
        f"{platform.system()}, Python {platform.python_version()}"
    )
