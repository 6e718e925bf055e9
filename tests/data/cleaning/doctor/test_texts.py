"""The doctor says what is wrong with texts, pairs and classes, and nothing where nothing is."""

from dataclasses import replace

import numpy as np
import pytest

from components import data
from components.data.cleaning.doctor.texts import examine_pairs, examine_sequences, examine_texts
from components.data.datasets import Classes, Pairs, Provenance, Texts
from components.data.tokenizers.token_stats import (
    training_and_test_texts,
)
from components.recipe import Generated, Preparation, Sample

EVEN = Preparation(validation=0.2, test=0.2)
ORIGIN = (Sample(name="any"), "Anything", Provenance("a source", "a licence"))
PLAIN = tuple(f"this is text number {number}" for number in range(100))


def texts(*given: str, labels: list[str] | None = None) -> Texts:
    return Texts(*ORIGIN, texts=given, classes=Classes.of(labels) if labels else None)


def sentences(dataset: Texts) -> dict[str, str]:
    return {finding.key: finding.sentence for finding in examine_texts(dataset, EVEN)}


def test_sound_texts_have_nothing():
    assert sentences(texts(*PLAIN)) == {}
    assert sentences(texts(*PLAIN, labels=["a", "b"] * 50)) == {}


def test_empty_texts():
    assert "2 texts are empty; the first is text 3" in sentences(texts("a", "b", " ", "", "c"))["empty"]


def test_huge_texts():
    found = sentences(texts(*PLAIN, "word " * 1000))
    assert (
        "1 text is more than 20 times as long as the median of 22 characters; the longest is text 101"
        in found["huge"]
    )


def test_another_script():
    found = sentences(texts(*PLAIN, "это другой текст"))["script"]
    assert "1 text is in a different script from the others, which are Latin: text 101 is Cyrillic" in found
    assert "это" in found


def test_texts_in_two_scripts_alike_are_meant():
    assert "script" not in sentences(texts(*PLAIN[:50], *(f"это текст {number}" for number in range(50))))


def test_copies_between_training_and_test():
    copied = texts(*PLAIN, *(text.upper() + " " for text in PLAIN))
    assert "of the test set" in sentences(copied)["copies"]
    training, test = training_and_test_texts(copied, EVEN)
    seen = {copied.texts[at].casefold().strip() for at in training}
    again = sum(copied.texts[at].casefold().strip() in seen for at in test)
    assert f"({again} texts)" in sentences(copied)["copies"]


def test_a_text_of_two_classes():
    assert (
        "1 text appears with more than one class, such as “good”"
        in (sentences(texts("good", "Good", *PLAIN, labels=["a", "b", *["a", "b"] * 50]))["contradictions"])
    )


@pytest.mark.parametrize(
    ("labels", "key", "sentence"),
    [
        (["a"] * 98 + ["b"] * 2, "imbalance", "2 texts are “b”, and 98 are “a”"),
        (["a"] * 100, "one class", "Every text is “a”"),
    ],
)
def test_classes_that_are_not_even(labels, key, sentence):
    assert sentence in sentences(texts(*PLAIN, labels=labels))[key]


def test_few_examples_of_a_class():
    assert (
        "There are only 4 texts of “b”"
        in sentences(texts(*PLAIN[:10], labels=["a"] * 6 + ["b"] * 4))["few examples"]
    )


def test_a_corpus_is_left_alone():
    assert sentences(texts("word " * 10_000)) == {}


def test_sources_with_several_answers():
    pairs = Pairs(*ORIGIN, sources=("hi", "Hi", "you"), targets=("hello", "hey", "me"))
    (found,) = [finding for finding in examine_pairs(pairs, EVEN) if finding.key == "answers"]
    assert "1 source has more than one answer, such as “hi” with 2" in found.sentence


def test_what_is_made_is_sound():
    for name in ("dates", "french"):
        assert examine_pairs(data.load(Generated(name=name)), EVEN) == ()
    for name in ("control_charts", "temporal_order", "adding", "copy_memory"):
        assert examine_sequences(data.load(Generated(name=name))) == ()


# --- Where each sign begins ------------------------------------------------------------------------


@pytest.mark.parametrize(("characters", "is_huge"), [(2000, False), (2001, True)])
def test_among_short_texts_one_is_huge_beyond_two_thousand_characters(characters, is_huge):
    assert ("huge" in sentences(texts(*PLAIN, "x" * characters))) is is_huge


@pytest.mark.parametrize(("times", "is_huge"), [(20, False), (20.01, True)])
def test_among_long_texts_one_is_huge_beyond_twenty_times_the_usual(times, is_huge):
    usual = [letter * 200 for letter in "abcdefghijklmn"]
    assert ("huge" in sentences(texts(*usual, "x" * round(200 * times)))) is is_huge


@pytest.mark.parametrize(("others", "is_odd"), [(20, True), (21, False)])
def test_another_script_is_the_odd_one_out_up_to_a_fifth(others, is_odd):
    given = [*PLAIN[: 100 - others], *(f"это текст {number}" for number in range(others))]
    assert ("script" in sentences(texts(*given))) is is_odd


@pytest.mark.parametrize(
    ("frequent", "rare", "keys"),
    [(91, 9, {"imbalance"}), (90, 10, set()), (80, 9, {"few examples"}), (80, 10, set())],
)
def test_where_classes_are_uneven_and_where_few(frequent, rare, keys):
    given = [f"text {number}" for number in range(frequent + rare)]
    assert set(sentences(texts(*given, labels=["a"] * frequent + ["b"] * rare))) == keys


def test_sequences_and_recordings_are_named_as_such_and_measures_left_alone():
    charts = data.load(Generated(name="control_charts"))
    alike = Classes(np.zeros(len(charts.answer.codes), np.int32), ("only",))
    (found,) = examine_sequences(replace(charts, answer=alike))
    assert (found.key, found.severity) == ("one class", "must") and "Every sequence is" in found.sentence
    assert examine_sequences(data.load(Generated(name="adding"))) == ()
