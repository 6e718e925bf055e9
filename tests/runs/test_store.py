import math
import threading
from pathlib import Path

import numpy as np
import pytest

from components.errors import RunError
from components.runs.store import RunStore
from components.tasks.cost_model import TimedRun
from components.training.events import (
    Checkpoint,
    CheckpointsDiscarded,
    Mark,
    Rollback,
    Snapshot,
    Status,
)
from tests.runs.sample_events import RECIPE, TRAINING_START, epoch_end, gradient, steps


def test_a_run_comes_back_as_it_was_made(store):
    made = store.add(RECIPE, "ann", "Toys")
    assert store.run(made.id) == made
    assert (made.owner, made.title, made.recipe, made.status) == ("ann", "Toys", RECIPE, "waiting")
    assert len(made.id) == 32


def test_runs_are_listed_for_their_owner_newest_first(store):
    first, second = store.add(RECIPE, "ann", "1"), store.add(RECIPE, "ann", "2")
    store.add(RECIPE, "bob", "3")
    assert store.runs("ann") == (second, first)
    assert store.runs("ann", limit=1) == (second,)
    assert store.runs("eve") == ()


def test_an_unknown_run_is_an_error_everywhere(store, server):
    for ask in (store.run, store.points, store.queue_position, store.cancel):
        with pytest.raises(RunError, match="no such run"):
            ask("0" * 32)
    with pytest.raises(RunError, match="no such run"):
        store.begin("0" * 32, server)


def test_what_a_run_says_shows_in_how_it_stands(store, run_id, say):
    say(
        TRAINING_START,
        Status(status="running"),
        steps(1, 10),
        epoch_end(1),
        Mark(step=10, what="clip", value=0.25),
    )
    run = store.run(run_id)
    assert (run.status, run.step, run.epoch) == ("running", 10, 1)
    assert (run.parameters, run.layers, run.steps_per_epoch) == (7, ("lstm", "dense"), 10)
    assert (run.clip, run.learning_rate, run.steps_per_second) == (0.25, 0.003, 20.0)
    assert run.started is not None
    assert run.ended is None
    say(Status(status="finished"))
    assert store.run(run_id).status == "finished"
    assert store.run(run_id).ended >= run.started


def test_everything_said_can_be_read_back(store, run_id, say):
    said = epoch_end(1, validation=math.inf)
    say(
        TRAINING_START,
        steps(1, 10),
        said,
        Checkpoint(step=10, epoch=1),
        Mark(step=10, what="clip", value=2.0),
    )
    (kept,) = store.epochs(run_id)
    assert (kept.epoch, kept.step, kept.training, kept.snapshot) == (
        1,
        10,
        1.0,
        Snapshot((1.5, 1.0), ("a “word”",)),
    )
    assert not math.isfinite(kept.validation)
    assert store.checkpoints(run_id) == (Checkpoint(step=10, epoch=1),)
    assert store.marks(run_id) == (Mark(step=10, what="clip", value=2.0),)


def test_of_marks_on_one_step_the_last_holds(store, run_id, say):
    say(*(Mark(step=5, what="learning_rate", value=value) for value in (0.1, 0.2, 0.3)))
    assert store.marks(run_id) == (Mark(step=5, what="learning_rate", value=0.3),)


def test_an_older_attempt_is_not_heard(store, server, run_id, say):
    old = store.run(run_id).attempt
    say(TRAINING_START, steps(1, 5), Status(status="stopped"))
    store.begin(run_id, server)
    store.write([(run_id, old, steps(6, 10)), (run_id, old, Status(status="failed", reason="late"))])
    assert (store.run(run_id).step, store.run(run_id).status) == (5, "waiting")


def test_nothing_is_heard_after_the_end(store, run_id, say):
    say(TRAINING_START, steps(1, 5), Status(status="finished"), steps(6, 10), Status(status="failed"))
    say(steps(6, 10))
    assert (store.run(run_id).step, store.run(run_id).status) == (5, "finished")


def test_messages_of_unknown_runs_are_ignored(store):
    store.write([("f" * 32, "", steps(1, 2)), ("f" * 32, "x", steps(1, 2))])


