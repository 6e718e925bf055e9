"""Setting up a training: the recipe is the state, and what can't work is said where it is mended."""

import numpy as np
import pytest

from components.data import load
from components.errors import RunError
from components.recipe import (
    FillMissing,
    Forecast,
    Generated,
    Preparation,
    Recipe,
    Recurrent,
    Resample,
    Sample,
    Training,
    Transformer,
)
from components.settings import settings
from components.tasks import plan, suggest_recipe
from components.tasks.settings_contest import Trial
from components.training.events import Status, Steps, TrainingStart
from components.ui.experiments import CARDS
from tests.ui.conftest import ANOTHER, ME, AnsweredQuestion, FakeEngine, page_text

RECIPE = Recipe(
    dataset=Sample(name="sunspots"),
    task=Forecast(target="sunspots", window=33, horizon=7, season=11, transform="difference"),
    model=Recurrent(kind="gru", units=17, layers=2, bidirectional=True, attention="dot", dropout=0.3),
    training=Training(batch=24, epochs=9, patience=None),
    seed=41,
)
SEATTLE = Sample(name="seattle_weather")


def number(bench, name):
    return bench.number_input(key=f"draft.{name}")


def recipe_of(bench):
    return Recipe.from_url(bench.query_params["recipe"])


def train_button(bench):
    return bench.button(key="train")


def complaints(bench):
    return [text.value for text in bench.markdown if text.value.startswith(":red[")]


def captions(bench):
    return " ".join(caption.value for caption in bench.caption)


def test_nothing_picked_yet_begins_with_the_first_experiment(open_page):
    bench = open_page("train")
    assert not bench.exception
    assert recipe_of(bench) == CARDS[0].recipe
    assert not train_button(bench).disabled


@pytest.mark.parametrize("recipe", [RECIPE, *(card.recipe for card in CARDS)])
def test_a_link_brings_back_every_setting(open_page, recipe):
    bench = open_page("train", recipe=recipe.to_url())
    assert not bench.exception
    assert recipe_of(bench) == recipe
    assert not train_button(bench).disabled


def test_a_change_is_in_the_address_and_survives_a_reload(open_page):
    bench = open_page("train", recipe=RECIPE.to_url())
    number(bench, "model.units").set_value(23).run()
    bench.selectbox(key="draft.optimizer.kind").select("sgd").run()
    again = open_page("train", recipe=bench.query_params["recipe"])
    assert number(again, "model.units").value == 23
    assert recipe_of(again).optimizer.kind == "sgd"
    assert recipe_of(again).task == RECIPE.task


def test_another_link_in_the_same_session_replaces_what_was_held(open_page):
    bench = open_page("train", recipe=RECIPE.to_url())
    bench.query_params["recipe"] = CARDS[1].recipe.to_url()
    assert recipe_of(bench.run()) == CARDS[1].recipe
    assert number(bench, "task.window").value == CARDS[1].recipe.task.window


def test_mends_are_named_and_outlive_changes(open_page):
    steps = (Resample(count=3, unit="month"), FillMissing(how="forward"))
    recipe = Recipe(
        dataset=Sample(name="el_nino"),
        preparation=Preparation(mends=steps),
        task=Forecast(target=load(Sample(name="el_nino")).columns[0], window=8, horizon=4),
    )
    bench = open_page("train", recipe=recipe.to_url())
    assert not bench.exception and not bench.error
    assert "2 cleaning steps: Resampled to one row every 3 months" in page_text(bench)
    assert "every quarter" in page_text(bench)
    number(bench, "model.units").set_value(16).run()
    made = recipe_of(bench)
    assert (made.preparation.mends, made.model.units) == (steps, 16)


