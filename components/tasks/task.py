"""What a task is. The type checker says which members a new one still lacks, and so does making one."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import numpy as np

from components.data import NO_PREPARATION
from components.data.datasets import Dataset
from components.insight.doctor.run_evidence import Outcome
from components.insight.example import Example, ExampleChoice
from components.models.summary import ModelSummary
from components.recipe import Preparation, Recipe
from components.tasks.example_errors import ExampleErrors
from components.tasks.issue import Issue
from components.tasks.metrics import Metric
from components.training.training_problem import Problem

if TYPE_CHECKING:
    import keras

Outputs = Callable[[np.ndarray], np.ndarray]
"""Maps the numbers of examples, (N,) int32, to the trained model's outputs for them, (N, …)."""


class BuiltModel(Protocol):
    """What a task builds: the model that is trained, and whatever goes with it."""

    @property
    def model(self) -> "keras.Model":
        """The model that is trained."""


class Result(Protocol):
    """What every finished run leaves, whatever its task; it is packed by `components.tasks.result_file`."""

    @property
    def test_set(self) -> str:
        """A fingerprint of what it was measured on: results are ranked only where it is the same."""

    @property
    def errors(self) -> ExampleErrors | None:
        """How wrong the model was on each example of the test set; None where that isn't kept."""

    @property
    def scores(self) -> Sequence[Any]:
        """The model's score, then those of the baselines."""

    @property
    def verdict(self) -> str:
        """Whether the model beat what costs nothing, in plain words."""

    @property
    def won(self) -> bool:
        """Whether it did."""

    @property
    def best_epoch(self) -> int:
        """The epoch whose weights were measured."""

    @property
    def outcome(self) -> Outcome:
        """What the training doctor goes by."""


ProblemT = TypeVar("ProblemT", bound=Problem)
ModelT = TypeVar("ModelT", bound=BuiltModel)
ResultT = TypeVar("ResultT", bound=Result)


class Task(ABC, Generic[ProblemT, ModelT, ResultT]):
    """What is asked of a model.

    `why_unsuitable`, `suggest`, `issues`, `example_count`, `plan` and `preview` answer at once and without
    TensorFlow, for the pages; all others are for a worker.
    """

    @property
    @abstractmethod
    def kind(self) -> str:
        """The kind of the recipe's part that describes it."""

    @property
    @abstractmethod
    def loss_settings(self) -> tuple[str, ...]:
        """The settings that its loss is of: where one of them differs, so does what a loss means."""

    @property
    @abstractmethod
    def result_class(self) -> type[ResultT]:
        """The class of what `evaluate` returns."""

    @property
    @abstractmethod
    def metrics(self) -> Sequence[Metric[Any]]:
        """The metrics of its scores, in the order in which they are shown."""

    @abstractmethod
    def why_unsuitable(self, dataset: Dataset) -> str:
        """Return why a dataset can't be used for it; "" where it can."""

    @abstractmethod
    def suggest(self, dataset: Dataset, preparation: Preparation = NO_PREPARATION) -> Recipe:
        """Return a first recipe that is right for most datasets.

        Args:
            dataset: to train on.
            preparation: how it is cleaned and divided.

        Raises:
            DataError: if it is of another kind than the task needs.
        """

    @abstractmethod
    def issues(self, recipe: Recipe, dataset: Dataset) -> tuple[Issue, ...]:
        """Return what in a recipe can't work on a dataset."""

    @abstractmethod
    def example_count(self, recipe: Recipe, dataset: Dataset) -> int:
        """Return the number of training examples, which an epoch goes through."""

    @abstractmethod
    def plan(self, recipe: Recipe, dataset: Dataset | None = None) -> ModelSummary:
        """Return the plan of a recipe's model; without the dataset, what depends on it is guessed."""

    @abstractmethod
    def preview(self, recipe: Recipe, dataset: Dataset) -> Any:
        """Return what the numbers and texts are that a run shows of the validation set after every epoch."""

    @abstractmethod
    def prepare(self, recipe: Recipe, dataset: Dataset) -> ProblemT:
        """Return a dataset ready to train on.

        Raises:
            DataError: if it is of another kind than the task needs.
        """

    @abstractmethod
    def build(self, recipe: Recipe, problem: ProblemT) -> ModelT:
        """Return a new model for a problem."""

    @abstractmethod
    def evaluate(self, problem: ProblemT, outputs: Outputs, built: ModelT, best_epoch: int) -> ResultT:
        """Measure a trained model on the test set, beside rules that cost nothing.

        Args:
            problem: what `prepare` returned.
            outputs: of the trained model.
            built: what `build` returned, trained.
            best_epoch: the epoch whose weights these are.
        """

    def restore(self, problem: ProblemT, built: ModelT, result: ResultT) -> None:
        """Change a model with the weights of its training as `evaluate` did; most leave it as it is."""

    @abstractmethod
    def export_model(self, problem: ProblemT, model: "keras.Model") -> "keras.Model":
        """Return the model for download: from raw data to answers in their own units."""

    @abstractmethod
    def predict(self, problem: ProblemT, built: ModelT, question: Any) -> Any:
        """Return the model's answer to what a person asks.

        Raises:
            DataError: if it can't be read.
        """

    @abstractmethod
    def sample(self, problem: ProblemT, built: ModelT, asked: ExampleChoice) -> Example:
        """Return an example to look into: one of the test set, or one that a person brings.

        Raises:
            DataError: if what is brought can't be read, or nothing like it can be brought.
        """

    @abstractmethod
    def sample_evenly(self, problem: ProblemT, most: int) -> list[Example]:
        """Return at most so many examples from all of the data, evenly."""
