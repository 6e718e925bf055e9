"""Transcribing without learning: a recording is cut at its pauses, and each piece is the word next to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

import numpy as np

from components.insight.example import evenly_spaced
from components.tasks.transcription.problem import TranscriptionProblem

_DEPTHS = (8.0, 12.0, 16.0, 20.0, 25.0, 30.0, 40.0)  # decibels below the loudest frame where a pause begins
_PAUSES = (1, 2, 4, 8, 16)  # frames of the shortest pause
_SHORTEST = 4  # frames of a word
_STEPS = 16  # that pieces are brought to before they are compared
_MOST_TRIED = 300  # recordings of the training set by which depth and pause are chosen
_MOST_PIECES = 5000  # that others are compared with


@dataclass(frozen=True)
class _Cut:
    """Where a recording is cut: below so many decibels of its loudest frame, for so many frames."""

    depth: float
    pause: int

    def runs(self, loudness: np.ndarray) -> list[slice]:
        """Return the stretches between pauses, by the loudness of the frames, (frames,) in decibels."""
        heard = np.flatnonzero(loudness >= loudness.max() - self.depth)
        runs = np.split(heard, np.flatnonzero(np.diff(heard) > self.pause) + 1)
        return [slice(run[0], run[-1] + 1) for run in runs if run[-1] - run[0] + 1 >= _SHORTEST]

    def pieces(self, levels: np.ndarray) -> list[np.ndarray]:
        """Cut a recording, (frames, bands) in decibels → its pieces, in their order."""
        return [levels[run] for run in self.runs(_loudness(levels))]


def transcribe_by_pauses(problem: TranscriptionProblem, examples: np.ndarray) -> list[np.ndarray] | None:
    """Transcribe recordings by the training set's, cut at their pauses.

    Where a pause begins is chosen so that as many training recordings as possible fall into as many pieces as
    they have words: these are the pieces whose words are known. Others are compared with them by Euclid's
    distance, after all are brought to equally many steps and the same loudness.

    Args:
        problem: the recordings.
        examples: (N,) numbers of those that are to be transcribed.

    Returns:
        (words,) the numbers of the words of each; None where no training recording can be cut into its words.
    """
    from sklearn.metrics import pairwise_distances_argmin  # noqa: PLC0415 - for a worker

    best = _best_cut(problem)
    known = list(islice(_patterns(problem, best), _MOST_PIECES))
    if not known:
        return None
    patterns, words = np.stack([pattern for pattern, _ in known]), np.array([word for _, word in known])
    asked = [best.pieces(problem.dataset.sequence(int(number))) for number in examples]
    counts = list(map(len, asked))
    # All at once: to get a comparison ready takes longer than to make it for a few.
    pieces = [_pattern(piece) for own in asked for piece in own]
    heard = words[pairwise_distances_argmin(np.stack(pieces), patterns)] if pieces else words[:0]
    return np.split(heard, np.cumsum(counts)[:-1])


def _best_cut(problem: TranscriptionProblem) -> _Cut:
    """Return by which cut the most training recordings fall into as many pieces as they have words."""
    tried = evenly_spaced(problem.train, _MOST_TRIED)
    sounds = [_loudness(problem.dataset.sequence(int(number))) for number in tried]
    words = problem.transcripts.lengths[tried]

    def fitting(cut: _Cut) -> int:
        return sum(len(cut.runs(sound)) == many for sound, many in zip(sounds, words, strict=True))

    return max((_Cut(depth, pause) for depth, pause in product(_DEPTHS, _PAUSES)), key=fitting)


def _patterns(problem: TranscriptionProblem, cut: _Cut) -> Iterator[tuple[np.ndarray, int]]:
    """Yield the pattern and the word of each piece of the training set whose word is known."""
    for number in problem.train.tolist():
        pieces = cut.pieces(problem.dataset.sequence(number))
        words = problem.transcripts.words(number).tolist()
        if len(pieces) == len(words):
            yield from zip(map(_pattern, pieces), words, strict=True)


def _loudness(levels: np.ndarray) -> np.ndarray:
    """Return how loud each frame is, (frames,) in decibels, of (frames, bands)."""
    return 10 * np.log10((10 ** (levels / 10)).sum(axis=1))


def _pattern(piece: np.ndarray) -> np.ndarray:
    """Bring a piece, (frames, bands), to (steps · bands,), its mean at 0."""
    places, own = np.linspace(0, len(piece) - 1, _STEPS), np.arange(len(piece))
    resampled = np.column_stack([np.interp(places, own, band) for band in piece.T])
    return (resampled - resampled.mean()).ravel()
