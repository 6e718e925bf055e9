"""Words are recorded, looked at, heard and recognised on the pages."""

import io
import zipfile

import numpy as np
import pytest

from components.data import load
from components.data.datasets import Recordings
from components.data.readers import mel_spectrogram
from components.engine import inspect_run
from components.engine.inspect_run import Inspection
from components.engine.model_server import Prediction
from components.insight.example import ExampleView
from components.insight.requests import AttentionView
from components.recipe import ClassifySequences, Recipe, Recurrent, Training, Upload
from components.settings import settings
from components.storage import Folder
from components.tasks import classify_sequences, recipe_issues
from components.tasks.classification.attribution import ClassPrediction
from components.tasks.result_file import pack
from components.training.events import Checkpoint, Status
from components.ui.data.recorder import FILE_NAME, Recording, zip_recordings
from components.ui.tasks.speech import DATASET, UPLOAD
from tests.data.readers.file_helpers import upload_bytes
from tests.data.readers.test_recordings_archive import recordings_zip
from tests.data.readers.waveforms import tone, wav_bytes
from tests.ui.conftest import ME, page_text

WORD = ("said.wav", wav_bytes(tone(2000)), "audio/wav")


@pytest.fixture
def brought() -> Recordings:
    found = load(upload_bytes(recordings_zip(), "words.zip"))
    assert isinstance(found, Recordings)
    return found


# --- The Data page -----------------------------------------------------------------------------------


def test_words_that_were_brought_are_seen_and_heard(open_page, brought):
    bench = open_page("data", dataset=brought.reference.model_dump_json())
    assert not bench.exception and not bench.error
    assert len(bench.get("plotly_chart")) >= 4
    assert len(bench.get("audio")) == 1
    assert "distinguish 6 voices" in page_text(bench)
    bench.button(key="data-train").click().run()
    recipe = Recipe.from_url(bench.query_params["recipe"])
    assert recipe.task.kind == "classify_sequences" and recipe_issues(recipe, brought) == ()


def test_what_is_shown_without_its_sound_says_so(open_page):
    bench = open_page("data", dataset='{"source":"sample","name":"spoken_digits"}')
    assert bench.get("audio")
    recordings = next(box for box in bench.selectbox if box.label == "Recording")
    recordings.select_index(len(recordings.options) - 1).run()
    assert not bench.exception and not bench.get("audio")
    assert "has a spectrogram but no audio" in page_text(bench)


def record(bench, word, voice="", sound=WORD):
    bench.text_input(key="record.word").input(word).run()
    if voice:
        bench.text_input(key="record.voice").input(voice).run()
    bench.audio_input[0].set_value(sound).run()
    assert not bench.exception


def test_words_are_recorded_until_they_are_a_dataset(open_page):
    bench = open_page("data")
    bench.segmented_control(key="data.source").set_value("record").run()
    assert bench.audio_input[0].disabled and "No recordings yet" in bench.info[0].proto.title
    for _ in range(5):
        record(bench, "yes", "anna")
        assert "at least two words" in page_text(bench) and bench.audio_input[0].value is None
    for missing in (4, 3, 2):
        record(bench, "no")
        assert f"{missing} more recordings" in page_text(bench) and bench.button(key="record-use").disabled
    for _ in range(3):
        record(bench, "no")
    bench.button(key="record-undo").click().run()
    bench.button(key="record-use").click().run()
    assert not bench.exception and not bench.error
    found = load(Upload.model_validate_json(bench.query_params["dataset"]))
    assert isinstance(found, Recordings) and found.title == FILE_NAME
    assert found.answer.names == ("no", "yes") and found.answer.counts.tolist() == [5, 5]
    np.testing.assert_allclose(
        found.sequence(0), mel_spectrogram.log_mel_spectrogram(tone(2000), ""), atol=0.01
    )


def test_silence_is_not_kept(open_page):
    bench = open_page("data")
    bench.segmented_control(key="data.source").set_value("record").run()
    record(bench, "yes", sound=("said.wav", wav_bytes(np.zeros(8000)), "audio/wav"))
    assert "recording is silent" in page_text(bench)
    assert not bench.dataframe


def test_a_word_cannot_be_a_path(open_page):
    bench = open_page("data")
    bench.segmented_control(key="data.source").set_value("record").run()
    bench.text_input(key="record.word").input("../up").run()
    assert bench.audio_input[0].disabled and "Use only letters, digits" in page_text(bench)


def test_takes_are_zipped_in_a_folder_a_word():
    content = zip_recordings([Recording("yes", "anna", b"1"), Recording("no", "", b"2")])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["yes/anna_1.wav", "no/2.wav"]


