"""A question that a worker is answering: its answer, its errors, its end."""

from concurrent.futures import Future

import pytest

from components.engine.question import Question
from components.errors import DataError, RunError


def asked(timeout=30.0):
    future: Future = Future()
    return future, Question(future, timeout)


def test_it_is_over_when_it_is_answered():
    future, question = asked()
    assert not question.is_over
    future.set_result(7)
    assert question.is_over and question.answer() == 7


def test_an_error_that_a_person_can_mend_is_raised_as_it_is():
    future, question = asked()
    future.set_result(DataError("No rows.", remedy="Add some."))
    with pytest.raises(DataError, match="No rows"):
        question.answer()


def test_any_other_error_is_one_of_the_worker():
    future, question = asked()
    future.set_exception(KeyError("x"))
    with pytest.raises(RunError, match="didn't answer"):
        question.answer()


def test_after_its_time_it_is_withdrawn():
    future, question = asked(timeout=0.0)
    assert question.is_over
    with pytest.raises(RunError, match="too long"):
        question.answer()
    assert future.cancelled()
