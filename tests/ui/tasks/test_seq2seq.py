"""Translating and chatting on the pages: set up, measured, and tried, without a worker."""

from dataclasses import replace

import numpy as np
import pytest

from components.data import load
from components.engine.model_server import Prediction
from components.errors import DataError
from components.recipe import Chat, Generated, Recipe, Sample, Transformer, Translate
from components.settings import settings
from components.storage import Folder
from components.tasks import suggest_recipe
from components.tasks.result_file import pack
from components.tasks.seq2seq.chat import Reply
from components.tasks.seq2seq.result import Alignment, AnswerScore, AnswersResult
from components.tasks.seq2seq.tfidf_neighbours import Neighbour
from components.tasks.seq2seq.translate import Branch, Candidate, Translation
from components.training.events import EpochEnd, Snapshot, Status
from components.ui.experiments import CARDS
from tests.ui.conftest import ME, page_text

FRENCH = Generated(name="french", length=60)
TALK = Sample(name="small_talk")
NEAR = (Neighbour("a red cat", "un chat rouge", 0.8), Neighbour("a dog", "un chien", 0.1))
WEIGHTS = np.array([[0.9, 0.1], [0.1, 0.9], [0.5, 0.5]])


def result(**changed) -> AnswersResult:
    values = {
        "names": ("English", "French"),
        "scores": (
            AnswerScore("model", "Your model", 0.5, 0.75, None, 62.5),
            AnswerScore("nearest", "Nearest neighbour (TF-IDF)", 0.0, 0.25, None, 30.0),
        ),
        "verdict": "The model beats the baselines.",
        "won": True,
        "best_epoch": 2,
        "level": "word",
        "beams": 1,
        "metrics": "BLEU|x, CHRF|y",
        "unseen": 4,
        "repeated": 1,
        "unknown": 0.25,
        "remembered": 0.9,
        "sources": ("a cat", "<b>dog</b>"),
        "truths": ("un chat", "un chien"),
        "answers": ("un chat", "un chat"),
        "near_sources": ("a red cat", "a red cat"),
        "near_answers": ("un chat rouge", "un chat rouge"),
        "alignments": (Alignment(1, ("a", "dog"), ("un", "chat", "<end>"), WEIGHTS),),
    }
    return AnswersResult(**values | changed)


@pytest.fixture
def finished(store):
    def put(task, reference=FRENCH, **changed):
        recipe = Recipe(dataset=reference, task=task)
        run = store.add(recipe, ME, "A run")
        attempt = store.begin(run.id, "here")
        shown = min(8, 9)
        end = EpochEnd(epoch=1, step=3, training=1.0, validation=1.0, best=True,
                       snapshot=Snapshot((0.25,), ("un chat",) * shown))  # fmt: skip
        store.write([(run.id, attempt, end), (run.id, attempt, Status(status="finished"))])
        folder = Folder(settings().artifacts).folder("runs").folder(run.id)
        folder.write("result.npz", pack(result(**changed)))
        folder.write("model.keras", b"a model")
        return run.id

    return put


def found(**changed) -> Translation:
    values = {
        "source": ("a", "zebra"),
        "known": (True, False),
        "candidates": (
            Candidate("un *chat*", ("un", "*chat*", "<end>"), WEIGHTS, 0.5),
            Candidate("un chien", ("un", "chien", "<end>"), WEIGHTS, 0.25),
        ),
        "branches": (Branch(1, "un", -1, -0.1, True), Branch(2, "*chat*", 0, -0.7, True)),
        "neighbours": NEAR,
    }
    return Translation(**values | changed)


# --- Setting it up -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reference", "level"),
    [
        (FRENCH, "word"),
        (TALK, "word"),
        (Generated(name="dates", length=60), "character"),
        (Generated(name="sums", length=60), "character"),
    ],
)
@pytest.mark.parametrize("kind", ["translate", "chat"])
def test_letters_are_suggested_where_answers_are_single_words(reference, level, kind):
    suggested = suggest_recipe(load(reference), kind)
    assert suggested.task.kind == kind
    assert suggested.task.level == level
    assert suggested.training.weights == ("last" if kind == "chat" else "best")


