"""How Chromium is launched: the system's where there is one, without talk of its own."""

import os
import shutil
from typing import Any

_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


def launch_options() -> dict[str, Any]:
    """Return the options of Playwright's launch."""
    # Root can't make the sandbox.
    rootly = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": shutil.which("chromium"), "args": [*_QUIET, *rootly]}
