"""What was written by an earlier Unroll opens and means the same: recipes, links, runs, results, models."""

import json
from collections.abc import Iterator
from pathlib import Path

import keras
import pytest

from components.runs import leases
from components.runs.event_writer import ACTIVE
from tests.compatibility import archive
from tests.compatibility.archive import Recipe, RunStore, differences, read_set

CLOSE, SMALLEST = 1e-5, 1e-6
"""How far what a model gives on another machine may lie from what it gave: relatively, and besides."""

RECIPES: dict[str, str] = read_set("recipes")
LINKS = read_set("links")
MEANINGS = read_set("meanings")
MEASURED = sorted(MEANINGS["measures"], key=lambda run: MEANINGS["runs"][run]["title"])
"""Runs that have results, by their ids."""


def _title(value: object) -> str:
    return str(MEANINGS["runs"].get(value, {"title": value})["title"])


def _recipe(run: str) -> Recipe:
    return Recipe.from_json(json.dumps(MEANINGS["runs"][run]["recipe"]))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archive.unpack_set(tmp_path_factory.mktemp("set"))


@pytest.fixture(scope="module")
def store(database: Path) -> Iterator[RunStore]:
    opened = RunStore(f"sqlite:///{database}")
    yield opened
    opened.close()


def test_every_recipe_says_the_same_again() -> None:
    for name, text in RECIPES.items():
        recipe = Recipe.from_json(text)
        again = recipe.to_json()
        assert not [*differences(json.loads(text), json.loads(again))], name
        assert Recipe.from_json(again) == recipe, name


def test_every_link_to_a_recipe_opens_that_recipe() -> None:
    links = [link for link in LINKS if "recipe" in link["query"]]
    assert {link["recipe"] for link in links} == set(RECIPES)
    for link in links:
        assert Recipe.from_url(link["query"]["recipe"]) == Recipe.from_json(RECIPES[link["recipe"]])


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("name", MEANINGS["data"])
def test_a_recipe_names_the_same_data(name: str) -> None:
    facts = archive.data_facts(Recipe.from_json(RECIPES[name]))
    assert not [*differences(MEANINGS["data"][name], facts, rtol=1e-6, atol=1e-6)]


# --- Runs --------------------------------------------------------------------------------------------


def test_every_run_is_listed_with_its_status(store: RunStore) -> None:
    listed = {run.id: run.status for run in store.runs(MEANINGS["owner"])}
    assert listed == {run: facts["status"] for run, facts in MEANINGS["runs"].items()}
    every = {"waiting", "running", "paused", "finished", "stopped", "failed", "interrupted"}
    assert set(listed.values()) == every


@pytest.mark.parametrize("run", MEANINGS["runs"], ids=_title)
def test_all_that_a_run_said_is_read_again(store: RunStore, run: str) -> None:
    assert not [*differences(MEANINGS["runs"][run], archive.run_facts(store, run), rtol=archive.NOISE)]


def test_runs_of_a_server_that_is_gone_are_adopted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "LEASE_SECONDS", -1.0)
    opened = RunStore(f"sqlite:///{archive.unpack_set(tmp_path)}")
    server = opened.register_server()
    opened.adopt_orphans(server)
    left = [run for run in opened.runs(MEANINGS["owner"]) if run.status in ACTIVE]
    adopted = opened.active_runs(server)
    assert {run.id for run in adopted} == {run.id for run in left} != set()
    assert all(opened.start_attempt(run.id, run.attempt) for run in adopted)
    opened.close()


# --- What runs left ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("run", MEASURED, ids=_title)
def test_a_result_holds_every_number_that_it_held(run: str) -> None:
    result = archive.read_result(_recipe(run), run)
    assert result.verdict == MEANINGS["verdicts"][run]
    assert not [*differences(MEANINGS["measures"][run], archive.measures(result))]
    before = archive.packed(archive.run_folder(run).read(archive.RESULT))
    assert not [*differences(before, archive.packed(archive.packed_again(result)))]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("run", MEANINGS["further"], ids=_title)
def test_a_backtest_and_another_seed_hold_their_errors(run: str) -> None:
    assert archive.extra_errors(run) == MEANINGS["further"][run]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("run", MEASURED, ids=_title)
def test_a_model_that_was_taken_away_gives_the_same(run: str) -> None:
    with archive.run_folder(run).local_file(archive.MODEL) as path:
        model = keras.models.load_model(path, safe_mode=True)
    expected = MEANINGS["models"][run]
    given = archive.outputs(model, expected["given"])
    assert not [*differences(expected["outputs"], given, CLOSE, SMALLEST)]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("run", MEASURED, ids=_title)
def test_a_run_s_own_model_answers_the_same(run: str) -> None:
    answer = archive.answer(_recipe(run), run)
    assert not [*differences(MEANINGS["answers"][run], answer, CLOSE, SMALLEST)]


@pytest.mark.parametrize("run", MEANINGS["continued"], ids=_title)
def test_an_interrupted_run_ends_as_the_unbroken_one_did(database: Path, run: str) -> None:
    facts, unbroken = MEANINGS["runs"][run], MEANINGS["runs"][MEANINGS["continued"][run]]
    folder = archive.run_folder(run, str(database.parent / archive.ARTIFACTS))
    heard = archive.train(_recipe(run), folder)
    losses = [loss for message in heard if message.kind == "steps" for loss in message.losses]
    epochs = [message for message in heard if message.kind == "epoch"]
    assert 0 < facts["step"] < unbroken["step"]
    assert not [*differences(unbroken["loss"][facts["step"] :], losses, CLOSE)]
    ends = [[end.epoch, end.step, end.training, end.validation, end.best] for end in epochs]
    assert not [*differences(unbroken["epochs"][facts["epoch"] :], ends, CLOSE)]
