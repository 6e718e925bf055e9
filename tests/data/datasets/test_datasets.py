"""Every kind of dataset keeps its promises or isn't made, and says what it is."""

import numpy as np
import pytest

from components import data
from components.data.datasets import (
    Classes,
    Numbers,
    Pairs,
    Provenance,
    Sequences,
    Texts,
    Transcripts,
    concatenate_sequences,
    require_series,
)
from components.errors import DataError
from components.recipe import DropColumns, Generated, Preparation, Sample

ORIGIN = (Sample(name="any"), "Anything", Provenance("a source", "a licence"))
TWO = [np.zeros((3, 2)), np.ones((5, 2))]


def codes(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def sequences(parts=TWO, **others) -> Sequences:
    values, offsets = concatenate_sequences(parts)
    return Sequences(*ORIGIN, **{"values": values, "offsets": offsets, "channels": ("a", "b"), **others})


def facts(dataset) -> dict[str, str]:
    return {fact.label: fact.value for fact in dataset.facts()}


# --- Sequences -------------------------------------------------------------------------------------


def test_sequences_of_unequal_length_are_stored_without_padding():
    dataset = sequences()
    assert dataset.size == 2 and dataset.lengths.tolist() == [3, 5]
    assert dataset.values.nbytes == (3 + 5) * 2 * 4
    np.testing.assert_array_equal(dataset.sequence(1), np.ones((5, 2)))
    assert np.shares_memory(dataset.sequence(0), dataset.values)


def test_transcripts_hold_the_words_of_each_example_in_their_order():
    found = Transcripts.of(["two one", "one one  two"])
    assert found.names == ("one", "two") and found.lengths.tolist() == [2, 3]
    assert [found.text(number) for number in (0, 1)] == ["two one", "one one two"]
    assert sequences(answer=found).answer is found
    with pytest.raises(DataError, match="no target"):
        sequences(answer=Transcripts.of(["one"]))


@pytest.mark.parametrize(
    ("held", "offsets", "names", "message"),
    [
        (codes(0), [0, 1, 1], ("one",), "holds no word"),
        (codes(0), [0, 2], ("one",), "holds no word"),
        (codes(1), [0, 1], ("one",), "no class"),
        (codes(0), [0, 1], ("one two",), "empty, or holds a space"),
    ],
)
def test_what_are_no_transcripts_is_refused(held, offsets, names, message):
    with pytest.raises(DataError, match=message):
        Transcripts(held, np.array(offsets), names)


def test_sequences_say_what_they_are():
    dataset = sequences(answer=Classes(codes(1, 0), ("no", "yes")))
    assert facts(dataset) == {
        "Sequences": "2",
        "Steps": "3 to 5",
        "Channels": "a, b",
        "Classes": "no, yes",
        "Source": "a source",
        "Licence": "a licence",
    }
    assert facts(sequences(answer=Numbers(np.ones(2, np.float32), "the sum")))["Target"] == "the sum"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"parts": [np.zeros((3, 2)), np.zeros((0, 2))]}, "empty"),
        ({"parts": [np.array([[1.0, np.nan]])]}, "missing"),
        ({"values": np.zeros((8, 2))}, "aren't numbers"),
        ({"channels": ("a",)}, "no name"),
        ({"channels": ("a", "a")}, "the same name"),
        ({"offsets": np.array([0, 3, 7])}, "cut"),
        ({"offsets": np.array([0])}, "no sequences"),
        ({"answer": Classes(codes(0), ("x",))}, "has no target"),
        ({"answer": Numbers(np.array([1, np.nan], np.float32), "x")}, "has no target"),
        ({"answers": Classes(codes(0, 0), ("x",))}, "step has no target"),
        ({"symbols": ("x", "y")}, "no name"),
    ],
)
def test_wrong_sequences_are_refused(wrong, said):
    with pytest.raises(DataError, match=f"Anything.*{said}"):
        sequences(**wrong)


def test_a_symbol_without_a_name_is_refused():
    with pytest.raises(DataError, match="no name"):
        sequences([np.array([[0.0], [2.0]])], channels=("symbol",), symbols=("x", "y"))


# --- Texts and pairs -------------------------------------------------------------------------------


def test_texts_say_what_they_are():
    dataset = Texts(*ORIGIN, texts=("good", "", "very bad"), classes=Classes(codes(1, 1, 0), ("bad", "good")))
    said = facts(dataset)
    assert (said["Texts"], said["Characters"], said["Classes"]) == ("3", "12", "bad, good")
    assert said["Length of a text"] == "0 to 8 characters" and not dataset.is_corpus


def test_one_text_is_a_corpus():
    assert Texts(*ORIGIN, texts=("Call me Ishmael.",)).is_corpus


@pytest.mark.parametrize("texts", [(), ("",), (" ", "\n")])
def test_no_text_at_all_is_refused(texts):
    with pytest.raises(DataError, match="no text"):
        Texts(*ORIGIN, texts=texts)


def test_a_text_without_its_class_is_refused():
    with pytest.raises(DataError, match="no class"):
        Texts(*ORIGIN, texts=("a", "b"), classes=Classes(codes(0), ("x",)))


def test_pairs_say_what_they_are():
    said = facts(Pairs(*ORIGIN, sources=("a", "bc"), targets=("x", "yz!"), names=("English", "French")))
    assert (said["Pairs"], said["From"]) == ("2", "English, 2 characters at most")
    assert said["To"] == "French, 3 characters at most"


@pytest.mark.parametrize(("sources", "targets"), [((), ()), (("a",), ("x", "y")), (("a", " "), ("x", "y"))])
def test_wrong_pairs_are_refused(sources, targets):
    with pytest.raises(DataError, match="Anything"):
        Pairs(*ORIGIN, sources=sources, targets=targets)


# --- Classes ---------------------------------------------------------------------------------------


def test_classes_are_numbered_by_their_names():
    assert Classes.of(["b", "a", "b"]).names == ("a", "b")
    assert Classes.of(["10", "9", "-1"]).names == ("-1", "9", "10")
    assert Classes.of(["b", "a", "b"]).codes.tolist() == [1, 0, 1]
    assert Classes(codes(0, 0, 2), ("x", "y", "z")).counts.tolist() == [2, 0, 1]


@pytest.mark.parametrize(("given", "names"), [((0, 2), ("a", "b")), ((-1,), ("a",)), ((0,), ("a", "a"))])
def test_wrong_classes_are_refused(given, names):
    with pytest.raises(DataError, match="class"):
        Classes(codes(*given), names)


# --- What is not for them --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["adding", "sums"])
def test_forecasting_says_plainly_what_it_needs(name):
    with pytest.raises(DataError, match="needs a time series, and this is a set of"):
        require_series(data.load(Generated(name=name)))


def test_mends_are_for_tables():
    with pytest.raises(DataError, match="Cleaning steps work on tables"):
        data.load(Generated(name="sums"), Preparation(mends=(DropColumns(columns=("x",)),)))
