"""The task of classifying texts, such as by how good or bad they sound."""

from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from components.data import NO_PREPARATION
from components.data.datasets import Classes, Dataset, Texts
from components.data.splits.example_split import split_examples
from components.data.splits.random_split import RandomSplit
from components.data.tokenizers.text_vocabulary import merges_of
from components.data.tokenizers.tokenizer import PaddingSide
from components.errors import DataError
from components.insight.example import DatasetExample, Example, ExampleChoice, UserSequence, evenly_spaced
from components.insight.occlusion import OcclusionBatch
from components.models.reader_spec import ReaderSpec
from components.models.summary import ModelSummary, summarize_of_codes
from components.recipe import ClassifyTexts, Preparation, Recipe
from components.tasks.classification.attribution import ClassPrediction, predict_class
from components.tasks.classification.inspect import labelled_example
from components.tasks.classification.problem import TextsProblem, class_probabilities
from components.tasks.classification.result import ClassesResult, Reading
from components.tasks.classification.shrinkage import apply_shrinkage, shrink
from components.tasks.classification.suggest import suggest_for_texts
from components.tasks.classification.task import ClassificationTask
from components.tasks.classification.tfidf import TfidfClassifier
from components.tasks.classification.token_counts import fewest_subwords
from components.tasks.issue import Issue
from components.tasks.task import Outputs

if TYPE_CHECKING:
    import keras

    from components.models.classifier import Classifier

_GUESSED_CLASSES = 3
_SIDES: tuple[PaddingSide, ...] = ("left", "right")


@dataclass(frozen=True)
class TextInput:
    """A text that a person asks about."""

    text: str


@dataclass(frozen=True, eq=False)
class TextPrediction:
    """What a model predicts of a text.

    Attributes:
        tokens: those that were read, as the model knows them.
        known: whether each is in the vocabulary.
        cut: how many more there were.
        prediction: of the tokens that were read; None where there was none.
    """

    tokens: tuple[str, ...]
    known: tuple[bool, ...]
    cut: int
    prediction: ClassPrediction | None


