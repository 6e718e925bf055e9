"""The task of chatting: answer what is said, as chance and temperature have it. A toy, and it says so."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.data.text import SPECIAL, START
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
    from components.models.translator import Translator
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
        near: the training pairs in which was said what is most like this; with the first portion only.
        learnt: how often the whole reply stands in the training part just like this; None before it is whole.
    """

    source: tuple[str, ...]
    known: tuple[bool, ...]
    codes: tuple[int, ...]
    tokens: tuple[str, ...]
    weights: np.ndarray
    is_whole: bool
    near: "tuple[Near, ...]" = ()
    learnt: int | None = None


def predict(problem: PairsProblem, built: "Translator", asked: Said) -> Reply:
    """Write a portion of a reply; the same is said again to the same.

    Raises:
        DataError: if what was said is empty or too long.
    """
    from components.models.writing import drawn  # noqa: PLC0415 - in a worker only

    codes = problem.encoded([asked.text])
    begun = np.array([[SPECIAL.index(START), *asked.so_far]], np.int32)
    step = built.steps(codes, so_far=begun[:, :-1])
    most = min(asked.most, problem.longest - len(asked.so_far))
    chance = np.random.default_rng([asked.seed, len(asked.so_far)])
    written = drawn(step, int(begun[0, -1]), most, asked.temperature, chance)
    everything = (*asked.so_far, *written.codes.tolist())
    is_whole = written.ended or len(everything) >= problem.longest
    source, known = problem.looked_up(asked.text)
    return Reply(
        source=source,
        known=known,
        codes=tuple(written.codes.tolist()),
        tokens=problem.pieces(written.codes),
        weights=written.weights,
        is_whole=is_whole,
        near=() if asked.so_far else problem.near(asked.text, 3),
        learnt=problem.learnt(everything) if is_whole else None,
    )
