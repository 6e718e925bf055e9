"""The task of chatting: answer what is said, as chance and temperature have it. A toy, and it says so."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.data.tokenizers.tokenizer import SPECIAL, START
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
class Said:
    """What is said to the model, and how it may go on with its reply.

    Attributes:
        text: what was said.
        temperature: how bold chance is, from 0 for none on.
        seed: where chance begins.
        so_far: codes of the reply that are written already.
        most: tokens to write on at most.
    """

    text: str
    temperature: float
    seed: int
    so_far: tuple[int, ...] = ()
    most: int = 4


@dataclass(frozen=True)
class Reply:
    """What was written on.

    Attributes:
        source: the S tokens of what was said.
        known: which of them the model knows.
        codes: T of the reply's, those that are new; the end included if it came to it.
        tokens: what they stand for.
        weights: (T, S) where was looked; all 0 without attention.
        is_whole: whether nothing more is to come.
        neighbours: the training pairs in which was said what is most like this; with the first portion only.
        training_copies: how often the whole reply stands in the training part just like this; None before it
            is whole.
    """

    source: tuple[str, ...]
    known: tuple[bool, ...]
    codes: tuple[int, ...]
    tokens: tuple[str, ...]
    weights: np.ndarray
    is_whole: bool
    neighbours: "tuple[Near, ...]" = ()
    training_copies: int | None = None


def predict(problem: PairsProblem, built: "Seq2Seq", asked: Said) -> Reply:
    """Write a portion of a reply; the same is said again to the same.

    Raises:
        DataError: if what was said is empty or too long.
    """
    from components.models.decoding import sample_answer  # noqa: PLC0415 - in a worker only

    codes = problem.encode_texts([asked.text])
    begun = np.array([[SPECIAL.index(START), *asked.so_far]], np.int32)
    step = built.steps(codes, so_far=begun[:, :-1])
    most = min(asked.most, problem.longest - len(asked.so_far))
    chance = np.random.default_rng([asked.seed, len(asked.so_far)])
    written = sample_answer(step, int(begun[0, -1]), most, asked.temperature, chance)
    everything = (*asked.so_far, *written.codes.tolist())
    is_whole = written.is_complete or len(everything) >= problem.longest
    source, known = problem.tokenize(asked.text)
    return Reply(
        source=source,
        known=known,
        codes=tuple(written.codes.tolist()),
        tokens=problem.pieces(written.codes),
        weights=written.weights,
        is_whole=is_whole,
        neighbours=() if asked.so_far else problem.neighbours(asked.text, 3),
        training_copies=problem.training_copies(everything) if is_whole else None,
    )
