"""The task of telling the class of a sequence of numbers, whatever its length."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.data.datasets import Classes, Dataset, Sequences
from components.data.splits.random_split import RandomSplit
from components.errors import DataError
from components.insight.example import Example, ExampleChoice, UserSequence
from components.models.summary import ModelSummary, summarize_of_numbers
from components.recipe import ClassifySequences, Recipe
from components.tasks import sequences
from components.tasks.classes import checks, inside
from components.tasks.classes.problem import PREVIEW, LabelledProblem
from components.tasks.classes.reasons import Told, told
from components.tasks.classes.result import ClassesResult
from components.tasks.complaint import Complaint
from components.tasks.sequences import Given

if TYPE_CHECKING:
    import keras

    from components.models.classifier import Classifier

Result = ClassesResult

_GUESSED_CLASSES = 6


@dataclass(frozen=True)
class Preview:
    """What the counts are that a run takes of the validation part after every epoch: of these classes."""

    names: tuple[str, ...]
    examples: int


class SequencesProblem(LabelledProblem):
    """Sequences with classes: scaled by their training part; codes of symbols stay what they are."""

    def __init__(self, recipe: Recipe, dataset: Sequences):
        task = self.task = recipe.require_task(ClassifySequences)
        self.dataset, classes = dataset, _classes_of(dataset)
        drawn = parts(recipe, dataset)
        read = sequences.read(dataset, drawn, task)
        self.scaler = read.scaler
        super().__init__(read.flat, classes, drawn, task.balanced)


# --- The verbs -------------------------------------------------------------------------------------


def fits(dataset: Dataset) -> str:
    """Return why the classes of a dataset's sequences can't be told; nothing where they can."""
    if not isinstance(dataset, Sequences):
        return f"Telling classes of sequences needs sequences, and this is {dataset.kind_phrase}."
    if not isinstance(dataset.answer, Classes):
        return "Telling classes needs a class for each sequence, and these have none."
    return ""


def check(recipe: Recipe, dataset: Dataset) -> tuple[Complaint, ...]:
    """Return what in a recipe can't work on a dataset."""
    if fits(dataset):
        return (Complaint("dataset", fits(dataset)),)
    return checks.complaints(recipe, _classes_of(dataset), _width(recipe, dataset))


def examples(recipe: Recipe, dataset: Dataset) -> int:
    """Count the sequences of the training part."""
    return len(parts(recipe, dataset).train)


def plan(recipe: Recipe, dataset: Dataset | None = None) -> ModelSummary:
    """Describe the model of a recipe."""
    if not isinstance(dataset, Sequences):
        longest = recipe.require_task(ClassifySequences).longest
        return summarize_of_numbers(recipe.model, 1, _GUESSED_CLASSES, longest)
    names, width = _classes_of(dataset).names, _width(recipe, dataset)
    return summarize_of_numbers(
        recipe.model, len(dataset.channels), len(names), width, symbols=len(dataset.symbols)
    )


def preview(recipe: Recipe, dataset: Dataset) -> Preview:
    """Return what the numbers of a snapshot are: for each class, what its sequences are taken for."""
    classes = _classes_of(dataset)
    return Preview(classes.names, min(PREVIEW, len(parts(recipe, dataset).validation)))


def prepare(recipe: Recipe, dataset: Dataset) -> SequencesProblem:
    """Make a dataset ready to train on."""
    if not isinstance(dataset, Sequences):
        raise DataError(fits(dataset), where=dataset.title, remedy="Choose sequences with classes.")
    return SequencesProblem(recipe, dataset)


def build(recipe: Recipe, problem: SequencesProblem) -> "Classifier":
    """Build the model."""
    from components.models.classifier import build_sequence_classifier  # noqa: PLC0415 - brings in TensorFlow

    channels, symbols = len(problem.dataset.channels), len(problem.dataset.symbols)
    return build_sequence_classifier(
        recipe.model, channels, len(problem.names), problem.flat.width, symbols, recipe.seed
    )


def evaluate(
    problem: SequencesProblem,
    outputs: Callable[[np.ndarray], np.ndarray],
    built: "Classifier",
    best_epoch: int,
) -> ClassesResult:
    """Hold what the model says of the test part against the truth, the class prior and nearest neighbours.

    Args:
        problem: what `prepare` gave.
        outputs: maps examples to the trained model's outputs.
        built: what `build` gave, trained.
        best_epoch: the epoch whose weights these are.
    """
    from components.tasks.classes.evaluating import evaluated  # noqa: PLC0415 - brings in scikit-learn

    nearest = sequences.neighbours(problem, len(problem.dataset.symbols))
    rule = ("neighbour", "Nearest neighbour", problem.classes.codes[nearest], None)
    return evaluated(problem, outputs, [rule], best_epoch, problem.dataset.notes)


def whole(problem: SequencesProblem, model: "keras.Model") -> "keras.Model":
    """Return the model as it is taken away: it takes the dataset's own numbers and names a class."""
    from components.models.export_model import export_sequence_classifier  # noqa: PLC0415 - brings in TensorFlow

    # A Transformer knows as many places as it has seen steps, and no more.
    longest = min(problem.task.longest, problem.flat.width)
    return export_sequence_classifier(model, problem.names, problem.scaler, longest, problem.task.cut)


def predict(problem: SequencesProblem, built: "Classifier", asked: Given) -> Told:
    """Return the class of a sequence that a person gives, and why.

    Raises:
        DataError: if it isn't one with as many channels as the others, or a number is missing.
    """
    read = sequences.read_given(asked, problem.dataset, problem.scaler, problem.flat, problem.task)
    return told(built, read, problem.flat.width, problem.empty)


def sample(problem: SequencesProblem, built: "Classifier", asked: ExampleChoice) -> Example:
    """Return a sequence to look at: one of the test part, or one that is brought.

    Raises:
        DataError: if a text is asked about, or what is brought can't be read.
    """
    if not isinstance(asked, UserSequence):
        return _example(problem, sequences.picked(problem, asked), built)
    given = Given(asked.values)
    read = sequences.read_given(given, problem.dataset, problem.scaler, problem.flat, problem.task)
    steps = sequences.steps_given(problem.dataset, given, len(read), problem.task)
    return inside.example(
        problem, read, steps.names, built=built, values=steps.values, channels=steps.channels
    )


def spread(problem: SequencesProblem, most: int) -> list[Example]:
    """Return sequences from all of the data, evenly."""
    return sequences.spread(problem, most, lambda number: _example(problem, number))


# --- Their parts -----------------------------------------------------------------------------------


def _example(problem: SequencesProblem, number: int, built: "Classifier | None" = None) -> Example:
    steps = sequences.steps(problem.dataset, problem.flat, number)
    return inside.example(
        problem,
        problem.flat.stretch(number),
        steps.names,
        truth=int(problem.classes.codes[number]),
        built=built,
        values=steps.values,
        channels=steps.channels,
    )


def _classes_of(dataset: Dataset) -> Classes:
    if isinstance(dataset, Sequences) and isinstance(dataset.answer, Classes):
        return dataset.answer
    raise DataError(fits(dataset), where=dataset.title, remedy="Choose sequences with classes.")


def parts(recipe: Recipe, dataset: Dataset) -> RandomSplit:
    """Draw the sequences into training, validation and test; each class has its share of every part."""
    return sequences.parts(recipe, dataset, _classes_of(dataset))


def _width(recipe: Recipe, dataset: Dataset) -> int:
    return sequences.width(dataset, recipe.require_task(ClassifySequences).longest)
