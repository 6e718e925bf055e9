"""Subwords of sentences: a text comes back, its first word is a word as any, and no sign joins a word."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.tokenizers.subword_vocabulary import SubwordVocabulary, with_spaces
from components.data.tokenizers.tokenizer import END, SPECIAL, UNKNOWN
from components.errors import DataError

SENTENCES = ["The sea is blue.", "Is the sea blue?", "The ship sails the blue sea!"]
# SentencePiece has these for its own use.
TEXTS = st.text(st.characters(exclude_characters="▁▅\x1f\0", exclude_categories=["Cs"])).filter(str.strip)


@given(st.lists(TEXTS, min_size=1, max_size=4), st.booleans())
def test_a_text_comes_back_as_its_words_with_a_space_between(texts, lower):
    known = SubwordVocabulary.fit(texts, most=5000, lower=lower)
    for text in texts:
        codes = known.encode(text)
        assert codes.dtype == np.int32
        assert SPECIAL.index(UNKNOWN) not in codes
        assert known.decode(codes) == with_spaces(text, lower=lower).strip()
        assert known.join(known.tokenize(text)) == known.decode([*codes, SPECIAL.index(END), 5])


def test_special_tokens_come_first_and_what_isnt_known_is_unknown():
    known = SubwordVocabulary.fit(SENTENCES, most=60)
    assert known.tokens[: len(SPECIAL)] == SPECIAL
    assert len(known) == len(known.tokens) <= 60
    assert known.encode("ж").tolist()[-1] == SPECIAL.index(UNKNOWN)
    assert not known.contains("ж")
    assert known.decode([SPECIAL.index(UNKNOWN)]) == "�"
    assert all(map(known.contains, known.tokenize(SENTENCES[0])))


def test_the_first_word_is_the_one_that_it_is_elsewhere_and_signs_stay_apart():
    known = SubwordVocabulary.fit([text.replace("The", "the") for text in SENTENCES], most=60)
    assert known.tokenize("the sea")[0] == " the"
    joined = [token for token in known.tokens[4:] if any(sign in token for sign in ".?!")]
    assert set(joined) <= {".", "?", "!"}


@given(st.lists(TEXTS, min_size=1, max_size=3), TEXTS, st.data())
def test_without_some_tokens_a_text_has_all_the_others(texts, text, data):
    known = SubwordVocabulary.fit(texts, most=300)
    pieces = known.tokenize(text)
    first = data.draw(st.integers(0, len(pieces) - 1))
    end = data.draw(st.integers(first, len(pieces)))
    left = "".join([*pieces[:first], *pieces[end:]])
    assert known.without(text, first, end).replace(" ", "") == left.replace(" ", "")


def test_without_a_piece_the_rest_of_its_word_does_not_join_its_neighbour():
    known = SubwordVocabulary.fit(["sail sailing sea seaing"] * 5, most=20)
    assert known.tokenize("sea  sailing")[-2:] == [" sail", "ing"]
    last = len(known.tokenize("sea sailing"))
    assert known.without("sea  sailing", last - 2, last - 1).split() == ["sea", "ing"]
    assert known.without("sea  sailing", last - 1, last).split() == ["sea", "sail"]


def test_as_pieces_tokens_have_no_space():
    known = SubwordVocabulary.fit(SENTENCES, most=60)
    assert "▁sea" in known.pieces and not any(" " in piece for piece in known.pieces)
    assert len(known.pieces) == len(known)


def test_more_characters_than_tokens_are_refused():
    with pytest.raises(DataError, match="different characters"):
        SubwordVocabulary.fit(SENTENCES, most=10)
