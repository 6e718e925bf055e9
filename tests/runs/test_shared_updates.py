import json

import pytest

from components.errors import RunError
from components.runs import shared_updates
from components.runs.shared_updates import SharedUpdates
from components.training.events import Rollback, Status
from tests.own_clock import set_clock
from tests.runs.sample_events import TRAINING_START, epoch_end, steps


@pytest.fixture
def clock(monkeypatch):
    now = [0.0]
    set_clock(monkeypatch, shared_updates, monotonic=lambda: now[0])
    return now


@pytest.fixture
def shared(store, clock):
    return SharedUpdates(store)


def test_within_a_tick_all_get_the_same_bytes_and_the_store_is_read_once(
    store, shared, run_id, say, clock, monkeypatch
):
    say(TRAINING_START, Status(status="running"), steps(1, 10))
    reads = []
    moment = store.moment
    monkeypatch.setattr(store, "moment", lambda run_id: reads.append(run_id) or moment(run_id))
    assert shared.at_hand(run_id, 0, 0) is None
    first = shared.reply(run_id, 0, 0)
    say(steps(11, 20))
    assert all(shared.reply(run_id, 0, 0) is first for _ in range(100))
    assert shared.at_hand(run_id, 0, 0) is first
    assert reads == [run_id]
    clock[0] += shared_updates.TICK_SECONDS + 0.01
    assert shared.at_hand(run_id, 0, 0) is None
    assert json.loads(shared.reply(run_id, 0, 0))["step"] == 20


def test_whatever_pages_knew_they_know_the_same_after_a_tick_and_nothing_is_missed(
    store, shared, run_id, say, clock
):
    say(TRAINING_START, Status(status="running"), steps(1, 10))
    known = [(0, 0), (1, 0), (0, 5)]
    seen = [[], list(range(1, 11)), []]
    for round_ in range(1, 6):
        say(steps(10 * round_ + 1, 10 * round_ + 10), epoch_end(round_))
        clock[0] += 1
        replies = [json.loads(shared.reply(run_id, *asked)) for asked in known]
        for page, news in enumerate(replies):
            seen[page] = seen[page] + news["steps"]
        known = [(news["since"], news["generation"]) for news in replies]
        assert len(set(known)) == 1
    assert seen[0] == seen[2] == list(range(1, 61))


def test_what_is_written_between_two_replies_of_a_tick_comes_with_the_next(store, shared, run_id, say, clock):
    say(TRAINING_START, Status(status="running"), steps(1, 10))
    early = json.loads(shared.reply(run_id, 0, 0))
    say(steps(11, 20), epoch_end(1))
    late = json.loads(shared.reply(run_id, 0, 7))  # another page, in the same tick
    assert late["steps"] == early["steps"] == list(range(1, 11))
    assert late["since"] == early["since"] and late["epochs"] == []
    clock[0] += 1
    following = json.loads(shared.reply(run_id, early["since"], 0))
    assert following["steps"] == list(range(11, 21)) and len(following["epochs"]) == 1


def test_a_run_that_goes_back_is_told_whole_at_the_next_tick(shared, run_id, say, clock):
    say(TRAINING_START, Status(status="running"), steps(1, 10))
    before = json.loads(shared.reply(run_id, 0, 0))
    say(Rollback(step=5), steps(6, 8))
    clock[0] += 1
    after = json.loads(shared.reply(run_id, before["since"], before["generation"]))
    assert after["generation"] == before["generation"] + 1
    assert after["steps"] == list(range(1, 9))


def test_what_is_not_there_is_not_remembered(shared):
    for _ in range(2):
        with pytest.raises(RunError, match="no such run"):
            shared.reply("0" * 32, 0, 0)


def test_only_so_many_runs_are_remembered(store, shared, run_id, monkeypatch):
    monkeypatch.setattr(shared_updates, "MOST_RUNS", 1)
    shared.reply(run_id, 0, 0)
    with pytest.raises(RunError):
        shared.reply("0" * 32, 0, 0)
    assert shared.at_hand(run_id, 0, 0) is None
