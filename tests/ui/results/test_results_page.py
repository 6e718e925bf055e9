"""Results: the verdict first, every score beside what costs nothing, and everything to take away."""

import io
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from components.data.sources import upload
from components.engine.model_server import Prediction
from components.recipe import Forecast, Recipe, Sample
from components.runs.catalog import RunLabels
from components.settings import settings
from components.storage import Folder
from components.tasks.forecasting.result import Fan, ForecastResult, Score
from components.tasks.result_file import pack
from components.training.events import Status
from tests.charts import forecast_result as made
from tests.ui.conftest import ANOTHER, ME, page_text

RECIPE = Recipe(dataset=Sample(name="sunspots"), task=Forecast(target="sunspots", window=22, horizon=3))
ROWS, HORIZON = 60, 3
MODEL = Score("model", "Your model", mse=4.0, mae=1.5, rmse=2.0, mape=None, smape=12.5, mase=0.8)
LAST = Score("last_value", "Last value", mse=9.0, mae=2.5, rmse=3.0, mape=None, smape=20.0, mase=1.2)
DRIFT = Score("drift", "Drift", mse=1.0, mae=1.6, rmse=1.0, mape=None, smape=22.0, mase=1.3)


def result(**changed):
    origins = np.arange(40, ROWS - HORIZON)
    values = {
        "target": "sunspots",
        "unit": "spots",
        "scores": (MODEL, LAST, DRIFT),
        "verdict": "The model beats the naive forecasts.",
        "best_epoch": 3,
        "attention_rows": "none",
        "times": pd.date_range("2001-01-01", periods=ROWS, freq="D"),
        "truth": np.arange(ROWS, dtype=float),
        "test_start": 41,
        "origins": origins,
        "forecasts": np.ones((len(origins), HORIZON)),
        "future_times": pd.date_range("2001-03-02", periods=HORIZON, freq="D"),
        "future": np.ones(HORIZON),
        "baselines": {
            "Last value": np.zeros((len(origins), HORIZON)),
            "Drift": np.zeros((len(origins), HORIZON)),
        },
    }
    return ForecastResult(**values | changed)


@pytest.fixture
def finished(store):
    def put(owner=ME, recipe=RECIPE, **changed):
        run = store.add(recipe, owner, "Sunspots, LSTM")
        store.write([(run.id, store.begin(run.id, "here"), Status(status="finished"))])
        folder = Folder(settings().artifacts).folder("runs").folder(run.id)
        folder.write("result.npz", pack(result(**changed)))
        folder.write("model.keras", b"a model")
        return run.id

    return put


def test_who_has_no_runs_sees_a_finished_one_and_how_to_train_it(open_page, shelf_runs):
    bench = open_page("results")
    assert not bench.exception and not bench.error
    assert "a finished run that comes with Unroll: **CO₂ over Mauna Loa**" in page_text(bench)
    assert bench.title[0].value == "CO₂ over Mauna Loa"
    assert len([*bench.success, *bench.warning]) == 1  # the verdict
    next(button for button in bench.button if button.label == "Choose an experiment").click().run()
    assert bench.button(key="card-sunspots")


def test_who_has_runs_can_open_those_that_come_with_unroll_too(open_page, store, shelf_runs):
    store.add(RECIPE, ME, "Mine")
    bench = open_page("results")
    assert [link.value for link in bench.page_link] == ["Mine"]
    bench.expander[0].proto.expanded = True
    assert bench.expander[0].label == "Finished runs that come with Unroll"


def test_without_a_run_in_the_address_it_lists_the_visitor_s_own(open_page, store):
    store.add(RECIPE, ME, "Mine")
    store.add(RECIPE, ANOTHER, "Theirs")
    assert [link.value for link in open_page("results").page_link] == ["Mine"]


@pytest.mark.parametrize("owner", [ME, ANOTHER])
def test_the_verdict_comes_first(open_page, finished, owner):
    bench = open_page("results", run=finished(owner))
    assert not bench.exception
    assert not bench.error
    assert bench.success[0].value == "The model beats the naive forecasts."
    assert bench.main.children[1].value == "The model beats the naive forecasts."


