"""Measuring written answers beside those of rules that cost nothing: for a worker."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from components.data.tokenizers.text_vocabulary import merges_of, text_level
from components.data.tokenizers.tokenizer import SPECIAL
from components.insight.example import evenly_spaced
from components.tasks.metrics import score
from components.tasks.seq2seq.metrics import METRICS, Answers, signature
from components.tasks.seq2seq.problem import WATCHED, Seq2SeqProblem
from components.tasks.seq2seq.result import Alignment, AnswerScore, AnswersResult

if TYPE_CHECKING:
    from components.models.decoding import Hypothesis

TESTED = 1000
"""Most texts of the test set that are answered."""
ALIGNED = 60
"""Most answers whose attention is kept, right and wrong ones in equal parts if there are so many."""

Judge = Callable[[AnswerScore, Sequence[AnswerScore], int, float], tuple[str, bool]]
"""Of the model's score, those of the rules, how many texts were answered, and the share of texts of the
training set that are answered exactly right: the verdict, and whether the model won."""


def evaluate(problem: Seq2SeqProblem, beams: int, judge: Judge, best_epoch: int) -> AnswersResult:
    """Measure a trained model's answers to the test set, beside those of baselines.

    Args:
        problem: the pairs, whose `built` is trained.
        beams: answers that are followed at the same time.
        judge: gives the verdict.
        best_epoch: the epoch whose weights these are.
    """
    level, tested = text_level(problem.task.level), evenly_spaced(problem.test, TESTED)
    written = [found[0] for found in problem.write(tested, beams)]
    sources, truths = (tuple(map(side, tested)) for side in (problem.source, problem.truth))
    pieces = tuple(map(problem.source_pieces, tested.tolist()))
    answers = tuple(map(problem.answer, written, pieces))
    near = problem.train[problem.neighbour_finder.find([problem.dataset.sources[n] for n in tested])[0][:, 0]]
    near_answers = tuple(map(problem.truth, near))
    answerers = {
        "model": ("Your model", answers),
        "nearest": ("Nearest neighbour (TF-IDF)", near_answers),
        "copy": ("Copy of the input", sources),
    }
    scores = tuple(
        score(AnswerScore, name, label, Answers(texts, truths, level), METRICS)
        for name, (label, texts) in answerers.items()
    )
    remembered = problem.accuracy(evenly_spaced(problem.train, WATCHED))
    sentence, won = judge(scores[0], scores[1:], len(tested), remembered)
    learnt = {problem.source(number) for number in problem.train}
    codes = [problem.sources.of(number) for number in tested]
    looks = bool(written[0].weights.any())
    return AnswersResult(
        names=problem.dataset.names,
        scores=scores,
        verdict=sentence,
        won=won,
        best_epoch=best_epoch,
        level=level,
        beams=beams,
        metrics=signature(level),
        unseen=len(problem.test),
        repeated=sum(text in learnt for text in sources),
        remembered=remembered,
        unknown=float(np.mean(np.concatenate(codes) == SPECIAL.index("<unknown>"))),
        sources=sources,
        truths=truths,
        answers=answers,
        near_sources=tuple(map(problem.source, near)),
        near_answers=near_answers,
        alignments=_alignments(problem, pieces, truths, answers, written) if looks else (),
        source_merges=merges_of(problem.sources.vocabulary),
        answer_merges=merges_of(problem.answers.vocabulary),
    )


def _alignments(
    problem: Seq2SeqProblem,
    pieces: Sequence[tuple[str, ...]],
    truths: Sequence[str],
    answers: Sequence[str],
    written: "Sequence[Hypothesis]",
) -> tuple[Alignment, ...]:
    """Keep the attention of the first right and the first wrong answers."""
    right = [text for text, answer in enumerate(answers) if answer == truths[text]]
    wrong = [text for text, answer in enumerate(answers) if answer != truths[text]]
    many_wrong = min(len(wrong), max(ALIGNED // 2, ALIGNED - len(right)))
    kept = sorted([*wrong[:many_wrong], *right[: ALIGNED - many_wrong]])
    found = []
    for text in kept:
        source, answer = pieces[text], written[text]
        weights = answer.weights[:, : len(source)]
        found.append(Alignment(text, source, problem.written(answer, source), weights))
    return tuple(found)
