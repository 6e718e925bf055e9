"""Writing on the pages: set up, watched, measured, and asked to write."""

import numpy as np
import pytest

from components.data.datasets import Provenance, Texts
from components.engine.model_server import Prediction
from components.recipe import ModelLanguage, Recipe, Sample
from components.settings import settings
from components.storage import Folder
from components.tasks import recipe_issues, suggest_recipe
from components.tasks.language_model.generate import GeneratedText, GenerationRequest, GenerationState
from components.tasks.language_model.result import LanguageResult, Score
from components.tasks.language_model.token_probabilities import Token
from components.tasks.result_file import pack
from components.training.events import EpochEnd, Snapshot, Status
from components.ui.tasks import pages_for
from tests.ui.conftest import ME, page_text

RECIPE = Recipe(dataset=Sample(name="first_names"), task=ModelLanguage(window=16))
TOKENS = (Token("A", 0.9, (("A", 0.9), ("B", 0.05))), Token("\n", 0.01, (("n", 0.8), ("\n", 0.01))))
SCORES = (
    Score("model", "Your model", 1.5, 2.2, 4.5),
    Score("trigram", "Kneser–Ney trigram", 2.0, 2.9, 7.4),
)


@pytest.fixture
def finished(store):
    def put(level="character", **changed):
        recipe = Recipe(dataset=RECIPE.dataset, task=ModelLanguage(window=16, level=level))
        run = store.add(recipe, ME, "First names, LSTM")
        attempt = store.begin(run.id, "here")
        ends = [
            EpochEnd(
                epoch=number,
                step=number,
                training=2.0,
                validation=2.0,
                best=True,
                snapshot=Snapshot((0.5, 0.9), (f"epoch{number}", "\n")),
            )
            for number in (1, 2)
        ]
        store.write([(run.id, attempt, message) for message in (*ends, Status(status="finished"))])
        values = {
            "verdict": "The model has learnt more than which tokens often follow each other.",
            "won": True,
            "level": level,
            "best_epoch": 2,
            "scores": SCORES,
            "tokens": 1000,
            "characters": 1000,
            "unknown": 0.0,
            "vocabulary": 55,
            "passage": TOKENS,
        }
        folder = Folder(settings().artifacts).folder("runs").folder(run.id)
        folder.write("result.npz", pack(LanguageResult(**values | changed)))
        folder.write("model.keras", b"a model")
        return run.id

    return put


def html(bench) -> str:
    return "".join(element.proto.body for element in bench.get("html"))


@pytest.mark.parametrize("level", ["character", "word", "byte_pair"])
def test_every_level_can_be_set_up(open_page, level):
    recipe = Recipe(dataset=RECIPE.dataset, task=ModelLanguage(window=4, level=level), training={"batch": 8})
    bench = open_page("train", recipe=recipe.to_url())
    assert not bench.exception
    assert not bench.button(key="train").disabled, page_text(bench)
    assert bench.session_state["draft.task.level"] == level
    offered = [str(option) for group in bench.get("button_group") for option in group.options]
    assert {"Words", "Subwords", "Characters"} <= set(offered)
    assert "Training text" in page_text(bench)


def test_what_reading_both_ways_would_give_away_is_said_at_its_switch(open_page):
    recipe = Recipe(**dict(RECIPE) | {"model": {"kind": "lstm", "bidirectional": True}})
    bench = open_page("train", recipe=recipe.to_url())
    assert bench.button(key="train").disabled
    assert "would see the tokens that it has to predict" in page_text(bench)


@pytest.mark.parametrize("copies", [1, 3, 20, 300])
def test_a_text_of_any_length_gets_a_first_recipe_that_works(copies):
    verse = "the owl and the cat went to sea\nin a small boat\n"
    text = Texts(Sample(name="toy"), "Toy", Provenance("here", "none"), (verse * copies,))
    assert "model_language" in pages_for(text)
    recipe = suggest_recipe(text, "model_language")
    assert recipe_issues(recipe, text) == ()


def test_the_run_page_shows_what_was_written_after_each_epoch(open_page, finished):
    run = finished()
    bench = open_page("train", run=run)
    assert not bench.exception
    bench.session_state["replay-fold"] = True  # the test bench can't open it
    bench.run()
    assert "epoch1" in html(bench)
    bench.select_slider(key=f"replay-{run}").set_value(2).run()
    assert "epoch2" in html(bench)
    assert "epoch1" not in html(bench)


def test_the_model_stands_beside_those_who_only_count(open_page, finished):
    bench = open_page("results", run=finished(unknown=0.031))
    assert not bench.exception
    assert bench.success[0].value.startswith("The model has learnt more")
    table = bench.dataframe[0].value
    assert list(table.index) == ["Your model", "Kneser–Ney trigram"]
    assert table.loc["Your model", "Bits per character"] == 2.2
    assert "it doesn't know 3.1% of them" in page_text(bench)
    assert "80%  n" in html(bench)


def test_byte_pairs_can_be_taken_away(open_page, finished):
    def labels(run):
        return [b.proto.label for b in open_page("results", run=run).get("download_button")]

    assert labels(finished()) == ["Model (.keras)"]
    run = finished(level="byte_pair", merges=np.arange(5, dtype=np.uint8))
    assert labels(run) == ["Subwords (SentencePiece)", "Model (.keras)"]


def test_it_writes_part_by_part_what_was_asked_for(open_page, finished, monkeypatch):
    heard: list[GenerationRequest] = []

    def asked(run, wish):
        heard.append(wish)
        done = wish.start.written if isinstance(wish.start, GenerationState) else 0
        place = GenerationState((np.zeros(2),), 1, done + 4)
        return Prediction(GeneratedText(tuple(Token(f"t{done + n}.", 0.5, ()) for n in range(4)), place), 2)

    monkeypatch.setattr("components.ui.tasks.language_model.writing.ask_model", asked)
    run = finished()
    bench = open_page("results", run=run)
    assert not heard, "no worker is asked before somebody wants to know"
    bench.text_area(key=f"write-prompt-{run}").set_value("Once <b>upon")
    bench.slider(key=f"write-length-{run}").set_value(20)
    bench.slider(key=f"write-temperature-{run}").set_value(0.5)
    bench.number_input(key=f"write-top-k-{run}").set_value(7)
    bench.number_input(key=f"write-seed-{run}").set_value(3)
    next(button for button in bench.button if button.label == "Generate").click().run()
    assert not bench.exception
    assert [wish.start if isinstance(wish.start, str) else wish.start.written for wish in heard] == [
        "Once <b>upon", 4, 8, 12, 16,
    ]  # fmt: skip
    assert {
        (w.length, w.seed, w.sampling.temperature, w.sampling.top_k, w.sampling.top_p) for w in heard
    } == {(20, 3, 0.5, 7, 1.0)}
    assert "Once &lt;b&gt;upon" in html(bench)
    assert "t0." in html(bench) and "t19." in html(bench)
    bench.run()
    assert len(heard) == 5, "what is written stays on the page"
    assert "t19." in html(bench)
