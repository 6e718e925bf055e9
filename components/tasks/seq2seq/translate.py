"""The task of translating: write the answer to a text, searching for the most probable one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.recipe import Recipe, Translate
from components.tasks.seq2seq.problem import Seq2SeqProblem
from components.tasks.seq2seq.result import AnswerScore
from components.tasks.seq2seq.task import Seq2SeqTask
from components.tasks.seq2seq.verdict import verdict
from components.tasks.seq2seq.vocabularies import PairsOptions

if TYPE_CHECKING:
    from components.models.decoding import BeamSearch
    from components.models.seq2seq import Seq2Seq
    from components.tasks.seq2seq.tfidf_neighbours import Neighbour


@dataclass(frozen=True)
class TextToTranslate:
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
class Translation:
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
    neighbours: "tuple[Neighbour, ...]"


class TranslateTask(Seq2SeqTask):
    """Translate a text."""

    kind = "translate"
    options_class = Translate

    def options(self, recipe: Recipe) -> Translate:
        """Return the recipe's part that describes the task."""
        return recipe.require_task(Translate)

    def beams(self, task: PairsOptions) -> int:
        """Return how many answers are followed at the same time where the test set is answered."""
        assert isinstance(task, Translate)  # as `options` gave it
        return task.beams

    def verdict(
        self, model: AnswerScore, rules: Sequence[AnswerScore], many: int, remembered: float
    ) -> tuple[str, bool]:
        """Return whether the model beat the rules: in plain words, and as yes or no."""
        return verdict(model, rules, many)

    def predict(self, problem: Seq2SeqProblem, built: "Seq2Seq", question: TextToTranslate) -> Translation:
        """Return the most probable translations of a text that a person gives, and how they were found.

        Raises:
            DataError: if it is empty or too long.
        """
        from components.models.decoding import beam_search  # noqa: PLC0415 - in a worker only

        codes = problem.encode([question.text])
        step, copies = built.steps(codes, question.beams), problem.task.copy_unknown
        found = beam_search(step, 1, question.beams, problem.longest, writes_unknown=copies)
        source, known = problem.lookup(question.text)
        candidates = tuple(
            Candidate(
                problem.answer(one, source),
                problem.written(one, source),
                one.weights,
                float(np.exp(one.score)),
            )
            for one in found.answers(0)
        )
        return Translation(
            source, known, candidates, _branches(problem, found), problem.neighbours(question.text, 3)
        )


def _branches(problem: Seq2SeqProblem, found: "BeamSearch") -> tuple[Branch, ...]:
    """Return the branches of a search of one text; what a beam kept standing after its end is no branch."""
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
