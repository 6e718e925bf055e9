"""What the pages of all tasks that classify share."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Generic

import numpy as np
import streamlit as st

from components.charts import classification as charts
from components.charts.chart import Chart
from components.data.datasets import Sequences, Texts
from components.export.classification import classification_csv
from components.models.reader_spec import ReaderSpec
from components.recipe import ClassifySequences, ClassifyTexts, Recipe
from components.runs.store import Run
from components.tasks.classification.metrics import METRICS
from components.tasks.classification.result import ClassesResult
from components.tasks.classification.settings_contest import begin_contest
from components.tasks.classification.task import ClassificationTask
from components.training.events import EpochEnd
from components.ui.boundary import fragment
from components.ui.formatting import count, escape
from components.ui.recipe_form.form_fields import RecipeForm
from components.ui.tasks.download import Download
from components.ui.tasks.page import DatasetT, TaskPage
from components.ui.tasks.result_section import ResultSection
from components.ui.tasks.score_table import best_count, show_scores
from components.ui.tasks.settings_contest import show_settings_contest
from components.ui.widgets.chart_display import show_chart

_CELL = "classes.cell"
_PICTURE = "classes.picture"


def balance_control(panel: RecipeForm) -> None:
    """Draw whether all classes count the same."""
    panel.switch(
        "task.balanced",
        "Weighs rare classes as much as frequent ones, so that the model can't ignore them.",
    )


def convolution_control(panel: RecipeForm) -> None:
    """Draw how many steps a convolution in front of the model sees at a time, and how many it moves on by."""
    panel.number("task.kernel")
    panel.number("task.stride")


def note_stride(task: ClassifySequences | ClassifyTexts, lengths: np.ndarray, unit: str, name: str) -> None:
    """Say what a stride makes of the examples' lengths.

    Args:
        task: with the stride.
        lengths: (N,) steps of the examples.
        unit: what a step is called.
        name: what an example is called.
    """
    if task.stride == 1 or not len(lengths):
        return
    read = np.minimum(lengths, task.longest)
    longest, short = int(read.max()), int(((read > 0) & (read < task.stride)).sum())
    steps = count(ReaderSpec.of(task).steps(longest), "step")
    sentence = f"With a stride of {task.stride}, the longest {name} has {steps} for the model instead of "
    sentence += f"{count(longest, unit)}."
    if short:
        are = "is shorter than the stride and becomes" if short == 1 else "are shorter and become"
        sentence += f" {count(short, name)} {are} a single step."
    st.caption(sentence)


def output_controls(panel: RecipeForm) -> None:
    """Draw what is made of the states of all steps, and how certain the model is to become."""
    panel.buttons("task.pooling")
    panel.share("task.label_smoothing", least=0.0, most=0.5)


def show_contest(
    recipe: Recipe, dataset: Sequences | Texts, suggest: Callable[[], Recipe], examples: str
) -> None:
    """Offer to find settings by a contest.

    Args:
        recipe: in the making.
        dataset: the examples.
        suggest: returns what is suggested by their sizes alone.
        examples: what they are called.
    """
    show_settings_contest(recipe, lambda: begin_contest(dataset, suggest()), examples=examples)


class ClassificationPage(TaskPage[DatasetT, ClassesResult], Generic[DatasetT]):
    """What the pages show of tasks that classify."""

    test_set_origin = ", chosen at random"

    @property
    def rule_fields(self) -> Mapping[str, str]:
        """At which field a rule over several of them complains."""
        return {"task": "task.stride"}

    @property
    @abstractmethod
    def task(self) -> ClassificationTask[Any]:
        """The task."""

    @abstractmethod
    def show_examples(self, run: Run, numbers: np.ndarray, captions: Sequence[str]) -> None:
        """Draw examples of a run's dataset by number, (N,), each with its own words."""

    def dataset_line(self, dataset: DatasetT) -> str:
        """Return how many examples there are, and of how many classes."""
        return f"{count(dataset.size, self.example_name(dataset))} of {self.count_classes(dataset)}"

    @abstractmethod
    def example_name(self, dataset: DatasetT) -> str:
        """Return what one example is called."""

    def count_classes(self, dataset: DatasetT) -> str:
        """Return how many classes there are, in words."""
        return count(len(self.task.classes(dataset).names), "class", "classes")

    def live_chart(self, recipe: Recipe, dataset: DatasetT) -> dict[str, Any]:
        """Return for the live charts the names of the classes that a run counts."""
        return {
            "kind": "confusion",
            "names": list(self.task.preview(recipe, dataset).names),
            "loss": "cross-entropy (nats)",
            "score": "accuracy",
        }

    def show_replay(self, run: Run, ends: Sequence[EpochEnd], dataset: DatasetT) -> None:
        """Draw the accuracy on the validation set after each epoch."""
        names = self.task.classes(dataset).names
        shown = [end for end in ends if len(end.snapshot.numbers) == len(names) ** 2]
        if not shown:
            return
        tables = [np.array(end.snapshot.numbers).reshape(len(names), -1) for end in shown]
        shares = np.array([np.trace(table) / max(1, table.sum()) for table in tables])
        show_chart(charts.accuracy_by_epoch([end.epoch for end in shown], shares), key=f"replay-{run.id}")

    def result_sections(self, run: Run, result: ClassesResult) -> Sequence[ResultSection]:
        """Return the confusion matrix, the scores, and how sure the model was."""
        matrix = partial(_confusion, result, partial(self.show_examples, run))
        certainty = "Calibration and thresholds"
        return (
            ResultSection("confusion", "Predictions", "Confusion matrix", matrix),
            ResultSection("scores", "How good", "Scores on the test set", partial(self.show_scores, result)),
            ResultSection("calibration", "How sure", certainty, partial(_certainty, result)),
        )

    def show_scores(self, result: ClassesResult) -> None:
        """Draw the scores of the model and of the baselines, all of them in a fold."""
        show_chart(charts.balanced_accuracy_bars(result), key="scores")
        with st.expander(best_count(result.scores, METRICS), icon=":material/table_rows:"):
            _score_table(result)

    def downloads(self, result: ClassesResult) -> tuple[Download, ...]:
        """Return what was said of the test set as a table."""
        name = "unroll-classes.csv"
        return (
            Download(
                "Predictions (CSV)", name, "text/csv", ":material/table:", lambda: classification_csv(result)
            ),
        )


