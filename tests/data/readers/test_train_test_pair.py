"""A training set and a test set are one dataset, whose test set is theirs."""

import io
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data import load
from components.data.datasets import Sequences, Texts
from components.data.datasets.given_split import TEST, TRAINING
from components.data.readers.train_test_pair import find_pair, is_training_set, pack_pair
from components.data.sources import upload
from components.data.splits.example_split import split_examples
from components.errors import DataError
from components.recipe import AsTexts, Preparation
from tests.data.readers.file_helpers import upload_bytes

HEAD = "@univariate true\n@equalLength false\n@classLabel true a b\n@data\n"
TRAIN_TS = HEAD + "".join(f"{at},{at + 1},2:{'ab'[at % 2]}\n" for at in range(8))
TEST_TS = HEAD + "".join(f"{at},5:{'ab'[at % 2]}\n" for at in range(6))
REVIEWS = "review,stars\n" + "".join(
    f"the film number {at} was {('very dull', 'great fun')[at % 2]} indeed,{('bad', 'good')[at % 2]}\n"
    for at in range(30)
)


def zipped(**files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "."), text)
    return content.getvalue()


@pytest.mark.parametrize(
    ("names", "pair"),
    [
        (["Gun_TEST.ts", "Gun_TRAIN.ts"], ("Gun_TRAIN.ts", "Gun_TEST.ts")),
        (["Gun_TRAIN.txt", "Gun_TEST.txt", "Gun_TRAIN.ts", "Gun_TEST.ts"], ("Gun_TRAIN.ts", "Gun_TEST.ts")),
        (["a/training.csv", "a/testing.csv"], ("a/training.csv", "a/testing.csv")),
        (["a/train-set.csv", "a/test-set.csv"], ("a/train-set.csv", "a/test-set.csv")),
        (["train.csv", "contest.csv"], None),  # a contest is no test
        (["a_train.csv", "b_test.csv"], None),
        (["train.arff", "test.arff"], None),
        (["train.csv"], None),
    ],
)
def test_files_that_differ_only_in_the_set_are_a_pair(names, pair):
    assert find_pair(names, [".ts", ".csv", ".txt"]) == pair


@given(st.lists(st.text(max_size=12), max_size=8))
def test_whatever_files_are_called_a_pair_is_two_of_them(names):
    pair = find_pair(names, [".csv", ".ts"])
    assert pair is None or (set(pair) <= set(names) and pair[0] != pair[1])


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("Gun_TRAIN.ts", True), ("training.csv", True), ("trains.csv", False), ("train.zip", False)],
)
def test_a_training_set_is_known_by_its_name(name, is_one):
    assert is_training_set(name) is is_one


def test_sequences_of_two_files_are_tested_on_the_second():
    found = load(upload_bytes(zipped(Toy_TRAIN__ts=TRAIN_TS, Toy_TEST__ts=TEST_TS), "Toy.zip"))
    assert isinstance(found, Sequences) and found.size == 14
    assert found.lengths.tolist() == [3] * 8 + [2] * 6
    assert found.answer.names == ("a", "b") and found.answer.codes.tolist() == [0, 1] * 7
    assert found.given_split.numbers(TEST).tolist() == list(range(8, 14))
    parts = split_examples(found, Preparation(), found.answer)
    assert parts.test.tolist() == list(range(8, 14)) and max(parts.validation) < 8
    assert "Toy_TRAIN.ts” is the training set" in " ".join(found.notes)


def test_tables_of_two_files_are_one_with_a_column_for_the_split():
    raw = zipped(train__csv=REVIEWS, test__csv=REVIEWS.replace("film", "book"))
    named, found = upload.accept(upload.store(io.BytesIO(raw), "reviews.zip"))
    assert named.shape == AsTexts(text="review", label="stars", split="split")
    assert isinstance(found, Texts) and found.size == 60
    assert found.given_split.numbers(TRAINING).tolist() == list(range(30))


@pytest.mark.parametrize(
    ("test", "wrong"),
    [
        ("review,rating\na b,1\n", "Only one of the two tables has a column “rating”"),
        ("", "empty|no rows|no columns|holds no"),
    ],
)
def test_files_that_hold_different_things_are_refused_in_a_sentence(test, wrong):
    with pytest.raises(DataError, match=wrong):
        upload_bytes(zipped(train__csv=REVIEWS, test__csv=test), "reviews.zip")


def test_channels_that_differ_are_refused_in_a_sentence():
    two = HEAD.replace("@univariate true\n", "@univariate false\n") + "1,2:3,4:a\n5,6:7,8:b\n"
    with pytest.raises(DataError, match="differ in their channels"):
        load(upload_bytes(zipped(Toy_TRAIN__ts=TRAIN_TS, Toy_TEST__ts=two), "Toy.zip"))


def test_a_pair_that_is_packed_reads_back():
    packed = io.BytesIO()
    files = (("Toy_TRAIN.ts", io.BytesIO(TRAIN_TS.encode())), ("test.ts", io.BytesIO(TEST_TS.encode())))
    assert pack_pair(*files, packed) == "Toy.zip"
    found = load(upload_bytes(packed.getvalue(), "Toy.zip"))
    np.testing.assert_array_equal(found.given_split.codes, [TRAINING] * 8 + [TEST] * 6)
    assert "“Toy_TRAIN.ts” is the training set, and “Toy_TEST.ts” the test set." in found.notes
