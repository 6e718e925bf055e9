"""What a text costs that is foretold by counting: how often each token followed those before it."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_CHARACTERS = 0x110000  # that Unicode has room for
_USUAL_DISCOUNT = 0.5


@dataclass(frozen=True, eq=False)
class _Counts:
    """How often each stretch of tokens was seen, and by how many different tokens it went on.

    Attributes:
        keys: of the stretches, rising, (stretches,) int64.
        times: how often each was seen, or after how many different tokens, (stretches,).
        begins: keys of what stands before their last tokens, rising, (begins,).
        totals: sum of `times` over the stretches that begin so, (begins,).
        kinds: number of these stretches, (begins,).
        discount: D, what is taken from each count.
    """

    keys: np.ndarray
    times: np.ndarray
    begins: np.ndarray
    totals: np.ndarray
    kinds: np.ndarray
    discount: float


class KneserNey:
    """An n-gram model with interpolated Kneser–Ney smoothing.

    With c the count of a stretch of n tokens, and of shorter ones the number of different tokens that were
    seen before them,

        p(w | u) = max(c(u w) − D, 0) / c(u ·) + D · N(u ·) / c(u ·) · p(w | u without its first token),

    where N(u ·) is the number of different tokens seen after u, and D = n₁ / (n₁ + 2 n₂) of the n₁ stretches
    that count once and the n₂ that count twice. Below single tokens stands 1 / vocabulary. See Kneser and
    Ney (1995) and, for this form, Chen and Goodman (1999), “An empirical study of smoothing techniques for
    language modeling”.

    Args:
        codes: the training set, (tokens,).
        vocabulary: number of different tokens.
        order: n, 3 for trigrams.

    Raises:
        ValueError: if stretches of n tokens can't be numbered in 63 bits.
    """

    def __init__(self, codes: np.ndarray, vocabulary: int, order: int = 3):
        if vocabulary**order >= 2**63:
            raise ValueError(f"{order}-grams of {vocabulary} tokens are too many")
        self.vocabulary, self.order = vocabulary, order
        keys, times = np.unique(
            _keys(codes, np.arange(order - 1, len(codes)), vocabulary, order), return_counts=True
        )
        tables = [_count_keys(keys, times, vocabulary)]
        for shorter in range(order - 1, 0, -1):
            # Each stretch of one token more that is there counts once, however often it is.
            keys, times = np.unique(keys % vocabulary**shorter, return_counts=True)
            tables.append(_count_keys(keys, times, vocabulary))
        self._tables = tables[::-1]

    def probabilities(self, codes: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Return the probability of the token at each place of a text, after those before it, (places,).

        Args:
            codes: a text, (tokens,).
            places: none of the first `order − 1`.
        """
        found = np.full(len(places), 1 / self.vocabulary)
        for length, table in enumerate(self._tables, 1):
            keys = _keys(codes, places, self.vocabulary, length)
            totals, kinds = (
                _lookup(table.begins, held, keys // self.vocabulary) for held in (table.totals, table.kinds)
            )
            seen = np.maximum(_lookup(table.keys, table.times, keys) - table.discount, 0)
            known = totals > 0
            found[known] = ((seen + table.discount * kinds * found) / np.where(known, totals, 1))[known]
        return found


def _keys(codes: np.ndarray, places: np.ndarray, vocabulary: int, length: int) -> np.ndarray:
    """Number the stretches of a length that end at places, (places,) int64."""
    keys = np.zeros(len(places), np.int64)
    for back in range(length - 1, -1, -1):
        keys = keys * vocabulary + codes[places - back]
    return keys


def _count_keys(keys: np.ndarray, times: np.ndarray, vocabulary: int) -> _Counts:
    begins, first = np.unique(keys // vocabulary, return_index=True)
    once, twice = (int(np.sum(times == number)) for number in (1, 2))
    discount = once / (once + 2 * twice) if once else _USUAL_DISCOUNT
    kinds = np.diff(np.append(first, len(keys)))
    return _Counts(keys, times, begins, np.add.reduceat(times, first), kinds, discount)


def _lookup(keys: np.ndarray, values: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return the values of wanted keys; 0 of those that aren't there."""
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[places] == wanted, values[places], 0)


def unigram(codes: np.ndarray, vocabulary: int) -> np.ndarray:
    """Return each token's probability wherever it stands, (vocabulary,): (c + 1) / (tokens + vocabulary).

    The one that is added (Laplace) leaves something for tokens that the training set doesn't have.
    """
    return (np.bincount(codes, minlength=vocabulary) + 1) / (len(codes) + vocabulary)


class Speller:
    """What it costs to spell a token that a model doesn't know.

    A model that only says “unknown” hasn't told the text. So every model here has to spell such tokens,
    letter by letter and an end after the last, by how often the training set has each letter; a letter
    that it hasn't is any of Unicode's. That makes bits per character comparable whatever a token is.

    Args:
        pieces: the tokens of the training set.
    """

    def __init__(self, pieces: Sequence[str]):
        self._letters = Counter[str]()
        for piece, times in Counter(pieces).items():
            for letter in piece:
                self._letters[letter] += times
        self._ends = len(pieces)
        self._total = self._letters.total() + self._ends + len(self._letters) + 2  # 1 more for each kind

    def nats(self, piece: str) -> float:
        """Return −ln of the probability of a token's spelling."""
        cost = -math.log((self._ends + 1) / self._total)
        for letter in piece:
            cost -= math.log((self._letters[letter] + 1) / self._total)
            if letter not in self._letters:
                cost += math.log(_CHARACTERS)
        return cost
