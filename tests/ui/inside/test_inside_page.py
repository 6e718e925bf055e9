"""Inside: what a worker saw stands on the page, for the example, the moment and the part that were chosen."""

import numpy as np
import pytest

from components.engine import inspect_run
from components.insight.example import DatasetExample, ExampleView, UserText
from components.insight.requests import (
    ActivationView,
    AttentionRequest,
    AttentionView,
    GateActivityRequest,
    GateActivityView,
    GateView,
    InfluenceRequest,
    InfluenceView,
    TopActivationsRequest,
    TopActivationsView,
)
from components.recipe import ClassifyTexts, Recipe, Recurrent, Sample
from components.training.events import Checkpoint, Status
from tests.ui.conftest import ME, page_text

RECIPE = Recipe(dataset=Sample(name="tweets"), task=ClassifyTexts(), model=Recurrent(attention="additive"))
WITHOUT_ATTENTION = RECIPE.model_copy(update={"model": Recurrent()})
NAMES = ("what", "a", "good", "day")
SHOWN = ExampleView(NAMES, None, (), ("bad", "good"), 1, "The model says “good”.", 9)
H = np.array([[0.0, 0.1, 0.9, 0.3], [0.5, 0.1, 0.0, 0.0]])


def seen(view):
    match view:
        case AttentionRequest():
            own, out = np.array([0.1, 0.1, 0.7, 0.1]), np.array([0.0, 0.1, 2.0, 0.2])
            return AttentionView(
                SHOWN, 1, ("attention",), 0, 1, ("all",), NAMES, own[None], own, out, out, 0.9, 0.8, 0.7
            )
        case GateActivityRequest():
            gates = (GateView("z", np.full((2, 4), 0.95), 0.0, 1.0), GateView("h", H))
            return GateActivityView(
                SHOWN, ("Layer 1",), 0, "gru", np.array([7, 3]), np.array([0.0, 2.0]), gates, 2
            )
        case TopActivationsRequest():
            return TopActivationsView((ActivationView(NAMES, None, H[0], 2),), 40, "", view.lowest)
        case InfluenceRequest():
            return InfluenceView(
                "", 32, np.array([4.0, 2, 1, 1]), view.earlier, np.ones((len(view.earlier), 4))
            )


@pytest.fixture
def asked(monkeypatch):
    asked = []

    def look(run_id, recipe, artifacts, step, view):
        asked.append((step, view))
        return inspect_run.Inspection(seen(view), 1)

    monkeypatch.setattr(inspect_run, "inspect", look)
    return asked


@pytest.fixture
def add(store):
    def add(recipe):
        run = store.add(recipe, ME, "Tweets · LSTM")
        attempt = store.begin(run.id, "here")
        kept = [Checkpoint(step=0, epoch=0), Checkpoint(step=40, epoch=2)]
        store.write([(run.id, attempt, message) for message in (*kept, Status(status="finished"))])
        return run.id

    return add


@pytest.fixture
def run(add):
    return add(RECIPE)


def test_without_a_run_it_shows_a_finished_one_and_with_some_it_leads_to_them(
    open_page, store, asked, shelf_runs
):
    bench = open_page("inside")
    assert not bench.exception
    assert "**Read dates in eight languages**" in page_text(bench)
    assert [type(view) for _, view in asked] == [AttentionRequest]
    store.add(RECIPE, ME, "Mine")
    assert [link.value for link in open_page("inside").page_link] == ["Mine"]


def test_attention_of_the_example_and_the_moment_that_were_chosen(open_page, run, asked):
    bench = open_page("inside", run=run)
    assert not bench.exception
    assert asked == [(None, AttentionRequest(DatasetExample(0)))]
    assert "explains this answer well" in page_text(bench)
    bench.number_input(key=f"inside-place-{run}").set_value(4).run()
    assert asked[-1] == (None, AttentionRequest(DatasetExample(3)))
    bench.select_slider[0].set_value(0).run()
    assert asked[-1] == (0, AttentionRequest(DatasetExample(3), 1))
    bench.segmented_control(key="inside-way").set_value("type").run()
    bench.text_input(key="inside-text").set_value("a day").run()
    assert not bench.exception
    assert asked[-1] == (0, AttentionRequest(UserText("a day")))


def test_a_model_without_attention_opens_with_its_gates(open_page, add, asked):
    bench = open_page("inside", run=add(WITHOUT_ATTENTION))
    assert not bench.exception
    assert bench.segmented_control(key="inside-section").value == "memory"
    assert [type(view) for _, view in asked] == [GateActivityRequest, TopActivationsRequest]
    bench.segmented_control(key="inside-section").set_value("attention").run()
    assert type(asked[-1][1]) is AttentionRequest


def test_memory_and_reach_are_asked_for_when_they_are_opened(open_page, run, asked):
    bench = open_page("inside", run=run)
    bench.segmented_control(key="inside-section").set_value("memory").run()
    assert not bench.exception
    assert [view for _, view in asked[1:]] == [
        GateActivityRequest(DatasetExample(0)),
        TopActivationsRequest(0, 7),
    ]
    assert bench.metric[0].value == "100%"
    assert "unit 7 is highest at “good”" in page_text(bench)
    bench.selectbox(key="inside-unit").set_value(3).run()
    bench.segmented_control(key="inside-extreme").set_value("lowest").run()
    assert asked[-1] == (None, TopActivationsRequest(0, 3, lowest=True))
    bench.segmented_control(key="inside-section").set_value("reach").run()
    assert not bench.exception
    assert asked[-1] == (None, InfluenceRequest((0, 40)))
    assert bench.metric[0].value == "1 step"
