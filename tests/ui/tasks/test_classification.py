"""The pages of the tasks that tell classes: five controls, honest results, a model that answers."""

import json

import numpy as np
import pytest

from components.data import load
from components.data.datasets import Classes, Provenance, Texts
from components.engine.model_server import Prediction
from components.insight.doctor.remedies import modified_recipe
from components.recipe import ClassifySequences, ClassifyTexts, Generated, Recipe, Sample, Upload
from components.settings import settings
from components.storage import Folder
from components.tasks import classify_texts, recipe_issues, suggest_recipe
from components.tasks.classification.attribution import ClassPrediction
from components.tasks.classification.classify_texts import TextPrediction
from components.tasks.classification.result import Calibration, ClassesResult, ClassScore, Curve, Reading
from components.tasks.result_file import pack
from components.tasks.settings_contest import Trial
from components.training.events import EpochEnd, Snapshot, Status, TrainingStart
from components.ui.experiments import CARDS
from tests.ui.conftest import ME, page_text

CHARTS = next(card.recipe for card in CARDS if card.key == "control_charts")
POSTS = next(card.recipe for card in CARDS if card.key == "sentiment")
LINE = np.array([0.0, 1.0])


def result(recipe: Recipe, **changed) -> ClassesResult:
    """Make the result of a model that takes the second class for the first, once."""
    dataset = load(recipe.dataset)
    names = (dataset.answer if isinstance(recipe.task, ClassifySequences) else dataset.classes).names
    truth = np.array([0, 0, 1, 1, 2])
    said = np.array([0, 0, 1, 0, 2])
    scores = (
        ClassScore("model", "Your model", 0.8, 0.75, 0.7, 0.5),
        ClassScore("prior", f"Always {names[0]}", 0.4, 0.3, 0.2, 1.5),
        ClassScore("neighbour", "Nearest neighbour", 0.5, 0.5, 0.5, None),
    )
    values = {
        "names": names,
        "scores": scores,
        "verdict": "The model beats the baselines.",
        "won": True,
        "best_epoch": 2,
        "notes": ("A note on the data.",),
        "training_accuracy": 0.9,
        "numbers": np.array([3, 5, 7, 11, 13]),
        "truth": truth,
        "probabilities": 0.1 + 0.8 * np.eye(len(names))[said],
        "roc": (Curve(names[0], LINE, LINE, 0.5),),
        "precision_recall": (Curve(names[0], LINE, LINE, 0.5),),
        "calibration": Calibration(np.array([0.9]), np.array([0.8]), np.array([5])),
        "readings": tuple(
            Reading(cut, pad, 0.8, 0.75) for cut in ("left", "right") for pad in ("left", "right")
        ),
    }
    return ClassesResult(**values | changed)


@pytest.fixture
def finished(store):
    def put(recipe, **changed):
        run = store.add(recipe, ME, "ClassPrediction")
        many = len(result(recipe).names)
        ends = [
            EpochEnd(
                epoch=epoch,
                step=2 * epoch,
                training=1.0,
                validation=1.0,
                best=True,
                snapshot=Snapshot(tuple(np.eye(many).ravel())),
            )
            for epoch in (1, 2)
        ]
        begun = TrainingStart(parameters=9, layers=("classes",), steps_per_epoch=2, clip=1.0)
        attempt = store.begin(run.id, "here")
        store.write([(run.id, attempt, message) for message in (begun, *ends, Status(status="finished"))])
        folder = Folder(settings().artifacts).folder("runs").folder(run.id)
        folder.write("result.npz", pack(result(recipe, **changed)))
        folder.write("model.keras", b"a model")
        return run.id

    return put


@pytest.mark.parametrize("recipe", [CHARTS, POSTS], ids=["sequences", "texts"])
def test_a_beginner_sees_five_controls_and_a_sentence_for_each(open_page, recipe):
    bench = open_page("train", recipe=recipe.to_url())
    assert not bench.exception and not bench.error
    kinds = ("selectbox", "number_input", "segmented_control", "slider", "toggle", "multiselect")
    every = [widget for kind in kinds for widget in bench.get(kind) if widget.key.startswith("draft.")]
    folded = {widget.key for fold in bench.expander for kind in kinds for widget in fold.get(kind)}
    assert len([widget for widget in every if widget.key not in folded]) == 5
    assert all(widget.help for widget in every if widget.key in folded)


