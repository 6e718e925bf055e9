"""Strings of digits are looked at, trained on, read in the results, and said into the microphone."""

import numpy as np
import pytest

from components.data import load
from components.data.readers import mel_spectrogram
from components.engine.model_server import Prediction
from components.recipe import Generated, Recipe, Recurrent, Training, Transcribe
from components.settings import settings
from components.storage import Folder
from components.tasks import recipe_issues, transcribe
from components.tasks.result_file import pack
from components.tasks.transcription.evaluate import alignment_of
from components.tasks.transcription.task import Transcription
from components.training.events import Checkpoint, EpochEnd, Snapshot, Status
from components.ui.tasks.speech import DATASET
from tests.data.readers.test_transcript_table import table, zipped
from tests.data.readers.waveforms import silence, tone, wav_bytes
from tests.models.test_ctc import spikes
from tests.tasks.transcription.test_task import knowing
from tests.ui.conftest import ME, page_text

STRINGS = Generated(name="digit_strings", length=60)
RECIPE = Recipe(
    dataset=STRINGS, task=Transcribe(), model=Recurrent(kind="gru", units=4), training=Training(epochs=1)
)
SOUND = np.concatenate([tone(500, 0.3), silence(0.6), tone(2000, 0.3)])
SAID = ("said.wav", wav_bytes(SOUND), "audio/wav")


def test_strings_are_seen_with_their_words_and_trained_on(open_page):
    bench = open_page("data", dataset=STRINGS.model_dump_json())
    assert not bench.exception and not bench.error
    assert "10 different words" in page_text(bench) and "has a spectrogram but no audio" in page_text(bench)
    bench.button(key="data-train").click().run()
    recipe = Recipe.from_url(bench.query_params["recipe"])
    assert recipe.task.kind == "transcribe" and recipe_issues(recipe, load(STRINGS)) == ()


def test_brought_recordings_are_heard_beside_their_transcripts(open_page):
    bench = open_page("data", dataset=zipped(table()).model_dump_json())
    assert not bench.exception and not bench.error
    assert len(bench.get("audio")) == 1 and "5 recordings; 2 different words" in page_text(bench)
    recordings = next(box for box in bench.selectbox if box.label == "Recording")
    assert recordings.options[1] == "high low low (speaker “ben”, number 2)"


def test_what_is_asked_is_shown_before_training(open_page):
    bench = open_page("train", recipe=RECIPE.to_url())
    assert not bench.exception and not bench.error
    assert "connectionist temporal classification" in page_text(bench)
    assert "strung together with pauses and noise" in page_text(bench)
    bench.number_input(key="draft.task.segment").set_value(0).run()
    assert not bench.exception


@pytest.fixture(scope="module")
def result():
    problem = transcribe.prepare(RECIPE, load(STRINGS))
    wrong = {*problem.test[:2].tolist()}
    return transcribe.evaluate(problem, knowing(problem, wrong), transcribe.build(RECIPE, problem), 1)


@pytest.fixture
def finished(store, result):
    run = store.add(RECIPE, ME, "Strings, GRU")
    shown = transcribe.preview(RECIPE, load(STRINGS)).said
    attempt = store.begin(run.id, "here")
    end = EpochEnd(
        epoch=1, step=4, training=1, validation=1, best=True, snapshot=Snapshot((0.5, 0.2), shown, 0.8)
    )
    events = (end, Checkpoint(step=4, epoch=1), Status(status="finished"))
    store.write([(run.id, attempt, event) for event in events])
    folder = Folder(settings().artifacts).folder("runs").folder(run.id)
    folder.write("result.npz", pack(result))
    folder.write("model.keras", b"a model")
    return run.id


def test_results_say_what_was_heard_and_where(open_page, finished, result):
    bench = open_page("results", run=finished)
    assert not bench.exception and not bench.error
    text = page_text(bench)
    assert "never heard" in text and "stand out one after the other" in text
    assert "2 recordings of" in text and "insertions, the column deletions" in text
    titles = [head.value for head in bench.header]
    assert {"Transcripts", "Confused words", "Scores on the test set"} <= {*titles}
    bench.segmented_control(key="transcripts-which").set_value("right").run()
    assert not bench.exception and f"{len(result.said) - 2} recordings of" in page_text(bench)


@pytest.fixture
def asking(open_page, finished, monkeypatch):
    """Open the fold in which words can be said; give the page, and what the model is asked."""
    heard = []

    def asked(run, given):
        heard.append(given.values)
        words = np.array([4, 2])
        logits = spikes(words, gap=(len(given.values) // 3 - 2) // 3, names=10)
        return Prediction(
            Transcription((("four two", 0.9), ("four", 0.05)), alignment_of(0, logits, words), 3), 1
        )

    monkeypatch.setattr("components.ui.tasks.speech.ask_model", asked)
    bench = open_page("results", run=finished)
    assert not heard and not bench.audio_input
    bench.session_state["try-open"] = True
    return bench.run(), heard


def test_spoken_words_are_written_down_with_their_pauses(asking):
    bench, heard = asking
    assert not heard and "zero, one, two" in bench.audio_input[0].label
    bench.audio_input[0].set_value(SAID).run()
    assert not bench.exception and not bench.error
    wanted = mel_spectrogram.log_mel_spectrogram(SOUND, "", several=True)
    np.testing.assert_allclose(heard[0], wanted, atol=0.1)
    assert len(wanted) * mel_spectrogram.HOP_SECONDS > 1.2, "the pause of 0.6 s is part of it"
    assert [head.value for head in bench.subheader if "“four two”" in head.value]
    assert "exactly these words: 90.0%" in page_text(bench) and "“four” at" in page_text(bench)


def test_one_of_the_data_is_said_to_be_new_to_the_model(asking):
    bench, heard = asking
    bench.segmented_control(key="try-how").set_value(DATASET).run()
    assert not bench.exception and len(heard) == 1
    assert "the model has never heard it" in page_text(bench)
