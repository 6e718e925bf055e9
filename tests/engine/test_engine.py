import inspect
import os
import signal
import threading
import time
from dataclasses import replace

import dask
import pytest
from distributed import Future

from components import data
from components.engine import cluster as clusters
from components.engine import scheduler_client as lines
from components.engine.engine import Engine
from components.engine.question_limit import QuestionLimit
from components.errors import DataError, LimitError, RunError
from components.recipe import Forecast, Generated, Recipe, Recurrent, Training, Upload
from components.runs import catalog
from components.runs.artifacts import RunFiles
from components.runs.catalog import RunLabels
from components.runs.store import RunStore
from components.storage import Folder
from components.studies import Sweep
from components.training.events import Pause, Resume, SetClip, SingleStep, Stop
from tests.engine import fake_train_job
from tests.engine.conftest import PRELOAD, until
from tests.engine.fake_train_job import ENDLESS_STEPS

DATASET = data.load(Generated(name="sine", length=5000))
pytestmark = pytest.mark.timeout(400)  # workers come up slowly on a busy machine


def test_a_run_goes_from_its_submission_to_its_end(engine, runs):
    run_id = runs.start(steps=25)
    assert runs.ended(run_id) == "finished"
    run, points = engine.store.run(run_id), engine.store.points(run_id)
    assert points.steps == list(range(1, 26))
    assert points.loss == [float(step) for step in points.steps]
    assert (run.layers, run.reason) == (("only",), "")
    assert [kept.step for kept in points.checkpoints] == [10, 20]
    assert run.started <= run.ended


def test_what_a_run_says_is_soon_in_the_store(engine, runs):
    run_id = runs.start(steps=ENDLESS_STEPS)
    runs.at(run_id, 1)
    engine.control(run_id, Pause(), "ann")
    until(lambda: runs.status(run_id) == "paused")
    waited = []
    for _ in range(5):
        step = engine.store.run(run_id).step
        began = time.monotonic()
        engine.control(run_id, SingleStep(), "ann")
        runs.at(run_id, step + 1)
        waited.append(time.monotonic() - began)
    assert min(waited) < 0.4


def test_a_run_pauses_steps_resumes_and_stops_when_told(engine, runs):
    run_id = runs.start(steps=ENDLESS_STEPS)
    runs.at(run_id, 3)
    engine.control(run_id, Pause(), "ann")
    until(lambda: runs.status(run_id) == "paused")
    step = engine.store.run(run_id).step
    engine.control(run_id, SingleStep(), "ann")
    runs.at(run_id, step + 1)
    engine.control(run_id, SetClip(value=0.5), "ann")
    until(lambda: engine.store.run(run_id).clip == 0.5)
    assert engine.store.run(run_id).step == step + 1
    engine.control(run_id, Resume(), "ann")
    runs.at(run_id, step + 10)
    engine.control(run_id, Stop(), "ann")
    assert runs.ended(run_id) == "stopped"


def test_only_a_run_that_goes_on_hears_commands(engine, runs):
    run_id = runs.start(steps=1)
    runs.ended(run_id)
    with pytest.raises(RunError, match="has ended"):
        engine.control(run_id, Pause(), "ann")
    with pytest.raises(RunError, match="no such run"):
        engine.control("0" * 32, Pause(), "ann")


def test_an_owner_renames_a_run_deletes_it_and_brings_it_back(engine, runs):
    run_id = runs.start(steps=ENDLESS_STEPS)
    engine.set_labels({run_id: RunLabels("Renamed", tags=("one",))}, "ann")
    assert engine.store.run(run_id).title == "Renamed"
    engine.delete_runs([run_id], "ann")
    with pytest.raises(RunError, match="no such run"):
        engine.store.run(run_id)
    engine.restore_runs([run_id], "ann")
    assert runs.ended(run_id) == "stopped"


