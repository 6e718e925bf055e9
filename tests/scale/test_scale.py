"""Two servers behind a proxy, two workers, PostgreSQL and an object store, as the README says to run them.

The tests go from what must hold on any day to what is killed; they share one cluster, which is slow to start.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import MetaData, create_engine, event, insert, select

from components.recipe import Forecast, Generated, Preparation, Recipe, Recurrent, Training, Upload
from components.runs import schema
from components.runs.artifacts import RunFiles
from components.runs.event_writer import ACTIVE
from components.runs.store import RunStore
from components.storage import Folder
from components.ui.visitor import COOKIE, cookie_owner
from tests.compatibility import archive
from tests.live_server import LiveServer, live_server
from tests.page_socket import page_socket, widget_id
from tests.runs.earlier_versions import differences
from tests.scale.real_parts import Cluster, cluster, object_store, postgres, proxy, wait_until

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(280)]

RUNS_AT_ONCE = 20
EPOCHS = 600
"""Of a run that is to go on while something is killed."""
SECONDS_TO_END = 200.0
SECONDS_TO_TAKE_UP = 60.0


@dataclass(frozen=True)
class Laboratory:
    """All the parts, running."""

    store: RunStore
    artifacts: str
    cluster: Cluster
    servers: tuple[LiveServer, ...]
    url: str
    """of the proxy"""


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory, database: str) -> Iterator[Laboratory]:
    home = tmp_path_factory.mktemp("laboratory")
    with ExitStack() as parts, pytest.MonkeyPatch.context() as patch:
        files = parts.enter_context(object_store(home))
        for name, value in files.environment.items():
            patch.setenv(name, value)
        dask = parts.enter_context(cluster(home, workers=2, artifacts=files.url))
        settings = {"database": database, "artifacts": files.url, "scheduler": dask.address}
        servers = []
        for name in ("one", "other"):
            (home / name).mkdir()
            servers.append(parts.enter_context(live_server(home / name, **settings)))
        store = RunStore(database)
        parts.callback(store.close)
        url = parts.enter_context(proxy(home, [server.url for server in servers]))
        yield Laboratory(store, files.url, dask, tuple(servers), url)


@pytest.fixture(scope="module")
def unbroken(laboratory: Laboratory) -> bytes:
    """Every number of each update of a run that nothing happened to."""
    run = train(laboratory, laboratory.url, 3, recipe(EPOCHS))
    wait_for_status(laboratory, run, "finished")
    return laboratory.store.curves(run).tobytes()


def recipe(epochs: int, seed: int = 0) -> Recipe:
    """Return one of four updates an epoch; of so few rows ETS and ARIMA, which take long, are left out."""
    return Recipe(
        dataset=Generated(name="sine", length=50),
        preparation=Preparation(validation=0.2, test=0.4),
        task=Forecast(target="value", window=6, horizon=2),
        model=Recurrent(kind="lstm", units=16, dropout=0.1),
        training=Training(epochs=epochs, batch=4, patience=None),
        seed=seed,
    )


def visitor_cookie(number: int) -> str:
    return f"{COOKIE}={number:064x}"


def owner(number: int) -> str:
    return cookie_owner({COOKIE: f"{number:064x}"})


def train(laboratory: Laboratory, url: str, visitor: int, wanted: Recipe) -> str:
    """Press Train on the page of a recipe, as a visitor does, and return the run."""
    before = {run.id for run in laboratory.store.runs(owner(visitor))}
    query = f"recipe={wanted.to_url()}"
    with page_socket(url, visitor_cookie(visitor)) as page:
        button = widget_id(page.show("train", query=query), "train")
        page.show("train", {"id": button, "trigger_value": True}, query=query)
    (run,) = [run.id for run in laboratory.store.runs(owner(visitor)) if run.id not in before]
    return run


def press(url: str, visitor: int, run: str, key: str) -> None:
    """Press a button on a run's page."""
    with page_socket(url, visitor_cookie(visitor)) as page:
        button = widget_id(page.show("train", query=f"run={run}"), key)
        page.show("train", {"id": button, "trigger_value": True}, query=f"run={run}")


def wait_for_status(laboratory: Laboratory, run: str, *statuses: str) -> None:
    """Wait until a run has one of these, or has ended in another way, which fails the test."""
    ends = {*statuses, "finished", "failed", "interrupted", "stopped"}
    wait_until(lambda: laboratory.store.run(run).status in ends, f"{run}: {statuses}", SECONDS_TO_END)
    now = laboratory.store.run(run)
    assert now.status in statuses, (now.status, now.reason)


def steps_of(laboratory: Laboratory, run: str) -> int:
    return laboratory.store.curves(run).shape[1]


def test_a_run_started_at_one_server_is_watched_and_steered_at_the_other(laboratory: Laboratory) -> None:
    one, other = (server.url for server in laboratory.servers)
    run = train(laboratory, one, 1, recipe(epochs=10_000))
    wait_until(lambda: laboratory.store.run(run).step > 20, "the first steps")
    seen = httpx.get(f"{other}/api/runs/{run}/points").json()
    assert seen["status"] == "running" and seen["step"] > 0
    press(other, 1, run, "command-pause")
    wait_for_status(laboratory, run, "paused")
    stood = laboratory.store.run(run).step
    press(one, 1, run, "command-resume")
    wait_for_status(laboratory, run, "running")
    wait_until(lambda: laboratory.store.run(run).step > stood, "more steps")
    press(other, 1, run, "command-stop")
    wait_for_status(laboratory, run, "stopped")


