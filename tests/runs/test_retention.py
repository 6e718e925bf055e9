import os
import sqlite3
import time

import pytest

from components.recipe import Upload
from components.runs import catalog
from components.runs.artifacts import RunFiles
from components.runs.retention import delete_due, delete_file, delete_old
from components.storage import Folder
from components.training.events import Mark, Status
from tests.runs.sample_events import RECIPE, SWEEP, TRAINING_START, epoch_end, gradient, steps

DAY = 86400
ENOUGH = 2**40
SIZE = 1000


@pytest.fixture
def artifacts(tmp_path):
    return tmp_path / "artifacts"


def add_run(store, artifacts, status="finished", recipe=RECIPE, days=0.0):
    run_id = store.add(recipe, "ann", "Toys").id
    attempt = store.begin(run_id, "here")
    store.write([(run_id, attempt, Status(status=status))])
    RunFiles.of(str(artifacts), run_id).folder.write("result.npz", bytes(SIZE))
    if days:
        with store._database.writer.begin() as connection:
            connection.exec_driver_sql(f"UPDATE runs SET ended = ended - {days * DAY} WHERE id = '{run_id}'")
    return run_id


def add_file(artifacts, name, folder="uploads", days=0.0):
    Folder(str(artifacts)).folder(folder).write(name, bytes(SIZE))
    moment = time.time() - days * DAY
    os.utime(artifacts / folder / name, (moment, moment))


def test_what_is_old_goes_and_what_is_pinned_or_goes_on_stays(store, artifacts):
    old, pinned, young = (add_run(store, artifacts, days=days) for days in (40, 50, 10))
    going = add_run(store, artifacts, "running")
    store.pin(pinned, True)
    assert delete_old(store, str(artifacts), 30, ENOUGH) == 1
    assert store.ids() == {pinned, young, going}
    assert {entry.name for entry in Folder(str(artifacts)).folder("runs").entries()} == store.ids()
    assert old not in store.ids()


def test_where_the_disk_is_short_the_oldest_goes_first(store, artifacts):
    runs = [add_run(store, artifacts, days=days) for days in (1, 3, 2)]
    store.pin(runs[1], True)
    assert delete_old(store, str(artifacts), 365, 2 * SIZE) == 1
    assert store.ids() == {runs[0], runs[1]}
    assert delete_old(store, str(artifacts), 365, 0) == 1, "a pinned one stays even so"


def test_a_file_stays_as_long_as_a_run_that_is_kept_learns_from_it(store, artifacts):
    needed, unneeded, young = "a" * 32, "b" * 32, "c" * 32
    for name, days in ((needed, 100), (unneeded, 100), (young, 0)):
        add_file(artifacts, name, days=days)
        store.add_upload(name, "ann", "series.csv", SIZE)
    add_file(artifacts, "d" * 32, "quotes", days=100)
    recipe = RECIPE.model_copy(update={"dataset": Upload(id=needed, name="series.csv")})
    run_id = add_run(store, artifacts, recipe=recipe)
    assert delete_old(store, str(artifacts), 30, ENOUGH) == 2
    assert {upload.id for upload in store.uploads("ann")} == {needed, young}
    assert not any((artifacts / "quotes").iterdir())
    store.delete(run_id)
    assert delete_old(store, str(artifacts), 30, ENOUGH) == 1
    assert {upload.id for upload in store.uploads("ann")} == {young}


def test_a_file_stays_as_long_as_a_study_may_learn_from_it_and_old_studies_go(store, artifacts):
    add_file(artifacts, "a" * 32, days=100)
    recipe = RECIPE.model_copy(update={"dataset": Upload(id="a" * 32, name="series.csv")})
    study = store.studies.add(SWEEP.model_copy(update={"recipe": recipe}), "ann", "Toys", "here")
    assert delete_old(store, str(artifacts), 30, ENOUGH) == 0
    store.studies.set_status(study.id, "finished")
    with store._database.writer.begin() as connection:
        connection.exec_driver_sql(f"UPDATE studies SET created = created - {40 * DAY}")
    assert delete_old(store, str(artifacts), 30, ENOUGH) == 1
    assert store.studies.studies("ann") == ()


@pytest.mark.parametrize(("folder", "length"), [("uploads", 32), ("fetched", 64)])
def test_a_file_is_deleted_with_whose_it_is_wherever_it_is_kept(store, artifacts, folder, length):
    add_file(artifacts, "a" * length, folder)
    add_file(artifacts, "b" * length, folder)
    for letter in "ab":
        store.claim_upload(letter * 32, "ann", "days.csv", SIZE)
    store.claim_upload("a" * 32, "bob", "days.csv", SIZE)
    assert store.uploads("bob") == () and len(store.uploads("ann")) == 2
    delete_file(store, str(artifacts), "a" * 32)
    assert [file.id for file in store.uploads("ann")] == ["b" * 32]
    assert Folder(str(artifacts)).folder(folder).names() == ["b" * length]


def test_a_fetched_file_that_is_old_is_nobody_s_any_more(store, artifacts):
    add_file(artifacts, "c" * 64, "fetched", days=40)
    store.claim_upload("c" * 32, "ann", "days.csv", SIZE)
    assert delete_old(store, str(artifacts), 30, ENOUGH) == 1
    assert store.uploads("ann") == ()


def test_what_is_left_of_a_run_that_is_gone_goes_when_it_is_old(store, artifacts):
    for name, days in (("gone", 40), ("elsewhere", 1)):
        add_file(artifacts, f"{name}.npz", f"runs/{name}", days=days)
    assert delete_old(store, str(artifacts), 30, ENOUGH) == 1
    assert [entry.name for entry in Folder(str(artifacts)).folder("runs").entries()] == ["elsewhere"]


def test_where_nothing_was_ever_kept_nothing_goes(store, artifacts):
    assert delete_old(store, str(artifacts), 30, 0) == 0


def test_with_a_run_goes_all_that_it_said(store, run_id, say):
    from tests.runs.sample_events import TRAINING_START, epoch_end, gradient, steps

    say(TRAINING_START, steps(1, 10), epoch_end(1), gradient(10), Status(status="finished"))
    store.delete(run_id)
    with store._database.reader.connect() as connection:
        for table in ("runs", "chunks", "epochs", "marks", "checkpoints", "through_time"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0


def test_nothing_of_a_deleted_run_stays(store, run_id, say, url, tmp_path, monkeypatch):
    say(TRAINING_START, steps(1, 10), epoch_end(1), gradient(10), Mark(step=10, what="clip", value=0.5))
    say(Status(status="stopped"))
    kept = store.add(RECIPE, "ann", "Kept").id
    artifacts = str(tmp_path / "artifacts")
    for each in (run_id, kept):
        files = RunFiles.of(artifacts, each)
        files.write(b"result", b"model")
        files.extra_trainings.write("one", b"more")
    store.catalog.add_collection("ann", "Both", [run_id, kept])
    store.catalog.set_deleted([run_id], True)

    delete_due(store, artifacts)
    assert RunFiles.of(artifacts, run_id).has_result(), "it can still be undone"

    monkeypatch.setattr(catalog, "UNDO_SECONDS", -120)
    delete_due(store, artifacts)
    assert not (tmp_path / "artifacts" / "runs" / run_id).exists()
    assert RunFiles.of(artifacts, kept).has_result() and store.run(kept)
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        for table in tables:
            assert run_id not in repr(connection.execute(f"SELECT * FROM {table}").fetchall())