def test_a_deleted_run_is_stopped_and_then_nothing_of_it_is_left(engine, runs, monkeypatch):
    run_id = runs.start(steps=ENDLESS_STEPS)
    runs.at(run_id, 25)
    files = RunFiles.of(engine._settings.artifacts, run_id)
    files.extra_trainings.write("seed-1.npz", b"further")
    assert files.folder.entries()
    monkeypatch.setattr(catalog, "UNDO_SECONDS", -120)
    engine.delete_runs([run_id], "ann")
    until(lambda: not files.folder.entries())

    def is_gone() -> bool:
        try:
            return not engine.store.catalog.owner(run_id)
        except RunError:
            return True

    until(is_gone)


def test_runs_go_on_where_the_disk_lets_nothing_be_deleted(engine, runs, monkeypatch, caplog):
    def refuse(*_):
        raise PermissionError("Access Denied")

    monkeypatch.setattr("components.engine.supervisor.retention.delete_due", refuse)
    monkeypatch.setattr("components.engine.supervisor.SECONDS_BETWEEN_ADOPTIONS", 0.0)
    assert runs.ended(runs.start(steps=3)) == "finished"
    assert "can't be removed" in caplog.text


def test_a_stopped_run_goes_on_from_its_checkpoint(engine, runs):
    run_id = runs.start(steps=60)
    runs.at(run_id, 15)
    engine.control(run_id, Stop(), "ann")
    assert runs.ended(run_id) == "stopped"
    stopped_at = engine.store.run(run_id).step
    assert stopped_at < 60
    engine.submit(engine.store.run(run_id), "ann")
    assert runs.ended(run_id) == "finished"
    points = engine.store.points(run_id)
    assert points.steps == list(range(1, 61))
    assert points.generation == 1


def test_a_finished_run_is_not_submitted_again(engine, runs):
    run_id = runs.start(steps=1)
    with pytest.raises(RunError, match="already in progress"):
        engine.submit(engine.store.run(run_id), "ann")
    runs.ended(run_id)
    with pytest.raises(RunError, match="finished"):
        engine.submit(engine.store.run(run_id), "ann")


def test_runs_wait_in_line_and_the_first_free_worker_takes_the_first(engine, runs):
    long = runs.start(steps=ENDLESS_STEPS)
    others = [runs.start(steps=15) for _ in range(4)]
    runs.at(long, 1)
    until(lambda: runs.status(others[0]) == "running")
    assert [engine.store.queue_position(run_id) for run_id in others[1:]] == [0, 1, 2]
    engine.control(others[2], Stop(), "ann")
    assert runs.status(others[2]) == "stopped"
    assert engine.store.queue_position(others[3]) == 1
    for run_id in others:
        runs.ended(run_id)
    first, second, cancelled, fourth = map(engine.store.run, others)
    assert first.started < second.started < fourth.started
    assert (cancelled.step, cancelled.started) == (0, None)
    assert runs.status(long) == "running"


def test_a_visitors_second_run_waits_behind_everybodys_first(engine, runs):
    blocking = [runs.start(steps=ENDLESS_STEPS) for _ in range(2)]
    for run_id in blocking:
        runs.at(run_id, 1)
    greedy = [runs.start(steps=15, owner="bob") for _ in range(3)]
    modest = runs.start(steps=15, owner="cleo")
    assert [engine.store.queue_position(run_id) for run_id in (*greedy, modest)] == [0, 2, 3, 1]
    engine.control(blocking[0], Stop(), "ann")
    for run_id in (*greedy, modest):
        assert runs.ended(run_id) == "finished"
    first, second, third, other = map(engine.store.run, (*greedy, modest))
    assert first.started < other.started < second.started < third.started