def test_subwords_are_shown_as_the_model_gets_them_and_the_decoder_has_its_controls(open_page):
    task = Translate(level="byte_pair", vocabulary=120, shared=True)
    bench = open_page("train", recipe=Recipe(dataset=FRENCH, task=task).to_url())
    assert not bench.exception
    assert "The shared vocabulary has 120 tokens" in page_text(bench)
    shown = next(frame.value for frame in bench.dataframe if "English" in frame.value)
    assert " · " in shown["English"].iloc[0]
    names = {one.key for one in bench.toggle}
    assert {"draft.task.tied", "draft.task.shared"} <= names
    assert "draft.task.input_feeding" not in names, "without attention nothing can be fed"
    next(one for one in bench.segmented_control if one.key == "draft.model.attention").set_value("dot").run()
    toggle = next(one for one in bench.toggle if one.key == "draft.task.input_feeding")
    toggle.set_value(True).run()
    assert Recipe.from_url(bench.query_params["recipe"]).task.input_feeding


def test_more_characters_than_tokens_are_refused_at_the_vocabulary(open_page):
    task = Translate(level="byte_pair", vocabulary=10)
    bench = open_page("train", recipe=Recipe(dataset=FRENCH, task=task).to_url())
    assert not bench.exception
    assert "Choose a larger vocabulary" in page_text(bench)
    assert bench.button(key="train").disabled


def test_pairs_can_be_translated_or_chatted_about(open_page):
    bench = open_page("train", recipe=suggest_recipe(load(FRENCH), "translate").to_url())
    assert not bench.exception
    assert not bench.button(key="train").disabled
    chooser = next(one for one in bench.segmented_control if one.key == "train.task")
    chooser.set_value("chat").run()
    assert not bench.exception
    assert isinstance(Recipe.from_url(bench.query_params["recipe"]).task, Chat)


def test_a_transformer_of_about_the_same_size_is_offered(open_page):
    bench = open_page("train", recipe=suggest_recipe(load(FRENCH), "translate").to_url())
    assert "A Transformer with" in page_text(bench)
    link = next(link for link in bench.page_link if link.proto.label == "Try that instead")
    other = Recipe.from_url(link.proto.query_string.removeprefix("recipe="))
    assert isinstance(other.model, Transformer)


def test_what_is_wrong_is_said_before_training(open_page):
    recipe = suggest_recipe(load(FRENCH), "translate")
    short = recipe.model_copy(update={"task": Translate(longest=1)})
    bench = open_page("train", recipe=short.to_url())
    assert bench.button(key="train").disabled
    assert "Too few pairs" in page_text(bench)


# --- Looking at what came of it ----------------------------------------------------------------------


@pytest.mark.parametrize("task", [Translate(), Chat()])
def test_results_hold_the_scores_the_answers_and_where_was_looked(open_page, finished, task):
    bench = open_page("results", run=finished(task))
    assert not bench.exception
    assert not bench.error
    assert bench.success[0].value == "The model beats the baselines."
    wrong, table = (frame.value for frame in bench.dataframe)
    assert table.loc["Your model", "Exact match"] == 50
    assert np.isnan(table.loc["Your model", "BLEU"])
    assert "2 of the 4 test pairs" in page_text(bench)
    assert "25.0% of the tokens are unknown" in page_text(bench)
    assert wrong["English"].tolist() == ["<b>dog</b>"]
    which = next(one for one in bench.segmented_control if one.key == "answers-which")
    which.set_value("all").run()
    assert bench.dataframe[0].value["Prediction"].tolist() == ["un chat", "un chat"]


