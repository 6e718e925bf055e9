"""What a model of texts knows, learnt from those of its training set: words, characters or subwords."""

import math
from collections.abc import Sequence

import numpy as np

from components.data.tokenizers.subword_tokenizer import SubwordLevel
from components.data.tokenizers.subword_vocabulary import SubwordVocabulary
from components.data.tokenizers.tokenizer import TokenLevel, Vocabulary

TextVocabulary = Vocabulary | SubwordVocabulary

_LEARNT_FROM = 2_000_000  # characters that byte pairs are learnt from, of texts evenly spread: takes seconds


def text_level(level: SubwordLevel) -> TokenLevel:
    """Return what texts are cut into where they are counted and compared: subwords are pieces of words."""
    return "character" if level == "character" else "word"


def learn_vocabulary(
    texts: Sequence[str], level: SubwordLevel, *, most: int, min_count: int = 1, lower: bool = False
) -> TextVocabulary:
    """Return the tokens of texts, which should be those of the training set only.

    Args:
        texts: to learn from; subwords are learnt from so many of them as takes seconds.
        level: of what a token is.
        most: tokens to know at most, the special ones included.
        min_count: how often a word or a character has to stand there to be known.
        lower: whether capitals count as small letters.

    Raises:
        DataError: if `most` leaves no room for any token, or of subwords for all the characters.
    """
    if level == "byte_pair":
        return SubwordVocabulary.fit(_some(texts), most=most, lower=lower)
    return Vocabulary.fit(texts, level, most=most, min_count=min_count, lower=lower)


def min_subwords(texts: Sequence[str], *, lower: bool) -> int:
    """Return the tokens that `learn_vocabulary` needs for subwords of texts at least."""
    return SubwordVocabulary.min_tokens(_some(texts), lower=lower)


def merges_of(vocabulary: TextVocabulary) -> np.ndarray | None:
    """Return what cuts texts into subwords, as SentencePiece keeps it, (bytes,) uint8; None of other ones."""
    if not isinstance(vocabulary, SubwordVocabulary):
        return None
    return np.frombuffer(vocabulary.byte_pairs.merges, np.uint8)


def _some(texts: Sequence[str]) -> Sequence[str]:
    return texts[:: max(1, math.ceil(sum(map(len, texts)) / _LEARNT_FROM))]
