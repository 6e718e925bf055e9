import math
import time

from components.engine import outbox as outboxes
from components.engine.outbox import Outbox
from components.training.events import Mark, Status, event_adapter
from tests.runs.sample_events import steps


def test_steps_are_gathered_into_few_letters_and_none_is_lost():
    letters = []
    outbox = Outbox(letters.append)
    began = time.monotonic()
    for number in range(1, 51):
        outbox.put(steps(number, number))
        time.sleep(0.002)
    outbox.close()
    assert [said["first"] for letter in letters for said in letter] == list(range(1, 51))
    assert len(letters) <= (time.monotonic() - began) / outboxes.SECONDS_BETWEEN_BATCHES + 2


def test_a_letter_leaves_in_time_though_nothing_more_is_said():
    letters = []
    outbox = Outbox(letters.append)
    outbox.put(steps(1, 1))
    outbox.put(steps(2, 2))
    assert len(letters) == 1
    time.sleep(4 * outboxes.SECONDS_BETWEEN_BATCHES)
    assert [letter[0]["first"] for letter in letters] == [1, 2]


def test_all_but_steps_leaves_at_once():
    letters = []
    outbox = Outbox(letters.append)
    outbox.put(steps(1, 1))
    outbox.put(steps(2, 2))
    outbox.put(Mark(step=2, what="clip", value=1.0))
    assert [len(letter) for letter in letters] == [1, 2]


def test_letters_say_what_was_put_in():
    letters = []
    outbox = Outbox(letters.append)
    said = steps(1, 3, losses=(1.0, math.inf, 0.25))
    outbox.put(said)
    assert event_adapter.validate_python(letters[0][0]) == said


def test_the_outbox_knows_how_it_ended():
    outbox = Outbox(lambda said: None)
    outbox.put(Status(status="running"))
    outbox.put(Status(status="paused"))
    assert outbox.end is None
    outbox.put(Status(status="stopped", reason="enough"))
    assert outbox.end == Status(status="stopped", reason="enough")