def test_a_model_that_lost_is_not_shown_as_a_success(open_page, finished):
    lost = (Score("model", "Your model", mse=9.0, mae=9.0, rmse=3.0, mape=None, smape=1.0, mase=1.0), LAST)
    bench = open_page(
        "results", run=finished(scores=lost, verdict="The model doesn't beat the naive forecasts.")
    )
    assert not bench.success
    assert bench.warning[0].value == "The model doesn't beat the naive forecasts."


def test_every_score_stands_beside_the_simple_rules(open_page, finished):
    table = open_page("results", run=finished()).dataframe[0].value
    assert list(table.index) == ["Your model", "Last value", "Drift"]
    assert {"MSE", "MAE", "RMSE", "MAPE %", "sMAPE %", "MASE", "RMSSE"} == set(table.columns)
    assert table.loc["Your model", "MAE"] == 1.5
    assert table["MAPE %"].isna().all()


def test_how_sure_it_was_is_said_with_what_came_of_it(open_page, finished):
    ahead = np.arange(41, ROWS - HORIZON + 1)[:, None] + np.arange(HORIZON)
    own = replace(
        made.band("own"),
        tested=Fan(*[ahead.astype(float)] * 4),
        future=Fan(*[np.ones(HORIZON)] * 4),
    )
    bands = (replace(own, name="conformal", label="Conformal"), own)
    bench = open_page("results", run=finished(bands=bands))
    assert not bench.exception
    assert "The 80% prediction interval covers 76% of the values of the test set." in page_text(bench)
    table = next(frame.value for frame in bench.dataframe if "Winkler score" in frame.value)
    assert list(table.index) == ["Conformal", "Own"]
    assert list(table["Coverage"]) == ["76% of 80%"] * 2
    chosen = next(group for group in bench.button_group if group.key == "band")
    chosen.set_value("own").run()
    assert not bench.exception


def test_the_forecast_comes_before_its_scores_and_every_section_has_a_link(open_page, finished):
    bench = open_page("results", run=finished())
    headings = [(heading.value, heading.proto.anchor) for heading in bench.header]
    assert [title for title, _ in headings][:2] == ["Forecast", "Scores on the test set"]
    links = next(element.value for element in bench.markdown if "](#" in element.value)
    assert re.findall(r"\]\(#([a-z-]+)\)", links) == [anchor for _, anchor in headings]


def test_every_measure_is_explained_in_plain_words(open_page, finished):
    words = page_text(open_page("results", run=finished()))
    for measure in ("MSE", "MAE", "RMSE", "MAPE", "sMAPE", "MASE"):
        assert f"**{measure}" in words


def test_attention_is_shown_only_where_there_is_some(open_page, finished):
    assert "Attention" not in page_text(open_page("results", run=finished()))
    weights = np.full((HORIZON, 22), 1 / 22)
    bench = open_page("results", run=finished(attention=weights, attention_rows="step ahead"))
    assert "Attention" in page_text(bench)


def test_the_forecast_can_be_looked_at_from_every_origin(open_page, finished):
    bench = open_page("results", run=finished())
    slider = bench.select_slider(key="origin")
    assert len(slider.options) == len(result().origins)
    before = bench.get("plotly_chart")[0].proto.spec
    slider.set_value(5).run()
    assert not bench.exception
    assert bench.get("plotly_chart")[0].proto.spec != before


def test_forecast_and_model_can_be_taken_away(open_page, finished):
    labels = [button.proto.label for button in open_page("results", run=finished()).get("download_button")]
    assert labels == ["Forecast (CSV)", "Model (.keras)"]


def test_of_several_series_one_is_chosen(open_page, finished):
    bench = open_page("results", run=finished(others=(result(target="second", unit="rays"),)))
    assert not bench.exception
    captions = " ".join(caption.value for caption in bench.caption)
    assert "The model is behind on none of the 2 series" in captions
    bench.selectbox(key="results-series").set_value("second").run()
    assert not bench.exception and not bench.error


