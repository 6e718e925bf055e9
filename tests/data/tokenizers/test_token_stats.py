"""How often words and lengths stand in texts, and which part of them is looked at."""

import numpy as np

from components.data.datasets import Provenance, Texts
from components.data.tokenizers.token_stats import (
    first_texts,
    portion_sentence,
    split_corpus,
    token_stats,
    training_and_test_texts,
)
from components.recipe import Preparation, Sample

EVEN = Preparation(validation=0.2, test=0.2)


def texts(*given: str) -> Texts:
    return Texts(Sample(name="any"), "Anything", Provenance("a source", "a licence"), texts=given)


def test_the_vocabulary_is_that_of_the_training_part_only():
    dataset = texts(*(f"w{number}" for number in range(100)))
    found = token_stats(first_texts(dataset.texts), dataset, EVEN, "word", lower=False)
    training, test = training_and_test_texts(dataset, EVEN)
    assert set(found.training) == {f"w{at}" for at in training}
    vocabulary = found.vocabulary(1000)
    assert {word for word, _ in found.unknown(vocabulary)} == {f"w{at}" for at in test}
    assert found.lengths.tolist() == [1] * 100


def test_a_corpus_is_divided_by_its_length():
    training, test = split_corpus("a" * 60 + "b" * 20 + "c" * 20, EVEN)
    assert (training, test) == ("a" * 60, "c" * 20)
    assert split_corpus("ab", EVEN) == ("ab", "")


def test_of_many_texts_the_first_are_looked_at(monkeypatch):
    monkeypatch.setattr("components.data.tokenizers.token_stats.MOST_CHARACTERS", 10)
    many, long = ("12345", "1234", "12", "1"), ("x" * 50,)
    assert first_texts(many) == ("12345", "1234")
    assert portion_sentence(first_texts(many), many) == "Computed from the first 2 of 4 texts."
    assert first_texts(long) == ("x" * 10,)
    assert portion_sentence(first_texts(long), long) == "Computed from the first 10 characters."
    assert portion_sentence(("a", "b"), ("a", "b")) == ""
    found = token_stats(("12345", "1234"), texts("12345", "1234", "12", "1"), EVEN, "word", lower=False)
    assert np.sum(found.lengths) == 2
