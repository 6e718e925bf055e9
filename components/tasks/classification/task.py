"""What tasks that classify share."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from components.data.datasets import Classes, Dataset, Sequences, Texts
from components.data.splits.random_split import RandomSplit
from components.recipe import Recipe
from components.tasks.classification import checks
from components.tasks.classification.metrics import METRICS
from components.tasks.classification.problem import PREVIEW, LabelledProblem
from components.tasks.classification.result import ClassesResult
from components.tasks.issue import Issue
from components.tasks.split_check import split_issue
from components.tasks.task import Task

if TYPE_CHECKING:
    from components.models.classifier import Classifier  # noqa: F401 - named in quotes

LabelledT = TypeVar("LabelledT", bound=LabelledProblem)


@dataclass(frozen=True)
class Preview:
    """What the counts are that a run takes of the validation set after every epoch: of these classes."""

    names: tuple[str, ...]
    examples: int


class ClassificationTask(Task[LabelledT, "Classifier", ClassesResult], Generic[LabelledT]):
    """Predict the class of each example."""

    result_class = ClassesResult
    metrics = METRICS

    @abstractmethod
    def classes(self, dataset: Dataset) -> Classes:
        """Return the classes of a dataset's examples.

        Raises:
            DataError: if they have none.
        """

    @abstractmethod
    def split(self, recipe: Recipe, dataset: Dataset) -> RandomSplit:
        """Return which examples are for training, validation and test; each has its share of every class."""

    @abstractmethod
    def problem(self, recipe: Recipe, dataset: Dataset, split: RandomSplit) -> LabelledT:
        """Return a dataset ready to train on, divided as it is said."""

    def prepare(self, recipe: Recipe, dataset: Dataset) -> LabelledT:
        """Return a dataset ready to train on."""
        return self.problem(recipe, dataset, self.split(recipe, dataset))

    @abstractmethod
    def width(self, recipe: Recipe, dataset: Dataset) -> int:
        """Return how many steps the model reads."""

    def issues(self, recipe: Recipe, dataset: Dataset) -> tuple[Issue, ...]:
        """Return what in a recipe can't work on a dataset."""
        if reason := self.why_unsuitable(dataset):
            return (Issue("dataset", reason),)
        assert isinstance(dataset, Sequences | Texts)  # which have classes
        found = checks.issues(recipe, self.classes(dataset), self.width(recipe, dataset))
        undivided = split_issue(dataset, recipe.preparation)
        return (undivided,) if undivided and not found else found

    def example_count(self, recipe: Recipe, dataset: Dataset) -> int:
        """Return the number of training examples."""
        return len(self.split(recipe, dataset).train)

    def preview(self, recipe: Recipe, dataset: Dataset) -> Preview:
        """Return what the numbers of a snapshot are: for each class, how often each class is predicted."""
        examples = min(PREVIEW, len(self.split(recipe, dataset).validation))
        return Preview(self.classes(dataset).names, examples)
