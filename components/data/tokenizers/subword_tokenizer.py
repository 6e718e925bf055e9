"""The tokens of a model that writes: cut so that nothing is lost, they are the text when side by side."""

import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from components.errors import DataError

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

SubwordLevel = Literal["character", "word", "byte_pair"]

UNKNOWN = 0
"""Code of whatever a lexicon doesn't know."""
UNKNOWN_CHARACTER = "�"
SPACE = "▁"
"""How SentencePiece writes a space."""
MIN_WORD_COUNT = 2
"""How often a word has to stand in the training set to be known: from those that it meets only once a model
learns what to make of a word that it doesn't know."""

# A word with what binds it (don't, mother’s) or another sign, each with the space before it; a space alone.
_WORDS = re.compile(r" ?[^\W_]+(?:['’][^\W_]+)*| ?[^\w\s]| ?_|\s")
_RESERVED_CHARACTERS = str.maketrans(
    "", "", "▅\x1f\0"
)  # that SentencePiece has for its own use: they stay unknown
_CHUNK = 4000  # characters that byte pairs are learnt from at a time
_BREAK = "\x1e"  # that no byte pair goes across, between the words and signs of texts that stand alone


@dataclass(frozen=True, eq=False)
class SubwordTokenizer:
    """The tokens that a model knows; a token's code is its place.

    Attributes:
        tokens: all tokens, each its own; the one at `UNKNOWN` stands for all others.
        level: of what a token is.
        merges: which characters belong together, as SentencePiece keeps it; empty at the other levels.
    """

    tokens: tuple[str, ...]
    level: SubwordLevel
    merges: bytes = b""

    @classmethod
    def fit(cls, text: str, level: SubwordLevel, *, most: int) -> "SubwordTokenizer":
        """Take up the tokens of a text, which should be the training set only.

        Args:
            text: to learn the tokens from.
            level: character; word, a word or a sign with the space before it; byte_pair, stretches of
                characters that often stand together (Sennrich, Haddow and Birch, 2016).
            most: tokens to know at most, the unknown one included: the most frequent.

        Raises:
            DataError: if byte pairs can't be made of so few tokens: each character has to be one.
        """
        if level == "byte_pair":
            return cls._of_merges(_train_byte_pairs(_chunks(_trainable_text(text)), most))
        counts = Counter(text if level == "character" else (found.group() for found in _WORDS.finditer(text)))
        often = [piece for piece, times in counts.items() if level == "character" or times >= MIN_WORD_COUNT]
        often.sort(key=lambda piece: (-counts[piece], piece))
        return cls((UNKNOWN_CHARACTER, *often[: most - 1]), level)

    @classmethod
    def fit_sentences(cls, texts: Iterable[str], *, most: int) -> "SubwordTokenizer":
        """Learn byte pairs from texts that stand alone, such as sentences: none joins a word to a sign.

        Args:
            texts: those of the training set only.
            most: as in `fit`, and what it raises.
        """
        chunks = [chunk for text in texts for chunk in _chunks(_trainable_text(text).replace(_BREAK, ""))]
        return cls._of_merges(_train_byte_pairs([_WORDS.findall(chunk) for chunk in chunks], most))

    @classmethod
    def _of_merges(cls, merges: bytes) -> "SubwordTokenizer":
        pieces = _processor(merges)
        known = [pieces.id_to_piece(code).replace(SPACE, " ") for code in range(1, len(pieces))]
        return cls((UNKNOWN_CHARACTER, *known), "byte_pair", merges)

    def __len__(self) -> int:
        """Return the number of tokens, the unknown one included."""
        return len(self.tokens)

    def tokenize(self, text: str) -> list[str]:
        """Cut a text into tokens, known or not; side by side they are the text.

        Byte pairs take the sign ▁ for a space.
        """
        if self.level == "byte_pair":
            return [piece.replace(SPACE, " ") for piece in self._pieces.encode(text, out_type=str)]
        return list(text) if self.level == "character" else _WORDS.findall(text)

    def count(self, text: str) -> int:
        """Count the tokens of a text, without keeping them all where that can be helped."""
        if self.level == "word":
            return sum(1 for _ in _WORDS.finditer(text))
        return len(text) if self.level == "character" else len(self._pieces.encode(text))

    def encode_tokens(self, pieces: Sequence[str]) -> np.ndarray:
        """Return the codes of tokens, (tokens,) int32."""
        return np.fromiter((self._codes.get(piece, UNKNOWN) for piece in pieces), np.int32, len(pieces))

    def decode(self, codes: Iterable[int]) -> str:
        """Return the text of codes."""
        return "".join(self.tokens[code] for code in codes)

    @cached_property
    def _codes(self) -> dict[str, int]:
        return {piece: code for code, piece in enumerate(self.tokens) if code != UNKNOWN}

    @cached_property
    def _pieces(self) -> "SentencePieceProcessor":
        return _processor(self.merges)


def min_byte_pair_tokens(text: str) -> int:
    """Return the tokens that byte pairs of a text need at least: its characters, and the unknown one."""
    return len(set(_trainable_text(text))) + 1


def _trainable_text(text: str) -> str:
    learnable = text.translate(_RESERVED_CHARACTERS).replace(SPACE, " ")
    return learnable if learnable.strip("\r\n") else f"{learnable} "  # line ends alone are no text to it


def _chunks(text: str) -> list[str]:
    return [text[at : at + _CHUNK] for at in range(0, len(text), _CHUNK)]


def _train_byte_pairs(texts: Sequence[str] | Sequence[list[str]], most: int) -> bytes:
    """Learn byte pairs, of texts that are cut into words none that goes across two."""
    from sentencepiece import SentencePieceTrainer  # noqa: PLC0415 - few recipes need it

    fewest = len({character for text in texts for part in text for character in part}) + 1
    if most < fewest:
        raise DataError(
            f"This text has {fewest - 1:,} different characters, so {most:,} tokens aren't enough for them.",
            where="vocabulary",
            remedy=f"Choose a vocabulary of {fewest:,} tokens or more.",
        )
    file = io.BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=(text if isinstance(text, str) else _BREAK.join(text) for text in texts),
        model_writer=file,
        model_type="bpe",
        vocab_size=most,
        hard_vocab_limit=False,  # a short text may not have as many
        character_coverage=1.0,
        # The text stays as it is, to the last space.
        normalization_rule_name="identity",
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        pretokenization_delimiter="" if isinstance(texts[0], str) else _BREAK,
        max_sentence_length=4 * _CHUNK,
        bos_id=-1,
        eos_id=-1,
        num_threads=1,
        minloglevel=2,
    )
    return file.getvalue()


def _processor(merges: bytes) -> "SentencePieceProcessor":
    from sentencepiece import SentencePieceProcessor  # noqa: PLC0415

    return SentencePieceProcessor(model_proto=merges)
