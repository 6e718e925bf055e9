"""Measuring transcripts of the test set beside rules that cost nothing: for a worker."""

from collections.abc import Sequence

import numpy as np

from components.data.datasets import Transcripts
from components.insight.example import evenly_spaced
from components.models.ctc import align, fewest_steps, log_probabilities
from components.tasks.metrics import score
from components.tasks.task import Outputs
from components.tasks.transcription.metrics import METRICS, WER, Transcriptions
from components.tasks.transcription.pauses import transcribe_by_pauses
from components.tasks.transcription.problem import WATCHED, TranscriptionProblem
from components.tasks.transcription.result import (
    Alignment,
    SearchScore,
    TranscriptScore,
    TranscriptsResult,
)
from components.tasks.transcription.verdict import verdict, wer_gain_interval

TESTED = 1000
"""Most recordings of the test set that are transcribed."""
ALIGNED = 12
"""Recordings of which is kept what the model says at each step, right and wrong ones in equal parts if there
are so many."""
_SEARCHES = (1, 4, 16)  # transcripts followed, of which each is measured


def evaluate(problem: TranscriptionProblem, outputs: Outputs, best_epoch: int) -> TranscriptsResult:
    """Measure a trained model on the test set, beside the usual words and cutting at pauses.

    Args:
        problem: the recordings.
        outputs: of the trained model, logits.
        best_epoch: the epoch whose weights these are.
    """
    tested, transcripts, beams = evenly_spaced(problem.test, TESTED), problem.transcripts, problem.task.beams
    logits, steps = outputs(tested), problem.steps(tested)
    found = {
        number: [best[0] for best in problem.search(logits, steps, number)]
        for number in sorted({*_SEARCHES, beams})
    }
    heard = found[beams]
    rules: dict[str, tuple[str, Sequence[np.ndarray] | None]] = {
        "model": ("Your model", heard),
        "usual": ("The most frequent words", [_usual_words(transcripts, problem.train)] * len(tested)),
        "pauses": ("Cut at pauses, nearest word", transcribe_by_pauses(problem, tested)),
    }
    said = [transcripts.text(number) for number in tested]
    measured = {
        name: (label, Transcriptions([transcripts.join(words) for words in each], said))
        for name, (label, each) in rules.items()
        if each is not None
    }
    scores = tuple(
        score(TranscriptScore, name, label, transcriptions, METRICS)
        for name, (label, transcriptions) in measured.items()
    )
    best, wrong = WER.best(scores[1:]), _wrong_words(measured["model"][1])
    words = transcripts.lengths[tested]
    gain = wer_gain_interval(wrong, _wrong_words(measured[best.name][1]), words)
    training = _training_wer(problem, outputs)
    apart = problem.dataset.groups is not None and problem.dataset.given_split is None
    sentence, won = verdict(scores[0], best, gain, training, apart)
    return TranscriptsResult(
        names=problem.names,
        scores=scores,
        verdict=sentence,
        won=won,
        best_epoch=best_epoch,
        notes=problem.dataset.notes,
        training_wer=training,
        beams=beams,
        searches=tuple(SearchScore(number, _wer(transcripts, each, said)) for number, each in found.items()),
        unseen=len(problem.test),
        numbers=tested,
        said=tuple(said),
        heard=tuple(measured["model"][1].heard),
        wrong_words=wrong,
        said_words=words,
        confusions=confusions(measured["model"][1], problem.names),
        segment=problem.segment,
        alignments=_alignments(logits, steps, heard, wrong),
    )


def confusions(transcriptions: Transcriptions, names: Sequence[str]) -> np.ndarray:
    """Count how often each word was heard as each, (words + 1, words + 1) int64.

    The last row counts words that weren't said, the last column those that weren't heard.
    """
    place = {name: code for code, name in enumerate(names)}
    counts = np.zeros((len(names) + 1, len(names) + 1), np.int64)
    measured = transcriptions.words
    for said, heard, parts in zip(measured.references, measured.hypotheses, measured.alignments, strict=True):
        for part in parts:
            rows = [place[word] for word in said[part.ref_start_idx : part.ref_end_idx]]
            columns = [place[word] for word in heard[part.hyp_start_idx : part.hyp_end_idx]]
            many = max(len(rows), len(columns))
            for row, column in zip(
                _filled(rows, many, len(names)), _filled(columns, many, len(names)), strict=True
            ):
                counts[row, column] += 1
    return counts


def _filled(codes: list[int], many: int, nothing: int) -> list[int]:
    """Return as many codes as asked for: those that aren't there are nothing."""
    return codes + [nothing] * (many - len(codes))


def _wrong_words(transcriptions: Transcriptions) -> np.ndarray:
    """Return the substitutions, deletions and insertions in each transcript, (N,) int64."""
    return np.array(
        [
            sum(
                max(part.ref_end_idx - part.ref_start_idx, part.hyp_end_idx - part.hyp_start_idx)
                for part in parts
                if part.type != "equal"
            )
            for parts in transcriptions.words.alignments
        ]
    )


def _wer(transcripts: Transcripts, heard: Sequence[np.ndarray], said: Sequence[str]) -> float:
    rate = WER.function(Transcriptions([transcripts.join(words) for words in heard], said))
    assert rate is not None  # every recording has a word
    return rate


def _usual_words(transcripts: Transcripts, train: np.ndarray) -> np.ndarray:
    """Return as many words as is usual, each the one that is most frequent in its place."""
    lengths = transcripts.lengths[train]
    many = int(np.median(lengths))
    return np.array(
        [
            np.bincount(
                [transcripts.words(number)[place] for number in train[lengths > place]],
                minlength=len(transcripts.names),
            ).argmax()
            for place in range(many)
        ]
    )


def _training_wer(problem: TranscriptionProblem, outputs: Outputs) -> float:
    """Return the word error rate on some of the recordings that the model learnt from."""
    learnt = evenly_spaced(problem.train, WATCHED)
    heard = problem.transcribe(outputs(learnt), learnt, problem.task.beams)
    rate = WER.function(Transcriptions(heard, [problem.transcripts.text(number) for number in learnt]))
    assert rate is not None
    return rate


def _alignments(
    logits: np.ndarray, steps: np.ndarray, heard: Sequence[np.ndarray], wrong: np.ndarray
) -> tuple[Alignment, ...]:
    """Keep what was said at each step of the first recordings with and without an error."""
    faulty, right = np.flatnonzero(wrong), np.flatnonzero(wrong == 0)
    many = min(len(faulty), max(ALIGNED // 2, ALIGNED - len(right)))
    kept = np.sort(np.concatenate([faulty[:many], right[: ALIGNED - many]]))
    found = (alignment_of(int(place), logits[place, : steps[place]], heard[place]) for place in kept)
    return tuple(found)


def alignment_of(place: int, logits: np.ndarray, words: np.ndarray) -> Alignment:
    """Return what a model says at each step, (T, words of all + 1), and where some words stand out."""
    logs = log_probabilities(logits)
    fits = len(logs) >= fewest_steps(words)
    return Alignment(place, np.exp(logs).astype(np.float32), words, align(logs, words) if fits else words[:0])
