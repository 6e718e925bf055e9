"""Runs that train together take turns: none runs ahead, each ends and is steered on its own."""

from components.engine.round_robin import InterleavedRun, run_round_robin
from components.training.events import Pause, Resume, Stop
from tests.engine.conftest import until
from tests.engine.fake_train_job import ENDLESS_STEPS


def test_who_is_behind_goes_first_and_who_is_paused_is_waited_for():
    told = []

    def run(name, portion, pauses=()):
        step = 0
        while step < 12:
            if step in pauses and told.count((name, None)) < 3:
                told.append((name, None))
                yield None
                continue
            step += portion
            told.append((name, step))
            yield step

    run_round_robin(
        [
            InterleavedRun(run("slow", 1)),
            InterleavedRun(run("quick", 4)),
            InterleavedRun(run("paused", 3, pauses=(6,))),
        ]
    )
    at = {"slow": 0, "quick": 0}
    for name, step in told:
        if name in at:
            assert at[name] <= min(at.values()), "who isn't behind waits"
            at[name] = step
    assert told.count(("paused", None)) == 3
    assert [told.count(("slow", 12)), told.count(("quick", 12)), told.count(("paused", 12))] == [1, 1, 1]


def test_runs_that_train_together_stay_together_and_end_alone(engine, runs):
    good, short, bad = runs.start_together((ENDLESS_STEPS, "well"), (20, "well"), (ENDLESS_STEPS, "badly"))
    assert runs.ended(bad) == "failed" and runs.status(good) == "running", "it is said at once"
    assert runs.ended(short) == "finished"
    runs.at(good, 30)
    rates = {engine.store.run(one).learning_rate for one in (good, short)}
    assert len(rates) == 1, "one worker does them all"
    engine.control(good, Stop(), "ann")
    assert runs.ended(good) == "stopped"


def test_one_that_is_paused_does_not_hold_the_other_up(engine, runs):
    one, other = runs.start_together((ENDLESS_STEPS, "well"), (ENDLESS_STEPS, "well"))
    runs.at(one, 3)
    engine.control(one, Pause(), "ann")
    until(lambda: runs.status(one) == "paused")
    held = engine.store.run(one).step
    runs.at(other, held + 20)
    assert engine.store.run(one).step <= held + 1
    engine.control(one, Resume(), "ann")
    runs.at(one, held + 10)
    for each in (one, other):
        engine.control(each, Stop(), "ann")
