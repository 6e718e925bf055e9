"""A session obeys, keeps its states, goes on from them to the last digit, and holds its limits."""

import threading
import time
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import pytest

from components.errors import LimitError, RunError
from components.recipe import Clipping, Optimizer
from components.runs.store import RunStore
from components.storage import Folder
from components.training import checkpoints
from components.training.attempt_start import NEW_RUN, AttemptStart, StoredProgress
from components.training.control import CommandQueue
from components.training.events import (
    Checkpoint,
    CheckpointsDiscarded,
    EpochEnd,
    Heartbeat,
    Mark,
    Pause,
    Resume,
    Rewind,
    Rollback,
    SetClip,
    SetLearningRate,
    SingleStep,
    Status,
    Steps,
    Stop,
    TrainingStart,
)
from components.training.limits import Budget, Limits
from components.training.session import Session
from tests.training import toy_problem

GENEROUS = Limits(seconds=60, memory=2**40, pause_seconds=60)


class SessionThread:
    """A session in a thread, what it said so far, and a way to wait for it to say something."""

    def __init__(self, folder, loop, limits=GENEROUS, commands=(), start=NEW_RUN):
        self.said, self.control, self.outcome, self.error = [], CommandQueue(), None, None
        for command in commands:
            self.control.put(command)
        self.session = Session(
            loop, self.said.append, self.control, Folder(str(folder)), Budget(limits), start=start
        )
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        try:
            self.outcome = self.session.train()
        except (LimitError, RunError) as error:
            self.error = error

    def wait(self, found, what="it"):
        deadline = time.monotonic() + 30
        while not (message := next((m for m in reversed(self.said) if found(m)), None)):
            assert time.monotonic() < deadline and self.thread.is_alive(), f"never said {what}: {self.error}"
            time.sleep(0.01)
        return message

    def end(self):
        self.thread.join(30)
        assert not self.thread.is_alive()

    @property
    def steps(self):
        return [message for message in self.said if isinstance(message, Steps)]


ENDLESS = toy_problem.recipe(epochs=10_000)


@pytest.fixture(scope="module")
def compiled():
    """Loops of the endless recipe that nobody trains with at present."""
    return []


@pytest.fixture
def stage(tmp_path, compiled):
    """Starts sessions; those of the endless recipe begin anew with what is compiled already."""
    stages, used = [], []

    def start(recipe=ENDLESS, problem=None, **options):
        loop = toy_problem.loop(recipe, problem)
        if recipe is ENDLESS and problem is None:
            if compiled:
                model, loop = loop.model, compiled.pop()
                loop.begin_anew(recipe, model)
            used.append(loop)
        stages.append(SessionThread(tmp_path, loop, **options))
        return stages[-1]

    yield start
    for one in stages:
        one.control.put(Stop())
        one.end()
    compiled.extend(used)


def losses(said):
    """Give every loss that still holds: what was said after a rewind replaces what was said before."""
    held = {}
    for message in said:
        if isinstance(message, Rollback):
            held = {step: loss for step, loss in held.items() if step <= message.step}
        elif isinstance(message, Steps):
            held |= dict(enumerate(message.losses, message.first))
    return held


def test_a_run_says_all_and_finishes(stage):
    one = stage(recipe=toy_problem.recipe(epochs=3))
    one.end()
    assert one.outcome == "finished"
    assert isinstance(one.said[0], TrainingStart)
    assert sorted(losses(one.said)) == list(range(1, 10))
    assert [m.epoch for m in one.said if isinstance(m, EpochEnd)] == [1, 2, 3]
    kept = [m.step for m in one.said if isinstance(m, Checkpoint)]
    assert (kept[0], kept[-1]) == (0, 9)


def test_checkpoints_take_no_more_room_than_a_run_has(stage, tmp_path):
    folder = Folder(str(tmp_path))
    first = stage(recipe=toy_problem.recipe(epochs=1))
    first.end()
    (one,) = {entry.bytes for entry in folder.entries() if entry.name == "checkpoint-000000000.npz"}
    folder.remove_all()

    limits = replace(GENEROUS, checkpoint_bytes=int(2.5 * one))
    kept = stage(limits=limits)
    kept.wait(lambda m: isinstance(m, CheckpointsDiscarded))
    kept.control.put(Stop())
    kept.end()
    there = checkpoints.steps(folder)
    assert 1 <= len(there) <= 2
    said = [m.step for m in kept.said if isinstance(m, Checkpoint)]
    assert there == said[-len(there) :], "the newest stay"
    gone = [m.step for m in kept.said if isinstance(m, CheckpointsDiscarded)]
    assert gone[-1] == there[0], "and who lists them is told"

    checkpoints.discard_oldest(folder, most=1)
    assert checkpoints.steps(folder) == said[-1:], "one too large for its room is kept all the same"
    assert checkpoints.newest(folder) is not None


