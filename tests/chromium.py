"""How Chromium is launched: the system's where there is one, without a window and talk of its own."""

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
    # Without a window of its own, whose buttons and tabs it would draw as pages, it computes half as much.
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    return {"executable_path": found, "args": [*_QUIET, *rootly]}
