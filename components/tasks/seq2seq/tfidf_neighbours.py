"""The training pairs whose texts are most like a given one: what a mere memory would answer from."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.data.tokenizers.tokenizer import TokenLevel, tokenize

if TYPE_CHECKING:
    from scipy import sparse

_PORTION = 256  # texts that are compared with all others at the same time
_RUNS = {"word": 2, "character": 3}


@dataclass(frozen=True)
class Neighbour:
    """A training pair and how like its text is to another one, from 0 to 1."""

    source: str
    answer: str
    likeness: float


class TfidfNeighbours:
    """Finds texts by what is rare in them: the cosine of their TF-IDF vectors.

    Salton and Buckley (1988): a run of n tokens weighs (1 + log of how often it is there) times
    (1 + log((1 + N) / (1 + texts with it))). scikit-learn's, with `sublinear_tf`, are the same; but to import
    it takes a worker seconds and 140 MB.

    Args:
        texts: N, to look among.
        level: words: runs of one and two are compared; characters: of one to three.
        lower: whether capitals count as small letters.
    """

    def __init__(self, texts: Sequence[str], level: TokenLevel, *, lower: bool):
        self._level, self._lower = level, lower
        counted = [self._runs(text) for text in texts]
        runs = sorted(set().union(*counted))
        self._places = {run: place for place, run in enumerate(runs)}
        together = Counter(run for counts in counted for run in counts)
        with_it = np.array([together[run] for run in runs], np.float32)
        self._rarity = 1 + np.log((1 + len(texts)) / (1 + with_it))
        self._known = self._vectors(counted).T.tocsr()

    def find(self, texts: Sequence[str], many: int = 1) -> tuple[np.ndarray, np.ndarray]:
        """Return the places of the most similar texts and their likeness, (texts, many) each, the best first.

        Of equals the first comes first.
        """
        places, likeness = [], []
        for begin in range(0, len(texts), _PORTION):
            given = self._vectors([self._runs(text) for text in texts[begin : begin + _PORTION]])
            cosines = (given @ self._known).toarray()
            best = np.argsort(-cosines, axis=1, kind="stable")[:, :many]
            places.append(best)
            likeness.append(np.take_along_axis(cosines, best, axis=1))
        return np.concatenate(places), np.concatenate(likeness)

    def _runs(self, text: str) -> Counter[tuple[str, ...]]:
        cut = tokenize(text, self._level, lower=self._lower)
        return Counter(
            tuple(cut[begin : begin + length])
            for length in range(1, _RUNS[self._level] + 1)
            for begin in range(len(cut) - length + 1)
        )

    def _vectors(self, counted: Sequence[Counter[tuple[str, ...]]]) -> "sparse.csr_array":
        """Return the vectors, (texts, runs), each of length 1; of what isn't known nothing is in them."""
        from scipy import sparse  # noqa: PLC0415 - for a worker; the app only shows what was found

        known = [{self._places[run]: many for run, many in c.items() if run in self._places} for c in counted]
        ends = np.cumsum([0, *map(len, known)])
        columns = np.fromiter((place for one in known for place in one), np.int32, ends[-1])
        counts = np.fromiter((many for one in known for many in one.values()), np.float32, ends[-1])
        weights = (1 + np.log(counts)) * self._rarity[columns]
        rows = np.repeat(np.arange(len(known)), np.diff(ends))
        lengths = np.sqrt(np.bincount(rows, weights**2, len(known)))
        weights /= lengths[rows]
        return sparse.csr_array((weights.astype(np.float32), columns, ends), (len(known), len(self._places)))
