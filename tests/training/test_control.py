import threading
import time

from components.training.control import CommandQueue
from components.training.events import Pause, Resume, SetClip, Stop


def test_commands_come_out_in_the_order_in_which_they_went_in():
    control = CommandQueue()
    for command in (Pause(), SetClip(value=2.0), Resume()):
        control.put(command)
    assert [control.take() for _ in range(4)] == [Pause(), SetClip(value=2.0), Resume(), None]


def test_taking_waits_for_a_command_no_longer_than_it_is_told():
    control = CommandQueue()
    began = time.monotonic()
    assert control.take(timeout=0.05) is None
    assert time.monotonic() - began >= 0.05
    threading.Timer(0.05, control.put, [Stop()]).start()
    assert control.take(timeout=5) == Stop()


def test_what_arrives_twice_counts_once():
    control = CommandQueue()
    for _ in range(2):
        control.put(Pause(), number=77)
    assert control.take() == Pause()
    control.put(Pause(), number=77)
    assert control.take() is None


def test_a_restarted_run_skips_what_its_checkpoint_has_seen():
    said = [(901, Pause()), (3, SetClip(value=2.0)), (55, Resume()), (54, Stop())]
    first, second = CommandQueue(), CommandQueue()
    for number, command in said:
        first.put(command, number)
        second.put(command, number)
    first.take()
    first.take()
    second.skip(first.consumed)
    assert second.consumed == first.consumed
    assert [second.take(), second.take(), second.take()] == [Resume(), Stop(), None]


def test_a_checkpoint_of_an_earlier_attempt_skips_nothing():
    control = CommandQueue()
    control.put(Stop(), 5)
    control.skip(4)
    control.skip(0)
    assert control.take() == Stop()
