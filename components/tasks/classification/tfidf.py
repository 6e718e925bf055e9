"""Logistic regression on TF-IDF: a baseline of texts, and what a network may start from. For a worker."""

import copy
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from components.data.splits.folds import deal_folds
from components.data.tokenizers.tokenizer import TokenLevel, Vocabulary, tokenize
from components.models.tfidf_start import TfidfBlock, TfidfWeights

if TYPE_CHECKING:
    from scipy import sparse

NGRAMS: dict[TokenLevel, int] = {"word": 1, "character": 4}
"""Tokens of the longest n-gram that is counted."""
_FOLDS = 5


@dataclass(frozen=True, eq=False)
class _Line:
    """A linear model of rows of features: logits of all classes, of two only that of the second."""

    coefficients: np.ndarray
    intercept: np.ndarray

    @classmethod
    def fit(cls, rows: "sparse.csr_matrix", codes: np.ndarray, classes: int, *, balanced: bool) -> Self:
        """Learn from rows, (N, features), and their classes, (N,) codes; some may have no row at all."""
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - takes a second

        seen = np.unique(codes)
        # By class. One that was never seen is not impossible.
        coefficients = np.zeros((rows.shape[1], classes))
        intercept = np.full(classes, np.log(0.5 / len(codes)))
        intercept[seen] = 0.0
        if len(seen) > 1:
            model = LogisticRegression(solver="newton-cg", class_weight="balanced" if balanced else None)
            model.fit(rows, codes)
            # Of two, scikit-learn has the second's alone.
            own = seen[1:] if len(seen) == 2 else seen
            coefficients[:, own], intercept[own] = model.coef_.T, model.intercept_
        if classes == 2:
            return cls(coefficients[:, 1:] - coefficients[:, :1], intercept[1:] - intercept[:1])
        return cls(coefficients, intercept)

    def logits(self, rows: "sparse.csr_matrix") -> np.ndarray:
        """Return the logits of rows, (N, outputs) float64."""
        return rows @ self.coefficients + self.intercept


class TfidfClassifier:
    """Logistic regression on TF-IDF of words, or of up to four characters in a row.

    All tokens are counted, those too that a network doesn't know or doesn't get to read.

    Args:
        texts: N, to learn from.
        codes: (N,) their classes.
        classes: how many there are.
        level: of what a token is.
        lower: whether capitals count as small letters.
        balanced: whether rare classes count as much as frequent ones.
        groups: (N,) of the texts, such as their authors, where none is to tell of another of the same group.
        spells: whether the characters of words, joined by spaces, are counted beside the words.
    """

    def __init__(
        self,
        texts: Sequence[str],
        codes: np.ndarray,
        classes: int,
        *,
        level: TokenLevel,
        lower: bool,
        balanced: bool = False,
        groups: np.ndarray | None = None,
        spells: bool = False,
    ):

        self._level, self._lower = level, lower
        self._codes, self._classes, self._balanced, self._groups = codes, classes, balanced, groups
        self._texts = texts
        self._blocks = [_Block(level), *([_Block("character", spells=True)] if spells else [])]
        cut = [self.tokens(text) for text in texts]
        self._rows = _beside([block.fit(cut) for block in self._blocks])
        self._line = _Line.fit(self._rows, codes, classes, balanced=balanced)

    def tokens(self, text: str) -> list[str]:
        """Cut a text into the tokens that are counted."""
        return tokenize(text, self._level, lower=self._lower)

    def logits(self, cut: Iterable[Sequence[str]]) -> np.ndarray:
        """Return the logits of texts that are cut into tokens, (texts, outputs) float64.

        Of all classes; of two, only that of the second.
        """
        every = list(cut)
        return self._line.logits(_beside([block.rows(every) for block in self._blocks]))

    def logits_of_unseen(self) -> np.ndarray:
        """Return the logits of the texts that it learnt from, (N, outputs), as if each were new.

        Of each fold they are by a model of the others. What is learnt on top of them would else find nothing
        left to learn in texts that this one knows by heart (stacked generalisation: Wolpert, 1992).
        """
        folds = deal_folds(self._codes, _FOLDS, groups=self._groups)
        found = self._line.logits(self._rows)
        for fold in np.unique(folds):
            own = folds == fold
            if not own.all():
                line = _Line.fit(self._rows[~own], self._codes[~own], self._classes, balanced=self._balanced)
                found[own] = line.logits(self._rows[own])
        return found

    def reweighted(self, *, balanced: bool) -> Self:
        """Return it with rare classes counting as much as frequent ones, or not."""
        if balanced == self._balanced:
            return self
        other = copy.copy(self)
        other._balanced = balanced
        other._line = _Line.fit(self._rows, self._codes, self._classes, balanced=balanced)
        return other

    @property
    def weights(self) -> TfidfWeights:
        """What it consists of, as plain numbers."""
        ends = np.cumsum([block.width for block in self._blocks])[:-1]
        parts = np.split(self._line.coefficients, ends)
        cut = [self.tokens(text) for text in self._texts]
        return TfidfWeights(
            tuple(
                block.weights(cut, own, lower=self._lower)
                for block, own in zip(self._blocks, parts, strict=True)
            ),
            self._line.intercept,
        )


class _Block:
    """Counts the n-grams of one level in texts that are cut into tokens already.

    Args:
        level: of what is counted.
        spells: whether the tokens are words whose characters are counted.
    """

    def __init__(self, level: TokenLevel, *, spells: bool = False):
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - takes a second

        self._level, self._spells = level, spells
        self._counting = TfidfVectorizer(
            tokenizer=list, token_pattern=None, lowercase=False, ngram_range=(1, NGRAMS[level])
        )

    @property
    def width(self) -> int:
        """Return how many n-grams are counted."""
        return len(self._counting.idf_)

    def fit(self, cut: Sequence[Sequence[str]]) -> "sparse.csr_matrix":
        """Learn which n-grams there are, and return their weights in each text, (N, n-grams)."""
        return self._counting.fit_transform(map(self._spelled, cut))

    def rows(self, cut: Sequence[Sequence[str]]) -> "sparse.csr_matrix":
        """Return the weights of the known n-grams in texts, (N, n-grams)."""
        return self._counting.transform(map(self._spelled, cut))

    def weights(self, cut: Sequence[Sequence[str]], coefficients: np.ndarray, *, lower: bool) -> TfidfBlock:
        """Return what it consists of, as plain numbers; `cut` is what it learnt from."""
        counts = Counter(token for tokens in cut for token in self._spelled(tokens))
        return TfidfBlock(
            tokens=Vocabulary.of(counts, self._level, most=sys.maxsize, lower=lower),
            longest=NGRAMS[self._level],
            grams=tuple(self._counting.get_feature_names_out()),
            rarity=self._counting.idf_,
            coefficients=coefficients,
        )

    def _spelled(self, tokens: Sequence[str]) -> Sequence[str]:
        return " ".join(tokens) if self._spells else tokens


def _beside(rows: "Sequence[sparse.csr_matrix]") -> "sparse.csr_matrix":
    from scipy import sparse  # noqa: PLC0415 - for a worker

    return rows[0] if len(rows) == 1 else sparse.hstack(rows, format="csr")
