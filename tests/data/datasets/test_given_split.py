"""A split that came with the data is read in its makers' words."""

import pytest

from components.data.datasets.given_split import TEST, GivenSplit, names_sets
from components.errors import DataError


def test_the_words_of_the_sets_are_read_in_capitals_or_not():
    split = GivenSplit.of(["train", "Dev", "TEST", "training", "valid"])
    assert split.codes.tolist() == [0, 1, 2, 0, 1] and split.numbers(TEST).tolist() == [2]
    assert split.sentence == "2 for training, 2 for validation, 1 for the test"


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (["train", "tram"], "“tram” names neither"),
        (["train", "train"], "No example belongs to the test set"),
        (["test", "dev"], "No example belongs to the training set"),
    ],
)
def test_what_is_no_split_is_refused_in_a_sentence(words, wrong):
    with pytest.raises(DataError, match=wrong):
        GivenSplit.of(words)


def test_a_column_names_sets_only_if_every_word_does():
    assert names_sets(["train", "val", "test"]) and not names_sets(["train", "test", "bus"])
    assert not names_sets(["train", "val"])
