"""What is said to a run is heard, whenever it is said."""

from components.engine import worker
from components.training.control import CommandQueue
from components.training.events import Stop


class SlowScheduler:
    """Learns of a listener only after it was told of several other things, as a busy one may."""

    def __init__(self):
        self.events, self.listener, self.until_it_knows = [], None, 3

    def subscribe_topic(self, topic, listener):
        self.listener = listener

    def unsubscribe_topic(self, topic):
        self.listener = None

    def log_event(self, topic, said):
        self.events.append((0.0, said))
        self.until_it_knows -= 1
        if self.until_it_knows < 0:
            self.listener(self.events[-1])

    def get_events(self, topic):
        there = tuple(self.events)
        self.log_event(topic, [7, Stop().model_dump()])  # someone presses Stop at this very moment
        return there


def test_a_command_between_looking_back_and_listening_is_heard(monkeypatch):
    monkeypatch.setattr("distributed.get_client", SlowScheduler)
    control = CommandQueue()
    with worker._command_subscription("topic", control):
        assert control.take(timeout=1) == Stop()
        assert control.take() is None, "and the worker's own calls are no commands"
