from hypothesis import given
from hypothesis import strategies as st

from components.runs.fair_queue import priority
from components.runs.store import RunStore
from components.training.events import Status, Steps, TrainingStart
from tests.runs.sample_events import RECIPE

SPEED = 10.0  # steps a second
STEPS_PER_EPOCH = 50


def submit(store: RunStore, owner: str, estimate: float | None = None, overhead: float = 0.0) -> str:
    run_id = store.add(RECIPE, owner, "Toys", estimate, overhead).id
    store.begin(run_id, "here")
    return run_id


def start(store: RunStore, run_id: str) -> None:
    store.write([(run_id, store.run(run_id).attempt, Status(status="running"))])


def end(store: RunStore, run_id: str) -> None:
    store.write([(run_id, store.run(run_id).attempt, Status(status="finished"))])


def say_steps(store: RunStore, run_id: str, last: int, first: int = 1) -> None:
    number = (1.0,) * (last + 1 - first)
    steps = Steps(
        first=first,
        losses=number,
        before=number,
        after=number,
        layers=(number,),
        learning_rate=0.1,
        seconds=len(number) / SPEED,
    )
    began = TrainingStart(parameters=1, layers=("only",), steps_per_epoch=STEPS_PER_EPOCH, clip=None)
    attempt = store.run(run_id).attempt
    store.write([(run_id, attempt, began), (run_id, attempt, steps)])


def line(store: RunStore, ids: list[str]) -> list[str]:
    """Return the owners of what waits, the next first."""
    waiting = [run for run in map(store.run, ids) if run.status == "waiting"]
    return [run.owner for run in sorted(waiting, key=lambda run: store.queue_position(run.id))]


def test_a_visitors_second_run_waits_behind_everybodys_first(store):
    ids = [submit(store, owner) for owner in ("ann", "ann", "ann", "bob", "cleo", "bob")]
    assert line(store, ids) == ["ann", "bob", "cleo", "ann", "bob", "ann"]
    start(store, ids[0])
    ids.append(submit(store, "dan"))
    assert line(store, ids) == ["bob", "cleo", "dan", "ann", "bob", "ann"]
    assert submit(store, "ann") not in ids[:5]


def test_who_was_served_often_before_others_came_is_served_in_turns_with_them(store):
    ids = [submit(store, "ann") for _ in range(5)]
    for run_id in ids[:3]:
        start(store, run_id)
        end(store, run_id)
    ids += [submit(store, owner) for owner in ("bob", "bob", "cleo")]
    assert line(store, ids) == ["ann", "bob", "cleo", "ann", "bob"]


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=12))
def test_the_line_is_a_round_robin_whatever_the_order_of_submissions(owners):
    store = RunStore("sqlite:///:memory:")
    ids = [submit(store, owner) for owner in owners]
    served = line(store, ids)
    rounds = [served[:place].count(owner) for place, owner in enumerate(served)]
    assert rounds == sorted(rounds)
    submitted = [store.run(run_id) for run_id in ids]
    places = [store.queue_position(run.id) for run in submitted]
    by_priority = sorted(submitted, key=lambda run: -priority(run.turn, run.submitted.timestamp()))
    assert [store.queue_position(run.id) for run in by_priority] == sorted(places)
    store.close()


def test_the_wait_is_estimated_from_what_is_before_it(store):
    busy, first, second = (submit(store, owner, 30.0) for owner in ("ann", "bob", "cleo"))
    assert store.points(first).wait_seconds is None, "no worker is up"
    start(store, busy)
    assert 29 < store.points(first).wait_seconds <= 30
    assert 59 < store.points(second).wait_seconds <= 60
    say_steps(store, busy, 20)
    left = (STEPS_PER_EPOCH * RECIPE.training.epochs - 20) / SPEED
    assert abs(store.points(first).wait_seconds - left) < 1
    assert store.points(busy).wait_seconds is None


def test_a_run_is_waited_for_until_it_is_measured(store):
    busy, first, second = (submit(store, owner, 30.0, 12.0) for owner in ("ann", "bob", "cleo"))
    start(store, busy)
    assert 41 < store.points(first).wait_seconds <= 42
    assert 83 < store.points(second).wait_seconds <= 84
    total = STEPS_PER_EPOCH * RECIPE.training.epochs
    say_steps(store, busy, total - 20)
    assert abs(store.points(first).wait_seconds - (20 / SPEED + 12)) < 1
    say_steps(store, busy, total, first=total - 19)
    with store._database.writer.begin() as connection:
        since = total / SPEED + 5  # all its updates, and 5 seconds of being measured
        connection.exec_driver_sql(f"UPDATE runs SET started = started - {since} WHERE id = '{busy}'")
    assert abs(store.points(first).wait_seconds - 7) < 1


def test_of_a_line_that_nothing_is_known_of_no_wait_is_told(store):
    busy, unknown, last = (submit(store, owner) for owner in ("ann", "bob", "cleo"))
    start(store, busy)
    assert store.points(unknown).wait_seconds is None
    assert store.points(last).wait_seconds is None


def test_runs_that_train_in_turns_are_one_task(store):
    turn = store.next_turn("ann")
    pair = [store.add(RECIPE, "ann", "Toys", 30.0).id for _ in range(2)]
    for run_id in pair:
        store.begin(run_id, "here", turn, "pair")
    assert {store.run(run_id).turn for run_id in pair} == {turn}
    for run_id in pair:
        start(store, run_id)
    assert 59 < store.points(submit(store, "bob")).wait_seconds <= 60


def test_thirty_visitors_at_once_on_two_workers_see_a_place_and_a_wait_that_comes_true(store):
    seconds, visitors = 30.0, [f"visitor {number}" for number in range(30)]
    firsts = [submit(store, owner, seconds) for owner in visitors]
    second = submit(store, visitors[0], seconds)
    for run_id in firsts[:2]:
        start(store, run_id)
    said = {run_id: store.points(run_id) for run_id in [*firsts[2:], second]}
    assert [said[run_id].ahead for run_id in firsts[2:]] == list(range(28))
    assert said[second].ahead == 28, "behind everybody's first"
    for place, run_id in enumerate([*firsts[2:], second]):
        served = (1 + place // 2) * seconds  # both workers take one every half minute
        assert served - 2 < said[run_id].wait_seconds <= served
    late = submit(store, "somebody who comes late", seconds)
    assert store.points(late).ahead == 28
    assert store.points(second).ahead == 29