def _score_table(result: ClassesResult) -> None:
    show_scores(
        result.scores,
        METRICS,
        who="Model",
        alt="Scores of the model and of the baselines on the test set",
        caption=(
            f"On {count(len(result.truth), 'example')} of the test set; the best of each column is "
            f"marked. On the training set the model's accuracy is {result.training_accuracy:.0%}."
        ),
    )


@fragment
def _confusion(result: ClassesResult, examples: Callable[[np.ndarray, Sequence[str]], None]) -> None:
    if result.notes:
        st.info(escape(" ".join(result.notes)), icon=":material/info:")
    left, right = st.columns(2, gap="large")
    table = result.confusion
    cells = _cells(table)
    if st.session_state.get(_CELL) not in cells:
        st.session_state[_CELL] = cells[0]
    with left:
        _selectable(charts.confusion_matrix(result.names, table))
    with right:
        chosen = st.selectbox(
            "Cell",
            cells,
            key=_CELL,
            format_func=lambda cell: _cell_words(result.names, table, cell),
            help="You can also click a cell of the matrix.",
        )
        members = np.flatnonzero((result.truth == chosen[0]) & (result.predicted == chosen[1]))
        # The surest first: they tell most about what the model goes by.
        members = members[np.argsort(-result.probabilities[members, chosen[1]], kind="stable")]
        captions = [f"{result.probabilities[member, chosen[1]]:.0%} sure" for member in members]
        examples(result.numbers[members], captions)


def _cells(table: np.ndarray) -> list[tuple[int, int]]:
    """List the cells that hold examples: the mistakes first, the most frequent in front."""
    cells = [(int(row), int(column)) for row, column in zip(*np.nonzero(table), strict=True)]
    return sorted(cells, key=lambda cell: (cell[0] == cell[1], -int(table[cell])))


def _cell_words(names: Sequence[str], table: np.ndarray, cell: tuple[int, int]) -> str:
    row, column = cell
    many = int(table[row, column])
    if row == column:
        return f"{names[row]}, predicted correctly: {many:,}"
    return f"{names[row]} predicted as {names[column]}: {many:,}"


def _selectable(chart: Chart) -> None:
    show_chart(chart, key=_PICTURE, on_select=_take_cell)


def _take_cell() -> None:
    points = st.session_state[_PICTURE]["selection"]["points"]
    if points:
        st.session_state[_CELL] = (round(points[0]["y"]), round(points[0]["x"]))


def _certainty(result: ClassesResult) -> None:
    pictures: list[tuple[str, Chart]] = [("calibration", charts.calibration_curve(result.calibration))]
    if result.roc:
        pictures.append(("roc", charts.roc_curves(result.roc)))
        pictures.append(("precision-recall", charts.precision_recall_curves(result.precision_recall)))
    grid = st.grid(2, min_column_width=320)
    for key, chart in pictures:
        with grid.cell():
            show_chart(chart, key=key)
