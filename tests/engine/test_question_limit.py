import pytest

from components.engine.question_limit import MINUTE, QuestionLimit
from components.errors import LimitError


def test_questions_are_counted_within_a_minute_by_visitor_and_forgotten():
    now = [0.0]
    limit = QuestionLimit(2, lambda: now[0])
    for _ in range(2):
        limit.count("ann")
    assert (limit.left("ann"), limit.left("bob")) == (0, 2)
    with pytest.raises(LimitError, match="2 questions within a minute") as refused:
        limit.count("ann")
    assert refused.value.remedy == "Try again in 60 seconds."
    limit.count("bob")
    now[0] = MINUTE
    assert limit.left("ann") == 2
    assert not limit._asked, "nothing is remembered of who asks no more"
