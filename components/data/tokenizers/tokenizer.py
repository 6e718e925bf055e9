"""Texts to numbers and back: cut into tokens, numbered by a vocabulary, padded to one length."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Literal

import numpy as np

from components.data.parsing.scripts import is_unspaced
from components.errors import DataError

TokenLevel = Literal["word", "character"]
PaddingSide = Literal["left", "right"]

PAD, UNKNOWN, START, END = "<pad>", "<unknown>", "<start>", "<end>"
SPECIAL = (PAD, UNKNOWN, START, END)
"""Tokens that no text holds, in the order of their codes: 0 is padding, so that it can be masked."""

_LOOKED_AT, _TEXTS_LOOKED_AT = 2000, 200  # characters of a text, and texts, that tell their script
# A word with what binds it (don't, mother-in-law, 1,234.5), a smiley or a run of one sign, or a sign alone.
_WORDS = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*|([^\w\s])\1*|_+")


def tokenize(text: str, level: TokenLevel, *, lower: bool = False) -> list[str]:
    """Cut a text into words and signs, or into characters.

    Args:
        text: any.
        level: of what a token is. Words lose the spaces between them; characters lose nothing.
        lower: whether capitals become small letters first.
    """
    text = text.lower() if lower else text
    return list(text) if level == "character" else [found.group() for found in _WORDS.finditer(text)]


def natural_level(texts: Iterable[str]) -> TokenLevel:
    """Return the tokens that texts come in: words, or characters where no spaces part the words.

    Example:
        >>> natural_level(["The keeper climbs the stairs."]), natural_level(["守塔人爬上楼梯。"])
        ('word', 'character')
    """
    beginning = "".join(text[:_LOOKED_AT] for text in islice(texts, _TEXTS_LOOKED_AT))
    return "character" if is_unspaced(beginning) else "word"


def count_tokens(texts: Iterable[str], level: TokenLevel, *, lower: bool = False) -> Counter[str]:
    """Count the tokens of texts."""
    counts = Counter[str]()
    for text in texts:
        counts.update(tokenize(text, level, lower=lower))
    return counts


def join_tokens(pieces: Iterable[str], level: TokenLevel) -> str:
    """Write tokens as a text: characters as they are, words with a space between; special ones left out."""
    kept = (piece for piece in pieces if piece not in SPECIAL)
    return ("" if level == "character" else " ").join(kept)


@dataclass(frozen=True)
class Vocabulary:
    """The tokens that a model knows; a token's code is its place.

    Attributes:
        tokens: all tokens, the special ones first, then by how often they were seen.
        level: of what a token is.
        lower: whether capitals count as small letters.
    """

    tokens: tuple[str, ...]
    level: TokenLevel
    lower: bool = False

    @classmethod
    def fit(
        cls, texts: Iterable[str], level: TokenLevel, *, most: int, min_count: int = 1, lower: bool = False
    ) -> "Vocabulary":
        """Take up the tokens of texts, which should be those of the training set only.

        Args:
            texts: to learn the tokens from.
            level: of what a token is.
            most: tokens to know at most, the special ones included.
            min_count: how often a token has to stand there to be known.
            lower: whether capitals count as small letters.

        Raises:
            DataError: if `most` leaves no room for any token.
        """
        return cls.of(
            count_tokens(texts, level, lower=lower), level, most=most, min_count=min_count, lower=lower
        )

    @classmethod
    def of(
        cls,
        counts: Mapping[str, int],
        level: TokenLevel,
        *,
        most: int,
        min_count: int = 1,
        lower: bool = False,
    ) -> "Vocabulary":
        """Take up tokens that are counted already; else as `fit`."""
        if most <= len(SPECIAL):
            raise DataError(
                f"A vocabulary of {most} tokens has no room beyond its {len(SPECIAL)} special tokens.",
                where="vocabulary",
                remedy="Choose a larger vocabulary.",
            )
        often = [piece for piece, number in counts.items() if number >= min_count and piece not in SPECIAL]
        often.sort(key=lambda piece: (-counts[piece], piece))
        return cls((*SPECIAL, *often[: most - len(SPECIAL)]), level, lower)

    def __len__(self) -> int:
        """Return the number of tokens, the special ones included."""
        return len(self.tokens)

    def tokenize(self, text: str) -> list[str]:
        """Cut a text into tokens, known or not."""
        return tokenize(text, self.level, lower=self.lower)

    def join(self, pieces: Iterable[str]) -> str:
        """Return the text of tokens; special ones are left out."""
        return join_tokens(pieces, self.level)

    def encode(self, text: str, *, with_markers: bool = False) -> np.ndarray:
        """Return the codes of a text, (tokens,) int32; an unknown token has the code of `UNKNOWN`.

        Args:
            text: any.
            with_markers: whether the codes of `START` and `END` stand round it.
        """
        codes = [self._codes.get(piece, self._codes[UNKNOWN]) for piece in self.tokenize(text)]
        if with_markers:
            codes = [self._codes[START], *codes, self._codes[END]]
        return np.array(codes, np.int32)

    def decode(self, codes: Iterable[int]) -> str:
        """Return the text of codes up to the first `END`; other special tokens are left out, save unknown
        ones.

        Raises:
            IndexError: if a code is none of this vocabulary's.
        """
        pieces = []
        for code in codes:
            piece = self.tokens[code]
            if piece == END:
                break
            pieces.append("�" if piece == UNKNOWN else piece)
        return self.join(pieces)

    def contains(self, piece: str) -> bool:
        """Return whether a token, as `tokenize` gives it, is known."""
        return piece in self._codes

    @cached_property
    def _codes(self) -> dict[str, int]:
        return {piece: code for code, piece in enumerate(self.tokens)}


def pad_sequences(
    sequences: Sequence[np.ndarray], length: int, *, pad: PaddingSide = "right", cut: PaddingSide = "right"
) -> np.ndarray:
    """Bring sequences of codes to one length, (N, length) int32.

    Args:
        sequences: of codes, each (tokens,) int32.
        length: that all get, in tokens.
        pad: the side on which shorter ones are filled with 0, the code of `PAD`.
        cut: the side on which longer ones lose tokens.
    """
    block = np.zeros((len(sequences), length), np.int32)
    for row, codes in zip(block, sequences, strict=True):
        kept = codes[:length] if cut == "right" else codes[max(0, len(codes) - length) :]
        row[slice(0, len(kept)) if pad == "right" else slice(length - len(kept), length)] = kept
    return block