def test_what_is_cut_off_a_text_and_filled_up_is_shown_on_its_side(open_page):
    bench = open_page("train", recipe=POSTS.to_url())
    bench.number_input(key="draft.task.longest").set_value(6).run()
    before = next(block.value for block in bench.html if "line-through" in block.value)
    bench.segmented_control(key="draft.task.cut").set_value("left").run()
    assert not bench.exception
    after = next(block.value for block in bench.html if "line-through" in block.value)
    assert before.index("opacity") > before.index("background")
    assert after.index("opacity") < after.index("background")
    assert Recipe.from_url(bench.query_params["recipe"]).task.cut == "left"


@pytest.mark.parametrize(
    ("recipe", "told"),
    [
        (CHARTS, "the longest sequence has 15 steps for the model instead of 60 steps."),
        (POSTS, "steps for the model instead of"),
    ],
    ids=["sequences", "texts"],
)
def test_a_stride_is_chosen_and_what_it_makes_of_the_lengths_is_said(open_page, recipe, told):
    bench = open_page("train", recipe=recipe.to_url())
    assert "stride" not in page_text(bench)
    bench.number_input(key="draft.task.stride").set_value(4).run()
    assert not bench.exception and Recipe.from_url(bench.query_params["recipe"]).task.stride == 4
    assert "With a stride of 4, " in page_text(bench) and told in page_text(bench)
    bench.number_input(key="draft.task.kernel").set_value(3).run()
    assert not bench.exception and "skips the rest" in page_text(bench)
    bench.number_input(key="draft.task.kernel").set_value(6).run()
    task = Recipe.from_url(bench.query_params["recipe"]).task
    assert (task.kernel, task.stride) == (6, 4)


def test_a_task_that_the_data_does_not_fit_leads_to_other_data(open_page):
    wrong = POSTS.model_copy(update={"dataset": Sample(name="sunspots")})
    bench = open_page("train", recipe=wrong.to_url())
    assert not bench.exception
    assert "needs texts" in bench.error[0].proto.title
    assert "Choose other data" in [link.value for link in bench.page_link]


def test_the_page_says_plainly_that_the_labels_are_chance(open_page):
    card = next(card for card in CARDS if card.key == "random_labels")
    bench = open_page("train", recipe=card.recipe.to_url())
    assert "labels are random" in bench.info[0].value


@pytest.mark.parametrize("recipe", [CHARTS, POSTS], ids=["sequences", "texts"])
def test_the_results_show_what_was_taken_for_what(open_page, finished, recipe):
    bench = open_page("results", run=finished(recipe))
    assert not bench.exception and not bench.error
    assert bench.success[0].value == "The model beats the baselines."
    assert "A note on the data." in page_text(bench)
    table = next(frame.value for frame in bench.dataframe if "Balanced accuracy" in frame.value)
    assert table.index[0] == "Your model"
    assert table.loc["Your model", "Balanced accuracy"] == 0.75
    cell = bench.selectbox(key="classes.cell")
    assert cell.value == (1, 0), "the mistake comes first"
    assert len(cell.options) == 4
    words = page_text(bench)
    assert "4 of 5 predictions are right" in words and "once" in words
    cell.set_value((0, 0)).run()
    assert not bench.exception
    labels = [button.proto.label for button in bench.get("download_button")]
    assert labels == ["Predictions (CSV)", "Model (.keras)"]


def test_what_padding_and_cutting_do_is_computed(open_page, finished):
    assert "changes nothing, thanks to masking; truncating there changes nothing." in page_text(
        open_page("results", run=finished(POSTS))
    )
    readings = tuple(Reading(cut, "left", 0.8, 0.7 if cut == "left" else 0.6) for cut in ("left", "right"))
    words = page_text(open_page("results", run=finished(POSTS, readings=readings)))
    assert "truncating there changes the balanced accuracy by 10.0 points" in words


def test_a_text_is_told_while_it_is_typed(open_page, finished, monkeypatch):
    heard = []
    told = ClassPrediction(
        np.array([0.1, 0.2, 0.7]), np.array([0.3, -0.1]), np.array([0.5, 0.1]), np.array([0.6, 0.4])
    )

    def asked(run, asked):
        heard.append(asked.text)
        return Prediction(TextPrediction(("<b>good", "day"), (True, False), 2, told), 3)

    monkeypatch.setattr("components.ui.tasks.classification.classify_texts.ask_model", asked)
    bench = open_page("results", run=finished(POSTS))
    assert heard == []
    bench.text_input(key="try-text").set_value("Good day").run()
    assert not bench.exception and not bench.error
    assert heard == ["Good day"]
    words = page_text(bench)
    assert "The model predicts “positive” with a probability of 70%." in words
    assert "Dotted tokens are unknown to the model: day" in words and "2 tokens beyond" in words
    assert "weights of epoch 3" in words
    (marked,) = [block.value for block in bench.html if "&lt;b&gt;good" in block.value]
    assert "<b>good" not in marked


