"""The task of classifying sequences of numbers, whatever their length."""

from typing import TYPE_CHECKING

from components.data import NO_PREPARATION
from components.data.datasets import Classes, Dataset, Sequences
from components.data.splits.random_split import RandomSplit
from components.errors import DataError
from components.insight.example import Example, ExampleChoice, UserSequence
from components.models.reader_spec import ReaderSpec
from components.models.summary import ModelSummary, summarize_of_numbers
from components.recipe import ClassifySequences, Preparation, Recipe
from components.tasks import sequences
from components.tasks.classification.attribution import ClassPrediction, predict_class
from components.tasks.classification.inspect import labelled_example
from components.tasks.classification.problem import SequencesProblem
from components.tasks.classification.result import ClassesResult
from components.tasks.classification.suggest import suggest_for_sequences
from components.tasks.classification.task import ClassificationTask
from components.tasks.sequences import SequenceInput
from components.tasks.task import Outputs

if TYPE_CHECKING:
    import keras

    from components.models.classifier import Classifier

_GUESSED_CLASSES = 6


class ClassifySequencesTask(ClassificationTask[SequencesProblem]):
    """Predict the class of each sequence."""

    kind = "classify_sequences"
    loss_settings = ("balanced", "label_smoothing")

    def classes(self, dataset: Dataset) -> Classes:
        """Return the classes of a dataset's sequences.

        Raises:
            DataError: if they have none.
        """
        if isinstance(dataset, Sequences) and isinstance(dataset.answer, Classes):
            return dataset.answer
        raise DataError(
            self.why_unsuitable(dataset), where=dataset.title, remedy="Choose sequences with classes."
        )

    def split(self, recipe: Recipe, dataset: Dataset) -> RandomSplit:
        """Return which sequences are for training, validation and test."""
        return sequences.split(recipe, dataset, self.classes(dataset))

    def width(self, recipe: Recipe, dataset: Dataset) -> int:
        """Return how many steps the model reads."""
        return sequences.width(dataset, recipe.require_task(ClassifySequences).longest)

    def why_unsuitable(self, dataset: Dataset) -> str:
        """Return why a dataset's sequences can't be classified; "" where they can."""
        if not isinstance(dataset, Sequences):
            return f"Classifying sequences needs sequences, and this is {dataset.kind_phrase}."
        if not isinstance(dataset.answer, Classes):
            return "Classification needs a class for each sequence, and these have none."
        return ""

    def suggest(self, dataset: Dataset, preparation: Preparation = NO_PREPARATION) -> Recipe:
        """Return a first recipe that is right for most sequences with classes."""
        classes = self.classes(dataset)
        assert isinstance(dataset, Sequences)  # which have them
        return suggest_for_sequences(dataset, classes, preparation)

    def plan(self, recipe: Recipe, dataset: Dataset | None = None) -> ModelSummary:
        """Return the plan of a recipe's model."""
        if not isinstance(dataset, Sequences):
            task = recipe.require_task(ClassifySequences)
            spec = ReaderSpec.of(task)
            return summarize_of_numbers(recipe.model, 1, _GUESSED_CLASSES, task.longest, spec=spec)
        names, width = self.classes(dataset).names, self.width(recipe, dataset)
        return summarize_of_numbers(
            recipe.model,
            len(dataset.channels),
            len(names),
            width,
            symbols=len(dataset.symbols),
            spec=ReaderSpec.of(recipe.require_task(ClassifySequences)),
        )

    def problem(self, recipe: Recipe, dataset: Dataset, split: RandomSplit) -> SequencesProblem:
        """Return sequences ready to train on, divided as it is said."""
        classes = self.classes(dataset)
        assert isinstance(dataset, Sequences)  # which have them
        return SequencesProblem(recipe.require_task(ClassifySequences), dataset, classes, split)

    def build(self, recipe: Recipe, problem: SequencesProblem) -> "Classifier":
        """Return a new model for a problem."""
        from components.models.classifier import build_sequence_classifier  # noqa: PLC0415 - brings in TensorFlow

        channels, symbols = len(problem.dataset.channels), len(problem.dataset.symbols)
        return build_sequence_classifier(
            recipe.model,
            channels,
            len(problem.names),
            problem.ragged.width,
            symbols,
            recipe.seed,
            ReaderSpec.of(problem.task),
        )

    def evaluate(
        self, problem: SequencesProblem, outputs: Outputs, built: "Classifier", best_epoch: int
    ) -> ClassesResult:
        """Measure a trained model on the test set, beside the class prior and the nearest neighbour."""
        from components.tasks.classification.evaluate import evaluate  # noqa: PLC0415 - scikit-learn

        nearest = sequences.nearest_neighbours(problem, len(problem.dataset.symbols))
        rule = ("neighbour", "Nearest neighbour", problem.classes.codes[nearest], None)
        return evaluate(problem, outputs, [rule], best_epoch, problem.dataset.notes)

    def export_model(self, problem: SequencesProblem, model: "keras.Model") -> "keras.Model":
        """Return the model for download: from the dataset's own numbers to the name of a class."""
        from components.models.export_model import export_sequence_classifier  # noqa: PLC0415 - TensorFlow

        # A Transformer knows as many places as it has seen steps, and no more.
        width = problem.ragged.width
        return export_sequence_classifier(model, problem.names, problem.scaler, width, problem.task.cut)

    def predict(
        self, problem: SequencesProblem, built: "Classifier", question: SequenceInput
    ) -> ClassPrediction:
        """Return the class of a sequence that a person gives, and why it is that.

        Raises:
            DataError: if it isn't one with as many channels as the others, or a number is missing.
        """
        read = sequences.scale_and_cut_input(
            question, problem.dataset, problem.scaler, problem.ragged, problem.task
        )
        return predict_class(built, read, problem.ragged.width, problem.empty)

    def sample(self, problem: SequencesProblem, built: "Classifier", asked: ExampleChoice) -> Example:
        """Return a sequence to look into: one of the test set, or one that is brought.

        Raises:
            DataError: if a text is asked about, or what is brought can't be read.
        """
        if not isinstance(asked, UserSequence):
            return _example(problem, sequences.picked_sequence(problem, asked), built)
        given, task = SequenceInput(asked.values), problem.task
        read = sequences.scale_and_cut_input(given, problem.dataset, problem.scaler, problem.ragged, task)
        steps = sequences.input_steps(problem.dataset, given, len(read), task)
        return labelled_example(
            problem, read, steps.names, built=built, values=steps.values, channels=steps.channels
        )

    def sample_evenly(self, problem: SequencesProblem, most: int) -> list[Example]:
        """Return sequences from all of the data, evenly."""
        return sequences.sample_evenly(problem, most, lambda number: _example(problem, number))


def _example(problem: SequencesProblem, number: int, built: "Classifier | None" = None) -> Example:
    steps = sequences.steps(problem.dataset, problem.ragged, number)
    return labelled_example(
        problem,
        problem.ragged.row(number),
        steps.names,
        truth=int(problem.classes.codes[number]),
        built=built,
        values=steps.values,
        channels=steps.channels,
    )
