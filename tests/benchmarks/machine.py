"""What a benchmark ran on."""

import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

import psutil


@cache
def machine() -> dict[str, object]:
    """Return the facts that a figure depends on, by name: the machine, and the versions of what runs."""
    return {
        "system": platform.platform(),
        "processor": processor(),
        "cores": psutil.cpu_count(),
        "memory_gigabytes": round(psutil.virtual_memory().total / 2**30, 1),
        "python": platform.python_version(),
        **{name: version(name) for name in ("tensorflow", "keras", "numpy", "streamlit", "distributed")},
    }


def processor() -> str:
    """Return the processor's name."""
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text().splitlines() if facts.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