def test_pause_holds_one_step_makes_one_and_resume_goes_on(stage):
    one = stage()
    one.wait(lambda m: isinstance(m, Steps))
    one.control.put(Pause())
    one.wait(lambda m: m == Status(status="paused"))
    held = one.steps[-1].last
    time.sleep(0.3)
    assert one.steps[-1].last == held
    one.control.put(SingleStep())
    one.wait(lambda m: isinstance(m, Steps) and m.last == held + 1)
    time.sleep(0.3)
    assert one.steps[-1].last == held + 1
    one.control.put(Resume())
    one.wait(lambda m: isinstance(m, Steps) and m.last > held + 1)


def test_stop_ends_it_and_keeps_its_state(stage, tmp_path):
    one = stage()
    one.wait(lambda m: isinstance(m, Steps))
    one.control.put(Stop())
    one.end()
    assert one.outcome == "stopped"
    assert checkpoints.steps(Folder(str(tmp_path)))[-1] == one.steps[-1].last


def test_changes_by_hand_are_marked_and_hold(stage):
    one = stage(recipe=toy_problem.recipe(clipping=Clipping(threshold=1e6), epochs=10_000))
    one.wait(lambda m: isinstance(m, Steps))
    one.control.put(SetLearningRate(value=1e-4))
    one.control.put(SetClip(value=1e-3))
    mark = one.wait(lambda m: isinstance(m, Mark) and m.what == "clip")
    assert mark.value == 1e-3
    steps = one.wait(lambda m: isinstance(m, Steps) and m.first > mark.step)
    assert steps.learning_rate == pytest.approx(1e-4)
    assert max(steps.after) <= 1e-3 * 1.0001


def test_a_rewound_run_repeats_what_it_did(stage):
    one = stage()
    one.wait(lambda m: isinstance(m, Steps) and m.last > 20)
    one.control.put(Pause())
    one.wait(lambda m: m == Status(status="paused"))
    before = losses(one.said)
    one.control.put(Rewind(step=0))
    one.wait(lambda m: isinstance(m, Rollback))
    one.control.put(Resume())
    rewound = one.said.index(Rollback(step=0))
    one.wait(lambda m: isinstance(m, Steps) and m.last >= 20 and one.said.index(m) > rewound)
    after = losses(one.said)
    assert [after[step] for step in range(1, 21)] == [before[step] for step in range(1, 21)]


def test_a_run_that_begins_again_ends_with_the_losses_of_an_unbroken_one(stage, tmp_path):
    recipe = toy_problem.recipe(Optimizer(schedule="cosine"), epochs=40)
    unbroken = dict(enumerate((x for x in _training_losses(recipe)), 1))
    one = stage(recipe=recipe)
    one.wait(lambda m: isinstance(m, Steps) and m.last > 30)
    one.control.put(Stop())
    one.end()
    broken = losses(one.said)
    checkpoints.discard_after(Folder(str(tmp_path)), 0)  # as if it had died before its last state was kept
    two = stage(recipe=recipe)
    two.end()
    assert two.outcome == "finished"
    assert broken | losses(two.said) == unbroken


def test_what_had_not_left_a_worker_that_died_is_said_again(stage, tmp_path):
    recipe = toy_problem.recipe(epochs=40)
    one = stage(recipe=recipe)
    one.wait(lambda m: isinstance(m, Steps) and m.last > 30)
    one.control.put(Stop())
    one.end()
    last = one.steps[-1]
    store = RunStore(f"sqlite:///{tmp_path}/runs.sqlite")
    run = store.add(recipe, "a" * 32, "killed")
    attempt = store.begin(run.id, "here")
    store.write([(run.id, attempt, m) for m in one.said if m != last and not isinstance(m, Status)])
    assert store.points(run.id).steps[-1] == last.first - 1
    two = stage(recipe=recipe)
    two.end()
    store.write([(run.id, attempt, m) for m in two.said])
    points = store.points(run.id)
    assert points.steps == list(range(1, len(points.steps) + 1))
    assert points.steps[-1] > last.last
    store.close()


