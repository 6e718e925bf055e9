"""The task of regression on sequences: a number for each, whatever its length."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.data import NO_PREPARATION
from components.data.datasets import Dataset, Numbers, Sequences
from components.errors import DataError
from components.insight.example import Example, ExampleChoice
from components.models.reader_spec import ReaderSpec
from components.models.summary import ModelSummary, summarize_of_numbers_to_number
from components.recipe import Preparation, Recipe, RegressSequences
from components.tasks import sequences
from components.tasks.attribution import attribute
from components.tasks.issue import Issue
from components.tasks.regression import checks
from components.tasks.regression.evaluate import evaluate
from components.tasks.regression.inspect import sequence_example
from components.tasks.regression.metrics import METRICS
from components.tasks.regression.problem import PREVIEW, RegressionProblem
from components.tasks.regression.result import NumbersResult
from components.tasks.regression.suggest import suggest
from components.tasks.sequences import SequenceInput
from components.tasks.task import Outputs, Task

if TYPE_CHECKING:
    import keras

    from components.models.classifier import Classifier


@dataclass(frozen=True, eq=False)
class Preview:
    """The numbers of the validation set that a run predicts after every epoch: what they are, (M,) true."""

    what: str
    truth: np.ndarray


@dataclass(frozen=True, eq=False)
class NumberPrediction:
    """The number that a model predicts of one sequence of T steps, and why.

    Attributes:
        number: in its own units.
        occlusion: (T,) how much larger the number is than without the step.
        gradient: (T,) gradient of the number times the input, summed over the channels.
        attention: (T,) weights that add up to 1; None where the model has no attention.
    """

    number: float
    occlusion: np.ndarray
    gradient: np.ndarray
    attention: np.ndarray | None


class RegressSequencesTask(Task[RegressionProblem, "Classifier", NumbersResult]):
    """Predict a number of each sequence."""

    kind = "measure_sequences"
    loss_settings = ("answer",)
    result_class = NumbersResult
    metrics = METRICS

    def why_unsuitable(self, dataset: Dataset) -> str:
        """Return why no number of a dataset's sequences can be predicted; "" where one can."""
        if not isinstance(dataset, Sequences):
            return f"Regression needs sequences, and this is {dataset.kind_phrase}."
        if not isinstance(dataset.answer, Numbers):
            return "Regression needs a number for each sequence, and these have none."
        return ""

    def issues(self, recipe: Recipe, dataset: Dataset) -> tuple[Issue, ...]:
        """Return what in a recipe can't work on a dataset."""
        if reason := self.why_unsuitable(dataset):
            return (Issue("dataset", reason),)
        assert isinstance(dataset, Sequences)  # which is suitable
        return checks.issues(recipe, dataset, _width(recipe, dataset))

    def example_count(self, recipe: Recipe, dataset: Dataset) -> int:
        """Return the number of training sequences."""
        self._numbers(dataset)
        return len(sequences.split(recipe, dataset).train)

    def suggest(self, dataset: Dataset, preparation: Preparation = NO_PREPARATION) -> Recipe:
        """Return a first recipe that is right for most sequences with numbers."""
        self._numbers(dataset)
        assert isinstance(dataset, Sequences)  # which have them
        return suggest(dataset, preparation)

    def plan(self, recipe: Recipe, dataset: Dataset | None = None) -> ModelSummary:
        """Return the plan of a recipe's model."""
        task = recipe.require_task(RegressSequences)
        if not isinstance(dataset, Sequences):
            return summarize_of_numbers_to_number(recipe.model, 1, task.longest, spec=ReaderSpec.of(task))
        return summarize_of_numbers_to_number(
            recipe.model,
            len(dataset.channels),
            _width(recipe, dataset),
            symbols=len(dataset.symbols),
            spec=ReaderSpec.of(task),
        )

    def preview(self, recipe: Recipe, dataset: Dataset) -> Preview:
        """Return what the numbers of a snapshot are to be."""
        numbers = self._numbers(dataset)
        shown = sequences.split(recipe, dataset).validation[:PREVIEW]
        return Preview(numbers.name, numbers.values[shown].astype(np.float64))

    def prepare(self, recipe: Recipe, dataset: Dataset) -> RegressionProblem:
        """Return sequences ready to train on."""
        numbers = self._numbers(dataset)
        assert isinstance(dataset, Sequences)  # which have them
        split = sequences.split(recipe, dataset)
        return RegressionProblem(recipe.require_task(RegressSequences), dataset, numbers, split)

    def build(self, recipe: Recipe, problem: RegressionProblem) -> "Classifier":
        """Return a new model for a problem."""
        from components.models.classifier import build_sequence_regressor  # noqa: PLC0415 - brings in TensorFlow

        channels, symbols = len(problem.dataset.channels), len(problem.dataset.symbols)
        width, spec = problem.ragged.width, ReaderSpec.of(problem.task)
        return build_sequence_regressor(recipe.model, channels, width, symbols, recipe.seed, spec)

    def evaluate(
        self, problem: RegressionProblem, outputs: Outputs, built: "Classifier", best_epoch: int
    ) -> NumbersResult:
        """Measure a trained model on the test set, beside the mean and the nearest neighbour."""
        return evaluate(problem, outputs, best_epoch)

    def export_model(self, problem: RegressionProblem, model: "keras.Model") -> "keras.Model":
        """Return the model for download: from the dataset's own numbers to one in its own units."""
        from components.models.export_model import export_sequence_regressor  # noqa: PLC0415 - brings in TensorFlow

        # A Transformer knows as many places as it has seen steps, and no more.
        width = problem.ragged.width
        return export_sequence_regressor(model, problem.answer, problem.scaler, width, problem.task.cut)

    def predict(
        self, problem: RegressionProblem, built: "Classifier", question: SequenceInput
    ) -> NumberPrediction:
        """Return the number of a sequence that a person gives, and why it is that.

        Raises:
            DataError: if it isn't one with as many channels as the others, or a number is missing.
        """
        read = sequences.scale_and_cut_input(
            question, problem.dataset, problem.scaler, problem.ragged, problem.task
        )
        why = attribute(built, read, problem.ragged.width, problem.empty, lambda outputs: outputs[0])
        (number,) = problem.in_units(why.outputs[None])
        scale = float(problem.answer.scale[0])
        occlusion = number - problem.in_units(why.without)
        return NumberPrediction(number, occlusion, why.gradient * scale, why.attention)

    def sample(self, problem: RegressionProblem, built: "Classifier", asked: ExampleChoice) -> Example:
        """Return a sequence of the test set to look into.

        Raises:
            DataError: if anything else is asked about.
        """
        return sequence_example(problem, sequences.picked_sequence(problem, asked), built)

    def sample_evenly(self, problem: RegressionProblem, most: int) -> list[Example]:
        """Return sequences from all of the data, evenly."""
        return sequences.sample_evenly(problem, most, lambda number: sequence_example(problem, number))

    def _numbers(self, dataset: Dataset) -> Numbers:
        if isinstance(dataset, Sequences) and isinstance(dataset.answer, Numbers):
            return dataset.answer
        raise DataError(
            self.why_unsuitable(dataset), where=dataset.title, remedy="Choose sequences with numbers."
        )


def _width(recipe: Recipe, dataset: Dataset) -> int:
    return sequences.width(dataset, recipe.require_task(RegressSequences).longest)