# What a visitor may do to a run, with what else it takes. All else that the engine offers changes nothing of
# a visitor's: whoever adds to it says here which of the two it is.
COMMANDS = {
    "submit": lambda run: {"run": run},
    "submit_group": lambda run: {"runs": [run], "datasets": [DATASET]},
    "control": lambda run: {"run_id": run.id, "command": Stop()},
    "submit_extra_trainings": lambda run: {"run_id": run.id, "name": "work", "jobs": []},
    "cancel_extra_trainings": lambda run: {"run_id": run.id, "name": "work"},
    "pin": lambda run: {"run_id": run.id, "pinned": True},
    "set_labels": lambda run: {"labels": {run.id: RunLabels("Mine", pinned=True)}},
    "delete_runs": lambda run: {"run_ids": [run.id]},
    "restore_runs": lambda run: {"run_ids": [run.id]},
    "delete_collection": lambda run: {"collection_id": run.title},  # where the test has its id
    "delete_upload": lambda run: {"upload_id": run.id},  # the test names a file as it names the run
}
QUESTIONS = {"ask", "question", "questions_left", "extra_training_status", "workers", "ready", "close"}


def test_every_public_function_of_the_engine_is_a_command_or_a_question():
    offered = {name for name, _ in inspect.getmembers(Engine, inspect.isfunction) if name[0] != "_"}
    assert offered == COMMANDS.keys() | QUESTIONS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_refused_to_who_does_not_own_the_run(engine, runs, name):
    run = engine.store.run(runs.start(steps=ENDLESS_STEPS))
    collection = engine.store.catalog.add_collection("ann", "Some", [run.id])
    run = replace(run, title=collection.id)
    engine.store.add_upload(run.id, "ann", "series.csv", 100)
    with pytest.raises(RunError, match="belongs to someone else"):
        getattr(engine, name)(**COMMANDS[name](run), visitor="eve")
    after = engine.store.run(run.id)
    assert after.owner == "ann"
    assert after.status in ("waiting", "running")
    assert not after.pinned
    assert engine.store.catalog.collections("ann")
    assert engine.store.uploads("ann")
    engine.store.forget_upload(run.id)


def test_a_visitor_has_only_so_many_runs_in_line(engine, runs, monkeypatch):
    monkeypatch.setattr(engine, "_settings", engine._settings.model_copy(update={"visitor_runs": 2}))
    first, _ = [runs.start(steps=ENDLESS_STEPS, owner="bob") for _ in range(2)]
    with pytest.raises(LimitError, match="the most that a visitor can have"):
        runs.start(steps=1, owner="bob")
    other = runs.start(steps=1, owner="cleo")
    engine.control(first, Stop(), "bob")
    runs.ended(first)
    assert runs.ended(runs.start(steps=1, owner="bob")) == "finished"
    assert runs.ended(other) == "finished"


def test_a_pinned_run_is_kept_until_it_is_unpinned(engine, runs):
    run_id = runs.start(steps=1)
    runs.ended(run_id)
    for pinned in (True, False):
        engine.pin(run_id, pinned, "ann")
        assert engine.store.run(run_id).pinned is pinned


def test_a_deleted_file_is_gone_unless_a_run_in_progress_learns_from_it(engine, runs):
    uploads = Folder(engine._settings.artifacts).folder("uploads")
    reference = Upload(id="a" * 32, name="series.csv")
    uploads.write(reference.id, b"value\n1\n")
    engine.store.add_upload(reference.id, "ann", reference.name, 8)
    recipe = fake_train_job.recipe(ENDLESS_STEPS).model_copy(update={"dataset": reference})
    run = runs.submit(recipe, "ann")
    with pytest.raises(RunError, match="in progress"):
        engine.delete_upload(reference.id, "ann")
    engine.control(run, Stop(), "ann")
    runs.ended(run)
    sweep = Sweep(recipe=recipe, setting="model.units", values=(4, 8))
    for status in ("running", "evaluating", "stopped"):  # between two of its runs
        study = engine.store.studies.add(sweep, "ann", "a test's", None)
        engine.store.studies.set_status(study.id, status)
        with pytest.raises(RunError, match="unfinished search or sweep"):
            engine.delete_upload(reference.id, "ann")
        engine.store.studies.set_status(study.id, "finished")
    engine.delete_upload(reference.id, "ann")
    assert not uploads.exists(reference.id)
    assert not engine.store.uploads("ann")
    with pytest.raises(RunError, match="no such file"):
        engine.delete_upload(reference.id, "ann")


