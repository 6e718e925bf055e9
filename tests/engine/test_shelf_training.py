"""How the runs that come with Unroll are trained: as any run, going on where they stopped."""

import numpy as np
import pytest

from components.engine import model_server, shelf_training
from components.engine.shelf_training import train_shelf_run
from components.engine.train_job import problem_and_model, run_job
from components.recipe import Forecast, Generated, Recipe, Recurrent, Training
from components.runs.artifacts import RunFiles
from components.runs.run_archive import RunArchive
from components.runs.shelf import shelf
from components.storage import Folder
from components.tasks import task_of
from components.tasks.forecasting.result import ForecastResult
from components.tasks.result_file import unpack
from components.training import checkpoints
from components.training.control import CommandQueue
from components.training.events import Checkpoint, EpochEnd, Steps
from components.training.limits import Budget, Limits
from components.training.loop import Loop

RECIPE = Recipe(
    dataset=Generated(name="sine", length=100),
    task=Forecast(target="value", window=6, horizon=2),
    model=Recurrent(units=2),
    training=Training(epochs=4, patience=None),
)
QUICK = ("sine", "random_labels")


def losses(events):
    return [loss for event in events if isinstance(event, Steps) for loss in event.losses]


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> RunArchive:
    made = train_shelf_run("Sine", RECIPE, str(tmp_path_factory.mktemp("shelf")), 60)
    assert made is not None
    return made


def test_it_is_what_any_run_of_the_recipe_is(whole, tmp_path):
    told = []
    run_job(RECIPE, told.append, CommandQueue(), Folder(str(tmp_path)), Budget(Limits(60, 2**40, 60)))
    np.testing.assert_allclose(losses(whole.events), losses(told), rtol=1e-6)
    ours, theirs = (
        [end.validation for end in events if isinstance(end, EpochEnd)] for events in (whole.events, told)
    )
    assert ours == pytest.approx(theirs)
    result = unpack(whole.files["result.npz"], ForecastResult)
    usual = unpack(RunFiles(Folder(str(tmp_path))).result(), ForecastResult)
    np.testing.assert_allclose(result.future, usual.future, atol=0.01)


def test_stopped_and_gone_on_it_is_the_same(whole, tmp_path, monkeypatch):
    place = str(tmp_path)
    assert train_shelf_run("Sine", RECIPE, place, 0) is None

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(shelf_training, "_finish", die)
        with pytest.raises(KeyboardInterrupt):
            train_shelf_run("Sine", RECIPE, place, 60)
    made = train_shelf_run("Sine", RECIPE, place, 60)
    assert made is not None
    assert losses(made.events) == losses(whole.events)
    assert made.files["result.npz"] == whole.files["result.npz"]


def test_its_result_is_measured_with_the_weights_that_are_kept(whole, tmp_path):
    folder = RunFiles.of(str(tmp_path), "one").folder
    for name, content in whole.files.items():
        folder.write(name, content)
    assert same_outputs(RECIPE, folder)
    kept = [event.step for event in whole.events if isinstance(event, Checkpoint)]
    assert kept == checkpoints.steps(folder) and kept[0] == 0
    model_server._loaded_runs.clear()
    with model_server.loaded_run("one", RECIPE.to_json(), str(tmp_path), step=0) as held:
        assert held.epoch == 0
    assert model_server.exported_model("one", RECIPE.to_json(), str(tmp_path))[:2] == b"PK"
    model_server._loaded_runs.clear()


def same_outputs(recipe: Recipe, folder: Folder) -> bool:
    """Measure anew with the weights of a folder; tell whether that is its result."""
    task = task_of(recipe)
    problem, built = problem_and_model(recipe)
    loop = Loop(built.model, problem, recipe)
    kept = checkpoints.newest(folder)
    assert kept is not None
    loop.progress, loop.best_variables = kept.state.progress, kept.state.best_variables
    for variable, value in zip(built.model.variables, kept.state.variables, strict=True):
        variable.assign(value)
    loop.load_selected_weights()
    ours = task.evaluate(problem, loop.outputs, built, loop.kept_epoch)
    theirs = unpack(RunFiles(folder).result(), task.result_class)
    assert ours.best_epoch == theirs.best_epoch and ours.test_set == theirs.test_set
    assert [m.value(ours.scores[0]) for m in task.metrics] == pytest.approx(
        [m.value(theirs.scores[0]) for m in task.metrics], rel=1e-3, abs=1e-3, nan_ok=True
    )
    return True


@pytest.mark.parametrize(
    "key",
    [pytest.param(key, marks=() if key in QUICK else pytest.mark.acceptance) for key in sorted(shelf())],
)
def test_what_comes_with_unroll_says_what_its_weights_say(key, tmp_path):
    archive, folder = shelf()[key].archive(), Folder(str(tmp_path))
    for name, content in archive.files.items():
        folder.write(name, content)
    assert same_outputs(archive.recipe, folder)


@pytest.mark.acceptance
@pytest.mark.parametrize("key", sorted(shelf()))
def test_what_comes_with_unroll_is_what_its_recipe_gives(key, tmp_path):
    archive = shelf()[key].archive()
    made = train_shelf_run(archive.title, archive.recipe, str(tmp_path), 3600)
    assert made is not None
    np.testing.assert_allclose(losses(made.events), losses(archive.events), rtol=0.02, atol=1e-3)
