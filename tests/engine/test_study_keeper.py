"""The keeper of studies: what it begins, gives up and ends, with a line that only notes what it is given."""

from types import SimpleNamespace

import pytest

from components import data
from components.engine import study_keeper
from components.engine.study_keeper import MOST_AT_WORK, StudyKeeper
from components.errors import LimitError, RunError
from components.recipe import Forecast, Generated, Recipe, Recurrent, Training
from components.runs.catalog import RunView
from components.runs.store import RunStore
from components.settings import Settings
from components.studies import NumberRange, Search, Sweep
from components.training.attempt_start import TRIAL_REASON
from components.training.events import EpochEnd, Status, Stop
from tests.engine.conftest import until

RECIPE = Recipe(
    dataset=Generated(name="sine", length=200),
    task=Forecast(target="value", window=8, horizon=2),
    model=Recurrent(kind="gru", units=4),
    training=Training(epochs=9, patience=None),
)
SWEEP = Sweep(recipe=RECIPE, setting="model.units", values=(4, 8), seeds=2)
SEARCH = Search(
    recipe=RECIPE,
    ranges=(NumberRange(setting="optimizer.learning_rate", low=3e-4, high=0.03, logarithmic=True),),
    trials=4,
)


class NotingLine:
    """Two workers that do nothing by themselves."""

    def __init__(self, store: RunStore, server: str):
        self.store, self.server = store, server
        self.aims: list[tuple[str, str]] = []
        self.stopped: list[str] = []
        self.is_full = False

    def submit(self, run, visitor, aim):
        if self.is_full:
            raise LimitError("There is no room.")
        self.store.begin(run.id, self.server, only_evaluate=aim == "evaluate", only_train=aim == "train")
        self.aims.append((run.id, aim))

    def control(self, run_id, command, visitor):
        assert isinstance(command, Stop) and self.store.run(run_id).owner == visitor
        self.stopped.append(run_id)
        self.end(run_id, "stopped", "Somebody stopped it.")

    def workers(self):
        return 2

    def say(self, run_id, *events):
        attempt = self.store.run(run_id).attempt
        self.store.write([(run_id, attempt, event) for event in events])

    def train(self, run_id, *losses):
        ends = [EpochEnd(epoch=at, step=at, training=1, validation=loss, best=True) for at, loss in losses]
        self.say(run_id, Status(status="running"), *ends)

    def end(self, run_id, status="finished", reason=""):
        self.say(run_id, Status(status=status, reason=reason))


