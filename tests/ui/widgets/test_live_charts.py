"""What the live charts are told by the page that mounts them."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from components.data import load
from components.recipe import Clipping, Forecast, Recipe, Sample
from components.runs.store import Run, RunStore
from components.tasks import forecast
from components.tasks.forecasting.task import Preview
from components.ui.experiments import CARDS
from components.ui.tasks.forecasting.page import ForecastPage

DAYS = pd.date_range("2020-01-01", periods=3, freq="D", name="day")


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Run]:
    kept = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}")

    def make(**recipe: object) -> Run:
        made = Recipe(dataset=Sample(name="sunspots"), task=Forecast(target="sunspots"), **recipe)
        return kept.add(made, "me", "a run")

    return make


def _script(run, preview):  # its source runs elsewhere, where no type is known
    from components.ui.widgets.live_charts import show_live_charts

    show_live_charts(run, preview, key="live")


def component_data(run: Run, preview: dict | None) -> dict:
    bench = AppTest.from_function(_script, args=(run, preview)).run()
    assert not bench.exception
    (component,) = bench.get("bidi_component")
    return json.loads(component.proto.json)


def test_they_are_told_where_their_numbers_and_scripts_are(run: Callable[..., Run]) -> None:
    made = run()
    data = component_data(made, None)
    assert (data["run"], data["status"], data["preview"]) == (made.id, "waiting", None)
    for name in ("script", "plotly"):
        assert not data[name].startswith("/"), "it must also be found below a base path"


@pytest.mark.parametrize(
    ("index", "times", "along"),
    [
        (DAYS, ["2020-01-01", "2020-01-02", "2020-01-03"], "day"),
        (DAYS[:2].union([pd.Timestamp("2020-01-02 06:30")]), None, "day"),
        (pd.RangeIndex(7, 10), [7, 8, 9], "row"),
    ],
)
def test_the_truth_goes_with_its_times(
    monkeypatch: pytest.MonkeyPatch, index: pd.Index, times: list | None, along: str
) -> None:
    truth = Preview(index.rename(along), np.array([1.0, np.nan, 3.0]))
    monkeypatch.setattr(forecast, "preview", lambda *_: truth)
    preview = ForecastPage().live_chart(CARDS[0].recipe, load(CARDS[0].recipe.dataset))
    assert preview["truth"] == [1.0, None, 3.0]
    assert preview["times"] == (times or [f"{time:%Y-%m-%d %H:%M:%S}" for time in index])
    assert (preview["along"], preview["measures"]) == (along, "sunspots (spots)")


@pytest.mark.parametrize(
    ("mode", "drawn"), [("global_norm", 0.5), ("norm", None), ("value", None), ("none", None)]
)
def test_only_a_threshold_of_the_global_norm_is_drawn_across_it(
    run: Callable[..., Run], mode: str, drawn: float | None
) -> None:
    assert component_data(run(clipping=Clipping(mode=mode, threshold=0.5)), None)["clipping"] == drawn


def _ahead() -> None:
    from components.ui.widgets.live_charts import preload_scripts

    preload_scripts()


def test_the_scripts_can_be_fetched_before_there_is_a_run() -> None:
    (component,) = AppTest.from_function(_ahead).run().get("bidi_component")
    assert set(json.loads(component.proto.json)) == {"script", "plotly"}