@pytest.mark.parametrize("link", ["", "nonsense", RECIPE.to_url()[:-9], "AAAA" * 40, "x'\"<b>"])
def test_a_damaged_link_is_said_in_place_and_a_fresh_start_offered(open_page, link):
    bench = open_page("train", recipe=link)
    assert not bench.exception
    assert len(bench.error) == 1
    next(button for button in bench.button if button.label == "Start again").click().run()
    assert not bench.error
    assert recipe_of(bench) == CARDS[0].recipe


@pytest.mark.parametrize("dataset", [Sample(name="atlantis"), Generated(name="perpetuum_mobile")])
def test_a_link_to_data_that_is_not_there_offers_other_data(open_page, dataset):
    bench = open_page("train", recipe=RECIPE.model_copy(update={"dataset": dataset}).to_url())
    assert not bench.exception
    assert len(bench.error) == 1
    assert "Choose other data" in [link.value for link in bench.page_link]


def test_a_column_that_the_data_lacks_is_kept_and_complained_of(open_page):
    recipe = RECIPE.model_copy(update={"task": Forecast(target="moons")})
    bench = open_page("train", recipe=recipe.to_url())
    assert not bench.exception
    assert bench.selectbox(key="draft.task.target").value == "moons"
    assert any("moons" in complaint for complaint in complaints(bench))
    assert train_button(bench).disabled


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("task.window", 250),
        ("task.window", 99_999),
        ("task.window", 0),
        ("task.horizon", 200),
        ("task.season", 1),
        ("model.units", -3),
        ("model.layers", 9),
        ("training.epochs", 0),
        ("training.batch", 10**9),
        ("optimizer.learning_rate", 0.0),
        ("clipping.threshold", -1.0),
        ("seed", -1),
    ],
)
def test_what_cannot_work_is_kept_said_and_not_trained(open_page, name, typed):
    bench = open_page("train", recipe=RECIPE.to_url())
    number(bench, name).set_value(typed).run()
    assert not bench.exception
    assert number(bench, name).value == typed
    assert complaints(bench)
    assert train_button(bench).disabled


def test_mending_what_was_complained_of_lets_it_train(open_page):
    bench = open_page("train", recipe=RECIPE.to_url())
    number(bench, "task.window").set_value(250).run()
    number(bench, "task.window").set_value(20).run()
    assert complaints(bench) == []
    assert not train_button(bench).disabled
    assert recipe_of(bench).task.window == 20


def test_heads_that_cannot_share_the_units_are_complained_of(open_page):
    bench = open_page("train", recipe=RECIPE.model_copy(update={"model": Transformer()}).to_url())
    number(bench, "model.heads").set_value(5).run()
    assert any("heads" in complaint for complaint in complaints(bench))
    assert train_button(bench).disabled


def test_a_seasonal_difference_without_a_season_is_complained_of(open_page):
    bench = open_page("train", recipe=RECIPE.to_url())
    number(bench, "task.season").set_value(None).run()
    bench.selectbox(key="draft.task.transform").select("seasonal_difference").run()
    assert any("season" in complaint for complaint in complaints(bench))
    assert train_button(bench).disabled


def test_turning_to_another_kind_of_model_and_back_loses_nothing(open_page):
    bench = open_page("train", recipe=RECIPE.to_url())
    kind = "draft.model.kind"
    bench.segmented_control(key=kind).set_value("transformer").run()
    number(bench, "model.units").set_value(20).run()
    assert recipe_of(bench).model.kind == "transformer"
    bench.segmented_control(key=kind).set_value("gru").run()
    assert recipe_of(bench).model == RECIPE.model.model_copy(update={"units": 20})


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"passes": 20}, "task.passes", "Without dropout"),
        ({"loss": "negative_binomial"}, "task.loss", "contains"),
        ({"strategy": "recursive", "loss": "quantile"}, "task.strategy", "only one number"),
    ],
)
def test_what_a_forecast_cannot_be_made_of_is_said_where_it_is_chosen(open_page, changed, field, words):
    recipe = Recipe.model_validate(
        CARDS[0].recipe.model_dump()
        | {"task": CARDS[0].recipe.task.model_dump() | changed, "model": Recurrent().model_dump()}
    )
    bench = open_page("train", recipe=recipe.to_url())
    assert not bench.exception
    assert any(words in complaint for complaint in complaints(bench))
    folds = {fold.label.split(" :red")[0]: fold.proto.expanded for fold in bench.expander}
    assert folds["Forecast"]
    assert not folds["Data"]


