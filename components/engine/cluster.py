"""The cluster that the app starts for itself on its own machine: a scheduler and workers, each a process."""

import os
import signal
import sys
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from dask.system import CPU_COUNT
from distributed import Security
from distributed.deploy.spec import SpecCluster
from distributed.deploy.subprocess import SubprocessCluster
from distributed.system import MEMORY_LIMIT

from components.engine.certificates import write_certificates
from components.errors import RunError

WORKER_MEMORY = 2**30
"""What a worker needs to be of use: TensorFlow alone takes more than half of it."""

DaskConfig = dict[str, object]

_ROOT = Path(__file__).parent.parent.parent

# Dask takes the scheduler's errors through a pipe and doesn't empty it: when it is full, all stands still.
_MERGE_STDERR = "import os; os.dup2(1, 2)"

# A training takes every core that it is given; pages and charts needn't wait for it.
_LOWER_PRIORITY = "import os; os.nice(5)"

_SCHEDULER_CONFIG: DaskConfig = {
    # With two threads a worker, it takes one run at a time from the line, and has a thread for a look.
    "distributed.scheduler.worker-saturation": 0.5,
    # Of each topic's past it keeps what a restarted run may ask for, and not the losses of a whole day.
    "distributed.admin.low-level-log-length": 200,
    # Its pages would tell any program on the machine what goes on.
    "distributed.scheduler.http.routes": [],
}
_WORKER_CONFIG: DaskConfig = {
    # A run looks after its own memory; to hold back the next one would let everybody wait for ever.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    # Nobody looks at the profile, which would be taken a hundred times a second.
    "distributed.worker.profile.enabled": False,
    "distributed.worker.http.routes": [],
}


def start_cluster(workers: int | None, run_memory: int, preload: Sequence[str]) -> SpecCluster:
    """Start a scheduler and workers; it doesn't wait for the workers.

    Args:
        workers: how many; None: one a core less one, as far as memory reaches.
        run_memory: bytes that a run may hold; a worker that holds a quarter more is ended at once.
        preload: modules for each worker to import before it takes its first run.

    Raises:
        RunError: on Windows, which Dask can't start such processes on.
    """
    if sys.platform == "win32":
        raise RunError(
            "Unroll can't start its own workers on Windows.",
            remedy="Start `dask scheduler` and `dask worker` and set UNROLL_SCHEDULER, or use WSL.",
        )
    workers = workers or max(1, min(CPU_COUNT - 1, MEMORY_LIMIT // WORKER_MEMORY))
    own = f"import os, sys; sys.path.insert(0, {str(_ROOT)!r}); from components.engine import parent_watchdog"
    leash = f"{own}; parent_watchdog.watch_parent({os.getpid()})"
    os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "warning")
    folder = TemporaryDirectory(prefix="unroll-")  # readable by the app's user alone
    security = write_certificates(Path(folder.name))
    with _block_sigint():
        cluster = SubprocessCluster(
            n_workers=workers,
            threads_per_worker=2,
            dashboard_address=None,  # type: ignore[arg-type]  # as its own description says
            security=Security(**security),
            scheduler_kwargs={
                # Who loses its worker is put in line by the supervisor, which counts how often.
                "allowed_failures": 0,
                "protocol": "tls://",
                "security": security,
                "preload": [leash, _MERGE_STDERR, _config_script(_SCHEDULER_CONFIG)],
                # There is no dashboard, but a server of pages on its port all the same: any free one.
                "dashboard_address": "127.0.0.1:0",
            },
            worker_kwargs={
                "security": security,
                "preload_nanny": [leash],
                "preload": [_LOWER_PRIORITY, own, _config_script(_WORKER_CONFIG), *preload],
                "memory_limit": min(MEMORY_LIMIT, run_memory * 5 // 4),
                "env": {
                    "KERAS_BACKEND": "tensorflow",
                    "TF_CPP_MIN_LOG_LEVEL": "2",
                    "TF_NUM_INTRAOP_THREADS": str(max(1, CPU_COUNT // workers)),
                },
            },
        )
    weakref.finalize(cluster, folder.cleanup)  # until then, a worker that is started again needs them
    return cluster


@contextmanager
def _block_sigint() -> Iterator[None]:
    """Have processes that are started here not hear Ctrl-C, which a terminal says to all of a family.

    Who presses it speaks to the app, and the app ends them in good order.
    """
    # The thread that Dask starts them from, and they, inherit what this thread doesn't hear.
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)


def _config_script(configuration: DaskConfig) -> str:
    """Write a script that sets Dask's configuration in another process."""
    return f"import dask; dask.config.set({configuration!r})"
