"""The finished runs that come with Unroll: one of each experiment, small, nobody's, and in every store."""

import errno
import io
import threading

import numpy as np
import pytest

from components.runs import retention
from components.runs.artifacts import RunFiles
from components.runs.catalog import RunView
from components.runs.shelf import SHELF_OWNER, ShelfStock, shelf
from components.tasks import task_of
from components.tasks.result_file import unpack
from components.training.events import EpochEnd, Evaluation, Status, Steps, TrainingStart
from components.ui.experiments import CARDS

MOST_BYTES = 6_000_000
KEYS = sorted(shelf())


@pytest.fixture(scope="module")
def archives():
    return {key: run.archive() for key, run in shelf().items()}


@pytest.fixture
def some(monkeypatch):
    """A shelf of two, which is quicker."""
    two = {key: shelf()[key] for key in ("random_labels", "sine")}
    monkeypatch.setattr("components.runs.shelf.shelf", lambda: two)
    return two


def test_they_are_of_experiments_and_together_they_are_small():
    assert set(KEYS) == {card.key for card in CARDS}
    assert sum(run.path.stat().st_size for run in shelf().values()) <= MOST_BYTES
    assert len({run.id for run in shelf().values()}) == len(KEYS)


@pytest.mark.parametrize("card", [card for card in CARDS if card.key in KEYS], ids=lambda card: card.key)
def test_it_is_of_the_card_s_own_recipe_and_whole(archives, card):
    archive = archives[card.key]
    assert archive.recipe == card.recipe, "run `make shelf`"
    assert archive.title == card.title
    (start,) = [event for event in archive.events if isinstance(event, TrainingStart)]
    steps = [event for event in archive.events if isinstance(event, Steps)]
    ends = [event for event in archive.events if isinstance(event, EpochEnd) and event.epoch]
    assert [one.first for one in steps] == [1, *(one.last + 1 for one in steps[:-1])]
    assert steps[-1].last == ends[-1].step == start.steps_per_epoch * len(ends)
    patience = card.recipe.training.patience
    assert len(ends) == card.recipe.training.epochs or not any(end.best for end in ends[-(patience or 0) :])
    assert isinstance(archive.events[-1], Status) and archive.events[-1].status == "finished"


@pytest.mark.parametrize("key", KEYS)
def test_its_result_can_be_read_and_says_what_is_listed_of_it(archives, key):
    archive = archives[key]
    result = unpack(archive.files["result.npz"], task_of(archive.recipe).result_class)
    (said,) = [event for event in archive.events if isinstance(event, Evaluation)]
    assert said.won == result.won
    assert said.model == pytest.approx(result.outcome.model, rel=1e-3, abs=1e-6)
    assert result.verdict


@pytest.mark.parametrize("key", KEYS)
def test_its_weights_are_numbers_in_half_precision(archives, key):
    states = {name: file for name, file in archives[key].files.items() if name.startswith("checkpoint-")}
    assert len(states) == len(archives[key].files) - 1 >= 1
    for content in states.values():
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            assert any(file[name].dtype == np.float16 for name in file.files)
            assert not any(name.startswith("slots") for name in file.files)


def test_a_store_is_stocked_once_and_what_is_lost_comes_back(store, tmp_path, some):
    artifacts = str(tmp_path)
    ShelfStock(store, artifacts).fill()
    runs = store.runs(SHELF_OWNER)
    assert {run.id for run in runs} == {one.id for one in some.values()}
    first = store.run(some["random_labels"].id)
    assert (first.status, first.pinned) == ("finished", True)
    assert first.started is None and first.steps_per_second is None
    assert store.points(first.id).step == first.step and len(store.previews(first.id)) == first.epoch
    ShelfStock(store, artifacts).fill()
    assert store.runs(SHELF_OWNER) == runs
    RunFiles.of(artifacts, first.id).folder.remove_all()
    ShelfStock(store, artifacts).fill()
    assert RunFiles.of(artifacts, first.id).has_result() and len(store.runs(SHELF_OWNER)) == 2
    assert store.timed_runs() == (), "they say nothing of this machine's pace"
    assert store.clock(first.id) == () and not store.points(first.id).clock


def test_who_is_quicker_than_its_turn_has_his_run_at_once(store, tmp_path, monkeypatch):
    """Another is being put in, and takes its time."""
    going, go_on = threading.Event(), threading.Event()
    add = store.add_finished

    def slowly(run_id, *rest):
        if run_id == shelf()["random_labels"].id:
            going.set()
            assert go_on.wait(60)
        add(run_id, *rest)

    monkeypatch.setattr(store, "add_finished", slowly)
    two = {key: shelf()[key] for key in ("random_labels", "sine")}
    monkeypatch.setattr("components.runs.shelf.shelf", lambda: two)
    stock = ShelfStock(store, str(tmp_path))
    filling = threading.Thread(target=stock.fill)
    filling.start()
    assert going.wait(60)
    stock.require(two["sine"].id)
    assert store.run(two["sine"].id).status == "finished" and not store.has(two["random_labels"].id)
    stock.require("f" * 32)  # no finished run's id, so there is nothing to wait for
    go_on.set()
    filling.join(60)
    assert {run.id for run in store.runs(SHELF_OWNER)} == {one.id for one in two.values()}


def test_a_full_disk_takes_no_finished_run_nor_does_a_closed_server(store, tmp_path, some, monkeypatch):
    def is_full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(store, "add_finished", is_full)
        ShelfStock(store, str(tmp_path)).require(some["sine"].id)
    closed = ShelfStock(store, str(tmp_path))
    closed.close()
    closed.fill()
    assert store.runs(SHELF_OWNER) == ()


def test_what_comes_with_another_version_grows_old(store, tmp_path, some, monkeypatch):
    ShelfStock(store, str(tmp_path)).fill()
    old = some["sine"].id
    one = {"random_labels": some["random_labels"]}
    monkeypatch.setattr("components.runs.shelf.shelf", lambda: one)
    ShelfStock(store, str(tmp_path)).fill()
    assert [run_id for run_id, _ in store.disposable_runs()] == [old]
    retention.delete_old(store, str(tmp_path), keep_days=-1e6, disk=2**40)
    assert [run.id for run in store.runs(SHELF_OWNER)] == [one["random_labels"].id]


def test_another_content_is_another_run(tmp_path, monkeypatch):
    monkeypatch.setattr("components.runs.shelf.SHELF_FILES", tmp_path)
    ids = []
    for content in (b"one", b"another"):
        (tmp_path / "sine.run").write_bytes(content)
        shelf.cache_clear()
        ids.append(shelf()["sine"].id)
    shelf.cache_clear()
    assert ids[0] != ids[1] and {len(one) for one in ids} == {32}


def test_nobody_owns_it_so_nobody_lists_it_among_their_own(store, tmp_path, some):
    ShelfStock(store, str(tmp_path)).fill()
    assert store.runs("a" * 32) == ()
    store.catalog.keep(some["random_labels"].id, "a" * 32)
    assert [entry.id for entry in store.catalog.page(RunView("a" * 32)).entries] == [some["random_labels"].id]
