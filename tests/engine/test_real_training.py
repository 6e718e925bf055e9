"""The engine with the work that it is for: TensorFlow in its worker, real runs, and that worker killed."""

import os
import signal
from pathlib import PurePath

import numpy as np
import pytest

from components import data
from components.data.datasets import Recordings
from components.data.splits.example_split import split_examples
from components.engine.engine import Engine
from components.recipe import Forecast, Generated, Recipe, Recurrent, Training
from components.runs.store import RunStore
from components.settings import Settings
from components.storage import Folder
from components.tasks import recipe_issues, suggest_recipe, suitable_tasks, transcribe
from components.tasks.result_file import unpack
from tests.data.readers.file_helpers import upload_bytes
from tests.data.readers.spoken_tones import VOICES, sentences_zip
from tests.engine.conftest import until

pytestmark = pytest.mark.timeout(400)  # workers come up slowly on a busy machine

RECIPE = Recipe(
    dataset=Generated(name="sine", length=400, seed=1),
    task=Forecast(target="value", window=12, horizon=2),
    model=Recurrent(kind="lstm", units=4, dropout=0.2),
    training=Training(batch=8, epochs=80, patience=None),
)


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    place = tmp_path_factory.mktemp("real")
    settings = Settings(
        workers=1, database=f"sqlite:///{place}/runs.sqlite", artifacts=str(place / "artifacts")
    )
    engine = Engine(settings, RunStore(settings.database))
    until(engine.ready, seconds=300)
    yield engine
    engine.close()


def _start(engine: Engine, recipe: Recipe = RECIPE) -> str:
    run = engine.store.add(recipe, "ann", "Real")
    engine.submit(run, "ann")
    return run.id


def _end(engine: Engine, run_id: str) -> None:
    until(lambda: engine.store.run(run_id).status not in ("waiting", "running", "paused"), seconds=300)
    run = engine.store.run(run_id)
    assert run.status == "finished", run.reason


def test_workers_come_warm(real):
    assert real.ask(eval, "'tensorflow' in __import__('sys').modules") is True


def test_a_run_whose_worker_is_killed_ends_with_the_very_losses_of_an_unbroken_one(real):
    unbroken = _start(real)
    _end(real, unbroken)
    broken = _start(real)
    until(lambda: len(real.store.checkpoints(broken)) >= 2)
    os.kill(real.ask(os.getpid), signal.SIGKILL)
    _end(real, broken)
    one, other = real.store.points(unbroken), real.store.points(broken)
    assert other.generation > one.generation, "it went back to a checkpoint"
    assert len(one.steps) == one.steps_total
    assert (one.steps, one.loss, one.before, one.layers) == (
        other.steps,
        other.loss,
        other.before,
        other.layers,
    )
    assert real.store.epochs(unbroken) == real.store.epochs(broken)
    folder = Folder(real._settings.artifacts).folder("runs").folder(broken)
    assert {"result.npz", "model.keras"} <= set(folder.names())


@pytest.mark.acceptance
def test_transcripts_that_are_brought_are_learnt_and_measured_on_voices_never_heard(real):
    content, wanted = sentences_zip()
    reference = upload_bytes(content, "sentences.zip")
    dataset = data.load(reference)
    assert isinstance(dataset, Recordings) and suitable_tasks(dataset) == ("transcribe",)
    suggested = suggest_recipe(dataset)
    assert recipe_issues(suggested, dataset) == ()
    recipe = suggested.model_copy(
        update={
            "model": Recurrent(kind="gru", units=12, bidirectional=True),
            "optimizer": suggested.optimizer.model_copy(update={"learning_rate": 0.02}),
            "training": Training(batch=2, epochs=12, patience=None),
        }
    )
    run = _start(real, recipe)
    _end(real, run)

    losses = [end.validation for end in real.store.epochs(run)]
    assert losses[-1] < 0.5 * losses[0], losses
    folder = Folder(real._settings.artifacts).folder("runs").folder(run)
    result = unpack(folder.read("result.npz"), transcribe.result_class)
    tested = [dataset.files[number] for number in result.numbers]
    assert list(result.said) == [wanted[file] for file in tested], (
        "the references are those that were brought"
    )

    split = split_examples(dataset, recipe.preparation)
    voices = [
        {PurePath(dataset.files[number]).name.partition("_")[0] for number in numbers}
        for numbers in (split.train, split.validation, split.test)
    ]
    assert sum(map(len, voices)) == len(set.union(*voices)) == len(VOICES), "no voice is on two sides"
    assert {PurePath(file).name.partition("_")[0] for file in tested} <= voices[2]

    model, *rules = result.scores
    assert model.name == "model" and {rule.name for rule in rules} >= {"usual"}
    assert model.wer < min(rule.wer for rule in rules if rule.name == "usual"), result.verdict
    assert 0 <= model.cer < 0.5
    assert len(result.alignments) and sum(one.words.size for one in result.alignments) > 0
    for one in result.alignments:
        frames = int(dataset.lengths[result.numbers[one.place]])
        assert len(one.probabilities) == frames // result.segment
        np.testing.assert_allclose(one.probabilities.sum(axis=1), 1, atol=1e-4)
        heard = [result.names[word] for word in one.words]
        assert " ".join(heard) == result.heard[one.place] and (np.diff(one.steps) > 0).all()
