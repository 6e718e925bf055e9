"""A real server in a process of its own, as `streamlit run app.py` starts it, for the tests that need one."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

ROOT = Path(__file__).parent.parent
SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 20.0

_ENTRIES = re.compile(r"^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", re.MULTILINE)
_OUR_ENTRY = re.compile(r"\S+ \S+ [A-Z]+ components\.")


@dataclass(frozen=True)
class LiveServer:
    """A running server.

    Attributes:
        url: its address, without a slash at the end.
        process: the process that draws pages.
        log: the file that takes what it prints.
        outgoing: the file that takes whom it, or a process of its own, spoke to outside this machine.
    """

    url: str
    process: psutil.Popen
    log: Path
    outgoing: Path

    def said(self, since: int = 0) -> str:
        """Return what it has printed from that byte on."""
        return self.log.read_bytes()[since:].decode(errors="replace")


def our_errors(log: str) -> list[str]:
    """List what of a server's log are tracebacks that our own modules wrote, or that a thread died of."""
    return [
        entry
        for entry in _ENTRIES.split(log)
        if "Traceback" in entry and (_OUR_ENTRY.match(entry) or "Exception in thread" in entry)
    ]


@contextmanager
def live_server(
    home: Path, port: int | None = None, options: Mapping[str, str] | None = None, **settings: str
) -> Iterator[LiveServer]:
    """Start a server that keeps everything in `home`, wait until it answers, and end it afterwards.

    Args:
        home: an existing folder for its runs, artifacts and log.
        port: where it listens; None: a free one.
        options: Streamlit's own, such as `server.sslCertFile`.
        settings: `UNROLL_…` settings by their short names.
    """
    port = port or free_port()
    own = {
        "database": f"sqlite:///{home / 'runs.sqlite'}",
        "artifacts": str(home / "artifacts"),
        "workers": "1",
    } | settings
    log, outgoing = home / "server.log", home / "outgoing.log"
    outgoing.touch()
    asked = {"address": "127.0.0.1", "port": port, "headless": "true", "fileWatcherType": "none"}
    asked = {f"server.{name}": value for name, value in asked.items()} | dict(options or {})
    with log.open("wb") as output:
        process = psutil.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py"]
            + [word for name, value in asked.items() for word in (f"--{name}", str(value))],
            cwd=ROOT,
            env=os.environ
            | {f"UNROLL_{name.upper()}": value for name, value in own.items()}
            | {"PYTHONPATH": str(ROOT / "tests" / "outgoing"), "OUTGOING_LOG": str(outgoing)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    scheme = "https" if "server.sslCertFile" in asked else "http"
    server = LiveServer(f"{scheme}://127.0.0.1:{port}", process, log, outgoing)
    try:
        _wait_until_healthy(server)
        yield server
    finally:
        end_process(process)


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_healthy(server: LiveServer) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.process.is_running():
        try:
            if httpx.get(f"{server.url}/_stcore/health", timeout=2, verify=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise RuntimeError(f"the server didn't start; it said:\n{server.said()}")


def end_process(process: psutil.Popen) -> None:
    """Ask a program to stop, as Ctrl-C does; whatever then still stands of it or its family is killed."""
    family = [process, *process.children(recursive=True)] if process.is_running() else []
    if process.is_running():
        process.terminate()
    _, left = psutil.wait_procs(family, timeout=SECONDS_TO_STOP)
    for one in left:
        one.kill()
    psutil.wait_procs(left, timeout=5)