def test_a_model_can_be_asked_while_it_learns(open_page, store, monkeypatch):
    told = TextPrediction(
        ("day",), (True,), 0, ClassPrediction(np.array([0.1, 0.2, 0.7]), np.zeros(1), np.zeros(1), None)
    )
    monkeypatch.setattr(
        "components.ui.tasks.classification.classify_texts.ask_model", lambda run, asked: Prediction(told, 0)
    )
    run = store.add(POSTS, ME, "Learning")
    store.write([(run.id, store.begin(run.id, "here"), Status(status="running"))])
    bench = open_page("train", run=run.id)
    bench.text_input(key="try-text").set_value("day").run()
    assert not bench.exception and not bench.error
    assert "Training has only just begun." in page_text(bench)


def test_a_sequence_can_be_chosen_and_asked_about(open_page, finished, monkeypatch):
    heard = []

    def asked(run, asked):
        heard.append(asked.values)
        steps = len(asked.values)
        return Prediction(ClassPrediction(np.eye(6)[2], np.zeros(steps), np.zeros(steps), None), 3)

    monkeypatch.setattr("components.ui.tasks.sequence_kinds.numbers.ask_model", asked)
    bench = open_page("results", run=finished(CHARTS))
    assert heard == []
    bench.session_state["try-open"] = True
    bench.run()
    assert not bench.exception and not bench.error
    bench.number_input(key="try-number").set_value(7).run()
    np.testing.assert_allclose(heard[-1], load(CHARTS.dataset).sequence(6))
    assert "The model predicts “rising” with a probability of 100%." in page_text(bench)


@pytest.mark.parametrize("recipe", [CHARTS, POSTS], ids=["sequences", "texts"])
def test_a_run_is_watched_by_what_it_takes_for_what(open_page, finished, recipe):
    bench = open_page("train", run=finished(recipe))
    assert not bench.exception and not bench.error
    (live,) = bench.get("bidi_component")
    preview = json.loads(live.proto.json)["preview"]
    assert (preview["kind"], tuple(preview["names"])) == ("confusion", result(recipe).names)
    bench.session_state["replay-fold"] = True  # the test bench can't open it
    bench.run()
    assert "Accuracy was 100%" in page_text(bench)


@pytest.mark.parametrize(
    ("dataset", "kind"),
    [
        (Sample(name="first_names"), ClassifyTexts),
        (Sample(name="tweets"), ClassifyTexts),
        (Generated(name="temporal_order", length=60), ClassifySequences),
        (Generated(name="random_labels", length=50), ClassifySequences),
    ],
)
def test_whatever_has_classes_gets_a_recipe_that_works(dataset, kind):
    data = load(dataset)
    recipe = suggest_recipe(data)
    assert isinstance(recipe.task, kind)
    assert recipe_issues(recipe, data) == ()
    if dataset == Sample(name="first_names"):
        assert recipe.task.level == "character"


def test_texts_without_spaces_are_read_by_characters():
    reviews = ["前台非常差，隔音让人失望，不会再来了。", "卫生特别方便，网络超出预期，孩子也喜欢。"] * 20
    classes = Classes.of(["bad", "good"] * 20)
    texts = Texts(Upload(id="0" * 32, name="a.csv"), "a.csv", Provenance("", ""), tuple(reviews), classes)
    task = suggest_recipe(texts).task
    assert (task.level, task.longest) == ("character", 20)
    assert task.vocabulary > 200


def test_the_data_page_leads_to_training_on_it(open_page):
    bench = open_page("data", dataset=POSTS.dataset.model_dump_json())
    bench.button(key="data-train").click().run()
    assert not bench.exception
    assert Recipe.from_url(bench.query_params["recipe"]) == POSTS