@pytest.fixture
def world(tmp_path, monkeypatch):
    """A store, a line and a keeper that looks all the time."""
    monkeypatch.setattr(study_keeper, "SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.setattr(study_keeper, "_SECONDS_BETWEEN_NOTES", 0.02)
    store = RunStore(f"sqlite:///{tmp_path}/runs.sqlite")
    server = store.register_server()
    line = NotingLine(store, server)

    def keep(server, settings):
        return StudyKeeper(line.submit, line.control, line.workers, store, server, settings)

    keeper = keep(server, Settings(visitor_runs=3, run_seconds=5))

    def start(plan, owner="ann"):
        return keeper.start(plan, "Sine · Units", owner, data.load(RECIPE.dataset, RECIPE.preparation)).id

    def live(study_id):
        return [run.id for run in store.studies.live_runs(study_id).values() if run.is_submitted]

    def trials(study_id, status):
        return [one for one in store.studies.trials(study_id) if one.status == status]

    yield SimpleNamespace(**locals())
    keeper.close()
    store.close()


def test_a_sweep_has_as_many_runs_at_once_as_there_are_workers_and_ends(world) -> None:
    study_id = world.start(SWEEP)
    for number in range(4):
        until(lambda at=number: len(world.store.studies.trials(study_id)) > at)
        assert len(world.live(study_id)) <= 2
        run_id = world.store.studies.trials(study_id)[number].run
        until(lambda run_id=run_id: world.store.run(run_id).attempt)
        world.line.train(run_id, (1, 0.5), (2, 0.3), (3, 0.4))
        world.line.end(run_id)
    until(lambda: world.store.studies.study(study_id).status == "finished")
    trials = world.store.studies.trials(study_id)
    assert [(one.settings, one.status, one.value) for one in trials] == [
        (settings, "complete", 0.3) for settings, _ in SWEEP.trials
    ]
    assert [world.store.run(one.run).recipe for one in trials] == [recipe for _, recipe in SWEEP.trials]
    assert world.line.aims == [(one.run, "whole") for one in trials]
    assert world.store.run(trials[1].run).title == "Sine · Units 8, seed 0"
    study = world.store.studies.study(study_id)
    assert world.store.catalog.page(RunView("ann", search=f"tag:{study.tag}")).total == 4
    assert study.seconds > 0


def test_trials_look_at_no_test_set_until_the_winner_and_the_first_are_measured(world) -> None:
    study_id = world.start(SEARCH)
    for number, loss in enumerate((0.9, 0.2, 0.5, 0.4)):
        until(lambda at=number: len(world.store.studies.trials(study_id)) > at)
        run_id = world.store.studies.trials(study_id)[number].run
        until(lambda run_id=run_id: world.store.run(run_id).attempt)
        world.line.train(run_id, (9, loss))
        world.line.end(run_id, "stopped", TRIAL_REASON)
    until(lambda: len(world.line.aims) == 6)
    runs = [one.run for one in world.store.studies.trials(study_id)]
    assert world.line.aims[:4] == [(run_id, "train") for run_id in runs]
    assert set(world.line.aims[4:]) == {(runs[0], "evaluate"), (runs[1], "evaluate")}
    assert world.store.studies.study(study_id).status == "evaluating"
    for run_id in runs[:2]:
        world.line.end(run_id)
    until(lambda: world.store.studies.study(study_id).status == "finished")


def test_what_is_worse_at_a_rung_is_given_up(world) -> None:
    study_id = world.start(SEARCH)
    until(lambda: len(world.live(study_id)) == 2)
    first, second = (one.run for one in world.store.studies.trials(study_id))
    world.line.train(first, (1, 0.2))
    until(lambda: world.store.studies.trials(study_id)[0].notes)
    world.line.train(second, (1, 0.9))
    until(lambda: world.line.stopped)
    assert world.line.stopped == [second] and len(world.trials(study_id, "pruned")) == 1
    assert world.store.studies.trials(study_id)[0].status == "running"
    until(lambda: len(world.live(study_id)) == 2)  # another takes its place


def test_a_study_is_stopped_with_its_runs_and_goes_on_with_them(world) -> None:
    study_id = world.start(SWEEP)
    until(lambda: len(world.live(study_id)) == 2)
    before = [one.run for one in world.store.studies.trials(study_id)]
    world.keeper.stop(study_id, "ann")
    assert sorted(world.line.stopped) == sorted(before)
    assert len(world.trials(study_id, "held")) == 2
    world.keeper._look()
    assert len(world.line.aims) == 2
    world.keeper.resume(study_id, "ann")
    until(lambda: len(world.line.aims) == 4)
    assert [one.run for one in world.store.studies.trials(study_id)] == before
    assert [run_id for run_id, _ in world.line.aims] == [*before, *before]


def test_a_search_that_is_cut_short_measures_the_best_so_far(world) -> None:
    study_id = world.start(SEARCH)
    until(lambda: len(world.live(study_id)) == 2)
    first = world.store.studies.trials(study_id)[0].run
    world.line.train(first, (9, 0.5))
    world.line.end(first, "stopped", TRIAL_REASON)
    until(lambda: world.trials(study_id, "complete"))
    world.keeper.stop(study_id, "ann")
    world.keeper.conclude(study_id, "ann")
    until(lambda: (first, "evaluate") in world.line.aims)
    world.line.end(first)
    until(lambda: world.store.studies.study(study_id).status == "finished")
    assert not world.trials(study_id, "held")


def test_a_search_ends_with_its_time(world) -> None:
    study_id = world.start(SEARCH.model_copy(update={"seconds": 600}))
    until(lambda: len(world.live(study_id)) == 2)
    world.store.studies.add_seconds(study_id, 600)
    until(lambda: world.store.studies.study(study_id).status == "failed")
    assert "None of its trials" in world.store.studies.study(study_id).reason
    assert len(world.line.stopped) == 2


def test_another_server_goes_on_where_one_ended(world) -> None:
    study_id = world.start(SWEEP)
    until(lambda: len(world.live(study_id)) == 2)
    world.keeper.close()
    world.store.release_server(world.server)
    heir = world.store.register_server()
    world.store.adopt_orphans(heir)
    for one in world.store.studies.trials(study_id):
        world.line.end(one.run)
    second = world.keep(heir, Settings())
    until(lambda: len(world.store.studies.trials(study_id)) == 4)
    second.close()


def test_where_the_line_is_full_it_waits(world) -> None:
    world.line.is_full = True
    study_id = world.start(SWEEP)
    until(lambda: len(world.store.studies.trials(study_id)) == 2)
    assert world.live(study_id) == []
    world.line.is_full = False
    until(lambda: len(world.live(study_id)) == 2)


def test_it_leaves_its_owner_the_runs_that_they_have(world) -> None:
    own = [world.store.add(RECIPE, "ann", "Mine").id for _ in range(3)]
    for run_id in own:
        world.store.begin(run_id, world.server)
    study_id, others = world.start(SWEEP), world.start(SWEEP, "bob")
    until(lambda: len(world.live(others)) == 2)
    assert world.store.studies.trials(study_id) == ()
    world.line.end(own[0])
    until(lambda: len(world.live(study_id)) == 1)


def test_a_run_that_was_deleted_or_failed_ends_its_trial_only(world) -> None:
    study_id = world.start(SWEEP)
    until(lambda: len(world.live(study_id)) == 2)
    first, second = (one.run for one in world.store.studies.trials(study_id))
    world.store.catalog.set_deleted([first], True)
    world.line.end(second, "failed", "It diverged.")
    until(lambda: len(world.trials(study_id, "failed")) == 2)
    until(lambda: len(world.store.studies.trials(study_id)) == 4)


def test_a_study_is_its_owners(world) -> None:
    study_id = world.start(SWEEP)
    for command in (world.keeper.stop, world.keeper.resume, world.keeper.conclude, world.keeper.delete):
        with pytest.raises(RunError, match="someone else"):
            command(study_id, "bob")
        with pytest.raises(RunError, match="no such search"):
            command("f" * 32, "ann")
    world.keeper.delete(study_id, "ann")
    with pytest.raises(RunError, match="no such search"):
        world.store.studies.study(study_id)


def test_what_no_run_may_need_is_not_begun_and_nobody_has_too_many(world) -> None:
    endless = RECIPE.model_copy(update={"training": Training(epochs=10_000, patience=None, batch=1)})
    with pytest.raises(LimitError):
        world.start(SWEEP.model_copy(update={"recipe": endless}))
    for _ in range(MOST_AT_WORK):
        world.start(SWEEP)
    with pytest.raises(LimitError, match="the most that a visitor can have"):
        world.start(SWEEP)
    world.start(SWEEP, "bob")