def test_of_short_answers_it_is_said_that_bleu_is_smoothed(open_page, finished):
    scores = tuple(replace(one, bleu=12.5) for one in result().scores)
    run = finished(
        Translate(level="byte_pair"), scores=scores, answer_merges=np.frombuffer(b"merges", np.uint8)
    )
    bench = open_page("results", run=run)
    assert "have 2.0 tokens on average, so BLEU is smoothed" in page_text(bench)
    assert bench.dataframe[1].value.loc["Your model", "BLEU"] == 12.5
    labels = [button.proto.label for button in bench.get("download_button")]
    assert "Subwords of the answer (SentencePiece)" in labels
    assert "Subwords of the text (SentencePiece)" not in labels


def test_a_chat_says_that_it_is_a_toy(open_page, finished):
    assert "toy" in open_page("results", run=finished(Chat(), TALK)).info[0].proto.title


def test_a_run_that_is_over_shows_how_right_answers_grew(open_page, finished):
    bench = open_page("train", run=finished(Translate()))
    assert not bench.exception
    bench.session_state["replay-fold"] = True  # the test bench can't open it
    bench.run()
    assert "Most answers were exactly right after epoch 1" in page_text(bench)


# --- Trying it ---------------------------------------------------------------------------------------


def test_a_text_is_answered_and_markup_in_the_answer_does_nothing(open_page, finished, monkeypatch):
    asks = []

    def asked(run, question):
        asks.append(question)
        return Prediction(found(), 2)

    monkeypatch.setattr("components.ui.tasks.seq2seq.translate.ask_model", asked)
    bench = open_page("results", run=finished(Translate()))
    assert asks == []
    bench.text_input(key="try-text").set_value("a zebra").run()
    assert not bench.exception
    assert (asks[-1].text, asks[-1].beams) == ("a zebra", 4)
    assert r"#### un \*chat\*" in page_text(bench)
    assert "doesn't know “zebra”" in page_text(bench)
    assert bench.dataframe[-1].value["English"].tolist() == ["a red cat", "a dog"]


def test_what_cannot_be_answered_is_said_in_place(open_page, finished, monkeypatch):
    def asked(run, question):
        raise DataError("This is too long.", remedy="Write less.")

    monkeypatch.setattr("components.ui.tasks.seq2seq.translate.ask_model", asked)
    bench = open_page("results", run=finished(Translate()))
    bench.text_input(key="try-text").set_value("much").run()
    assert not bench.exception
    assert "This is too long" in bench.error[0].proto.title


def test_a_chat_goes_on_and_tells_memory_from_invention(open_page, finished, monkeypatch):
    asks = []

    def asked(run, question):
        asks.append(question)
        source, known = ("hi",), (True,)
        if not question.so_far:
            first = Reply(source, known, (4, 5), ("hello", ","), np.ones((2, 1)), False, NEAR)
            return Prediction(first, 1)
        last = Reply(source, known, (6, 3), ("_you_", "<end>"), np.ones((2, 1)), True, (), len(asks) % 4)
        return Prediction(last, 1)

    monkeypatch.setattr("components.ui.tasks.seq2seq.chat.ask_model", asked)
    bench = open_page("results", run=finished(Chat(), TALK))
    bench.chat_input(key="chat-said").set_value("hi").run()
    assert not bench.exception
    assert [question.so_far for question in asks] == [(), (4, 5)]
    assert [question.text for question in asks] == ["hi", "hi"]
    assert r"hello, \_you\_" in page_text(bench)
    assert "exactly this reply appears in 2 training pairs" in page_text(bench)
    bench.chat_input(key="chat-said").set_value("hi again").run()
    assert len(bench.chat_message) == 4
    assert asks[-1].seed != asks[0].seed
    assert "no training pair has exactly this reply" in page_text(bench)
    bench.button(key="chat-anew").click().run()
    assert len(bench.chat_message) == 0


def test_the_dates_card_is_true():
    from datetime import date

    from components.ui.tasks.seq2seq.page import _PICTURED

    written, iso = _PICTURED["dates"]
    day = date.fromisoformat(iso)
    assert (day.weekday(), day.day, day.month) == (0, 3, 3)
    assert written == f"lunedì 3 marzo {day.year}"


def test_each_of_the_tasks_has_a_card():
    assert {"translate", "chat"} <= {card.recipe.task.kind for card in CARDS}