def test_a_visitor_asks_only_so_many_questions_within_a_minute(engine, monkeypatch):
    monkeypatch.setattr(engine, "_questions", QuestionLimit(2))
    for left in (2, 1):
        assert engine.questions_left("bob") == left
        engine.ask(os.getpid, visitor="bob")
    with pytest.raises(LimitError, match="Try again in"):
        engine.ask(os.getpid, visitor="bob")
    engine.ask(os.getpid, visitor="cleo")
    engine.ask(os.getpid)


def test_what_cannot_end_within_the_limits_never_waits_in_line(engine):
    too_large = Recipe(
        dataset=DATASET.reference,
        task=Forecast(target="value", window=100),
        model=Recurrent(units=1024, layers=4),
        training=Training(batch=4096),
    )
    run = engine.store.add(too_large, "ann", "too large")
    with pytest.raises(LimitError, match="would fit"):
        engine.submit(run, "ann", dataset=DATASET)
    with pytest.raises(LimitError, match="would fit"):
        engine.submit_group([run], "ann", [DATASET])
    assert not engine.store.run(run.id).attempt
    small = fake_train_job.recipe(2).model_copy(update={"dataset": DATASET.reference})
    wide = small.model_copy(
        update={"task": Forecast(target="value", window=100), "model": Recurrent(units=700)}
    )
    with pytest.raises(LimitError, match="side by side"):
        engine.submit_group([engine.store.add(wide, "ann", "wide")] * 12, "ann", [DATASET] * 12)


def test_a_waiting_run_hears_what_was_said_when_it_begins(engine, runs):
    busy = [runs.start(steps=30) for _ in range(2)]
    waiting = runs.start(steps=ENDLESS_STEPS)
    engine.control(waiting, SetClip(value=0.25), "ann")
    engine.control(waiting, SetClip(value=0.125), "ann")
    engine.control(waiting, Pause(), "ann")
    for run_id in busy:
        runs.ended(run_id)
    until(lambda: runs.status(waiting) == "paused")
    assert (engine.store.run(waiting).clip, engine.store.run(waiting).step) == (0.125, 0)


def test_a_run_goes_on_in_a_new_worker_when_its_worker_is_killed(engine, runs):
    run_id = runs.start(steps=120)
    runs.at(run_id, 5)
    engine.control(run_id, SetClip(value=0.5), "ann")
    runs.at(run_id, 25)
    killed = int(engine.store.run(run_id).learning_rate)
    os.kill(killed, signal.SIGKILL)
    assert runs.ended(run_id) == "finished"
    run, points = engine.store.run(run_id), engine.store.points(run_id)
    assert int(run.learning_rate) != killed
    assert points.steps == points.loss == list(range(1, 121))
    assert points.generation == 1
    assert [mark.value for mark in points.marks] == [0.5], "what the checkpoint has seen isn't done again"
    until(lambda: engine.workers() == 2)


def test_a_run_whose_workers_die_and_die_fails_and_takes_no_other_along(engine, runs):
    deadly = runs.start(steps=10, how="to death")
    blocking = runs.start(steps=ENDLESS_STEPS)
    waiting = runs.start(steps=5)
    assert runs.ended(deadly, seconds=200) == "failed"
    assert "memory" in engine.store.run(deadly).reason
    assert runs.ended(waiting) == "finished"
    assert runs.status(blocking) == "running"
    until(lambda: engine.workers() == 2)


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("too long", "This run reached its limit."),
        ("badly", "Something went wrong."),
        ("hungrily", "more memory than is available"),
        ("forbidden", "may not write to its own folder"),
        ("silently", "Something went wrong."),
    ],
)
def test_a_run_that_fails_says_why_in_plain_words(engine, runs, caplog, how, reason):
    run_id = runs.start(steps=5, how=how)
    assert runs.ended(run_id) == "failed"
    assert reason in engine.store.run(run_id).reason
    assert "secret" not in engine.store.run(run_id).reason
    if how == "badly":
        assert "a secret of the house" in caplog.text, "who runs the server wants to know"


