"""What a run says of itself from its training's end to its results."""

import resource

import pytest

from components import data
from components.engine.train_job import run_job, train_and_evaluate
from components.errors import LimitError, StorageError
from components.recipe import Forecast, Generated, Recipe, Recurrent, Training
from components.runs.artifacts import RunFiles
from components.storage import Folder
from components.training.attempt_start import TRIAL_REASON, AttemptStart
from components.training.control import CommandQueue
from components.training.events import Evaluation, Status, Steps, Stop
from components.training.limits import Budget, Limits

RECIPE = Recipe(
    dataset=Generated(name="sine", length=60),
    task=Forecast(target="value", window=4, horizon=1),
    model=Recurrent(kind="simple_rnn", units=2),
    training=Training(batch=32, epochs=1),
)


def test_it_says_that_it_is_measured_before_it_says_that_it_is_over(tmp_path):
    said, folder = [], Folder(str(tmp_path))
    run_job(RECIPE, said.append, CommandQueue(), folder, Budget(Limits(600, 2**40, 60)))
    *_, measured, over = [message for message in said if isinstance(message, Status)]
    assert (measured.status, over.status) == ("running", "finished")
    assert "being evaluated" in measured.reason
    assert said.index(measured) > max(at for at, one in enumerate(said) if isinstance(one, Steps))
    assert RunFiles(folder).has_result()


STOPPED = RECIPE.model_copy(update={"training": Training(batch=32, epochs=10_000, patience=None)})


def _statuses(said):
    return [message.status for message in said if isinstance(message, Status)]


def _stop_at_first_step(said, control):
    def emit(message):
        if isinstance(message, Steps) and not any(isinstance(one, Steps) for one in said):
            control.put(Stop())
        said.append(message)

    return emit


def test_a_stopped_run_is_measured_only_when_it_is_asked_for(tmp_path):
    said, control, folder = [], CommandQueue(), Folder(str(tmp_path))
    budget = Budget(Limits(600, 2**40, 60))
    run_job(STOPPED, _stop_at_first_step(said, control), control, folder, budget)
    assert _statuses(said)[-1] == "stopped"
    assert not RunFiles(folder).has_result()
    said.clear()
    run_job(STOPPED, said.append, CommandQueue(), folder, budget, AttemptStart(only_evaluate=True))
    assert _statuses(said) == ["running", "stopped"]
    assert not any(isinstance(message, Steps) for message in said)
    assert RunFiles(folder).has_result()


def test_a_trial_is_trained_and_the_test_set_not_looked_at(tmp_path):
    said, folder, budget = [], Folder(str(tmp_path)), Budget(Limits(600, 2**40, 60))
    run_job(RECIPE, said.append, CommandQueue(), folder, budget, AttemptStart(only_train=True))
    over = said[-1]
    assert (over.status, over.reason) == ("stopped", TRIAL_REASON)
    assert not RunFiles(folder).has_result() and not any(isinstance(one, Evaluation) for one in said)
    said.clear()
    run_job(RECIPE, said.append, CommandQueue(), folder, budget, AttemptStart(only_evaluate=True))
    assert _statuses(said) == ["running", "finished"]
    (measured,) = (one for one in said if isinstance(one, Evaluation))
    assert measured.loss > 0 and measured.test_set


@pytest.mark.parametrize("limits", [None, Limits(0.0, 2**40, 60), Limits(600, 1, 60)])
def test_measuring_ends_at_stop_and_at_the_limits(tmp_path, limits):
    said, control, folder = [], CommandQueue(), Folder(str(tmp_path))
    enough = Budget(Limits(600, 2**40, 60))
    run_job(STOPPED, _stop_at_first_step(said, control), control, folder, enough)
    start, control = AttemptStart(only_evaluate=True), CommandQueue()
    if limits is None:
        control.put(Stop(), number=77)
        run_job(STOPPED, said.append, control, folder, enough, start)
        assert _statuses(said)[-1] == "stopped"
    else:
        with pytest.raises(LimitError):
            run_job(STOPPED, said.append, control, folder, Budget(limits), start)
    assert not RunFiles(folder).has_result()


def test_what_would_burst_its_process_is_refused_before_anything_is_built(tmp_path, monkeypatch):
    monkeypatch.setattr("components.engine.compiled_training.CompiledTrainings.ready", pytest.fail)
    with pytest.raises(LimitError, match="GB of memory"):
        run_job(RECIPE, [].append, CommandQueue(), Folder(str(tmp_path)), Budget(Limits(600, 2**20, 60)))
    with pytest.raises(LimitError, match="GB of memory"):
        train_and_evaluate(RECIPE, data.load(RECIPE.dataset), Limits(600, 2**20, 60))


def test_a_full_disk_ends_a_run_with_the_reason_and_leaves_its_states(tmp_path):
    folder = Folder(str(tmp_path))
    run_job(RECIPE, [].append, CommandQueue(), folder, Budget(Limits(600, 2**40, 60)))
    before = folder.names()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
    try:
        with pytest.raises(StorageError, match="disk of this server is full"):
            more = RECIPE.model_copy(update={"training": Training(batch=32, epochs=2)})
            run_job(more, [].append, CommandQueue(), folder, Budget(Limits(600, 2**40, 60)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert folder.names() == before
