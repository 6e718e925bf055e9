"""A run on its page: its owner steers it, others watch, and however it stands there is a way on."""

import io

import pytest

from components.data import load
from components.data.sources import upload
from components.errors import DataError
from components.recipe import Clipping, DropColumns, Forecast, Preparation, Recipe, Sample, SetTime, Upload
from components.runs.catalog import RunLabels
from components.settings import settings
from components.storage import Folder
from components.training.events import Checkpoint, EpochEnd, Snapshot, Status, Steps, TrainingStart
from tests.ui.conftest import ANOTHER, ME, page_text

RECIPE = Recipe(dataset=Sample(name="sunspots"), task=Forecast(target="sunspots", window=22, horizon=11))
STARTED = TrainingStart(parameters=9, layers=("lstm_1",), steps_per_epoch=6, clip=1.0)
STEPS = Steps(
    first=1,
    losses=(1.0, 0.9),
    before=(2.0, 2.0),
    after=(1.0, 1.0),
    layers=((2.0, 2.0),),
    learning_rate=0.003,
    seconds=0.1,
)


@pytest.fixture
def put(store):
    """Put a run into a state."""

    def put_it(status, owner=ME, reason="", more=(), recipe=RECIPE):
        run = store.add(recipe, owner, "Sunspots, LSTM")
        attempt = store.begin(run.id, "here")
        if status != "waiting":
            messages = [STARTED, STEPS, *more, Status(status=status, reason=reason)]
            store.write([(run.id, attempt, message) for message in messages])
        return store.run(run.id)

    return put_it


def buttons(bench):
    return [button.label for button in bench.button]


def press(bench, label):
    next(button for button in bench.button if button.label == label).click().run()
    assert not bench.exception


@pytest.mark.parametrize(
    ("status", "there", "absent"),
    [
        ("waiting", {"Cancel"}, {"Pause", "Resume"}),
        ("running", {"Pause", "Stop"}, {"Resume", "Single step"}),
        ("paused", {"Resume", "Single step", "Stop"}, {"Pause"}),
        ("finished", {"See the results"}, {"Pause", "Stop", "Resume"}),
        ("stopped", {"Resume", "See the results"}, {"Stop"}),
        ("interrupted", {"Resume"}, {"Stop"}),
        ("failed", {"Resume"}, {"Stop"}),
    ],
)
def test_the_owner_has_the_buttons_that_fit(open_page, put, status, there, absent):
    run = put(status)
    if "See the results" in there:
        Folder(settings().artifacts).folder("runs").folder(run.id).write("result.npz", b"")
    bench = open_page("train", run=run.id)
    assert not bench.exception
    assert there <= set(buttons(bench))
    assert not absent & set(buttons(bench))
    assert "Change the recipe" in buttons(bench)


@pytest.mark.parametrize(
    ("status", "label", "kind"),
    [
        ("running", "Pause", "pause"),
        ("paused", "Resume", "resume"),
        ("paused", "Single step", "one_step"),
        ("running", "Stop", "stop"),
        ("waiting", "Cancel", "stop"),
    ],
)
def test_a_button_says_it_to_the_run(open_page, put, engine, status, label, kind):
    run = put(status)
    bench = open_page("train", run=run.id)
    press(bench, label)
    assert [(run_id, command.kind) for run_id, command in engine.sent] == [(run.id, kind)]


@pytest.mark.parametrize("status", ["stopped", "interrupted", "failed"])
def test_what_ended_early_goes_on_from_its_checkpoint(open_page, put, engine, status):
    run = put(status, reason="Because.")
    bench = open_page("train", run=run.id)
    press(bench, "Resume")
    assert [submitted.id for submitted in engine.submitted] == [run.id]


def test_what_was_stopped_is_measured_when_its_owner_asks_for_it(open_page, put, engine):
    run = put("stopped")
    press(open_page("train", run=run.id), "Evaluate")
    assert [evaluated.id for evaluated in engine.evaluated] == [run.id]
    assert not engine.submitted


def test_what_was_stopped_before_it_was_measured_promises_no_results(open_page, put):
    assert "See the results" not in buttons(open_page("train", run=put("stopped").id))


@pytest.mark.parametrize("kind", ["learning_rate", "clip"])
def test_a_new_value_is_sent_and_an_impossible_one_is_kept_and_complained_of(open_page, put, engine, kind):
    bench = open_page("train", run=put("running").id)
    bench.number_input(key=f"new-{kind}").set_value(0.5)
    bench.button(key=f"set-{kind}").click().run()
    assert [(command.kind, command.value) for _, command in engine.sent] == [(kind, 0.5)]
    bench.number_input(key=f"new-{kind}").set_value(-1.0)
    bench.button(key=f"set-{kind}").click().run()
    assert not bench.exception
    assert len(engine.sent) == 1
    assert ":red[" in page_text(bench)
    assert bench.number_input(key=f"new-{kind}").value == -1.0


def test_a_run_that_clips_nothing_offers_no_threshold(open_page, put):
    recipe = RECIPE.model_copy(update={"clipping": Clipping(mode="none")})
    bench = open_page("train", run=put("running", recipe=recipe).id)
    assert [box.key for box in bench.number_input] == ["new-learning_rate"]