def test_a_run_that_no_scheduler_takes_waits_until_one_does(engine, runs, monkeypatch):
    run = engine.store.add(fake_train_job.recipe(3), "ann", "lost on its way")
    client = engine._client().client
    monkeypatch.setattr(lines, "_SECONDS_TO_CONNECT", 0.1)
    monkeypatch.setattr(client, "get", lambda _, key, **options: Future(key, client))  # it sends nothing
    engine.submit(run, "ann")
    time.sleep(0.5)
    assert runs.status(run.id) == "waiting"
    with pytest.raises(RunError):
        engine.submit_extra_trainings(
            run.id, "work", [(fake_train_job.extra_training, ("nowhere", 1))], "ann"
        )
    assert engine.extra_training_status(run.id, "work") is None
    monkeypatch.undo()
    assert runs.ended(run.id) == "finished"
    assert engine.store.run(run.id).reason == ""


def test_a_command_reaches_a_run_from_another_server(engine, runs, server_settings):
    run_id = runs.start(steps=ENDLESS_STEPS)
    runs.at(run_id, 3)
    other = RunStore(server_settings.database)
    other.add_command(run_id, 7, Pause().model_dump_json())
    until(lambda: runs.status(run_id) == "paused")
    other.add_command(run_id, 8, SetClip(value=0.5).model_dump_json())
    other.add_command(run_id, 9, Resume().model_dump_json())
    until(lambda: engine.store.run(run_id).clip == 0.5)
    other.add_command(run_id, 10, Stop().model_dump_json())
    assert runs.ended(run_id) == "stopped"
    other.close()


def test_a_silent_run_whose_worker_does_not_answer_goes_on_in_another(engine, runs, monkeypatch):
    monkeypatch.setattr("components.engine.supervisor.LONGEST_SILENCE", 1.0)
    monkeypatch.setattr(lines, "_SECONDS_TO_SHOW_LIFE", 1)
    run_id = runs.start(steps=200)
    runs.at(run_id, 15)
    hanging = int(engine.store.run(run_id).learning_rate)
    os.kill(hanging, signal.SIGSTOP)
    assert runs.ended(run_id) == "finished"
    assert engine.store.points(run_id).steps == list(range(1, 201))
    until(lambda: engine.workers() == 2)


