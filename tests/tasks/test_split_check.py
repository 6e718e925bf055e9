"""What can't be divided is said before any training."""

import numpy as np

from components.data.datasets import Classes, GivenSplit, Provenance, Texts
from components.recipe import Preparation, Sample
from components.tasks.split_check import split_issue, training_size

ORIGIN = (Sample(name="any"), "Anything", Provenance("a source", "a licence"))
EVEN = Preparation(validation=0.2, test=0.2)


def texts(count, **how):
    return Texts(*ORIGIN, texts=tuple(f"text {number}" for number in range(count)), **how)


def test_what_can_be_divided_has_no_issue():
    assert split_issue(texts(10), EVEN) is None and training_size(texts(10), EVEN) == 6


def test_too_few_groups_are_an_issue_with_a_remedy():
    data = texts(10, groups=Classes.of(["a", "b"] * 5))
    issue = split_issue(data, EVEN)
    assert issue.field == "dataset" and "2 groups can't be split" in issue.message
    assert "more groups" in issue.message and training_size(data, EVEN) == 10


def test_a_given_split_without_a_validation_set_to_draw_is_an_issue():
    issue = split_issue(texts(3, given_split=GivenSplit(np.array([0, 2, 2], np.int8))), EVEN)
    assert "No example is left for the validation set" in issue.message