def test_rewinding_offers_the_checkpoints(open_page, put, engine):
    kept = [Checkpoint(step=step, epoch=step) for step in (1, 2)]
    run = put("running", more=kept)
    bench = open_page("train", run=run.id)
    bench.session_state["rewind"] = True
    bench.run()
    chosen = bench.selectbox(key="rewind-to")
    assert len(chosen.options) == 2
    chosen.select_index(1).run()
    bench.button(key="rewind-now").click().run()
    assert [(command.kind, command.step) for _, command in engine.sent] == [("rewind", 1)]


def test_others_watch_and_may_make_it_their_own(open_page, put, engine):
    run = put("running", owner=ANOTHER)
    bench = open_page("train", run=run.id)
    assert "someone else's run" in page_text(bench)
    assert buttons(bench) == ["See inside", "Compare", "Use this recipe", "Add to my runs"]
    press(bench, "Add to my runs")
    assert engine.store.catalog.is_kept(run.id, ME)
    assert "Remove from my runs" in buttons(bench)
    press(bench, "Use this recipe")
    assert Recipe.from_url(bench.query_params["recipe"]) == RECIPE
    assert engine.sent == []
    assert not bench.button(key="train").disabled


def test_a_run_that_comes_with_unroll_is_everybody_s_to_read_alone(open_page, shelf_runs, engine):
    bench = open_page("train", run=shelf_runs["dates"])
    assert "This finished run comes with Unroll" in page_text(bench)
    assert buttons(bench) == [
        "Train it yourself",
        "See the results",
        "See inside",
        "Compare",
        "Add to my runs",
    ]
    press(bench, "Add to my runs")
    assert engine.store.catalog.is_kept(shelf_runs["dates"], ME)
    press(bench, "Train it yourself")
    assert Recipe.from_url(bench.query_params["recipe"]) == engine.store.run(shelf_runs["dates"]).recipe
    assert engine.sent == [] and not bench.button(key="train").disabled


@pytest.mark.parametrize("run", ["0" * 32, "nonsense", "", "../../etc/passwd", "'; drop table runs; --"])
@pytest.mark.parametrize("page", ["train", "results"])
def test_a_wrong_id_says_the_same_whatever_it_is(open_page, page, run):
    bench = open_page(page, run=run)
    assert not bench.exception
    assert len(bench.error) == 1
    assert bench.error[0].proto.title == open_page(page, run="f" * 32).error[0].proto.title
    assert buttons(bench)


def test_after_the_training_the_forecast_is_replayed(open_page, put):
    ends = [
        EpochEnd(
            epoch=epoch, step=2, training=1.0, validation=1.0, best=True, snapshot=Snapshot((50.0,) * 44)
        )
        for epoch in (1, 2, 3)
    ]
    bench = open_page("train", run=put("finished", more=ends).id)
    assert not bench.get("plotly_chart")
    bench.session_state["replay-fold"] = True  # the test bench can't open it
    assert len(bench.run().get("plotly_chart")) == 1


def test_change_something_takes_the_recipe_along(open_page, put):
    bench = open_page("train", run=put("failed").id)
    press(bench, "Change the recipe")
    assert Recipe.from_url(bench.query_params["recipe"]) == RECIPE
    assert "run" not in bench.query_params


def shop_recipe():
    rows = "".join(f"2024-01-{day:02d},{day % 7},4111-{day}\n" for day in range(1, 32))
    named, _ = upload.accept(upload.store(io.BytesIO(f"day,sold,card\n{rows}".encode()), "shop.csv"))
    steps = (SetTime(columns=("day",)), DropColumns(columns=("card",)))
    return Recipe(
        dataset=named,
        preparation=Preparation(mends=steps),
        task=Forecast(target="sold", window=4, horizon=1),
    )


def test_a_guest_is_given_only_what_the_run_used(open_page, put):
    own = shop_recipe()
    theirs = open_page("train", run=put("finished", owner=ANOTHER, recipe=own).id)
    press(theirs, "Use this recipe")
    given = Recipe.from_url(theirs.query_params["recipe"])
    assert isinstance(given.dataset, Upload)
    assert given.dataset.id != own.dataset.id
    assert list(load(given.dataset, given.preparation).table.columns) == ["sold"]
    mine = open_page("train", run=put("finished", recipe=own).id)
    press(mine, "Change the recipe")
    assert Recipe.from_url(mine.query_params["recipe"]) == own


def test_a_guest_is_given_nothing_of_the_data_where_the_owner_says_so(open_page, put, store):
    own, run = shop_recipe(), put("finished", owner=ANOTHER, recipe=shop_recipe())
    store.catalog.set_labels({run.id: RunLabels("Toys", without_data=True)})
    bench = open_page("train", run=run.id)
    assert not bench.exception and not bench.error
    assert "shared without its data" in page_text(bench)
    press(bench, "Use this recipe")
    given = Recipe.from_url(bench.query_params["recipe"])
    assert given.task == own.task
    with pytest.raises(DataError):
        load(given.dataset, given.preparation)


def test_the_owner_pins_and_deletes_a_run_that_is_over(open_page, put, store):
    run = put("finished")
    bench = open_page("train", run=run.id)
    press(bench, "Pin")
    assert store.run(run.id).pinned
    press(bench, "Unpin")
    assert not store.run(run.id).pinned
    press(bench, "Delete this run")
    assert store.runs(ME) == ()


@pytest.mark.parametrize("owner", [ME, ANOTHER])
def test_neither_a_run_in_progress_nor_anothers_can_be_deleted(open_page, put, owner):
    run = put("running" if owner == ME else "finished", owner)
    assert "Delete this run" not in buttons(open_page("train", run=run.id))
