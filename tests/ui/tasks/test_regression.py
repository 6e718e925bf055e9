"""The pages of the task that tells a number: five controls, guesses against the truth, answers."""

import json

import numpy as np

from components.data import load
from components.engine.model_server import Prediction
from components.recipe import Generated, Recipe, RegressSequences
from components.settings import settings
from components.storage import Folder
from components.tasks import recipe_issues, regress_sequences, suggest_recipe
from components.tasks.regression.result import NumberScore, NumbersResult
from components.tasks.regression.task import NumberPrediction
from components.tasks.result_file import pack
from components.training.events import EpochEnd, Snapshot, Status, TrainingStart
from components.ui.experiments import CARDS
from tests.ui.conftest import ME, page_text

ADDING = next(card.recipe for card in CARDS if card.key == "adding")


def finished(store) -> str:
    """Put a finished run into the store, whose model is off by a tenth."""
    run = store.add(ADDING, ME, "Told")
    truth = regress_sequences.preview(ADDING, load(ADDING.dataset)).truth
    told = ((1, tuple(truth + 1)), (2, tuple(truth + 0.5)))
    ends = [
        EpochEnd(epoch=n, step=2 * n, training=1.0, validation=1.0, best=True, snapshot=Snapshot(numbers))
        for n, numbers in told
    ]
    begun = TrainingStart(parameters=9, layers=("number",), steps_per_epoch=2, clip=1.0)
    attempt = store.begin(run.id, "here")
    store.write([(run.id, attempt, message) for message in (begun, *ends, Status(status="finished"))])
    scores = (
        NumberScore("model", "Your model", 0.1, 0.1, 0.01, 0.94),
        NumberScore("mean", "Mean", 0.33, 0.41, 0.167, 0.0),
    )
    result = NumbersResult(
        "the sum",
        scores,
        "The model beats the baselines.",
        True,
        2,
        (),
        0.1,
        np.arange(4),
        np.arange(4.0),
        np.arange(4) + 0.1,
    )
    folder = Folder(settings().artifacts).folder("runs").folder(run.id)
    folder.write("result.npz", pack(result))
    folder.write("model.keras", b"a model")
    return run.id


def test_the_adding_problem_is_set_up_with_five_controls(open_page):
    bench = open_page("train", recipe=ADDING.to_url())
    assert not bench.exception and not bench.error
    kinds = ("selectbox", "number_input", "segmented_control", "slider", "toggle", "multiselect")
    every = [widget for kind in kinds for widget in bench.get(kind) if widget.key.startswith("draft.")]
    folded = {widget.key for fold in bench.expander for kind in kinds for widget in fold.get(kind)}
    assert len([widget for widget in every if widget.key not in folded]) == 5
    assert "target: the sum of the two marked numbers" in page_text(bench)


def test_a_run_and_its_results_show_guesses_against_the_truth(open_page, store, monkeypatch):
    heard = []

    def asked(run, asked):
        heard.append(asked.values)
        return Prediction(NumberPrediction(1.25, np.zeros(100), np.zeros(100), None), 3)

    monkeypatch.setattr("components.ui.tasks.sequence_kinds.numbers.ask_model", asked)
    run_id = finished(store)
    bench = open_page("train", run=run_id)
    assert not bench.exception and not bench.error
    (live,) = bench.get("bidi_component")
    assert json.loads(live.proto.json)["preview"]["kind"] == "guesses"
    bench.session_state["replay-fold"] = True  # the test bench can't open it
    bench.run()
    assert "lowest after epoch 2, at 0.5" in page_text(bench)
    bench = open_page("results", run=run_id)
    assert not bench.exception and not bench.error
    assert bench.dataframe[0].value.loc["Your model", "R²"] == 0.94
    assert "nine in ten one below 0.1" in page_text(bench)
    assert heard == []
    bench.session_state["try-open"] = True
    bench.run()
    bench.number_input(key="try-number").set_value(7).run()
    assert not bench.exception and not bench.error
    np.testing.assert_allclose(heard[-1], load(ADDING.dataset).sequence(6))
    assert bench.metric[0].value == "1.25"


def test_whatever_has_numbers_gets_a_recipe_that_works():
    data = load(Generated(name="adding", length=60))
    recipe = suggest_recipe(data)
    assert isinstance(recipe.task, RegressSequences) and recipe_issues(recipe, data) == ()
    assert Recipe.from_url(recipe.to_url()) == recipe