def test_the_newest_rows_can_be_changed_and_asked_about(open_page, finished, monkeypatch):
    heard = []
    answer = Prediction(np.ones(HORIZON), 3)
    monkeypatch.setattr(
        "components.ui.tasks.forecasting.what_if.ask_model", lambda run, asked: heard.append(asked) or answer
    )
    bench = open_page("results", run=finished())
    assert not heard, "no worker is asked before somebody wants to know"
    bench.session_state["try-open"] = True
    bench.run()
    assert not bench.exception and not bench.error
    assert [one.rows.shape for one in heard] == [(22, 1)]
    assert "Move a point up or down" in " ".join(caption.value for caption in bench.caption)


def test_results_of_another_version_are_said_to_be_so_and_can_be_made_again(open_page, finished):
    run = finished()
    Folder(settings().artifacts).folder("runs").folder(run).write("result.npz", b"something else")
    bench = open_page("results", run=run)
    assert not bench.exception
    assert "another version" in bench.error[0].proto.title
    next(button for button in bench.button if button.label == "Train again").click().run()
    assert Recipe.from_url(bench.query_params["recipe"]) == RECIPE


def test_the_recipe_and_a_link_to_it_can_be_copied(open_page, finished):
    bench = open_page("results", run=finished())
    bench.session_state["results-recipe"] = True  # open
    blocks = [block.value for block in bench.run().code]
    assert any(block.endswith(f"train?recipe={RECIPE.to_url()}") for block in blocks)
    assert any(Recipe.from_json(block) == RECIPE for block in blocks if block.startswith("{"))


def test_change_something_takes_the_recipe_along(open_page, finished):
    bench = open_page("results", run=finished())
    next(button for button in bench.button if button.label.startswith("Change the recipe")).click().run()
    assert Recipe.from_url(bench.query_params["recipe"]) == RECIPE


def test_the_owner_shares_the_run_and_its_recipe_without_the_data(open_page, finished, store):
    rows = "".join(f"2024-01-{day:02d},{day % 7}\n" for day in range(1, 32))
    named, _ = upload.accept(upload.store(io.BytesIO(f"day,sold\n{rows}".encode()), "shop.csv"))
    own = Recipe(dataset=named, task=Forecast(target="sold", window=4, horizon=1))
    run_id = finished(recipe=own)
    bench = open_page("results", run=run_id)
    bench.session_state["results-recipe"] = True  # open
    bench.run()
    assert not store.run(run_id).without_data
    bench.toggle(key="share-without-data").set_value(True).run()
    assert not bench.exception
    assert store.run(run_id).without_data
    assert named.id not in "".join(code.value for code in bench.code)
    bench.toggle(key="share-without-data").set_value(False).run()
    assert not store.run(run_id).without_data


def test_a_guest_sees_results_but_has_no_switch(open_page, finished, store):
    rows = "".join(f"2024-01-{day:02d},{day % 7}\n" for day in range(1, 32))
    named, _ = upload.accept(upload.store(io.BytesIO(f"day,sold\n{rows}".encode()), "shop.csv"))
    run_id = finished(ANOTHER, Recipe(dataset=named, task=Forecast(target="sold", window=4, horizon=1)))
    store.catalog.set_labels({run_id: RunLabels("Shop", without_data=True)})
    bench = open_page("results", run=run_id)
    bench.session_state["results-recipe"] = True  # open
    bench.run()
    assert not bench.exception
    assert bench.success[0].value == "The model beats the naive forecasts."
    assert "share-without-data" not in [toggle.key for toggle in bench.toggle]
    assert named.id not in "".join(code.value for code in bench.code)


@pytest.mark.parametrize("status", ["running", "failed"])
def test_a_run_without_results_leads_to_its_training(open_page, store, status):
    run = store.add(RECIPE, ME, "Mine")
    store.write([(run.id, store.begin(run.id, "here"), Status(status=status, reason="Because."))])
    bench = open_page("results", run=run.id)
    assert not bench.exception
    next(button for button in bench.button if button.label == "Go to the run").click().run()
    assert bench.query_params["run"] == run.id