class ClassifyTextsTask(ClassificationTask[TextsProblem]):
    """Predict the class of each text."""

    kind = "classify_texts"
    loss_settings = ("balanced", "label_smoothing")

    def classes(self, dataset: Dataset) -> Classes:
        """Return the classes of a dataset's texts.

        Raises:
            DataError: if they have none.
        """
        if isinstance(dataset, Texts) and dataset.classes is not None:
            return dataset.classes
        raise DataError(
            self.why_unsuitable(dataset), where=dataset.title, remedy="Choose texts with classes."
        )

    def issues(self, recipe: Recipe, dataset: Dataset) -> tuple[Issue, ...]:
        """Return what in a recipe can't work on a dataset."""
        found, task = super().issues(recipe, dataset), recipe.require_task(ClassifyTexts)
        if task.base == "tfidf_both" and task.level == "character":
            no_words = "Only where tokens are words or subwords can words and characters be counted together."
            return (*found, Issue("task.base", f"{no_words} Choose another start, or words."))
        if found or task.level != "byte_pair":
            return found
        assert isinstance(dataset, Texts)  # else it would be unsuitable
        fewest = fewest_subwords(dataset, recipe.preparation, task.lower)
        if task.vocabulary >= fewest:
            return ()
        return (
            Issue(
                "task.vocabulary",
                f"{task.vocabulary:,} subwords have no room for all the different characters of the training "
                f"texts, and each has to be one. Choose a vocabulary of {fewest:,} or more.",
            ),
        )

    def split(self, recipe: Recipe, dataset: Dataset) -> RandomSplit:
        """Return which texts are for training, validation and test."""
        classes = self.classes(dataset)
        assert isinstance(dataset, Texts)  # which have them
        return split_examples(dataset, recipe.preparation, classes)

    def width(self, recipe: Recipe, dataset: Dataset) -> int:
        """Return how many tokens the model reads."""
        return recipe.require_task(ClassifyTexts).longest

    def why_unsuitable(self, dataset: Dataset) -> str:
        """Return why a dataset's texts can't be classified; "" where they can."""
        if not isinstance(dataset, Texts):
            return f"Classifying texts needs texts, and this is {dataset.kind_phrase}."
        if dataset.classes is None:
            return "Classification needs a class for each text, and these have none."
        return ""

    def suggest(self, dataset: Dataset, preparation: Preparation = NO_PREPARATION) -> Recipe:
        """Return a first recipe that is right for most texts with classes."""
        classes = self.classes(dataset)
        assert isinstance(dataset, Texts)  # which have them
        return suggest_for_texts(dataset, classes, preparation)

    def plan(self, recipe: Recipe, dataset: Dataset | None = None) -> ModelSummary:
        """Return the plan of a recipe's model, with a full vocabulary: to count words takes too long here."""
        task = recipe.require_task(ClassifyTexts)
        classes = _GUESSED_CLASSES if dataset is None else len(self.classes(dataset).names)
        return summarize_of_codes(
            recipe.model, task.vocabulary, task.embedding, classes, task.longest, ReaderSpec.of(task)
        )

    def problem(self, recipe: Recipe, dataset: Dataset, split: RandomSplit) -> TextsProblem:
        """Return texts ready to train on, divided as it is said."""
        classes = self.classes(dataset)
        assert isinstance(dataset, Texts)  # which have them
        return TextsProblem(recipe.require_task(ClassifyTexts), dataset, classes, split)

    def build(self, recipe: Recipe, problem: TextsProblem) -> "Classifier":
        """Return a new model for a problem."""
        from components.models.classifier import build_text_classifier  # noqa: PLC0415 - brings in TensorFlow

        task, known, names = problem.task, len(problem.vocabulary), len(problem.names)
        return build_text_classifier(
            recipe.model, known, task.embedding, names, task.longest, recipe.seed, ReaderSpec.of(task)
        )

    def evaluate(
        self, problem: TextsProblem, outputs: Outputs, built: "Classifier", best_epoch: int
    ) -> ClassesResult:
        """Measure a trained model on the test set, beside the class prior and linear models.

        Where it starts from the linear model, what it adds to that is shrunk first, for good.
        """
        from components.tasks.classification.evaluate import evaluate  # noqa: PLC0415 - scikit-learn

        shrinkage = shrink(problem, outputs, built.model) if problem.has_start else None
        plain = problem.linear
        models = {
            "linear": ("TF-IDF, logistic regression", plain.reweighted(balanced=False)),
            "balanced": ("TF-IDF, logistic regression, balanced", plain.reweighted(balanced=True)),
        }
        start = "balanced" if problem.task.balanced else "linear"
        if problem.task.base == "tfidf_both":
            start = "both"
            models[start] = ("TF-IDF of words and characters, logistic regression", problem.start)
        rules = [(name, label, *_predict(problem, model)) for name, (label, model) in models.items()]
        readings = tuple(_reading(problem, built, cut, pad) for cut in _SIDES for pad in _SIDES)
        notes = problem.dataset.notes
        found = evaluate(problem, outputs, rules, best_epoch, notes, readings, shrinkage, start)
        return replace(found, merges=merges_of(problem.vocabulary))

    def restore(self, problem: TextsProblem, built: "Classifier", result: ClassesResult) -> None:
        """Shrink what the model adds to its start as it was shrunk for the result."""
        if result.shrinkage is not None:
            apply_shrinkage(built.model, result.shrinkage.weight)

    def export_model(self, problem: TextsProblem, model: "keras.Model") -> "keras.Model":
        """Return the model for download: from texts to the name of a class."""
        from components.models.export_model import export_text_classifier  # noqa: PLC0415 - brings in TensorFlow

        task, start = problem.task, problem.start.weights if problem.has_start else None
        return export_text_classifier(model, problem.names, problem.vocabulary, task.longest, task.cut, start)

    def predict(self, problem: TextsProblem, built: "Classifier", question: TextInput) -> TextPrediction:
        """Return the class of a text that a person writes, and which of its tokens made it that."""
        pieces, kept = _cut(problem, question.text)
        codes = problem.vocabulary.encode(question.text)
        start = partial(_starts_without, problem, question.text, kept.start) if problem.has_start else None
        return TextPrediction(
            tuple(pieces),
            tuple(map(problem.vocabulary.contains, pieces)),
            len(codes) - len(pieces),
            predict_class(built, codes[kept], problem.task.longest, problem.empty, start) if pieces else None,
        )

    def sample(self, problem: TextsProblem, built: "Classifier", asked: ExampleChoice) -> Example:
        """Return a text to look into: one of the test set, or one that a person writes.

        Raises:
            DataError: if there is nothing in it to read, or it is no text.
        """
        if isinstance(asked, UserSequence):
            raise DataError("The model reads text, not numbers.", remedy="Enter a text.")
        if isinstance(asked, DatasetExample):
            number = int(problem.test[asked.place % len(problem.test)])
            truth = int(problem.classes.codes[number])
            return _example(problem, problem.dataset.texts[number], truth, built)
        return _example(problem, asked.text, None, built)

    def sample_evenly(self, problem: TextsProblem, most: int) -> list[Example]:
        """Return texts from all of the data, evenly; those without a token are passed over."""
        every = np.flatnonzero(problem.ragged.lengths)
        return [
            _example(problem, problem.dataset.texts[number], int(problem.classes.codes[number]))
            for number in evenly_spaced(every, most)
        ]


