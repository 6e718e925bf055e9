"""A session stays with the browser that has it."""

import pytest

from components.ui.protection.sessions import Sessions

HERE, THERE = object(), object()


@pytest.fixture
def sessions() -> Sessions:
    made = Sessions(most_seconds_away=120)
    made.hold("s", "ann", HERE)
    return made


def test_only_its_visitor_takes_it_up_again(sessions: Sessions) -> None:
    assert sessions.may_resume("s", "ann")
    assert not sessions.may_resume("s", "bob")
    assert not sessions.may_resume("another", "ann")
    sessions.hold("nameless", "", THERE)
    assert not sessions.may_resume("nameless", ""), "nobody is everybody"


def test_another_cannot_come_to_hold_it(sessions: Sessions) -> None:
    sessions.hold("s", "bob", THERE)
    assert sessions.is_of("s", "ann")
    assert not sessions.leave("s", THERE)


def test_an_old_connection_that_ends_late_changes_nothing(sessions: Sessions) -> None:
    sessions.hold("s", "ann", THERE)
    assert not sessions.leave("s", HERE)
    assert sessions.is_held("s")
    assert sessions.leave("s", THERE)
    assert not sessions.is_held("s")
    assert sessions.may_resume("s", "ann")


def test_a_file_is_sent_once_by_who_was_told_to(sessions: Sessions) -> None:
    sessions.invite("s", ["a", "b"])
    assert sessions.accept("s", "a")
    assert not sessions.accept("s", "a")
    assert not sessions.accept("s", "made up")
    sessions.leave("s", HERE)
    assert not sessions.accept("s", "b")


def test_invitations_are_bounded(sessions: Sessions) -> None:
    sessions.invite("s", map(str, range(5000)))
    assert not sessions.accept("s", "0")
    assert sessions.accept("s", "4999")
    assert sum(sessions.accept("s", str(number)) for number in range(5000)) == 999


def test_who_stays_away_is_forgotten() -> None:
    sessions = Sessions(most_seconds_away=0)
    for number in range(100):
        sessions.hold(str(number), "ann", HERE)
        sessions.leave(str(number), HERE)
    assert sum(sessions.may_resume(str(number), "ann") for number in range(100)) <= 1