def test_checkpoints_that_are_no_longer_kept_are_not_listed(store, run_id, say):
    say(TRAINING_START, steps(1, 8), *(Checkpoint(step=step, epoch=0) for step in (0, 4, 8)))
    say(CheckpointsDiscarded(step=4))
    assert [kept.step for kept in store.checkpoints(run_id)] == [4, 8]


def test_a_rewind_takes_back_what_came_later(store, run_id, say):
    say(
        TRAINING_START,
        steps(1, 8),
        steps(9, 14),
        epoch_end(1),
        Checkpoint(step=8, epoch=0),
        steps(15, 20),
        epoch_end(2),
    )
    say(
        Checkpoint(step=20, epoch=2),
        Mark(step=8, what="clip", value=1.0),
        Mark(step=20, what="clip", value=2.0),
    )
    say(Rollback(step=12))
    run = store.run(run_id)
    assert (run.step, run.epoch, run.generation) == (12, 1, 1)
    assert store.points(run_id).steps == list(range(1, 13))
    assert [end.epoch for end in store.epochs(run_id)] == [1]
    assert [kept.step for kept in store.checkpoints(run_id)] == [8]
    assert [mark.step for mark in store.marks(run_id)] == [8]
    say(steps(13, 20))
    points = store.points(run_id)
    assert points.steps == list(range(1, 21))
    assert points.before == [float(step) for step in points.steps]


def test_steps_said_twice_are_there_once(store, run_id, say):
    say(TRAINING_START, steps(1, 6), steps(1, 6), steps(4, 9), steps(2, 8))
    points = store.points(run_id)
    assert points.steps == list(range(1, 10))
    assert points.after == [step / 2 for step in points.steps]


def test_only_what_is_over_can_begin_again(store, server, run_id, say):
    with pytest.raises(RunError, match="already in progress"):
        store.begin(run_id, server)
    for status in ("stopped", "failed", "interrupted"):
        store.set_status(run_id, status, "a reason")
        assert store.run(run_id).reason == "a reason"
        store.begin(run_id, server)
        run = store.run(run_id)
        assert (run.status, run.reason, run.ended) == ("waiting", "", None)
    store.set_status(run_id, "finished")
    with pytest.raises(RunError, match="finished"):
        store.begin(run_id, server)


def test_the_end_of_a_run_stays_its_end(store, run_id):
    store.set_status(run_id, "stopped")
    store.set_status(run_id, "failed", "late")
    assert (store.run(run_id).status, store.run(run_id).reason) == ("stopped", "")


def test_runs_wait_in_the_order_of_their_submission(store, server):
    ids = [store.add(RECIPE, "ann", str(number)).id for number in range(3)]
    for run_id in reversed(ids):
        store.begin(run_id, server)
    assert [store.queue_position(run_id) for run_id in ids] == [2, 1, 0]
    assert store.cancel(ids[1])
    assert [store.queue_position(run_id) for run_id in ids] == [1, 0, 0]
    assert store.run(ids[1]).status == "stopped"
    assert store.points(ids[0]).ahead == 1


def test_only_a_waiting_run_can_be_cancelled(store, run_id, say):
    say(TRAINING_START, Status(status="running"))
    assert not store.cancel(run_id)
    assert store.run(run_id).status == "running"


def test_a_batch_is_written_whole_or_not_at_all(store, run_id):
    attempt = store.run(run_id).attempt
    ragged = steps(4, 6).model_copy(update={"before": (1.0,)})
    with pytest.raises(ValueError, match="inhomogeneous"):
        store.write([(run_id, attempt, message) for message in (TRAINING_START, steps(1, 3), ragged)])
    assert (store.run(run_id).step, store.run(run_id).parameters) == (0, 0)


def test_runs_outlive_the_store(url, store, run_id, say):
    say(TRAINING_START, steps(1, 3))
    store.close()
    again = RunStore(url)
    assert again.run(run_id).step == 3
    again.close()


