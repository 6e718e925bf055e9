"""Words in the browser: a card is opened, words are brought, and one is said into the microphone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import BrowserType, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.page_actions import (
    bring,
    button,
    chart,
    expect_status,
    open_card,
    set_up_card,
    train,
    unfold,
    wait_for_step,
)
from tests.chromium import launch_options
from tests.data.readers.spoken_tones import sentences_zip
from tests.data.readers.test_recordings_archive import recordings_zip
from tests.data.readers.waveforms import RATE, silence, tone, wav_bytes
from tests.data.sources.spoken import spoken
from tests.live_server import LiveServer


@contextmanager
def hearing(browser_type: BrowserType, folder: Path, sound: np.ndarray) -> Iterator[Page]:
    """A visitor whose microphone hears a sound, (samples,), again and again."""
    heard = folder / "heard.wav"
    heard.write_bytes(wav_bytes(sound))
    options = launch_options()
    options["args"] += [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={heard}",
    ]
    browser = browser_type.launch(**options)
    page = browser.new_page(viewport={"width": 1280, "height": 1000}, permissions=["microphone"])
    page.set_default_timeout(PATIENCE)
    yield page
    browser.close()


@pytest.fixture
def speaker(browser_type: BrowserType, tmp_path: Path) -> Iterator[Page]:
    """A visitor whose microphone hears “high” again and again."""
    with hearing(browser_type, tmp_path, np.concatenate([tone(2000, 0.3), silence(0.7)])) as page:
        yield page


@pytest.mark.acceptance
def test_the_card_shows_digits_and_trains_on_them(page: Page, server: LiveServer) -> None:
    page.goto(server.url)
    set_up_card(page, "spoken_digits")
    expect(page.get_by_text("An example of each class")).to_be_visible()
    train(page)
    wait_for_step(page)
    button(page, "Stop").click()


@pytest.mark.acceptance
def test_a_word_is_said_and_recognised(speaker: Page, server: LiveServer) -> None:
    page = speaker
    bring(page, server.url, "words.zip", recordings_zip())
    expect(page.get_by_text("distinguish 6 voices")).to_be_visible()
    expect(page.get_by_test_id("stAudio")).to_be_visible()
    button(page, "Train on this").click()
    page.get_by_label("Epochs").fill("60")
    page.get_by_label("Epochs").press("Enter")
    train(page)
    live = chart(page, "Validation set: confusion matrix")
    expect(
        live.get_by_text(re.compile(r"After epoch \d+ the accuracy on 4 examples is \d+%"))
    ).to_be_visible()
    expect_status(page, "Finished")
    button(page, "See the results").click()
    expect(page.get_by_role("heading", name="Scores on the test set")).to_be_visible()

    page.goto(page.url)
    unfold(page, "Try it: say a word")
    recorder = page.get_by_test_id("stAudioInput")
    recorder.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_timeout(1500)
    recorder.get_by_role("button", name="Stop recording").click()
    expect(page.get_by_role("heading", name="“high”")).to_be_visible()
    expect(page.get_by_text("Spectrogram and attention")).to_be_visible()
    expect(page.get_by_text("seconds of sound, loudest around")).to_be_visible()


@pytest.mark.acceptance
def test_transcripts_that_are_brought_are_trained_on_and_read_in_the_results(
    page: Page, server: LiveServer
) -> None:
    content, wanted = sentences_zip()
    bring(page, server.url, "sentences.zip", content)
    expect(page.get_by_text(f"{len(wanted)} recordings; 2 different words")).to_be_visible()
    button(page, "Train on this").click()
    expect(page.get_by_text("connectionist temporal classification").first).to_be_visible()
    page.get_by_label("Epochs").fill("15")
    page.get_by_label("Epochs").press("Enter")
    train(page)
    expect_status(page, "Finished")
    button(page, "See the results").click()
    for title in ("Transcripts", "Confused words", "Scores on the test set"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_text("test recordings were decoded by beam search")).to_be_visible()
    expect(page.get_by_text("word error rate is").first).to_be_visible()
    page.get_by_role("radio", name="All").first.click()
    expect(page.get_by_text("Words over time of").first).to_be_visible()


def test_a_number_is_said_in_one_go_and_written_down(
    browser_type: BrowserType, tmp_path: Path, server: LiveServer
) -> None:
    said = spoken("four two seven")
    seconds = len(said) / RATE
    with hearing(browser_type, tmp_path, np.concatenate([silence(0.3), said, silence(4)])) as page:
        page.goto(server.url)
        open_card(page, "digit_strings")
        button(page, "See the results").click()
        expect(page.get_by_role("heading", name="Confused words")).to_be_visible()
        unfold(page, "Try it: say a few words")
        recorder = page.get_by_test_id("stAudioInput")
        recorder.get_by_role("button", name="Record", exact=True).click()
        page.wait_for_timeout(1000 * (seconds + 1.5))
        recorder.get_by_role("button", name="Stop recording").click()
        expect(page.get_by_role("heading", name="“four two seven”")).to_be_visible()
        expect(page.get_by_text("Probability of exactly these words")).to_be_visible()
        expect(page.get_by_text("stand out one after the other: “four” at")).to_be_visible()
