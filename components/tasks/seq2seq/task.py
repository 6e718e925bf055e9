"""What tasks that write a text in answer to another share."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.data import NO_PREPARATION
from components.data.datasets import Dataset, Pairs
from components.data.splits.example_split import split_examples
from components.errors import DataError
from components.insight.example import Example, ExampleChoice, UserSequence, evenly_spaced
from components.models.summary import ModelSummary, summarize_translator
from components.recipe import Preparation, Recipe
from components.tasks.issue import Issue
from components.tasks.seq2seq import checks
from components.tasks.seq2seq.evaluate import evaluate
from components.tasks.seq2seq.inspect import answered_example, true_example
from components.tasks.seq2seq.metrics import METRICS
from components.tasks.seq2seq.problem import SHOWN, Seq2SeqProblem, watched_examples
from components.tasks.seq2seq.result import AnswerScore, AnswersResult
from components.tasks.seq2seq.sizes import sizes, spec_of
from components.tasks.seq2seq.suggest import suggest
from components.tasks.seq2seq.vocabularies import PairsOptions, normalized
from components.tasks.task import Outputs, Task

if TYPE_CHECKING:
    import keras

    from components.models.seq2seq import Seq2Seq

_MOST_UNROLLED = 100  # tokens of an answer that a model is taken away for where each is a layer's call
_GUESS = (300, 300, (20, 20))  # sizes of both vocabularies and lengths, where there is no dataset to look at


@dataclass(frozen=True)
class Preview:
    """The pairs of the validation set that are shown after every epoch: texts and right answers."""

    sources: tuple[str, ...]
    truths: tuple[str, ...]


class Seq2SeqTask(Task[Seq2SeqProblem, "Seq2Seq", AnswersResult]):
    """Write a text in answer to another."""

    loss_settings = ("level", "vocabulary", "lower", "shared", "copy_unknown", "label_smoothing")
    result_class = AnswersResult
    metrics = METRICS

    @property
    @abstractmethod
    def options_class(self) -> type[PairsOptions]:
        """The class of the recipe's part that describes the task."""

    @abstractmethod
    def options(self, recipe: Recipe) -> PairsOptions:
        """Return the recipe's part that describes the task."""

    @abstractmethod
    def beams(self, task: PairsOptions) -> int:
        """Return how many answers are followed at the same time where the test set is answered."""

    @abstractmethod
    def verdict(
        self, model: AnswerScore, rules: Sequence[AnswerScore], many: int, remembered: float
    ) -> tuple[str, bool]:
        """Return whether the model beat the rules: in plain words, and as yes or no.

        Args:
            model: the model's score.
            rules: those of baselines.
            many: texts that were answered.
            remembered: share of texts of the training set that it answers exactly right.
        """

    def why_unsuitable(self, dataset: Dataset) -> str:
        """Return why nothing can be learnt from a dataset; "" where it can."""
        if isinstance(dataset, Pairs):
            return ""
        return f"This task needs pairs of texts, and this is {dataset.kind_phrase}."

    def pairs(self, dataset: Dataset) -> Pairs:
        """Return a dataset that is one of pairs.

        Raises:
            DataError: if it is of another kind.
        """
        if not isinstance(dataset, Pairs):
            raise DataError(
                self.why_unsuitable(dataset), where=dataset.title, remedy="Choose another dataset."
            )
        return dataset

    def issues(self, recipe: Recipe, dataset: Dataset) -> tuple[Issue, ...]:
        """Return what in a recipe can't work on a dataset."""
        if not isinstance(dataset, Pairs):
            return (Issue("dataset", self.why_unsuitable(dataset)),)
        return checks.issues(recipe, self.options(recipe), dataset)

    def example_count(self, recipe: Recipe, dataset: Dataset) -> int:
        """Return the number of training pairs."""
        return sizes(self.pairs(dataset), self.options(recipe), recipe.preparation).train

    def suggest(self, dataset: Dataset, preparation: Preparation = NO_PREPARATION) -> Recipe:
        """Return a first recipe that is right for most pairs of texts."""
        return suggest(self.pairs(dataset), self.options_class, preparation)

    def plan(self, recipe: Recipe, dataset: Dataset | None = None) -> ModelSummary:
        """Return the plan of a recipe's model; without the dataset, sizes and lengths are guessed."""
        task = self.options(recipe)
        if dataset is None:
            return summarize_translator(recipe.model, *_GUESS, spec_of(task))
        counted = sizes(self.pairs(dataset), task, recipe.preparation)
        return summarize_translator(recipe.model, *counted.vocabularies, counted.lengths, spec_of(task))

    def preview(self, recipe: Recipe, dataset: Dataset) -> Preview:
        """Return which texts of the validation set are answered after every epoch."""
        pairs, task = self.pairs(dataset), self.options(recipe)
        validation = split_examples(pairs, recipe.preparation).validation
        kept = sizes(pairs, task, recipe.preparation).kept
        shown = watched_examples(validation[kept[validation]])[:SHOWN]
        return Preview(
            tuple(normalized(pairs.sources[number], task) for number in shown),
            tuple(normalized(pairs.targets[number], task) for number in shown),
        )

    def prepare(self, recipe: Recipe, dataset: Dataset) -> Seq2SeqProblem:
        """Return pairs ready to train on."""
        pairs = self.pairs(dataset)
        return Seq2SeqProblem(self.options(recipe), pairs, split_examples(pairs, recipe.preparation))

    def build(self, recipe: Recipe, problem: Seq2SeqProblem) -> "Seq2Seq":
        """Return a new model for a problem, whose answers are written by it from then on."""
        from components.models.seq2seq import build_seq2seq  # noqa: PLC0415 - brings in TensorFlow

        vocabularies = len(problem.sources.vocabulary), len(problem.answers.vocabulary)
        spec = spec_of(self.options(recipe))
        problem.built = build_seq2seq(recipe.model, *vocabularies, recipe.seed, spec)
        return problem.built

    def evaluate(
        self, problem: Seq2SeqProblem, outputs: Outputs, built: "Seq2Seq", best_epoch: int
    ) -> AnswersResult:
        """Measure a trained model's answers to the test set, which are written, beside those of rules."""
        return evaluate(problem, self.beams(problem.task), self.verdict, best_epoch)

    def export_model(self, problem: Seq2SeqProblem, model: "keras.Model") -> "keras.Model":
        """Return the model for download: with its vocabularies, from texts to the next token."""
        from components.models.export_seq2seq import export_seq2seq  # noqa: PLC0415 - TensorFlow

        if problem.built and problem.built.unroll:
            model = problem.built.unroll(min(problem.longest, _MOST_UNROLLED))
        return export_seq2seq(model, problem.sources.vocabulary, problem.answers.vocabulary)

    def sample(self, problem: Seq2SeqProblem, built: "Seq2Seq", asked: ExampleChoice) -> Example:
        """Return a text with an answer that the model writes to it: of the test set, or one that is typed.

        Raises:
            DataError: if it is empty or too long, or no text.
        """
        if isinstance(asked, UserSequence):
            raise DataError("The model reads text, not numbers.", remedy="Enter a text.")
        return answered_example(problem, built, asked, self.beams(problem.task))

    def sample_evenly(self, problem: Seq2SeqProblem, most: int) -> list[Example]:
        """Return pairs from all of the data, evenly, with their right answers."""
        every = np.concatenate([problem.train, problem.validation, problem.test])
        return [true_example(problem, number) for number in evenly_spaced(every, most).tolist()]
