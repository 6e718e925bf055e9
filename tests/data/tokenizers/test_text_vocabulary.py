"""What a model of texts knows: the same methods at every level, and of subwords the fewest there may be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.tokenizers import text_vocabulary as module
from components.data.tokenizers.subword_tokenizer import SubwordTokenizer
from components.data.tokenizers.text_vocabulary import learn_vocabulary, merges_of, min_subwords, text_level
from components.data.tokenizers.tokenizer import SPECIAL, UNKNOWN
from components.errors import DataError

SENTENCES = ["The sea is blue.", "Is the sea blue?", "The ship sails the blue sea!"]
LEVELS = ["word", "character", "byte_pair"]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.mark.parametrize("level", LEVELS)
def test_a_text_is_as_many_codes_as_tokens_and_only_what_is_unknown_has_that_code(level):
    known = learn_vocabulary(SENTENCES, level, most=60, lower=True)
    assert known.tokens[: len(SPECIAL)] == SPECIAL and len(known) == len(known.tokens) <= 60
    for text in (*SENTENCES, "A fish: ж!"):
        pieces, codes = known.tokenize(text), known.encode(text)
        assert len(pieces) == len(codes)
        unknown = (codes == SPECIAL.index(UNKNOWN)).tolist()
        assert [not known.contains(piece) for piece in pieces] == unknown
        assert any(unknown) == (text not in SENTENCES)


@given(st.lists(TEXTS, min_size=1, max_size=4), st.booleans())
def test_so_many_subwords_as_are_needed_are_enough_and_one_less_is_refused(texts, lower):
    fewest = min_subwords(texts, lower=lower)
    assert len(learn_vocabulary(texts, "byte_pair", most=fewest, lower=lower)) <= fewest
    with pytest.raises(DataError, match="different characters"):
        learn_vocabulary(texts, "byte_pair", most=fewest - 1, lower=lower)


def test_subwords_are_learnt_from_texts_evenly_spread_where_there_are_many(monkeypatch):
    monkeypatch.setattr(module, "_LEARNT_FROM", 100)
    texts = [f"the sea {'ж' if number % 2 else 'я'}" for number in range(20)]
    known = learn_vocabulary(texts, "byte_pair", most=60)
    assert known.contains("я") and not known.contains("ж")
    assert min_subwords(texts, lower=False) == len(set(" thesaя")) + len(SPECIAL)


def test_subwords_are_counted_as_the_words_that_they_are_pieces_of():
    assert {level: text_level(level) for level in LEVELS} == {
        "word": "word",
        "byte_pair": "word",
        "character": "character",
    }


def test_what_cuts_texts_into_subwords_can_be_kept():
    known = learn_vocabulary(SENTENCES, "byte_pair", most=60)
    merges = merges_of(known)
    assert merges is not None and merges.dtype == np.uint8
    again = SubwordTokenizer((), "byte_pair", merges.tobytes())
    assert again.tokenize(" The sea") == known.tokenize("The sea")
    assert merges_of(learn_vocabulary(SENTENCES, "word", most=60)) is None