# --- Say a word --------------------------------------------------------------------------------------


@pytest.fixture
def finished(store, brought):
    recipe = Recipe(
        dataset=brought.reference,
        task=ClassifySequences(longest=80),
        model=Recurrent(kind="gru", units=4, attention="dot"),
        training=Training(epochs=1),
    )
    problem = classify_sequences.prepare(recipe, brought)
    sure = np.eye(2)[problem.classes.codes][:, 1:] * 8 - 4
    result = classify_sequences.evaluate(problem, lambda examples: sure[examples], None, 1)
    run = store.add(recipe, ME, "Words, GRU")
    attempt, kept = store.begin(run.id, "here"), Checkpoint(step=4, epoch=1)
    store.write([(run.id, attempt, message) for message in (kept, Status(status="finished"))])
    folder = Folder(settings().artifacts).folder("runs").folder(run.id)
    folder.write("result.npz", pack(result))
    folder.write("model.keras", b"a model")
    return run.id


@pytest.fixture
def asking(open_page, finished, monkeypatch):
    """Open the fold in which a word can be said; give the page, and what the model is asked."""
    heard = []

    def asked(run, given):
        heard.append(given.values)
        steps = len(given.values)
        even = np.full(steps, 1 / steps)
        return Prediction(ClassPrediction(np.array([0.9, 0.1]), even, even, even), 1)

    monkeypatch.setattr("components.ui.tasks.speech.ask_model", asked)
    bench = open_page("results", run=finished)
    assert not bench.exception and not bench.error
    assert not heard and not bench.audio_input
    bench.session_state["try-open"] = True
    return bench.run(), heard


def test_a_spoken_word_is_recognised(asking):
    bench, heard = asking
    assert not heard and "high, low" in bench.audio_input[0].label
    before = len(bench.get("plotly_chart"))
    bench.audio_input[0].set_value(WORD).run()
    assert not bench.exception and not bench.error
    np.testing.assert_allclose(heard[0], mel_spectrogram.log_mel_spectrogram(tone(2000), ""), atol=0.1)
    assert [head.value for head in bench.subheader if "“high”" in head.value]
    assert len(bench.get("plotly_chart")) == before + 3
    assert "attention is nearly even" in page_text(bench) and "probability of 90%" in page_text(bench)


def test_silence_is_said_and_nobody_is_asked(asking):
    bench, heard = asking
    bench.audio_input[0].set_value(("said.wav", wav_bytes(np.zeros(16_000)), "audio/wav")).run()
    assert not bench.exception and not heard and "recording is silent" in page_text(bench)


def test_a_file_is_recognised_as_well(asking):
    bench, heard = asking
    bench.segmented_control(key="try-how").set_value(UPLOAD).run()
    bench.file_uploader(key="try-brought").upload(*WORD).run()
    assert not bench.exception and len(heard) == 1 and bench.get("audio")


def test_one_of_the_data_is_said_to_be_new_to_the_model(asking):
    bench, heard = asking
    bench.segmented_control(key="try-how").set_value(DATASET).run()
    assert not bench.exception and len(heard) == 1 and bench.get("audio")
    assert "the model has never heard it" in page_text(bench)


# --- Inside ------------------------------------------------------------------------------------------


def test_what_a_person_says_is_looked_into(open_page, finished, monkeypatch):
    asked = []

    def look(run_id, recipe, artifacts, step, view):
        asked.append(view.example)
        names = tuple(f"{step}" for step in range(5))
        shown = ExampleView(names, np.zeros((5, 40)), (), ("high", "low"), 0, "The model says “high”.", 9)
        even = np.full(5, 0.2)
        found = AttentionView(
            shown, 0, ("Layer 1",), 0, 1, ("all",), names, even[None], even, even, even, 1, 1, 1
        )
        return Inspection(found, 1)

    monkeypatch.setattr(inspect_run, "inspect", look)
    bench = open_page("inside", run=finished)
    bench.segmented_control(key="inside-way").set_value("bring").run()
    assert not bench.exception and len(asked) == 1 and "high, low" in bench.audio_input[0].label
    bench.audio_input(key="inside-spoken").set_value(WORD).run()
    assert not bench.exception and "The model says" in page_text(bench)
    np.testing.assert_allclose(asked[1].values, mel_spectrogram.log_mel_spectrogram(tone(2000), ""), atol=0.1)
    bench.segmented_control(key="inside-how").set_value(UPLOAD).run()
    bench.file_uploader(key="inside-brought").upload(*WORD).run()
    assert not bench.exception and asked[-1] == asked[1]  # the same word is the same example
