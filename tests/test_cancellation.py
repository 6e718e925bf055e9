import pytest

from components import cancellation


def test_nobody_ends_what_nobody_watches():
    cancellation.raise_if_cancelled()


def test_whoever_watches_is_asked_and_may_end_it():
    asked = []

    def check():
        asked.append(1)
        if len(asked) == 2:
            raise cancellation.Cancelled

    with pytest.raises(cancellation.Cancelled), cancellation.cancellable(check):
        cancellation.raise_if_cancelled()
        cancellation.raise_if_cancelled()
    cancellation.raise_if_cancelled()
    assert len(asked) == 2