def test_a_look_does_not_wait_behind_runs(engine, runs):
    for run_id in [runs.start(steps=ENDLESS_STEPS) for _ in range(3)][:2]:
        runs.at(run_id, 1)
    # More at once than Dask would take for a handful.
    answers = []
    askers = [threading.Thread(target=lambda: answers.append(engine.ask(os.getpid))) for _ in range(12)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()  # the runs go on for ever
    assert len(answers) == 12
    assert os.getpid() not in answers


def test_a_look_gives_the_errors_that_are_for_people(engine, caplog):
    with pytest.raises(DataError, match="a file: the data can't be read"):
        engine.ask(fake_train_job.refuse, "the data")
    with pytest.raises(RunError, match="Something went wrong"):
        engine.ask(fake_train_job.fail_foreign)


def test_a_look_that_takes_too_long_is_given_up(engine):
    began = time.monotonic()
    with pytest.raises(RunError, match="too long"):
        engine.ask(time.sleep, 5, timeout=0.2)
    assert time.monotonic() - began < 5


def test_an_outside_scheduler_is_used_in_the_same_way(engine, runs, server_settings, place):
    client = engine._client().client
    address, security = client.scheduler.address, client.security
    # Who brings a cluster of their own that speaks by TLS says so in Dask's own configuration.
    certificates = {
        "distributed.comm.tls.ca-file": security.tls_ca_file,
        "distributed.comm.tls.client.cert": security.tls_client_cert,
        "distributed.comm.tls.client.key": security.tls_client_key,
    }
    outside = server_settings.model_copy(
        update={"scheduler": address, "database": f"sqlite:///{place}/other.sqlite"}
    )
    with dask.config.set(certificates):
        left = _use_outside_scheduler(Engine(outside, RunStore(outside.database)))
        _take_over(Engine(outside, RunStore(outside.database)), left, client)
    assert engine.workers() == 2


def _use_outside_scheduler(other):
    run = other.store.add(fake_train_job.recipe(20), "bob", "elsewhere")
    other.submit(run, "bob")
    until(lambda: other.store.run(run.id).status == "finished")
    assert other.store.points(run.id).steps == list(range(1, 21))
    left = other.store.add(fake_train_job.recipe(fake_train_job.ENDLESS_STEPS), "bob", "left behind")
    other.submit(left, "bob")
    until(lambda: other.store.run(left.id).step)
    other.control(left.id, Pause(), "bob")
    until(lambda: other.store.run(left.id).status == "paused")
    other.close()
    assert other.store.run(left.id).status == "waiting"
    with pytest.raises(RunError, match="stopped"):
        other.workers()
    return left.id


def _take_over(adopting, left, client):
    """The worker of the server that is gone still has the run, and doesn't keep it."""
    until(lambda: adopting.store.run(left).status == "paused")
    until(lambda: sum(client.run(fake_train_job.running_jobs).values()) == 1)
    adopting.control(left, Stop(), "bob")
    until(lambda: adopting.store.run(left).status == "stopped")
    adopting.close()


def test_an_engine_that_cannot_start_says_so_and_tries_again(tmp_path, server_settings, monkeypatch, caplog):
    mended = threading.Event()  # until then no try succeeds, however many are made meanwhile

    class Line:
        is_down = False
        close = staticmethod(lambda: None)
        subscribe = staticmethod(lambda topic, listener: None)
        workers = staticmethod(lambda: 3)

    def open_line(*_):
        if not mended.is_set():
            raise OSError("a secret of the house")
        return Line()

    monkeypatch.setattr(lines, "connect", open_line)
    engine = Engine(server_settings, RunStore(f"sqlite:///{tmp_path}/runs.sqlite"))
    assert not engine.ready()
    with pytest.raises(RunError, match="The engine can't start") as caught:
        while True:
            engine.workers()
    assert "secret" not in str(caught.value)
    assert "a secret of the house" in caplog.text
    mended.set()
    until(lambda: _workers(engine) == 3)
    assert engine.ready()
    engine.close()


def _workers(engine):
    try:
        return engine.workers()
    except RunError:
        return 0


def test_windows_is_told_what_to_do(monkeypatch):
    monkeypatch.setattr(clusters.sys, "platform", "win32")
    with pytest.raises(RunError, match="UNROLL_SCHEDULER"):
        clusters.start_cluster(1, 2**30, PRELOAD)


def test_further_work_is_done_once_and_what_went_wrong_is_told(engine, tmp_path):
    run_id = engine.store.add(fake_train_job.recipe(3), "ann", "with further work").id
    jobs = [(fake_train_job.extra_training, (str(tmp_path), number)) for number in (1, 2, -1)]
    engine.submit_extra_trainings(run_id, "some", jobs, "ann")
    engine.submit_extra_trainings(run_id, "some", jobs, "ann")
    until(lambda: engine.extra_training_status(run_id, "some").pending == 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1", "2"]
    assert engine.extra_training_status(run_id, "some").failed == ("There is no such number.",)
    engine.cancel_extra_trainings(run_id, "some", "ann")
    assert engine.extra_training_status(run_id, "some") is None
