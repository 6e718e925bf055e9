"""Inside: what a worker saw stands on the page, for the example, the moment and the part that were chosen."""

import numpy as np
import pytest

from components.engine import inside
from components.insight.example import Picked, Shown, Typed
from components.insight.views import (
    Attention,
    Gate,
    Memory,
    Reach,
    SeeAttention,
    SeeMemory,
    SeeReach,
    SeeStretches,
    Stretch,
    Stretches,
)
from components.recipe import ClassifyTexts, Recipe, Sample
from components.training.messages import Checkpoint, Status
from tests.ui.conftest import ME, said

RECIPE = Recipe(dataset=Sample(name="tweets"), task=ClassifyTexts())
NAMES = ("what", "a", "good", "day")
SHOWN = Shown(NAMES, None, (), ("bad", "good"), 1, "The model says “good”.", 9)
H = np.array([[0.0, 0.1, 0.9, 0.3], [0.5, 0.1, 0.0, 0.0]])


def seen(view):
    match view:
        case SeeAttention():
            own, out = np.array([0.1, 0.1, 0.7, 0.1]), np.array([0.0, 0.1, 2.0, 0.2])
            return Attention(
                SHOWN, 1, ("attention",), 0, 1, ("all",), NAMES, own[None], own, out, out, 0.9, 0.8, 0.7
            )
        case SeeMemory():
            gates = (Gate("z", np.full((2, 4), 0.95), 0.0, 1.0), Gate("h", H))
            return Memory(SHOWN, ("Layer 1",), 0, "gru", np.array([7, 3]), np.array([0.0, 2.0]), gates, 2)
        case SeeStretches():
            return Stretches((Stretch(NAMES, None, H[0], 2),), 40, "", view.lowest)
        case SeeReach():
            return Reach("", 32, np.array([4.0, 2, 1, 1]), view.earlier, np.ones((len(view.earlier), 4)))


@pytest.fixture
def asked(monkeypatch):
    asked = []

    def look(run_id, recipe, artifacts, step, view):
        asked.append((step, view))
        return inside.Look(seen(view), 1)

    monkeypatch.setattr(inside, "look", look)
    return asked


@pytest.fixture
def run(store):
    run = store.add(RECIPE, ME, "Tweets · LSTM")
    attempt = store.begin(run.id, "here")
    kept = [Checkpoint(step=0, epoch=0), Checkpoint(step=40, epoch=2)]
    store.write([(run.id, attempt, message) for message in (*kept, Status(status="finished"))])
    return run.id


def test_without_a_run_it_leads_to_one(open_page, store):
    bench = open_page("inside")
    assert not bench.exception
    assert "No model to look into yet" in bench.info[0].proto.title
    store.add(RECIPE, ME, "Mine")
    assert [link.value for link in open_page("inside").page_link] == ["Mine"]


def test_attention_of_the_example_and_the_moment_that_were_chosen(open_page, run, asked):
    bench = open_page("inside", run=run)
    assert not bench.exception
    assert asked == [(None, SeeAttention(Picked(0)))]
    assert "believe it" in said(bench)
    bench.number_input(key=f"inside-place-{run}").set_value(4).run()
    assert asked[-1] == (None, SeeAttention(Picked(3)))
    bench.select_slider[0].set_value(0).run()
    assert asked[-1] == (0, SeeAttention(Picked(3), 1))
    bench.segmented_control(key="inside-way").set_value("type").run()
    bench.text_input(key="inside-text").set_value("a day").run()
    assert not bench.exception
    assert asked[-1] == (0, SeeAttention(Typed("a day")))


def test_memory_and_reach_are_asked_for_when_they_are_opened(open_page, run, asked):
    bench = open_page("inside", run=run)
    bench.segmented_control(key="inside-section").set_value("memory").run()
    assert not bench.exception
    assert [view for _, view in asked[1:]] == [SeeMemory(Picked(0)), SeeStretches(0, 7)]
    assert bench.metric[0].value == "100%"
    assert "unit 7 is highest at “good”" in said(bench)
    bench.selectbox(key="inside-unit").set_value(3).run()
    bench.segmented_control(key="inside-extreme").set_value("lowest").run()
    assert asked[-1] == (None, SeeStretches(0, 3, lowest=True))
    bench.segmented_control(key="inside-section").set_value("reach").run()
    assert not bench.exception
    assert asked[-1] == (None, SeeReach((0, 40)))
    assert bench.metric[0].value == "1 step"