def test_a_state_that_is_not_whole_is_left_out_for_the_one_before(stage, tmp_path):
    recipe, folder = toy_problem.recipe(epochs=40), Folder(str(tmp_path))
    unbroken = dict(enumerate(_training_losses(recipe), 1))
    one = stage(recipe=recipe)
    one.wait(lambda m: isinstance(m, Steps) and m.last > 30)
    one.control.put(Stop())
    one.end()
    newest = checkpoints.steps(folder)[-1]
    file = tmp_path / f"checkpoint-{newest:09}.npz"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    (tmp_path / "recent-events.json").write_bytes(b"[{")
    two = stage(recipe=recipe, start=AttemptStart(StoredProgress(newest, newest), is_recovery=True))
    two.end()
    assert two.outcome == "finished"
    assert losses(one.said) | losses(two.said) == unbroken
    rolled_back = next(m.step for m in two.said if isinstance(m, Rollback))
    assert rolled_back < newest


@pytest.mark.parametrize(
    ("stored", "begins_at"),
    [
        (StoredProgress(60, 60), 60),
        (StoredProgress(50, 30), 60),  # the last words tell what is missing
        (StoredProgress(30, 30), 30),  # they don't reach back so far
        (StoredProgress(), 0),
        (None, 60),
    ],
)
def test_a_run_goes_on_from_a_state_that_the_store_can_be_brought_up_to(stage, tmp_path, stored, begins_at):
    recipe, folder = toy_problem.recipe(epochs=40), Folder(str(tmp_path))
    loop, told = toy_problem.loop(recipe), []
    checkpoints.save(folder, loop.state(), 0)
    for step in (30, 60):
        while loop.progress.step < step:
            told.append(loop.run(1))
            if loop.at_epoch_end:
                loop.end_epoch()
        checkpoints.save_recent_events(folder, told[-15:])
        checkpoints.save(folder, loop.state(), 0)
    one = stage(recipe=recipe, start=AttemptStart(stored, is_recovery=True))
    one.end()
    assert next(m.step for m in one.said if isinstance(m, Rollback)) == begins_at


@pytest.mark.parametrize("is_recovery", [True, False])
def test_a_paused_run_that_lost_its_worker_is_paused_again_unless_a_person_resumes_it(stage, is_recovery):
    one = stage()
    one.wait(lambda m: isinstance(m, Steps))
    one.control.put(Pause())
    one.control.put(SingleStep())
    one.wait(lambda m: m == Status(status="paused"))
    one.session._save_checkpoint()
    one.control.put(Stop())
    one.end()
    checkpoint = max(m.step for m in one.said if isinstance(m, Checkpoint))
    two = stage(start=AttemptStart(StoredProgress(checkpoint, checkpoint), is_recovery))
    if is_recovery:
        two.wait(lambda m: m == Status(status="paused"))
        assert all(m.last <= checkpoint for m in two.steps)
    else:
        two.wait(lambda m: isinstance(m, Steps) and m.last > checkpoint)


def test_a_silent_run_says_that_it_lives(stage, monkeypatch):
    monkeypatch.setattr("components.training.session.HEARTBEAT_SECONDS", 0.1)
    one = stage()
    one.control.put(Pause())
    one.wait(lambda m: isinstance(m, Heartbeat))


def _training_losses(recipe):
    loop = toy_problem.loop(recipe)
    while not loop.is_over:
        yield from loop.run(7).losses
        if loop.at_epoch_end:
            loop.end_epoch()


def test_commands_that_were_obeyed_before_are_not_obeyed_again(stage):
    one = stage()
    one.wait(lambda m: isinstance(m, Steps))
    one.control.put(Stop())
    one.end()
    two = stage(commands=[Stop()])  # the same one, read again from the log
    two.wait(lambda m: isinstance(m, Steps))


def test_a_loss_that_is_no_number_ends_the_run_and_says_at_which_step(stage):
    one = stage(
        recipe=toy_problem.recipe(Optimizer(kind="sgd"), Clipping(mode="none")),
        problem=toy_problem.MeanOfSix(1e20),
    )
    one.end()
    assert isinstance(one.error, RunError)
    assert "step 1 " in str(one.error)


