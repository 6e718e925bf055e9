"""What the pages show of a task. The type checker says which members a new one still lacks."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from components.data.datasets import Dataset
from components.recipe import Recipe
from components.runs.store import Run
from components.tasks.task import Result, Task
from components.training.events import EpochEnd
from components.ui.recipe_form.form_fields import RecipeForm
from components.ui.tasks.download import Download
from components.ui.tasks.inspection import InspectionTerms
from components.ui.tasks.result_section import ResultSection

DatasetT = TypeVar("DatasetT", bound=Dataset)
ResultT = TypeVar("ResultT", bound=Result)


@dataclass(frozen=True)
class OutputControls:
    """The controls of what a model's output means, where a task leaves a choice.

    Attributes:
        title: of their section.
        icon: of it.
        fields: of the recipe that they hold, dotted.
        draw: draws them.
    """

    title: str
    icon: str
    fields: tuple[str, ...]
    draw: Callable[[RecipeForm], None]


class TaskPage(ABC, Generic[DatasetT, ResultT]):
    """What the pages show of a task, from its controls to its results."""

    @property
    @abstractmethod
    def task(self) -> Task[Any, Any, ResultT]:
        """The task."""

    # --- Its words -------------------------------------------------------------------------------

    @property
    @abstractmethod
    def title(self) -> str:
        """What it is called where a person chooses it."""

    @property
    @abstractmethod
    def description(self) -> str:
        """What it does, in a sentence."""

    @property
    @abstractmethod
    def icon(self) -> str:
        """Its icon, as `:material/…:`."""

    @property
    @abstractmethod
    def examples_name(self) -> str:
        """What the dataset is divided by, in the plural: rows, texts."""

    @property
    @abstractmethod
    def test_set_origin(self) -> str:
        """Which of them are the test set, between commas; "" where that needs no words."""

    @property
    @abstractmethod
    def examples_help(self) -> str:
        """What a training example is."""

    @property
    @abstractmethod
    def exported_model_help(self) -> str:
        """What the downloaded model takes and returns."""

    @property
    @abstractmethod
    def inspection(self) -> InspectionTerms:
        """The words for looking into its models."""

    # --- Setting it up ---------------------------------------------------------------------------

    @property
    @abstractmethod
    def essential_fields(self) -> tuple[str, ...]:
        """The fields of its essential controls, dotted."""

    @property
    def rule_fields(self) -> Mapping[str, str]:
        """At which field a rule over several of them complains."""
        return {}

    @property
    def output_controls(self) -> OutputControls | None:
        """The controls of what its model's output means; None where there is no choice."""
        return None

    def reconcile_controls(self) -> None:
        """See to it that what the controls hold agrees, before they are drawn."""

    @abstractmethod
    def essential_controls(self, panel: RecipeForm, dataset: DatasetT) -> None:
        """Draw what a beginner chooses."""

    @abstractmethod
    def data_controls(self, panel: RecipeForm, dataset: DatasetT) -> None:
        """Draw what is done to the data before the model sees it."""

    @abstractmethod
    def show_data(self, recipe: Recipe, dataset: DatasetT) -> None:
        """Draw what a recipe makes of a dataset."""

    @abstractmethod
    def dataset_line(self, dataset: DatasetT) -> str:
        """Return a dataset's size in a line."""

    @abstractmethod
    def recipe_line(self, recipe: Recipe, dataset: DatasetT) -> str:
        """Return what is asked of the model in a line of Markdown."""

    @abstractmethod
    def thumbnail(self, recipe: Recipe) -> str:
        """Return the picture of a card's recipe as SVG."""

    # --- While it trains, and after --------------------------------------------------------------

    @abstractmethod
    def live_chart(self, recipe: Recipe, dataset: DatasetT) -> dict[str, Any]:
        """Return what the live charts draw of a run's snapshots, as JSON: `kind` names the drawing."""

    @abstractmethod
    def show_replay(self, run: Run, ends: Sequence[EpochEnd], dataset: DatasetT) -> None:
        """Draw how the snapshots went, when a run is over."""

    @abstractmethod
    def result_sections(self, run: Run, result: ResultT) -> Sequence[ResultSection]:
        """Return what is shown of a run's results: what was predicted first, then how good that is."""

    @abstractmethod
    def downloads(self, result: ResultT) -> tuple[Download, ...]:
        """Return the downloads beside the model."""

    @abstractmethod
    def ask_model(self, run: Run) -> None:
        """Let a person ask the run's own model."""
