"""What the pages of all tasks that tell classes share."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from components.charts import classification as charts
from components.charts.chart import Chart
from components.data.datasets import Classes
from components.export.classification import classification_csv
from components.runs.store import Run
from components.tasks.classes.result import ClassesResult
from components.training.events import EpochEnd
from components.ui.boundary import fragment
from components.ui.formatting import count, escape
from components.ui.tasks.download import Download
from components.ui.tasks.scoring import Measure, show_scores
from components.ui.train.form_fields import RecipeForm
from components.ui.widgets.chart_display import show_chart

_CELL = "classes.cell"
_PICTURE = "classes.picture"
_UNEVEN = 1.5  # times that a class is more frequent than another before both are made to count the same
_share = partial(Measure, larger_is_better=True, written="{:.1%}".format)
_MEASURES = {
    "accuracy": _share(
        "Accuracy",
        "The share of all examples that is told right. It flatters who knows only the frequent.",
    ),
    "balanced": _share(
        "Balanced accuracy",
        "How much of each class is recognised, averaged over the classes: a rare one counts as much as any.",
    ),
    "macro_f1": _share(
        "Macro F1",
        "Of each class, the harmonic mean of what is found of it and of what is rightly said to be it; "
        "averaged over the classes.",
    ),
    "log_loss": Measure(
        "Log loss",
        "How surprised the teller is by the truth, in nats. Smaller is better; who is sure of what is wrong "
        "pays dearly.",
        written="{:.3f}".format,
    ),
}


# --- Setting it up -----------------------------------------------------------------------------------


def are_uneven(held: Classes) -> bool:
    """Return whether some classes are so much more frequent that a first recipe makes all count the same."""
    counts = held.counts[held.counts > 0]
    return bool(counts.max() > _UNEVEN * counts.min())


def balance_control(panel: RecipeForm) -> None:
    """Draw whether all classes count the same."""
    panel.switch(
        "task.balanced",
        "Rare classes count as much",
        "Then the model can't get away with knowing the frequent ones only.",
    )


# --- While it trains ---------------------------------------------------------------------------------


def live(names: Sequence[str]) -> dict[str, Any]:
    """Return the live charts the names of the classes that a run counts."""
    return {
        "kind": "confusion",
        "names": list(names),
        "loss": "cross-entropy (nats)",
        "score": "share told right",
    }


def replay(run: Run, ends: Sequence[EpochEnd], names: Sequence[str]) -> None:
    """Draw how much of the validation part was told right after each epoch, and what at the best of them."""
    told = [end for end in ends if len(end.snapshot.numbers) == len(names) ** 2]
    if not told:
        return
    tables = [np.array(end.snapshot.numbers).reshape(len(names), -1) for end in told]
    shares = np.array([np.trace(table) / max(1, table.sum()) for table in tables])
    show_chart(charts.accuracy_by_epoch([end.epoch for end in told], shares), key=f"replay-{run.id}")


# --- What it came to ---------------------------------------------------------------------------------


def show_results(result: ClassesResult, examples: Callable[[np.ndarray, Sequence[str]], None]) -> None:
    """Draw the scores, what was taken for what, and how sure the model was.

    Args:
        result: of the run.
        examples: draws examples of the dataset by number, each with its own words.
    """
    if result.notes:
        st.info(escape(" ".join(result.notes)), icon=":material/info:")
    _scores(result)
    _confusion(result, examples)
    _certainty(result)


def downloads(result: ClassesResult) -> tuple[Download, ...]:
    """Offer what was said of the test part as a table."""
    name = "unroll-classes.csv"
    return (
        Download(
            "What it said (CSV)", name, "text/csv", ":material/table:", lambda: classification_csv(result)
        ),
    )


def _scores(result: ClassesResult) -> None:
    show_scores(
        result.scores,
        _MEASURES,
        who="Teller",
        alt="Scores of the model and of the simple rules on the test part",
        said=f"On {count(len(result.truth), 'example')} that nothing looked at before; the best of each "
        f"column is marked. Of what it learnt from, the model gets {result.training_accuracy:.0%} right.",
    )
    show_chart(charts.balanced_accuracy_bars(result), key="scores")


@fragment
def _confusion(result: ClassesResult, examples: Callable[[np.ndarray, Sequence[str]], None]) -> None:
    st.header("Right and wrong, example by example", anchor=False)
    left, right = st.columns(2, gap="large")
    table = result.confusion
    cells = _cells(table)
    if st.session_state.get(_CELL) not in cells:
        st.session_state[_CELL] = cells[0]
    with left:
        _selectable(charts.confusion_matrix(result.names, table))
    with right:
        chosen = st.selectbox(
            "Look at a cell",
            cells,
            key=_CELL,
            format_func=lambda cell: _cell_words(result.names, table, cell),
            help="A click on a cell of the table chooses it too.",
        )
        members = np.flatnonzero((result.truth == chosen[0]) & (result.said == chosen[1]))
        # The surest first: they tell most about what the model goes by.
        members = members[np.argsort(-result.probabilities[members, chosen[1]], kind="stable")]
        said = [f"{result.probabilities[member, chosen[1]]:.0%} sure" for member in members]
        examples(result.numbers[members], said)


def _cells(table: np.ndarray) -> list[tuple[int, int]]:
    """List the cells that hold examples: the mistakes first, the most frequent in front."""
    held = [(int(row), int(column)) for row, column in zip(*np.nonzero(table), strict=True)]
    return sorted(held, key=lambda cell: (cell[0] == cell[1], -int(table[cell])))


def _cell_words(names: Sequence[str], table: np.ndarray, cell: tuple[int, int]) -> str:
    row, column = cell
    many = int(table[row, column])
    if row == column:
        return f"{names[row]}, told right: {many:,}"
    return f"{names[row]} taken for {names[column]}: {many:,}"


def _selectable(chart: Chart) -> None:
    show_chart(chart, key=_PICTURE, on_select=_take_cell)


def _take_cell() -> None:
    points = st.session_state[_PICTURE]["selection"]["points"]
    if points:
        st.session_state[_CELL] = (round(points[0]["y"]), round(points[0]["x"]))


def _certainty(result: ClassesResult) -> None:
    st.header("How far to trust it", anchor=False)
    pictures: list[tuple[str, Chart]] = [("calibration", charts.calibration_curve(result.calibration))]
    if result.roc:
        pictures.append(("roc", charts.roc_curves(result.roc)))
        pictures.append(("precision-recall", charts.precision_recall_curves(result.precision_recall)))
    grid = st.grid(2, min_column_width=320)
    for key, chart in pictures:
        with grid.cell():
            show_chart(chart, key=key)
