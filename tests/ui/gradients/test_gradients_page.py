"""Gradients: a race from one press, twins whose death is explained, first weights under sliders."""

import json

import pytest

from components.recipe import Clipping, Recipe
from components.training.events import Divergence, Rollback, Status, TrainingStart
from components.ui.experiments import CARDS
from components.ui.gradients.clipping import clipping_recipe as twin
from tests.ui.conftest import ME, page_text


def test_a_race_is_started_by_one_press_with_as_many_parameters_for_all(open_page, engine, store):
    bench = open_page("gradients")
    assert not bench.exception and not bench.error
    assert (bench.dataframe[0].value["Parameters"] / 4500).between(0.95, 1.05).all()
    bench.select_slider(key="race.length").set_value(20).run()
    bench.button(key="race.start").click().run()
    assert not bench.exception and not bench.error
    ((*runs,),) = engine.together
    recipes = [run.recipe for run in runs]
    assert [one.model.kind for one in recipes] == ["simple_rnn", "lstm", "gru", "transformer"]
    assert len({(one.dataset.model_dump_json(), one.task, one.training, one.seed) for one in recipes}) == 1
    assert bench.query_params["runs"] == ",".join(run.id for run in runs)
    (live,) = bench.get("bidi_component")
    told = json.loads(live.proto.json)
    assert told["kind"] == "race" and told["score"] == "R²"
    assert [one["id"] for one in told["runs"]] == [run.id for run in runs]
    store.write([(run.id, store.begin(run.id, "here"), Status(status="running")) for run in runs[:1]])
    bench.run()
    bench.button(key="together-stop").click().run()
    assert {run_id for run_id, _ in engine.sent} == {run.id for run in runs}, "also those that wait"


def test_a_race_is_fitted_into_a_time(open_page, engine):
    bench = open_page("gradients")
    bench.segmented_control(key="race.budget").set_value(60).run()
    assert not bench.exception and not bench.error
    assert "All together take about" in page_text(bench)
    assert bench.select_slider(key="race.updates").disabled
    bench.button(key="race.start").click().run()
    ((*runs,),) = engine.together
    assert len(runs) == 4 and len({run.recipe.training for run in runs}) == 1
    assert {run.recipe.optimizer.schedule for run in runs} == {"cosine"}


def test_the_twin_that_died_is_told_of_in_plain_words(open_page, store):
    twins = [store.add(twin(0.1, clip), ME, f"Twins · {clip}") for clip in (None, 1.0)]
    assert [one.recipe.clipping for one in twins] == [Clipping(mode="none"), Clipping(threshold=1.0)]
    died = Divergence(
        step=57,
        blamed=55,
        weight="simple_rnn_1/simple_rnn_cell/recurrent_kernel",
        norm=4000.0,
        usual=2.0,
        epoch=1,
        batch=55,
        examples=(3, 7, 11),
    )
    begun = TrainingStart(parameters=9, layers=("number",), steps_per_epoch=141, clip=None)
    attempt = store.begin(twins[0].id, "here")
    store.write([(twins[0].id, attempt, message) for message in (begun, died, Status(status="failed"))])
    bench = open_page("gradients", view="twins", runs=",".join(one.id for one in twins))
    assert not bench.exception and not bench.error
    words = page_text(bench)
    assert "At update 55 the gradient of `simple_rnn_1/simple_rnn_cell/recurrent_kernel`" in words
    assert "2,000 times the usual" in words and "with sequences 4, 8, 12." in words
    assert {metric.label: metric.value for metric in bench.metric}["Explosion at update"] == "55"
    again = store.begin(twins[0].id, "here")
    store.write([(twins[0].id, again, Rollback(step=10))])
    assert store.run(twins[0].id).death is None, "who went back hasn't died"


def test_first_weights_are_measured_anew_when_a_slider_moves(open_page):
    bench = open_page("gradients", view="beginning")
    assert not bench.exception and not bench.error
    first = float(bench.metric[0].value)
    bench.slider(key="beginning.radius").set_value(0.8).run()
    assert not bench.exception and not bench.error
    assert float(bench.metric[0].value) < first / 1e6
    assert "it vanishes on the way back" in page_text(bench)


def test_the_gradient_through_time_of_who_has_no_run_is_that_of_a_finished_one(open_page, store, shelf_runs):
    bench = open_page("gradients", view="through")
    assert not bench.exception and not bench.error
    assert "You haven't trained a model yet" in page_text(bench)
    assert bench.selectbox(key="through.run").value == shelf_runs["adding"]
    own = store.add(CARDS[0].recipe, ME, "Mine")
    bench = open_page("gradients", view="through")
    assert "You haven't trained" not in page_text(bench)
    assert bench.selectbox(key="through.run").value == own.id


@pytest.mark.parametrize("named", ["nonsense", "0" * 32])
def test_a_link_to_no_runs_says_so(open_page, named):
    bench = open_page("gradients", view="race", runs=named)
    assert not bench.exception
    assert bench.error, "in words, on the page"


def test_a_race_on_an_own_run_takes_over_its_data_and_task(open_page, store):
    card = next(card.recipe for card in CARDS if card.key == "sine")
    store.add(card, ME, "My sine")
    bench = open_page("gradients")
    bench.segmented_control(key="race.task").set_value("own").run()
    assert not bench.exception and not bench.error
    assert "Run" in [box.label for box in bench.selectbox]
    assert len(bench.dataframe[0].value) == 4
    assert Recipe.from_url(card.to_url()).task == card.task
