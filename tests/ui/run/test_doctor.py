"""The training doctor on the run page and on Results: what it says, and the recipe that it prescribes."""

import ast
from pathlib import Path

import numpy as np
import pytest

from components.insight.doctor import remedies as rules
from components.recipe import Forecast, Generated, Optimizer, Recipe
from components.settings import settings
from components.storage import Folder
from components.tasks.result_file import pack
from components.training.events import EpochEnd, Status, Steps, TrainingStart
from components.ui.recipe_form.labels import SETTING_LABELS
from tests.charts import forecast_result
from tests.ui.conftest import ME, page_text

RECIPE = Recipe(
    dataset=Generated(name="sine", length=400),
    task=Forecast(target="value", window=24, horizon=5),
    optimizer=Optimizer(learning_rate=0.5),
)
FELL = 0.1 + 0.9 * np.exp(-np.arange(60) / 10)
LEAPT = FELL + 4 * np.exp(-((np.arange(60) - 8) ** 2) / 20)


@pytest.fixture
def put(store):
    """Put a run with these losses into the store."""

    def put_it(losses, status="finished"):
        run = store.add(RECIPE, ME, "Sine, LSTM")
        numbers = tuple(losses.tolist())
        norms = (1.0,) * len(losses)
        messages = [
            TrainingStart(parameters=9, layers=("lstm_1",), steps_per_epoch=6, clip=1.0),
            Steps(
                first=1,
                losses=numbers,
                before=norms,
                after=norms,
                layers=(norms,),
                learning_rate=0.5,
                seconds=1.0,
            ),
            *(
                EpochEnd(epoch=n, step=6 * n, training=2 / n, validation=2 / n, best=True)
                for n in range(1, 11)
            ),
            Status(status=status),
        ]
        attempt = store.begin(run.id, "here")
        store.write([(run.id, attempt, message) for message in messages])
        return run.id

    return put_it


@pytest.mark.parametrize("status", ["running", "finished"])
def test_an_illness_is_shown_with_its_evidence_and_trained_away_at_a_click(open_page, put, engine, status):
    bench = open_page("train", run=put(LEAPT, status))
    assert not bench.exception
    words = page_text(bench)
    assert "Learning rate too high" in words
    assert "Learning rate: 0.5 → **0.003**" in words
    assert not bench.get("plotly_chart")
    bench.session_state["doctor-evidence"] = True  # the test bench can't open a fold
    assert len(bench.run().get("plotly_chart")) == 1
    bench.button(key="doctor-train").click().run()
    assert not bench.exception
    (submitted,) = engine.submitted
    assert submitted.recipe.optimizer.learning_rate == 0.003
    assert bench.query_params["run"] == submitted.id


def test_a_healthy_run_is_told_so_when_it_is_over_and_not_before(open_page, put):
    assert "found no problem" in page_text(open_page("train", run=put(FELL)))
    assert "Training doctor" not in page_text(open_page("train", run=put(FELL, "running")))


def test_results_name_what_a_rule_does_better(open_page, put):
    run = put(FELL)
    lost = forecast_result.result(model_error=9.0)
    Folder(settings().artifacts).folder("runs").folder(run).write("result.npz", pack(lost))
    bench = open_page("results", run=run)
    assert not bench.exception
    assert "Worse than the baseline" in page_text(bench)
    bench.session_state["doctor-fold"] = True
    words = page_text(bench.run())
    assert "Transform: None → **Differencing**" in words


def changed_settings():
    """Yield the dotted names of the settings that a remedy can change, as the doctor's rules write them."""
    for file in Path(rules.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "modified_recipe":
                for part in node.keywords:
                    yield from (f"{part.arg}.{key.value}" for key in part.value.keys)


def test_every_setting_that_a_remedy_changes_has_a_label():
    settings = set(changed_settings())
    assert len(settings) > 8 and settings <= set(SETTING_LABELS)