def test_a_target_is_never_its_own_covariate(open_page):
    recipe = Recipe(
        dataset=Sample(name="seattle_weather"),
        task=Forecast(target="temp_max", covariates=("wind", "temp_min")),
    )
    bench = open_page("train", recipe=recipe.to_url())
    bench.selectbox(key="draft.task.target").select("wind").run()
    assert not bench.exception
    assert recipe_of(bench).task.covariates == ("temp_min",)


def test_a_beginner_sees_five_controls_each_with_a_plain_sentence(open_page):
    bench = open_page("train")
    kinds = ("selectbox", "number_input", "segmented_control", "slider", "toggle", "multiselect")
    every = [widget for kind in kinds for widget in bench.get(kind)]
    folded = {widget.key for fold in bench.expander for kind in kinds for widget in fold.get(kind)}
    seen = [widget for widget in every if widget.key not in folded]
    assert len(seen) == 5
    assert all(widget.help for widget in every if widget.key in folded)
    folded_words = {caption.value for fold in bench.expander for caption in fold.caption}
    in_sight = [caption.value for caption in bench.caption if caption.value not in folded_words]
    assert sum(sentence.endswith(".") for sentence in in_sight) >= len(seen)


def test_the_model_is_drawn_with_its_parameters_and_the_time_is_guessed(open_page):
    bench = open_page("train", recipe=RECIPE.to_url())
    metrics = {metric.label: metric.value for metric in bench.metric}
    assert metrics["Parameters"] == f"{plan(RECIPE).parameters:,}"
    assert "GRU" in bench.html[0].value
    assert "second" in metrics["Training time"]
    number(bench, "training.epochs").set_value(10_000).run()
    assert {metric.label: metric.value for metric in bench.metric}["Training time"] != metrics[
        "Training time"
    ]


def test_train_starts_a_run_of_the_visitor_and_turns_the_page_into_its_own(open_page, store, engine):
    bench = open_page("train", recipe=RECIPE.to_url())
    train_button(bench).click().run()
    assert not bench.exception
    (run,) = engine.submitted
    assert run.recipe == RECIPE
    assert bench.query_params["run"] == run.id
    assert "recipe" not in bench.query_params
    assert store.runs(run.owner) == (store.run(run.id),)


def test_a_run_that_goes_on_can_be_found_again(open_page, store):
    run = store.add(RECIPE, ME, "Mine")
    store.add(RECIPE, ANOTHER, "Theirs")
    links = [link for link in open_page("train").page_link if link.value.startswith("Watch")]
    assert [link.value for link in links] == ["Watch Mine"]
    assert run.id in links[0].proto.query_string


def test_a_double_click_starts_one_run(open_page, engine):
    bench = open_page("train", recipe=RECIPE.to_url())
    button = train_button(bench)
    for _ in range(2):
        button.click().run()  # on the page as it was before the first click
        (run,) = engine.submitted
        assert bench.query_params["run"] == run.id
        bench.query_params.clear()
        bench.query_params["recipe"] = RECIPE.to_url()


def test_the_same_recipe_can_be_trained_again(open_page, engine):
    bench = open_page("train", recipe=RECIPE.to_url())
    for runs in (1, 2):
        train_button(bench).click().run()
        assert len(engine.submitted) == runs
        bench.query_params.clear()
        bench.query_params["recipe"] = RECIPE.to_url()
        bench.run()


