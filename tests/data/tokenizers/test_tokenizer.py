"""Texts become numbers and texts again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.tokenizers.tokenizer import (
    END,
    PAD,
    SPECIAL,
    START,
    UNKNOWN,
    Vocabulary,
    join_tokens,
    natural_level,
    pad_sequences,
    tokenize,
)
from components.errors import DataError

TEXT = st.text(max_size=60)


def test_words_keep_together_what_belongs_together():
    text = "Don't stop, mother-in-law!!! It's 1,234.5 :)"
    assert tokenize(text, "word") == [
        "Don't",
        "stop",
        ",",
        "mother-in-law",
        "!!!",
        "It's",
        "1,234.5",
        ":",
        ")",
    ]
    assert tokenize("Ünïcode 你好!", "word", lower=True) == ["ünïcode", "你好", "!"]


@pytest.mark.parametrize(
    ("texts", "level"),
    [
        (["The keeper climbs the stairs."], "word"),
        (["守塔人爬上楼梯。", "OK"], "character"),
        (["กลางคืนมืด"], "character"),
        (["등대지기가 계단을 오른다"], "word"),
        ([""], "word"),
    ],
)
def test_tokens_are_characters_where_no_spaces_part_the_words(texts, level):
    assert natural_level(texts) == level


@given(TEXT)
def test_words_lose_nothing_but_the_spaces(text):
    assert "".join(tokenize(text, "word")) == "".join(text.split())


@given(TEXT)
def test_characters_lose_nothing(text):
    assert join_tokens(tokenize(text, "character"), "character") == text


@given(st.lists(TEXT, min_size=1, max_size=5))
def test_what_was_learnt_comes_back(texts):
    known = Vocabulary.fit(texts, "character", most=10_000)
    for text in texts:
        codes = known.encode(text, with_markers=True)
        assert known.tokens[codes[0]] == START and known.tokens[codes[-1]] == END
        assert known.decode(codes[1:]) == text
    assert len(known) == len(SPECIAL) + len(set("".join(texts)))


def test_the_frequent_come_first_and_the_rest_is_unknown():
    known = Vocabulary.fit(["b a a", "a c c d"], "word", most=len(SPECIAL) + 2)
    assert known.tokens == (*SPECIAL, "a", "c")
    assert known.tokens.index(PAD) == 0
    assert [known.tokens[code] for code in known.encode("a b c")] == ["a", UNKNOWN, "c"]
    assert known.decode(known.encode("a b c")) == "a � c"
    assert known.contains("a") and not known.contains("b")


def test_the_rare_are_left_out():
    assert Vocabulary.fit(["a a b"], "word", most=100, min_count=2).tokens == (*SPECIAL, "a")


def test_a_text_that_holds_a_special_token_takes_no_code_from_it():
    known = Vocabulary.fit(["<pad> <end>"], "word", most=100)
    assert len(set(known.tokens)) == len(known.tokens)
    assert 0 not in known.encode("<pad> <pad>")


def test_nothing_comes_after_the_end():
    known = Vocabulary.fit(["ab"], "character", most=100)
    codes = [*known.encode("a", with_markers=True), *known.encode("b")]
    assert known.decode(codes) == "a"


def test_no_room_for_tokens_is_refused():
    with pytest.raises(DataError, match="no room"):
        Vocabulary.fit(["a"], "word", most=len(SPECIAL))


@pytest.mark.parametrize(
    ("pad", "cut", "wanted"),
    [
        ("right", "right", [[1, 2, 0], [1, 2, 3], [0, 0, 0]]),
        ("left", "right", [[0, 1, 2], [1, 2, 3], [0, 0, 0]]),
        ("right", "left", [[1, 2, 0], [2, 3, 4], [0, 0, 0]]),
        ("left", "left", [[0, 1, 2], [2, 3, 4], [0, 0, 0]]),
    ],
)
def test_padding_and_cutting_choose_their_side(pad, cut, wanted):
    rows = [np.array([1, 2]), np.array([1, 2, 3, 4]), np.array([], np.int32)]
    assert pad_sequences(rows, 3, pad=pad, cut=cut).tolist() == wanted


def test_every_word_is_left_out_of_no_text_that_fits():
    assert pad_sequences([np.arange(1, 4)], 3).tolist() == [[1, 2, 3]]
