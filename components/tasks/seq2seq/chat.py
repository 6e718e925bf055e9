"""The task of chatting: answer what is said, as chance and temperature have it. A toy, and it says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.data import NO_PREPARATION
from components.data.datasets import Dataset
from components.data.tokenizers.tokenizer import SPECIAL, START
from components.recipe import Chat, Preparation, Recipe
from components.tasks.seq2seq.problem import Seq2SeqProblem
from components.tasks.seq2seq.result import AnswerScore
from components.tasks.seq2seq.task import Seq2SeqTask
from components.tasks.seq2seq.verdict import chat_verdict
from components.tasks.seq2seq.vocabularies import PairsOptions

if TYPE_CHECKING:
    from components.models.seq2seq import Seq2Seq
    from components.tasks.seq2seq.tfidf_neighbours import Neighbour


@dataclass(frozen=True)
class Utterance:
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
        training_copies: how often the whole reply stands in the training set just like this; None before it
            is whole.
    """

    source: tuple[str, ...]
    known: tuple[bool, ...]
    codes: tuple[int, ...]
    tokens: tuple[str, ...]
    weights: np.ndarray
    is_whole: bool
    neighbours: "tuple[Neighbour, ...]" = ()
    training_copies: int | None = None


class ChatTask(Seq2SeqTask):
    """Answer what is said."""

    kind = "chat"
    options_class = Chat

    def suggest(self, dataset: Dataset, preparation: Preparation = NO_PREPARATION) -> Recipe:
        """Return a first recipe that is right for most talks.

        Nobody can tell what is answered in a talk that wasn't heard, so the loss of the validation set says
        little there: the weights that know the talks that were heard are kept.
        """
        recipe = super().suggest(dataset, preparation)
        training = recipe.training.model_copy(update={"patience": None, "weights": "last"})
        return recipe.model_copy(update={"training": training})

    def options(self, recipe: Recipe) -> Chat:
        """Return the recipe's part that describes the task."""
        return recipe.require_task(Chat)

    def beams(self, task: PairsOptions) -> int:
        """Return 1: replies are greedy where the test set is answered."""
        return 1

    def verdict(
        self, model: AnswerScore, rules: Sequence[AnswerScore], many: int, remembered: float
    ) -> tuple[str, bool]:
        """Return whether the model beat the rules: in plain words, and as yes or no."""
        return chat_verdict(model, rules, many, remembered)

    def predict(self, problem: Seq2SeqProblem, built: "Seq2Seq", question: Utterance) -> Reply:
        """Return a portion of a reply; the same is said again to the same.

        Raises:
            DataError: if what was said is empty or too long.
        """
        from components.models.decoding import sample_answer  # noqa: PLC0415 - in a worker only

        codes = problem.encode([question.text])
        begun = np.array([[SPECIAL.index(START), *question.so_far]], np.int32)
        step = built.steps(codes, so_far=begun[:, :-1])
        most = min(question.most, problem.longest - len(question.so_far))
        chance = np.random.default_rng([question.seed, len(question.so_far)])
        written = sample_answer(
            step,
            int(begun[0, -1]),
            most,
            question.temperature,
            chance,
            writes_unknown=problem.task.copy_unknown,
        )
        everything = (*question.so_far, *written.codes.tolist())
        is_whole = written.is_complete or len(everything) >= problem.longest
        source, known = problem.lookup(question.text)
        return Reply(
            source=source,
            known=known,
            codes=tuple(written.codes.tolist()),
            tokens=problem.written(written, source),
            weights=written.weights,
            is_whole=is_whole,
            neighbours=() if question.so_far else problem.neighbours(question.text, 3),
            training_copies=problem.times_in_training(everything) if is_whole else None,
        )