def test_without_an_engine_it_says_so_and_keeps_what_was_set(open_page, engine, monkeypatch):
    def refuse(run, visitor, dataset):
        raise RunError("The engine can't start.", remedy="Try again in a moment.")

    monkeypatch.setattr(engine, "submit", refuse)
    bench = open_page("train", recipe=RECIPE.to_url())
    train_button(bench).click().run()
    assert not bench.exception
    assert "The engine can't start." in bench.error[0].proto.title
    assert recipe_of(bench) == RECIPE
    assert [run.status for run in engine.store.runs(ME)] == ["failed"]


def test_it_says_why_settings_were_suggested(open_page):
    bench = open_page("train", recipe=suggest_recipe(load(RECIPE.dataset)).to_url())
    assert "has a MASE of" in captions(bench) and "every 11 years" in captions(bench)
    number(bench, "task.season").set_value(9).run()
    assert "every 11 years" not in captions(bench)


def test_the_model_is_drawn_with_what_the_last_change_made_of_it(open_page):
    bench = open_page("train", recipe=RECIPE.to_url())
    parameters = plan(RECIPE).parameters
    assert "Before the last change" not in captions(bench)
    number(bench, "model.units").set_value(23).run()
    assert f"Before the last change it had {parameters:,} parameters" in captions(bench)
    number(bench, "training.epochs").set_value(12).run()
    assert f"Before the last change it had {parameters:,} parameters" in captions(bench), "not of the model"
    bench.query_params["recipe"] = CARDS[1].recipe.to_url()
    assert "Before the last change" not in captions(bench.run()), "another experiment is no change of it"


def test_the_estimate_says_how_sure_it_is(open_page, store):
    bench = open_page("train", recipe=RECIPE.to_url())
    assert "no run on this server has been timed yet" in captions(bench)
    for number_of_run in range(6):
        run = store.add(RECIPE, ANOTHER, f"Run {number_of_run}")
        attempt = store.begin(run.id, "here")
        begun = TrainingStart(parameters=5, layers=("forecast",), steps_per_epoch=100, clip=1.0)
        steps = Steps(
            first=1,
            losses=(1.0,) * 200,
            before=(1.0,) * 200,
            after=(1.0,) * 200,
            layers=((1.0,) * 200,),
            learning_rate=0.01,
            seconds=2.0,
        )
        store.write([(run.id, attempt, message) for message in (begun, Status(status="running"), steps)])
    assert "judging by the last 6 runs on this server" in captions(bench.run())


def test_a_column_has_one_role_and_the_calendar_brings_its_holidays(open_page):
    task = Forecast(target="temp_max", covariates=("wind", "precipitation"), window=20, horizon=5)
    bench = open_page("train", recipe=RECIPE.model_copy(update={"dataset": SEATTLE, "task": task}).to_url())
    assert "draft.task.holidays" not in [box.key for box in bench.selectbox]
    bench.multiselect(key="draft.task.known").set_value(["wind"]).run()
    bench.toggle(key="draft.task.calendar").set_value(True).run()
    bench.selectbox(key="draft.task.holidays").set_value("US").run()
    assert not bench.exception
    made = recipe_of(bench).task
    assert (made.covariates, made.known, made.calendar, made.holidays) == (
        ("precipitation",),
        ("wind",),
        True,
        "US",
    )


def test_what_cannot_end_within_the_limits_is_refused_at_the_control_that_helps(open_page):
    bench = open_page("train", recipe=Recipe(dataset=SEATTLE, task=Forecast(target="temp_max")).to_url())
    assert not train_button(bench).disabled
    number(bench, "task.window").set_value(900)
    number(bench, "model.units").set_value(1024)
    number(bench, "training.batch").set_value(1024).run()
    assert not bench.exception
    assert train_button(bench).disabled
    (said, again) = complaints(bench)
    assert said == again, "at the control and at Train"
    assert "GB of memory" in said and "would fit" in said
    assert not [metric for metric in bench.metric if metric.label == "Training time"]


