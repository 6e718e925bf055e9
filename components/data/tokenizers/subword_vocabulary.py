"""Subwords of texts that stand alone: byte pairs numbered behind the special tokens."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from components.data.tokenizers.subword_tokenizer import SPACE, SubwordTokenizer, min_byte_pair_tokens
from components.data.tokenizers.tokenizer import END, SPECIAL, UNKNOWN

_BEFORE = len(SPECIAL) - 1  # places by which a token moves: of the tokenizer's own, only its first is special
_UNKNOWN = SPECIAL.index(UNKNOWN)


@dataclass(frozen=True, eq=False)
class SubwordVocabulary:
    """Byte pairs (Sennrich, Haddow and Birch, 2016) with the codes and methods of a `Vocabulary`.

    A text is read with a space before it, so that its first word is the word that it is elsewhere.

    Attributes:
        byte_pairs: those of the training set.
        lower: whether capitals count as small letters.
    """

    byte_pairs: SubwordTokenizer
    lower: bool = False

    @classmethod
    def fit(cls, texts: Iterable[str], *, most: int, lower: bool = False) -> "SubwordVocabulary":
        """Learn the byte pairs of texts, which should be those of the training set only.

        Args:
            texts: to learn from.
            most: tokens to know at most, the special ones included.
            lower: whether capitals count as small letters.

        Raises:
            DataError: if there are more characters than that.
        """
        spaced = (with_spaces(text, lower=lower) for text in texts)
        return cls(SubwordTokenizer.fit_sentences(spaced, most=most - _BEFORE), lower)

    @staticmethod
    def min_tokens(texts: Iterable[str], *, lower: bool) -> int:
        """Return how many tokens `fit` needs at least: each character is one, and so are the special ones."""
        spaced = "".join(with_spaces(text, lower=lower) for text in texts)
        return min_byte_pair_tokens(spaced) + _BEFORE

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """All tokens, the special ones first; a token's code is its place."""
        return (*SPECIAL, *self.byte_pairs.tokens[1:])

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """The tokens as SentencePiece writes them, with ▁ for a space, so that spaces can part them."""
        return tuple(token.replace(" ", SPACE) for token in self.tokens)

    def __len__(self) -> int:
        """Return the number of tokens, the special ones included."""
        return len(self.byte_pairs) + _BEFORE

    def tokenize(self, text: str) -> list[str]:
        """Cut a text into tokens, known or not."""
        return self.byte_pairs.tokenize(with_spaces(text, lower=self.lower))

    def without(self, text: str, first: int, end: int) -> str:
        """Return a text with a space in the place of its tokens from the first to the one before the end.

        What is left of a word that they are pieces of stands apart from its neighbours.
        """
        ends = np.cumsum([0, *map(len, self.tokenize(text))])
        spaced = with_spaces(text, lower=self.lower)
        return f"{spaced[: ends[first]]} {spaced[ends[end] :]}"

    def encode(self, text: str) -> np.ndarray:
        """Return the codes of a text, (tokens,) int32; an unknown token has the code of `UNKNOWN`."""
        codes = self.byte_pairs.encode_tokens(self.tokenize(text))
        return np.where(codes, codes + _BEFORE, _UNKNOWN).astype(np.int32)

    def join(self, pieces: Iterable[str]) -> str:
        """Return the text of tokens; special ones are left out."""
        return " ".join("".join(piece for piece in pieces if piece not in SPECIAL).split())

    def decode(self, codes: Iterable[int]) -> str:
        """Return the text of codes up to the first `END`; unknown ones are �.

        Raises:
            IndexError: if a code is none of this vocabulary's.
        """
        pieces, tokens = [], self.tokens
        for code in codes:
            if tokens[code] == END:
                break
            pieces.append(self.byte_pairs.tokens[0] if code == _UNKNOWN else tokens[code])
        return self.join(pieces)

    def contains(self, piece: str) -> bool:
        """Return whether a token, as `tokenize` gives it, is known."""
        return bool(self.byte_pairs.encode_tokens([piece])[0])


def with_spaces(text: str, *, lower: bool) -> str:
    """Return a text with a single space before each word, whatever blanks it has."""
    return "".join(f" {word}" for word in (text.lower() if lower else text).split())
