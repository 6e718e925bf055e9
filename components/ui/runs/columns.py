"""The columns that the table of runs may have: what each is called, and what it holds of a run."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from components.data.sources.samples import SAMPLES
from components.data.sources.synthetic import GENERATORS
from components.glossary import explain
from components.recipe import DatasetReference, Generated, Quotes, Sample
from components.runs.catalog import CatalogEntry
from components.ui import tasks
from components.ui.formatting import number
from components.ui.recipe_form.labels import MODELS


@dataclass(frozen=True)
class RunColumn:
    """A column of the table.

    Attributes:
        label: its head.
        value: what it holds of a run; None where there is nothing.
        config: makes its configuration, of the label and a help.
        help: what it means, where that needs words.
    """

    label: str
    value: Callable[[CatalogEntry], Any]
    config: Callable[..., Any] = st.column_config.TextColumn
    help: str | None = None


def dataset_title(reference: DatasetReference) -> str:
    """Return what a dataset is called, without opening it."""
    match reference:
        case Sample():
            return SAMPLES[reference.name].title if reference.name in SAMPLES else reference.name
        case Generated():
            return GENERATORS[reference.name].title if reference.name in GENERATORS else reference.name
        case Quotes():
            return ", ".join(reference.tickers)
    return reference.name


def _measure(entry: CatalogEntry) -> str | None:
    found = entry.evaluation
    return None if found is None or found.model is None else f"{number(found.model)} {found.measure}"


def _lead(entry: CatalogEntry) -> float | None:
    """Return by how many percent of the best baseline's error the model's is smaller."""
    found = entry.evaluation
    return None if found is None or found.relative_error is None else 100 * (1 - found.relative_error)


def _percent(label: str, help: str | None = None, **more: Any) -> Any:
    return st.column_config.NumberColumn(label, help=help, format="%+.0f%%", **more)


def _seconds(label: str, help: str | None = None, **more: Any) -> Any:
    return st.column_config.NumberColumn(label, help=help, format="%.0f s", **more)


def _when(label: str, help: str | None = None, **more: Any) -> Any:
    return st.column_config.DatetimeColumn(label, help=help, format="distance", **more)


COLUMNS: dict[str, RunColumn] = {
    "status": RunColumn("Status", lambda entry: entry.status.capitalize()),
    "loss": RunColumn(
        "Loss",
        lambda entry: [loss for loss in entry.curve if math.isfinite(loss)],
        st.column_config.LineChartColumn,
        "The training loss of every epoch.",
    ),
    "task": RunColumn("Task", lambda entry: tasks.page_of(entry.recipe).title),
    "data": RunColumn("Data", lambda entry: dataset_title(entry.recipe.dataset)),
    "model": RunColumn("Model", lambda entry: MODELS[entry.recipe.model.kind]),
    "measure": RunColumn("Test set", _measure, help="The model's result on the test set."),
    "lead": RunColumn(
        "Against the best baseline",
        _lead,
        _percent,
        "How much smaller the model's error is than the best baseline's. Below zero, the baseline is better.",
    ),
    "duration": RunColumn("Duration", lambda entry: entry.seconds, _seconds),
    "created": RunColumn("Created", lambda entry: entry.created, _when),
    "tags": RunColumn("Tags", lambda entry: list(entry.labels.tags), st.column_config.ListColumn),
    "note": RunColumn("Note", lambda entry: entry.labels.note),
    "baseline": RunColumn(
        "Best baseline", lambda entry: None if entry.evaluation is None else entry.evaluation.rule_name
    ),
    "units": RunColumn(
        "Units", lambda entry: entry.recipe.model.units, st.column_config.NumberColumn, explain("Units")
    ),
    "parameters": RunColumn(
        "Parameters", lambda entry: entry.parameters or None, st.column_config.NumberColumn
    ),
    "learning_rate": RunColumn(
        "Learning rate",
        lambda entry: entry.recipe.optimizer.learning_rate,
        st.column_config.NumberColumn,
        explain("Learning rate"),
    ),
    "epochs": RunColumn("Epochs", lambda entry: entry.epoch, st.column_config.NumberColumn),
    "seed": RunColumn(
        "Seed", lambda entry: entry.recipe.seed, st.column_config.NumberColumn, explain("Seed")
    ),
}
"""By the name that the address has for each."""

DEFAULT_COLUMNS = ("status", "loss", "task", "data", "model", "measure", "lead", "duration", "created")

_OPEN, _TITLE = "open", "title"


def table_of(entries: Sequence[CatalogEntry], columns: Sequence[str]) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return runs as a table, and the configuration of its columns.

    Args:
        entries: the runs.
        columns: which of `COLUMNS` it has, beside a link and the title.
    """
    values: dict[str, list[Any]] = {
        _TITLE: [("★ " if entry.labels.pinned else "") + entry.labels.title for entry in entries],
        _OPEN: [
            f"{'results' if entry.status == 'finished' else 'train'}?run={entry.id}" for entry in entries
        ],
        **{name: [COLUMNS[name].value(entry) for entry in entries] for name in columns},
    }
    config = {name: COLUMNS[name].config(COLUMNS[name].label, help=COLUMNS[name].help) for name in columns}
    config[_TITLE] = st.column_config.TextColumn("Run", width="medium", pinned=True)
    config[_OPEN] = st.column_config.LinkColumn("Open", display_text="Open", width="small")
    return pd.DataFrame(values), config