def test_a_visitor_reads_how_many_runs_are_left_before_there_are_none(open_page, store):
    most = settings().visitor_runs
    for used in range(most):
        store.begin(store.add(RECIPE, ME, "Sunspots").id, "here")
        if used + 1 == most // 2:
            bench = open_page("train")
            assert f"You have {most // 2} of the {most} runs" in page_text(bench)
            assert not train_button(bench).disabled
    bench = open_page("train")
    assert "the most a visitor can have" in page_text(bench)
    assert train_button(bench).disabled


@pytest.fixture
def trials(monkeypatch):
    """Settings are tried without training: the smaller the network, the better."""
    tried = []

    def attempt(text, limits):
        recipe = Recipe.from_json(text)
        tried.append(recipe)
        errors = np.full(60, recipe.model.units / 100) if recipe.training.epochs else np.full(60, 2.0)
        return Trial(errors + np.random.default_rng(0).normal(0, 0.01, 60), "MASE", 1.0)

    monkeypatch.setattr("components.ui.tasks.settings_contest.try_settings", attempt)
    return tried


def test_settings_are_suggested_by_a_contest_and_nothing_changes_until_it_is_asked_for(open_page, trials):
    bench = open_page("train", recipe=RECIPE.to_url())
    bench.button(key="train.suggest").click().run()
    assert not bench.exception and len(trials) > 5
    assert recipe_of(bench) == RECIPE
    table = bench.dataframe[-1].value
    assert table["Result"].tolist().count("suggested") == 1
    assert "has the lowest MASE" in captions(bench)
    assert bench.table[0].value.squeeze()["Layers"] == "2 → **1**"
    bench.button(key="train.suggest-take").click().run()
    assert recipe_of(bench) in trials
    assert recipe_of(bench).model.units == min(one.model.units for one in trials if one.training.epochs)
    assert "has the lowest MASE" in captions(bench)
    assert not any(one.key == "train.suggest-take" for one in bench.button)
    number(bench, "training.epochs").set_value(3).run()
    assert any(one.key == "train.suggest-take" for one in bench.button)


def test_a_contest_goes_on_beside_the_page_and_can_be_stopped(open_page, trials, monkeypatch):
    waiting = AnsweredQuestion(Trial(np.ones(60), "MASE", 1.0), is_over=False)
    monkeypatch.setattr(FakeEngine, "question", lambda *given, **rest: waiting)
    bench = open_page("train", recipe=RECIPE.to_url())
    bench.button(key="train.suggest").click().run()
    assert "0 sets of settings tried" in captions(bench) and bench.button(key="train.suggest").disabled
    number(bench, "training.epochs").set_value(3).run()
    assert recipe_of(bench).training.epochs == 3
    bench.button(key="train.suggest-stop").click().run()
    assert waiting.is_over and not bench.button(key="train.suggest").disabled


def test_where_no_worker_answers_it_says_so(open_page, monkeypatch):
    def refuse(*given, **rest):
        raise RunError("The engine can't start.", remedy="Try again in a moment.")

    monkeypatch.setattr(FakeEngine, "question", refuse)
    bench = open_page("train", recipe=RECIPE.to_url())
    bench.button(key="train.suggest").click().run()
    assert not bench.exception
    assert "The engine can't start." in bench.error[0].proto.title
    assert recipe_of(bench) == RECIPE


def test_what_several_seasons_there_are_can_be_typed(open_page):
    bench = open_page("train", recipe=RECIPE.to_url())
    bench.multiselect(key="draft.task.fourier").set_value([11]).run()
    assert recipe_of(bench).task.fourier == (11,)
    number(bench, "task.segment").set_value(10).run()
    assert any("isn't a whole number of segments" in text for text in complaints(bench))
    number(bench, "task.segment").set_value(11).run()
    assert not complaints(bench)
    assert recipe_of(bench).task.segment == 11
