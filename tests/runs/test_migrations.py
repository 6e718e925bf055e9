"""A database that an earlier version made is brought up to date, whole or not at all."""

import threading

import pytest
from sqlalchemy import create_engine

from components.errors import RunError
from components.runs.catalog import RunLabels, RunView
from components.runs.store import RunStore
from tests.runs.earlier_versions import VERSIONS, differences, make_earlier
from tests.runs.sample_events import SWEEP, TRAINING_START, epoch_end, gradient, steps


@pytest.fixture
def reopen(url, store, run_id, say):
    """Open the store again after an earlier version had it."""
    say(TRAINING_START, steps(1, 10), epoch_end(1), gradient(10))
    again = []

    def open_as(version):
        with store._database.writer.begin() as connection:
            make_earlier(connection, version)
        store.close()
        again.append(RunStore(url))
        return again[-1]

    yield open_as
    for one in again:
        one.close()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_store_of_each_version_comes_to_todays_tables_with_all_it_holds(reopen, run_id, version):
    again = reopen(version)
    with again._database.reader.connect() as connection:
        assert differences(connection) == []
    run = again.run(run_id)
    assert (run.step, run.title, run.pinned, run.without_data) == (10, "Toys", False, False)
    (end,) = again.epochs(run_id)
    assert end.snapshot.numbers == (1.5, 1.0)
    assert [one.step for one in again.through_time(run_id)] == ([10] if version >= 3 else [])
    again.write([(run_id, again.run(run_id).attempt, gradient(20))])
    assert [one.step for one in again.through_time(run_id)][-1] == 20
    (entry,) = again.catalog.page(RunView("ann")).entries
    assert (entry.id, entry.labels, entry.evaluation) == (run_id, RunLabels("Toys"), None)
    again.catalog.set_labels({run_id: RunLabels("Toys", without_data=True)})
    assert again.run(run_id).without_data
    study = again.studies.add(SWEEP, "ann", "Units", again.register_server())
    again.studies.begin_trial(study.id, 0, run_id, {"model.units": 8})
    assert [trial.run for trial in again.studies.trials(study.id)] == [run_id]
    made = again.catalog.add_collection("ann", "Both", [run_id])
    assert again.catalog.collection(made.id) == made


def test_what_is_up_to_date_stays_as_it_is(url, store, run_id):
    again = RunStore(url)
    with again._database.reader.connect() as connection:
        assert differences(connection) == []
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == "11"
        assert connection.exec_driver_sql("SELECT version FROM unroll_version").scalar_one() == 11
    assert again.run(run_id).title == "Toys"
    again.close()


@pytest.mark.parametrize("version", [0, 99])
def test_a_store_of_another_version_is_refused_with_a_reason(reopen, version):
    with pytest.raises(RunError, match=f"schema {version}, and this version reads schema 11"):
        reopen(version)


def test_a_store_of_a_later_version_is_refused_with_a_reason(url, store):
    with store._database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '99'")
    with pytest.raises(RunError, match="schema 99"):
        RunStore(url)


def test_a_migration_that_fails_leaves_the_store_as_it_was(url, store, monkeypatch):
    with store._database.writer.begin() as connection:
        make_earlier(connection, 4)
        connection.exec_driver_sql("CREATE TABLE kept_runs (owner TEXT)")  # in the way of the last one
    with pytest.raises(RunError, match="can't be opened"):
        RunStore(url)
    with create_engine(url).connect() as connection:
        assert connection.exec_driver_sql("SELECT version FROM unroll_version").scalar_one() == 4
        columns = [row[1] for row in connection.exec_driver_sql("PRAGMA table_info(runs)")]
        assert "turn" not in columns


def test_servers_that_come_up_together_make_the_tables_once(tmp_path):
    url = f"sqlite:///{tmp_path}/runs.sqlite"
    opened = []
    threads = [threading.Thread(target=lambda: opened.append(RunStore(url))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4
    with opened[0]._database.reader.connect() as connection:
        assert differences(connection) == []
    for one in opened:
        one.close()