def _example(
    problem: TextsProblem, text: str, truth: int | None, built: "Classifier | None" = None
) -> Example:
    pieces, kept = _cut(problem, text)
    if not pieces:
        raise DataError("The text is empty.", remedy="Choose another one.")
    codes = problem.vocabulary.encode(text)[kept]
    start = problem.start.logits([problem.start.tokens(text)])[0] if problem.has_start else None
    return labelled_example(problem, codes, tuple(pieces), truth=truth, built=built, start=start)


def _cut(problem: TextsProblem, text: str) -> tuple[list[str], slice]:
    """Return the tokens of a text that are read, and which they are of all."""
    task = problem.task
    pieces = problem.vocabulary.tokenize(text)
    first = max(0, len(pieces) - task.longest) if task.cut == "left" else 0
    kept = slice(first, first + task.longest)
    return pieces[kept], kept


def _predict(problem: TextsProblem, model: TfidfClassifier) -> tuple[np.ndarray, np.ndarray]:
    """Return the classes of the test set by a linear model, and its probabilities."""
    cut = [model.tokens(problem.dataset.texts[number]) for number in problem.test]
    probabilities = class_probabilities(model.logits(cut))
    return probabilities.argmax(axis=1), probabilities


def _starts_without(problem: TextsProblem, text: str, first: int, occluded: OcclusionBatch) -> np.ndarray:
    """Return the linear model's logits of a text, whole and without each of its pieces, (rows, outputs).

    Args:
        problem: the texts.
        text: that is asked about.
        first: the place of the first of its tokens that is read.
        occluded: what is left out of those that are read.
    """
    ends = first + np.cumsum([0, *occluded.sizes])
    without = [problem.start_tokens_without(text, begin, end) for begin, end in pairwise(ends)]
    found = problem.start.logits([problem.start.tokens(text), *without]).astype(np.float32)
    # As many rows as there are of the text: those that are left over are whole.
    return np.concatenate([found, np.repeat(found[:1], len(occluded.rows) - len(found), axis=0)])


def _reading(problem: TextsProblem, built: "Classifier", cut: PaddingSide, pad: PaddingSide) -> Reading:
    """Measure the model where the test set is cut and filled up on these sides."""
    from components.tasks.classification.evaluate import score_classes  # noqa: PLC0415 - scikit-learn

    other = problem.with_sides(cut, pad)
    portions = np.array_split(problem.test, -(-len(problem.test) // 512))
    logits = []
    for portion in portions:
        inputs = other.inputs(portion).numpy()
        given = [inputs, problem.starts[portion]] if problem.has_start else inputs
        logits.append(built.model(given).numpy())
    predicted = class_probabilities(np.concatenate(logits)).argmax(axis=1)
    scored = score_classes("model", "", problem.classes.codes[problem.test], predicted)
    return Reading(cut, pad, scored.accuracy, scored.balanced)
