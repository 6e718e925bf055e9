"""What is planned together, in the store."""

import time

import pytest

from components.errors import RunError
from components.runs.catalog import RunView
from components.studies import Search, Sweep
from components.studies.factors import factors
from components.training.events import Status
from tests.runs.sample_events import RECIPE, SWEEP, TRAINING_START, epoch_end, steps

SEARCH = Search(
    recipe=RECIPE, ranges=tuple(one.range for one in factors(RECIPE) if one.is_usual and one.range)
)


@pytest.mark.parametrize("plan", [SWEEP, SEARCH])
def test_a_study_comes_back_as_it_was_planned(store, server, plan: Sweep | Search) -> None:
    made = store.studies.add(plan, "ann", "Toys · Units", server)
    assert store.studies.study(made.id) == made and made.plan == plan
    assert (made.status, made.seconds, made.tag) == ("running", 0, f"{plan.kind}-{made.id[:6]}")
    assert store.studies.studies("ann") == store.studies.at_work(server) == (made,)
    assert store.studies.studies("bob") == () and store.studies.count_at_work("ann") == 1


def test_a_study_that_is_over_is_no_longer_looked_after(store, server) -> None:
    made = store.studies.add(SWEEP, "ann", "Toys", server)
    store.studies.add_seconds(made.id, 2.5)
    store.studies.add_seconds(made.id, 1.0)
    store.studies.set_status(made.id, "stopped", "Because.")
    stopped = store.studies.study(made.id)
    assert (stopped.seconds, stopped.reason) == (3.5, "Because.")
    assert store.studies.at_work(server) == () and store.studies.count_at_work("ann") == 0


def test_trials_are_told_with_their_losses_and_their_runs(store, server, run_id, say) -> None:
    say(TRAINING_START, steps(1, 10), epoch_end(1, 0.5), steps(11, 20), epoch_end(2, float("nan")))
    study = store.studies.add(SWEEP, "ann", "Toys", server)
    store.studies.begin_trial(study.id, 0, run_id, {"model.units": 8, "seed": 0})
    (trial,) = store.studies.trials(study.id, with_losses=True)
    assert (trial.run, trial.status, trial.settings) == (run_id, "running", {"model.units": 8, "seed": 0})
    assert trial.losses[1] == 0.5 and trial.losses[2] != trial.losses[2]
    assert store.studies.live_runs(study.id)[run_id].is_submitted
    store.studies.end_trial(study.id, 0, "complete", 0.5, {"completed_rung_0": 0.5})
    (trial,) = store.studies.trials(study.id)
    assert (trial.value, trial.notes, trial.losses) == (0.5, {"completed_rung_0": 0.5}, {})
    assert store.studies.live_runs(study.id) == {} and set(store.studies.runs_of(study.id, [0])) == {run_id}
    assert store.studies.study_of_run(run_id) == store.studies.study(study.id)
    say(Status(status="running"), Status(status="finished"))
    assert store.studies.mean_seconds(study.id) is not None


def test_what_a_deleted_run_showed_stays_and_a_deleted_study_leaves_its_runs(store, server, run_id, say):
    study = store.studies.add(SWEEP, "ann", "Toys", server)
    store.studies.begin_trial(study.id, 0, run_id, {"model.units": 8})
    store.studies.end_trial(study.id, 0, "complete", 0.5)
    say(Status(status="finished"))
    store.delete(run_id)
    (trial,) = store.studies.trials(study.id)
    assert (trial.run, trial.value) == (None, 0.5)
    other = store.add(RECIPE, "ann", "Another").id
    store.studies.begin_trial(study.id, 1, other, {"model.units": 16})
    store.studies.delete(study.id)
    with pytest.raises(RunError, match="no such search or sweep"):
        store.studies.study(study.id)
    assert store.run(other).title == "Another" and store.studies.study_of_run(other) is None


def test_the_next_server_looks_after_what_a_dead_one_left(store, server) -> None:
    study = store.studies.add(SWEEP, "ann", "Toys", server)
    store.release_server(server)
    heir = store.register_server()
    store.adopt_orphans(heir)
    assert store.studies.at_work(heir) == (store.studies.study(study.id),)


def test_what_is_old_goes_unless_it_is_at_work(store, server) -> None:
    kept, gone = (store.studies.add(SWEEP, "ann", title, server) for title in ("At work", "Over"))
    store.studies.set_status(gone.id, "finished")
    store.studies.delete_old(time.time() + 1)
    assert store.studies.studies("ann") == (kept,)


def test_an_account_takes_its_studies_along(store, server) -> None:
    study = store.studies.add(SWEEP, "browser", "Toys", server)
    store.catalog.take_along("browser", "account")
    assert store.studies.study(study.id).owner == "account"
    assert store.catalog.page(RunView("account")).total == 0
