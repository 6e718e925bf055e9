"""Environments of their own for what is measured against: made the first time, under .bench/."""

import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent


def python_of(name: str) -> str:
    """Return the interpreter of the environment of a rival, as its requirements file beside this one says."""
    place = HERE.parents[2] / ".bench" / name
    python = place / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    made = place / "made"
    if not made.exists():
        venv.create(place, with_pip=True, clear=True)
        wishes = HERE / f"{name}-requirements.txt"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", wishes], check=True)
        made.touch()
    return str(python)