def test_what_is_said_to_a_run_is_handed_to_each_of_its_attempts(store, run_id, server):
    store.add_command(run_id, 7, "first")
    store.add_command(run_id, 8, "second")
    told = store.messages(server)
    assert [(one.number, one.command) for one in told] == [(7, "first"), (8, "second")]
    store.set_handed_on(told)
    assert store.messages(server) == ()
    begun = store.start_attempt(run_id, told[0].attempt)
    assert [(one.attempt, one.number) for one in store.messages(server)] == [
        (begun.token, 7),
        (begun.token, 8),
    ]
    store.set_status(run_id, "stopped")
    assert store.messages(server) == ()
    with pytest.raises(RunError, match="has ended"):
        store.add_command(run_id, 9, "late")
    store.begin(run_id, server)
    assert store.messages(server) == (), "a person begins afresh"


def test_looks_through_time_come_back_and_go_with_a_rewind(store, run_id, say):
    say(TRAINING_START, gradient(0), steps(1, 10), gradient(10), steps(11, 20), gradient(20))
    (first, *_, last) = store.through_time(run_id)
    assert (first.step, last.step, last.rows, last.length) == (0, 20, ("input", "lstm_1"), 100)
    np.testing.assert_allclose(last.norms, gradient(20).norms, rtol=1e-6)
    said = store.points(run_id)
    assert [point.step for point in said.through] == [0, 10, 20]
    assert said.through_rows == ("input", "lstm_1") and said.through_length == 100
    assert said.through[-1].ratios == [0.0123, None]
    assert store.points(run_id, said.since, said.generation).through == []
    say(Rollback(step=10))
    assert [one.step for one in store.through_time(run_id)] == [0, 10]


def test_what_is_no_store_is_refused_with_a_reason(tmp_path: Path):
    (tmp_path / "runs.sqlite").write_bytes(b"not a database, " * 100)
    for url in (f"sqlite:///{tmp_path}/runs.sqlite", "nonsense", "oracle+nothing://here"):
        with pytest.raises(RunError, match="UNROLL_DATABASE"):
            RunStore(url)


def test_one_writes_while_many_read(store, run_id, say):
    """Every reader sees whole transactions, in order, whatever the writer does meanwhile."""
    say(TRAINING_START)
    done, wrong = threading.Event(), []

    def read() -> None:
        since = generation = 0
        seen: list[int] = []
        while not done.is_set() or seen != list(range(1, 401)):
            points = store.points(run_id, since, generation)
            seen = points.steps if points.generation != generation else seen + points.steps
            since, generation = points.since, points.generation
            if seen != list(range(1, points.step + 1)) or points.before != [
                float(step) for step in points.steps
            ]:
                wrong.append((seen, points))
                return

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for first in range(1, 401, 4):
        say(steps(first, first + 3))
        if first == 201:
            say(Rollback(step=150), steps(151, 204))
    done.set()
    for reader in readers:
        reader.join(timeout=20)
    assert not wrong
    assert not any(reader.is_alive() for reader in readers)


def test_runs_that_got_going_are_timed(store, run_id, say):
    say(TRAINING_START, Status(status="running"), steps(1, 10))
    assert store.timed_runs() == ()
    say(steps(11, 60, seconds=2.5), epoch_end(1))
    assert store.timed_runs() == (TimedRun(RECIPE.to_json(), 20.0, 10, 1, 60, None),)
    say(Status(status="finished"))
    (timed,) = store.timed_runs()
    assert timed.seconds is not None and timed.seconds >= 0


def test_a_run_that_was_steered_or_went_back_says_nothing_of_its_whole_time(store, server, run_id, say):
    say(TRAINING_START, Status(status="running"), steps(1, 60))
    store.add_command(run_id, 7, "{}")
    say(Status(status="finished"))
    assert store.timed_runs()[0].seconds is None
    other = store.add(RECIPE, "ann", "Rewound").id
    attempt = store.begin(other, server)
    said = [TRAINING_START, Status(status="running"), steps(1, 60), Rollback(step=30), steps(31, 60)]
    store.write([(other, attempt, one) for one in (*said, Status(status="finished"))])
    assert [one.seconds for one in store.timed_runs()] == [None, None]
