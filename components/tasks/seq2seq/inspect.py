"""A text and its answer as an example to look into."""

from typing import TYPE_CHECKING

import numpy as np

from components.data.tokenizers.tokenizer import END, SPECIAL, START
from components.insight.example import DatasetExample, Example, ExampleView, ModelOutput, UserText
from components.tasks.seq2seq.problem import Seq2SeqProblem

if TYPE_CHECKING:
    from components.models.seq2seq import Seq2Seq

INSIDE_BEAMS = 3
"""Answers to one text that may be looked into."""


def answered_example(
    problem: Seq2SeqProblem, built: "Seq2Seq", asked: DatasetExample | UserText, beams: int
) -> Example:
    """Return a text with an answer that the model writes to it.

    Args:
        problem: the pairs.
        built: what writes.
        asked: one of the test set, or a text that is typed.
        beams: answers that are followed at the same time, at least.

    Raises:
        DataError: if the text is empty or too long.
    """
    from components.models.decoding import beam_search  # noqa: PLC0415 - in a worker only

    if isinstance(asked, DatasetExample):
        number = int(problem.test[asked.place % len(problem.test)])
        codes, truth = problem.sources.of(number), f"; the reference is “{problem.truth(number)}”"
    else:
        codes, truth = problem.encode([asked.text])[0], ""
    beams = max(INSIDE_BEAMS, beams)
    step, copies = built.steps(codes[None], beams), problem.task.copy_unknown
    found = beam_search(step, 1, beams, problem.longest, writes_unknown=copies).answers(0)
    best = found[min(asked.candidate, len(found) - 1)]
    names = _pieces_of(problem, codes, asked)
    said = tuple(problem.answer(one, names) for one in found)
    sentence = f"The model answers “{problem.answer(best, names)}”{truth}."
    return _example(problem, codes, names, best.codes, sentence, said)


def true_example(problem: Seq2SeqProblem, number: int) -> Example:
    """Return a pair with its right answer."""
    codes = problem.sources.of(number)
    answer = np.append(problem.answers.of(number), SPECIAL.index(END))
    return _example(problem, codes, _pieces_of(problem, codes, DatasetExample(0)), answer, "", ())


def _pieces_of(
    problem: Seq2SeqProblem, codes: np.ndarray, asked: DatasetExample | UserText
) -> tuple[str, ...]:
    if isinstance(asked, DatasetExample):
        return tuple(problem.sources.vocabulary.tokens[code] for code in codes)
    return problem.lookup(asked.text)[0]


def _example(
    problem: Seq2SeqProblem,
    codes: np.ndarray,
    names: tuple[str, ...],
    answer: np.ndarray,
    said: str,
    candidates: tuple[str, ...],
) -> Example:
    pieces = problem.pieces(answer)
    return Example(
        inputs=(codes, np.array([SPECIAL.index(START), *answer[:-1]], np.int32)),
        fills=(0, 0),
        first=0,
        missing=0,
        score="chance",
        answers=tuple(
            ModelOutput(piece, (place, int(code)), row=place)
            for place, (piece, code) in enumerate(zip(pieces, answer, strict=True))
        ),
        shown=ExampleView(names, None, (), pieces, 0, said, len(problem.test), candidates),
    )
