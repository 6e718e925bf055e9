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


def test_more_characters_than_tokens_are_refused():
    with pytest.raises(DataError, match="different characters"):
        SubwordVocabulary.fit(SENTENCES, most=10)
