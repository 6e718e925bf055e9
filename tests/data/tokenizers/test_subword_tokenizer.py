"""Cutting loses nothing, and a lexicon knows what the training set has."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from components.data.tokenizers.subword_tokenizer import (
    UNKNOWN,
    UNKNOWN_CHARACTER,
    SubwordTokenizer,
    min_byte_pair_tokens,
)
from components.errors import DataError

LEVELS = ["character", "word", "byte_pair"]
# Byte pairs write ▁ for a space.
TEXTS = st.text(st.characters(exclude_characters="▁", exclude_categories=["Cs"]))
OWN = "▅\x1f\0"  # signs that SentencePiece has for its own use
SEA = "The sea, the sea, the open sea!\nThe blue, the fresh, the ever free!\n" * 3


@pytest.mark.parametrize("level", LEVELS)
@given(text=TEXTS)
@example(text=" a  b \n\n c\t\r\n_x_ don't “mother’s” ")
@example(text="▂ ünïcödé 🐳🐳 数字")
def test_tokens_side_by_side_are_the_text(level, text):
    lexicon = SubwordTokenizer.fit(SEA, level, most=60)
    assert "".join(lexicon.tokenize(text)) == text
    assert lexicon.count(text) == len(lexicon.tokenize(text))


@pytest.mark.parametrize("level", LEVELS)
@given(text=TEXTS.filter(bool))
@example(text="▅\x1f\0")
@example(text="\n")
@example(text="\r")
def test_a_text_comes_back_from_its_codes_where_all_of_it_is_known(level, text):
    lexicon = SubwordTokenizer.fit(text * 2, level, most=10_000)
    pieces = lexicon.tokenize(text * 2)
    codes = lexicon.encode_tokens(pieces)
    back = [
        piece if code == UNKNOWN else lexicon.tokens[code] for piece, code in zip(pieces, codes, strict=True)
    ]
    assert "".join(back) == text * 2
    if level != "word" and not set(OWN) & set(text):
        assert UNKNOWN not in codes
        assert lexicon.decode(codes) == text * 2


def test_words_keep_the_space_before_them_and_what_binds_them():
    lexicon = SubwordTokenizer.fit(SEA, "word", most=100)
    assert lexicon.tokenize("Don't go, mother’s sea-chest_ is\nopen.") == [
        "Don't", " go", ",", " mother’s", " sea", "-", "chest", "_", " is", "\n", "open", ".",
    ]  # fmt: skip


def test_words_met_once_are_unknown_so_that_a_model_learns_what_follows_them():
    lexicon = SubwordTokenizer.fit("one two two three three", "word", most=100)
    assert set(lexicon.tokens) == {UNKNOWN_CHARACTER, " two", " three"}
    assert lexicon.encode_tokens(["one", " two"]).tolist()[0] == UNKNOWN


@pytest.mark.parametrize("level", LEVELS)
def test_it_knows_the_most_frequent_and_no_more_than_asked(level):
    lexicon = SubwordTokenizer.fit(SEA, level, most=25)
    assert len(lexicon) <= 25
    assert len(set(lexicon.tokens)) == len(lexicon)
    if level == "character":
        assert lexicon.tokens[1] == "e"
        assert (
            SubwordTokenizer.fit(SEA, level, most=4).decode(
                SubwordTokenizer.fit(SEA, level, most=4).encode_tokens("xe")
            )
            == "�e"
        )


def test_byte_pairs_join_what_often_stands_together_and_are_the_same_again():
    lexicon = SubwordTokenizer.fit(SEA, "byte_pair", most=60)
    assert " the" in lexicon.tokens
    assert len(lexicon.tokenize(SEA)) < len(SEA) / 2
    assert SubwordTokenizer.fit(SEA, "byte_pair", most=60).merges == lexicon.merges


def test_byte_pairs_say_how_many_they_have_to_be():
    fewest = min_byte_pair_tokens(SEA)
    assert len(SubwordTokenizer.fit(SEA, "byte_pair", most=fewest)) == fewest
    with pytest.raises(DataError, match=f"{fewest}"):
        SubwordTokenizer.fit(SEA, "byte_pair", most=fewest - 1)