@pytest.mark.parametrize(
    ("limits", "word"),
    [
        (Limits(seconds=0.5, memory=2**40, pause_seconds=60), "time limit"),
        (Limits(seconds=60, memory=1, pause_seconds=60), "memory"),
    ],
)
def test_limits_end_a_run_with_a_reason_and_a_state_to_go_on_from(stage, tmp_path, limits, word):
    one = stage(limits=limits)
    one.end()
    assert isinstance(one.error, LimitError)
    assert word in str(one.error)
    assert checkpoints.steps(Folder(str(tmp_path)))[-1] == one.steps[-1].last


def test_a_pause_takes_nothing_off_the_time_limit(stage, monkeypatch):
    ahead = [0.0]
    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + ahead[0])
    monkeypatch.setattr("components.training.limits.time", clock)
    one = stage(limits=Limits(seconds=500, memory=2**40, pause_seconds=2000))
    one.control.put(Pause())
    one.wait(lambda m: m == Status(status="paused"))
    ahead[0] = 1000.0
    one.control.put(Resume())
    resumed = one.wait(lambda m: isinstance(m, Steps))
    one.wait(lambda m: isinstance(m, Steps) and m.last > resumed.last)
    one.control.put(Stop())
    one.end()
    assert one.outcome == "stopped"


def test_a_long_pause_makes_room_for_others(stage):
    one = stage(limits=Limits(seconds=60, memory=2**40, pause_seconds=0.2))
    one.wait(lambda m: isinstance(m, Steps))
    one.control.put(Pause())
    one.end()
    assert one.outcome == "interrupted"
    assert one.said[-1].status == "interrupted"


def test_the_model_is_looked_into_in_time_and_at_the_end(tmp_path, monkeypatch):
    looks, said = [], []
    loop = toy_problem.loop(toy_problem.recipe(epochs=40))

    def probe():
        looks.append(loop.progress.step)
        return (Mark(step=loop.progress.step, what="clip", value=1.0),)

    monkeypatch.setattr("components.training.session.FIRST_PROBE_SECONDS", 0.0)
    outcome = Session(
        loop, said.append, CommandQueue(), Folder(str(tmp_path)), Budget(GENEROUS), probe
    ).train()
    assert outcome == "finished"
    assert looks[0] > 0 and looks[-1] == loop.progress.step
    assert [message.step for message in said if isinstance(message, Mark)] == looks


@pytest.mark.parametrize(("cost", "looks"), [(0.001, 59), (0.05, 12)])
def test_looks_come_once_a_second_at_most_and_take_a_hundredth_of_the_time(
    cost, looks, tmp_path, monkeypatch
):
    clock, asked = SimpleNamespace(now=0.0), []

    def probe():
        asked.append(clock.now)
        clock.now += cost
        return ()

    monkeypatch.setattr("components.training.session.time.monotonic", lambda: clock.now)
    session = Session(
        toy_problem.loop(toy_problem.recipe()),
        asked.append,
        CommandQueue(),
        Folder(str(tmp_path)),
        Budget(GENEROUS),
        probe,
    )
    while clock.now < 60:
        session._run_probe()
        clock.now += 0.01
    assert asked[0] > 1.5, "the first points come first"
    assert all(later - sooner >= 1 for sooner, later in pairwise(asked))
    assert cost * (len(asked) - 1) <= 0.01 * 60
    assert looks - 4 <= len(asked) <= looks + 1


def test_states_that_take_long_to_keep_are_kept_rarely(tmp_path, monkeypatch):
    now = [0.0]
    monkeypatch.setattr("components.training.session.time", SimpleNamespace(monotonic=lambda: now[0]))
    loop = toy_problem.loop(toy_problem.recipe(epochs=10))
    session = Session(loop, [].append, CommandQueue(), Folder(str(tmp_path)), Budget(GENEROUS))
    save = checkpoints.save

    def save_slowly(*args):
        now[0] += 2.0
        save(*args)

    now[0] = 1.5
    assert session._is_checkpoint_due()
    monkeypatch.setattr(checkpoints, "save", save_slowly)
    session._save_checkpoint()
    now[0] += 39.0
    assert not session._is_checkpoint_due(), "keeping would take more than a twentieth of the time"
    now[0] += 2.0
    assert session._is_checkpoint_due()
