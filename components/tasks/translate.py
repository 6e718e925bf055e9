"""The task of translating: write the answer to a text, searching for the most probable one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.tasks.answers import AnswersResult
from components.tasks.pairs import (
    PairsProblem,
    build,
    check,
    evaluate,
    examples,
    fits,
    plan,
    prepare,
    preview,
    sample,
    spread,
    whole,
)

if TYPE_CHECKING:
    from components.models.decoding import BeamSearch
    from components.models.seq2seq import Seq2Seq
    from components.tasks.nearest import Near

__all__ = [
    "Result",
    "build",
    "check",
    "evaluate",
    "examples",
    "fits",
    "plan",
    "predict",
    "prepare",
    "preview",
    "sample",
    "spread",
    "whole",
]

Result = AnswersResult


@dataclass(frozen=True)
class Given:
    """A text to answer, and how many answers to follow at the same time."""

    text: str
    beams: int


@dataclass(frozen=True)
class Candidate:
    """An answer.

    Attributes:
        text: of it.
        tokens: T, the end included if it came to it.
        weights: (T, S) where was looked; all 0 without attention.
        chance: of writing just this, from 0 to 1.
    """

    text: str
    tokens: tuple[str, ...]
    weights: np.ndarray
    chance: float


@dataclass(frozen=True)
class Branch:
    """A token that a beam wrote.

    Attributes:
        step: when, from 1 on.
        token: what.
        parent: place of the branch that it grew from, in the list of all; −1: from the root.
        score: log p of all up to here.
        is_best: whether it is a part of the best answer.
    """

    step: int
    token: str
    parent: int
    score: float
    is_best: bool


@dataclass(frozen=True)
class Found:
    """What was found for a text.

    Attributes:
        source: its S tokens.
        known: which of them the model knows.
        candidates: the answers, the best first.
        branches: all that the beams wrote, in the order of the steps.
        neighbours: the training pairs whose texts are most like it.
    """

    source: tuple[str, ...]
    known: tuple[bool, ...]
    candidates: tuple[Candidate, ...]
    branches: tuple[Branch, ...]
    neighbours: "tuple[Near, ...]"


def predict(problem: PairsProblem, built: "Seq2Seq", asked: Given) -> Found:
    """Answer a text that a person gives.

    Raises:
        DataError: if it is empty or too long.
    """
    from components.models.decoding import beam_search  # noqa: PLC0415 - in a worker only

    codes = problem.encode_texts([asked.text])
    found = beam_search(built.steps(codes, asked.beams), 1, asked.beams, problem.longest)
    source, known = problem.tokenize(asked.text)
    candidates = tuple(
        Candidate(problem.said(one.codes), problem.pieces(one.codes), one.weights, float(np.exp(one.score)))
        for one in found.answers(0)
    )
    return Found(source, known, candidates, _branches(problem, found), problem.neighbours(asked.text, 3))


def _branches(problem: PairsProblem, found: "BeamSearch") -> tuple[Branch, ...]:
    """Take a search of one text apart; what a beam kept standing after its end is no branch."""
    best = set(found.best_path(0))
    branches: list[Branch] = []
    places: dict[tuple[int, int], int] = {}
    for step, (tokens, parents) in enumerate(zip(found.tokens[:, 0], found.parents[:, 0], strict=True)):
        for beam, (token, parent) in enumerate(zip(tokens, parents, strict=True)):
            before = places.get((step - 1, parent), -1)
            if not token:
                places[step, beam] = before
                continue
            places[step, beam] = len(branches)
            piece = problem.answers.vocabulary.tokens[token]
            branches.append(
                Branch(step + 1, piece, before, float(found.scores[step, 0, beam]), (step, beam) in best)
            )
    return tuple(branches)