@pytest.mark.parametrize("recipe", [CHARTS, POSTS], ids=["sequences", "texts"])
def test_settings_are_suggested_by_a_contest(open_page, recipe, monkeypatch):
    tried = []

    def attempt(text, limits):
        one = Recipe.from_json(text)
        tried.append(one)
        wrong = np.arange(200) % (10 if one.task.pooling == "mean_max" else 4) == 0
        return Trial(wrong.astype(float), "Balanced accuracy", 1.0)

    monkeypatch.setattr("components.ui.tasks.settings_contest.try_settings", attempt)
    bench = open_page("train", recipe=recipe.to_url())
    bench.button(key="train.suggest").click().run()
    assert not bench.exception and len(tried) > 3
    table = bench.dataframe[-1].value
    assert table["Balanced accuracy"].iloc[0] == "90.0%" and table["Behind the best"].iloc[0] == "best"
    assert "−15.0 points" in table["Behind the best"].tolist()
    assert table["Result"].tolist().count("suggested") == 1
    bench.button(key="train.suggest-take").click().run()
    assert not bench.exception
    assert Recipe.from_url(bench.query_params["recipe"]).task.pooling == "mean_max"


def test_what_a_text_classifier_starts_from_can_be_chosen(open_page):
    bench = open_page("train", recipe=POSTS.to_url())
    bench.selectbox(key="draft.task.base").set_value("tfidf").run()
    assert not bench.exception
    assert Recipe.from_url(bench.query_params["recipe"]).task.base == "tfidf"
    bench.number_input(key="draft.training.epochs").set_value(0).run()
    assert Recipe.from_url(bench.query_params["recipe"]).training.epochs == 0
    assert not bench.button(key="train").disabled
    bench.selectbox(key="draft.task.base").set_value("none").run()
    assert bench.button(key="train").disabled


# --- Subwords -------------------------------------------------------------------------------------------

SUBWORDS = modified_recipe(POSTS, task={"level": "byte_pair", "vocabulary": 1000})


def test_texts_can_be_read_by_subwords(open_page):
    bench = open_page("train", recipe=POSTS.to_url())
    control = bench.segmented_control(key="draft.task.level")
    assert [str(option) for option in control.options] == ["Words", "Subwords", "Characters"]
    control.set_value("byte_pair").run()
    assert "frequent words whole, rare ones in pieces" in page_text(bench)
    assert not bench.exception and not bench.error
    assert Recipe.from_url(bench.query_params["recipe"]).task.level == "byte_pair"
    assert not bench.button(key="train").disabled


def test_a_text_is_shown_as_the_subwords_that_the_model_reads(open_page):
    bench = open_page("train", recipe=SUBWORDS.to_url())
    shown = next(block.value for block in bench.html if "line-through" in block.value)
    dataset = load(SUBWORDS.dataset)
    known = classify_texts.prepare(SUBWORDS, dataset).vocabulary
    number = next(one for one in bench.number_input if one.label == "Text").value - 1
    pieces = known.tokenize(dataset.texts[number])
    assert shown.count("<span") == len(pieces) > SUBWORDS.task.longest
    assert shown.count("margin-left") == sum(piece.startswith(" ") for piece in pieces) < len(pieces)


def test_too_few_subwords_for_all_characters_are_refused_at_the_vocabulary(open_page):
    bench = open_page("train", recipe=modified_recipe(SUBWORDS, task={"vocabulary": 20}).to_url())
    assert not bench.exception
    assert "no room for all the different characters" in page_text(bench)
    assert bench.button(key="train").disabled


def test_what_cuts_texts_into_subwords_can_be_downloaded(open_page, finished):
    merges = np.arange(5, dtype=np.uint8)
    bench = open_page("results", run=finished(SUBWORDS, merges=merges))
    assert not bench.exception and not bench.error
    labels = [button.proto.label for button in bench.get("download_button")]
    assert labels == ["Subwords (SentencePiece)", "Predictions (CSV)", "Model (.keras)"]


def test_a_typed_text_is_marked_by_subwords_that_stand_as_the_words_do(open_page, finished, monkeypatch):
    told = ClassPrediction(np.array([0.1, 0.2, 0.7]), np.array([0.3, -0.1, 0.1]), np.ones(3), None)
    answer = TextPrediction((" love", "ly", " day"), (True, True, True), 0, told)
    monkeypatch.setattr(
        "components.ui.tasks.classification.classify_texts.ask_model",
        lambda run, asked: Prediction(answer, 3),
    )
    bench = open_page("results", run=finished(SUBWORDS))
    bench.text_input(key="try-text").set_value("Lovely day").run()
    assert not bench.exception and not bench.error
    (marked,) = [block.value for block in bench.html if "love" in block.value]
    assert [("margin-left" in span) for span in marked.split("<span")[1:]] == [True, False, True]
    assert "depends most on “love”" in page_text(bench)