def test_results_models_and_uploads_are_read_from_both(laboratory: Laboratory) -> None:
    one, other = (server.url for server in laboratory.servers)
    run = train(laboratory, one, 2, recipe(epochs=5))
    wait_for_status(laboratory, run, "finished")
    files = RunFiles.of(laboratory.artifacts, run)
    assert files.has_result() and files.folder.exists("model.keras")
    table = "month,sold\n" + "\n".join(f"20{10 + n // 12}-{n % 12 + 1:02d}-01,{n}" for n in range(36))
    with page_socket(one, visitor_cookie(2)) as page:
        page.bring(one, visitor_cookie(2), "sales.csv", table.encode())
    for url in (one, other):
        with page_socket(url, visitor_cookie(2)) as page:
            shown = " ".join(str(element) for element in page.show("results", query=f"run={run}"))
            assert "mean absolute error" in shown.lower() and "no results" not in shown.lower()
    (file,) = laboratory.store.uploads(owner(2))
    own = Recipe(
        dataset=Upload(id=file.id, name=file.name),
        task=Forecast(target="sold", window=6, horizon=2),
        training=Training(epochs=1),
    )
    for url in (one, other):
        wait_for_status(laboratory, train(laboratory, url, 2, own), "finished")


def train_at_once(laboratory: Laboratory, url: str, wanted: dict[int, Recipe]) -> list[str]:
    """Have visitors, by their numbers, press Train at the same time, and return their runs."""
    with ThreadPoolExecutor(len(wanted)) as visitors:
        return list(visitors.map(lambda visitor: train(laboratory, url, visitor, wanted[visitor]), wanted))


def test_runs_at_once_end_each_exactly_once(laboratory: Laboratory) -> None:
    wanted = {100 + number: recipe(epochs=10, seed=number) for number in range(RUNS_AT_ONCE)}
    runs = train_at_once(laboratory, laboratory.url, wanted)
    assert len(set(runs)) == RUNS_AT_ONCE
    for run in runs:
        wait_for_status(laboratory, run, "finished")
    ended = [laboratory.store.run(run) for run in runs]
    assert {run.status for run in ended} == {"finished"}
    for run in ended:
        assert (run.generation, run.reason) == (0, "")
        assert steps_of(laboratory, run.id) == run.step == 10 * run.steps_per_epoch
        assert RunFiles.of(laboratory.artifacts, run.id).has_result()
    assert len({laboratory.store.curves(run).tobytes() for run in runs}) == RUNS_AT_ONCE


def test_a_run_goes_on_when_its_worker_is_killed(laboratory: Laboratory, unbroken: bytes) -> None:
    runs = train_at_once(laboratory, laboratory.url, {10: recipe(EPOCHS), 11: recipe(EPOCHS)})
    wait_until(lambda: all(steps_of(laboratory, run) > 60 for run in runs), "both to train")
    laboratory.cluster.worker_of(0).kill()
    for run in runs:
        wait_for_status(laboratory, run, "finished")
        assert laboratory.store.curves(run).tobytes() == unbroken
    assert sum(was_taken_up(laboratory, run) for run in runs) == 1


def test_what_a_killed_server_looked_after_goes_on_at_the_other(
    laboratory: Laboratory, unbroken: bytes
) -> None:
    one, other = laboratory.servers
    short = {20 + number: recipe(epochs=5) for number in range(3)}
    run, *waiting = train_at_once(laboratory, one.url, {4: recipe(EPOCHS)} | short)
    wait_until(lambda: steps_of(laboratory, run) > 60, "the first steps")
    one.process.kill()
    wait_until(lambda: was_taken_up(laboratory, run), "the other to take it up", SECONDS_TO_TAKE_UP)
    seen = page_of(laboratory.url, 4, run)
    assert "Pause" in seen or "Stop" in seen, "the proxy shows it by the other"
    for each in (run, *waiting):
        wait_for_status(laboratory, each, "finished")
    assert laboratory.store.curves(run).tobytes() == unbroken
    assert other.process.is_running()


def was_taken_up(laboratory: Laboratory, run: str) -> bool:
    """Return whether a run's page says that it went on, or started again, after its worker was lost."""
    return laboratory.store.run(run).reason.startswith("The machine that trained this run stopped; the run ")


def page_of(url: str, visitor: int, run: str) -> str:
    with page_socket(url, visitor_cookie(visitor)) as page:
        return " ".join(str(element) for element in page.show("train", query=f"run={run}"))


def test_nothing_is_left_to_do(laboratory: Laboratory) -> None:
    with laboratory.store._database.reader.connect() as connection:
        left = connection.execute(select(schema.runs.c.id).where(schema.runs.c.status.in_(ACTIVE))).all()
    assert left == []
    assert Folder(laboratory.artifacts).folder("runs").names()


def test_a_database_that_an_earlier_version_made_is_brought_up_to_date(database: str, tmp_path: Path) -> None:
    """The set of tests/compatibility, as that version would have made it on PostgreSQL."""
    old, tables = create_engine(f"sqlite:///{archive.unpack_set(tmp_path)}"), MetaData()
    event.listen(tables, "column_reflect", _use_generic_type)
    tables.reflect(old)
    with create_engine(database).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CREATE DATABASE earlier")
    url = database.replace("/postgres?", "/earlier?")
    new = create_engine(url)
    with old.connect() as source, new.begin() as target:
        tables.create_all(target)
        for table in tables.sorted_tables:
            rows = [dict(row._mapping) for row in source.execute(select(table))]
            if rows:
                target.execute(insert(table), rows)
    store, meanings = RunStore(url), archive.read_set("meanings")
    with new.connect() as connection:
        assert differences(connection) == []
    for run, facts in meanings["runs"].items():
        assert not [*archive.differences(facts, archive.run_facts(store, run), rtol=archive.NOISE)]
    store.close()


def _use_generic_type(_inspector: object, _table: object, column: dict) -> None:
    column["type"] = column["type"].as_generic()
