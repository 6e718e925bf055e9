import pytest

from components import cancellation


def test_nobody_ends_what_nobody_watches():
    cancellation.checkpoint()


def test_whoever_watches_is_asked_and_may_end_it():
    asked = []

    def check():
        asked.append(1)
        if len(asked) == 2:
            raise cancellation.Cancelled

    with pytest.raises(cancellation.Cancelled), cancellation.watched(check):
        cancellation.checkpoint()
        cancellation.checkpoint()
    cancellation.checkpoint()
    assert len(asked) == 2
