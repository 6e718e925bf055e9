"""What holds for every test: nothing is kept of it, and nothing of the machine's own settings reaches it."""

import gc
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import curl_cffi  # noqa: F401 - after TensorFlow it would take that one's curl for its own
import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

# Property tests share two cores with browsers and trainings: an example may take its time.
hypothesis.settings.register_profile("unroll", deadline=None, max_examples=60)
hypothesis.settings.load_profile("unroll")

# Beside TensorFlow's millions of objects every search for garbage takes long; tracing makes it search often.
gc.set_threshold(100_000, 50, 50)

_home = tempfile.TemporaryDirectory(prefix="unroll-tests-", ignore_cleanup_errors=True)


def pytest_configure() -> None:
    """Give the tests a home of their own before anything can read the settings."""
    for name in [name for name in os.environ if name.startswith("UNROLL_")]:
        del os.environ[name]
    os.environ["UNROLL_DATABASE"] = f"sqlite:///{_home.name}/runs.sqlite"
    os.environ["UNROLL_ARTIFACTS"] = f"{_home.name}/artifacts"
    os.environ["UNROLL_CACHE"] = f"{_home.name}/cache"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as Dask starts its workers


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the browser, where one process does all."""
    items.sort(key=lambda item: not _is_browser(item.nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Have the tests of a file stay together, and only one process drive the browser as long as it can be."""
    return _Rooms(config, log)


class _Rooms(LoadScopeScheduling):
    """The first process does the browser's tests, which often wait for runs; the others do all the rest.

    Who has nothing left of its own helps the other.
    """

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0]

    def _assign_work_unit(self, node: Any) -> None:
        is_first = node is self.nodes[0]
        own = next((scope for scope in self.workqueue if _is_browser(scope) == is_first), None)
        # From the other's end, since a file that is begun stays where it is.
        self.workqueue.move_to_end(own or next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)


def _is_browser(nodeid: str) -> bool:
    return "browser" in nodeid.partition("::")[0].split("/")


@pytest.fixture(scope="session", autouse=True)
def home() -> Iterator[Path]:
    """The folder that stands in for the user's data directory."""
    yield Path(_home.name)
    _home.cleanup()
