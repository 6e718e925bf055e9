"""What a recipe carries when it is given away: of a visitor's file, only what the run used."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from hashlib import sha256
from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd

from components.data import load
from components.data.cleaning.steps import clean_with_row_numbers
from components.data.datasets import Dataset, Series
from components.data.sources import upload
from components.data.tables.raw_table import RawTable
from components.errors import DataError, RecipeError
from components.recipe import (
    LONGEST_NAME,
    AsPairs,
    AsRows,
    AsSequences,
    AsTexts,
    CleaningStep,
    DropColumns,
    Forecast,
    KeepColumns,
    Preparation,
    Recipe,
    SetTime,
    TableKind,
    Upload,
)
from components.settings import settings
from components.storage import Folder

_TIME = "time"
_DESCRIPTIONS = {field.name for field in fields(Dataset)}


def shared_recipe(recipe: Recipe) -> Recipe:
    """Return a recipe that gives the same run, and whose data holds nothing beside what that run used.

    A table is written anew with the columns that the run used; if the run used rows only after cleaning, it
    holds them as they were then. A file that is no table was used as a whole, and so is given as it is. What
    can't be written so that the run stays the same is not given at all.

    Raises:
        DataError: if the file is no longer kept, or can't be read.
    """
    reference = recipe.dataset
    if not isinstance(reference, Upload):
        return recipe
    note = sha256(recipe.to_json().encode()).hexdigest()
    known = _known(recipe, note)
    if known is None:
        known = _reduce(recipe, reference, note)
        _folder().write(note, known.to_json().encode())
    return known


def _reduce(recipe: Recipe, reference: Upload, note: str) -> Recipe:
    raw = upload.open_upload(reference.plain)
    if isinstance(raw, Dataset):
        return recipe
    for frame, preparation in _candidates(recipe, raw):
        shared = _with_data(recipe, frame, preparation, note)
        if _is_same(recipe, shared):
            return shared
    return without_data(recipe)


def without_data(recipe: Recipe) -> Recipe:
    """Return a recipe that names a visitor's file, but doesn't open it."""
    reference = recipe.dataset
    if not isinstance(reference, Upload):
        return recipe
    unknown = sha256(f"without data {reference.id}".encode()).hexdigest()[:32]
    named = Upload(id=unknown, name=reference.name, shape=reference.shape)
    return recipe.model_copy(update={"dataset": named})


def _candidates(recipe: Recipe, raw: RawTable) -> Iterable[tuple[pd.DataFrame, Preparation]]:
    """Yield tables that may be given in a file's stead, each with how it is prepared; the smallest first."""
    reference, preparation = recipe.dataset, recipe.preparation
    assert isinstance(reference, Upload)
    if reference.shape is not None:
        yield raw.frame[list(_columns_of_shape(reference.shape, raw.frame))], preparation
        return
    dataset = load(reference, preparation)
    assert isinstance(dataset, Series)
    if not dataset.is_panel and isinstance(recipe.task, Forecast):
        yield _cleaned(dataset.table[list(_columns_of_task(recipe.task))], preparation)
    # What makes a panel of a table is a cleaning step, so the steps have to stay.
    steps = upload.steps_to_apply(raw, preparation)
    dropped = _dropped_columns(raw.frame, steps, preparation)
    kept = tuple(step for step in steps if not isinstance(step, DropColumns | KeepColumns))
    yield (
        raw.frame.drop(columns=[column for column in raw.frame if column in dropped]),
        preparation.model_copy(update={"mends": kept, "unasked": False}),
    )


def _dropped_columns(
    frame: pd.DataFrame, steps: Sequence[CleaningStep], preparation: Preparation
) -> set[str]:
    """Return the columns that cleaning steps leave out of a table."""
    dropped: set[str] = set()
    for number, step in enumerate(steps):
        if isinstance(step, DropColumns):
            dropped.update(step.columns)
        elif isinstance(step, KeepColumns):
            before = clean_with_row_numbers(frame, steps[:number], preparation)
            dropped.update(set(before.columns).difference(step.columns))
    return dropped


def _columns_of_shape(shape: TableKind, frame: pd.DataFrame) -> tuple[str, ...]:
    match shape:
        case AsRows():
            steps = (column for column in frame.columns if frame[column].dtype == np.float64)
            named: tuple[str | None, ...] = (
                *(shape.label, shape.group, shape.split),
                *(column for column in steps if column not in shape.left_out),
            )
        case AsTexts():
            named = (shape.text, shape.label, shape.group, shape.split)
        case AsPairs():
            named = (shape.source, shape.target, shape.group, shape.split)
        case AsSequences():
            divides = (shape.group, shape.split)
            named = (shape.id, shape.time, shape.channel, shape.label, *divides, *shape.columns)
    return tuple(dict.fromkeys(column for column in named if column is not None))


def _columns_of_task(task: Forecast) -> tuple[str, ...]:
    return tuple(dict.fromkeys((task.target, *task.covariates, *task.known, *task.together)))


def _cleaned(table: pd.DataFrame, preparation: Preparation) -> tuple[pd.DataFrame, Preparation]:
    """Return a table after its cleaning steps as a file holds it, and how it is prepared from there."""
    if not isinstance(table.index, pd.DatetimeIndex):
        return table, preparation.model_copy(update={"mends": (), "unasked": False})
    name = str(table.index.name or _TIME)
    while name in table.columns:
        name = f"{name} "
    timed = table.rename_axis(index=name).reset_index()
    return timed, preparation.model_copy(update={"mends": (SetTime(columns=(name,)),), "unasked": False})


def _with_data(recipe: Recipe, frame: pd.DataFrame, preparation: Preparation, note: str) -> Recipe:
    """Keep a table as a file, and return the recipe with it."""
    original = recipe.dataset
    assert isinstance(original, Upload)
    content = io.BytesIO()
    frame.reset_index(drop=True).to_parquet(content)
    # Whoever has the original's id can work this one out, and not the other way round.
    file_id = sha256(f"{original.id} {note}".encode()).hexdigest()[:32]
    upload.keep(file_id, content.getvalue())
    name = f"{PurePath(original.name).stem[: LONGEST_NAME - 8]}.parquet"
    shared = Upload(id=file_id, name=name, shape=original.shape)
    return recipe.model_copy(update={"dataset": shared, "preparation": preparation})


def _is_same(recipe: Recipe, shared: Recipe) -> bool:
    """Return whether a run of one recipe learns from the same numbers and texts as one of the other."""
    try:
        original, copy = (load(one.dataset, one.preparation) for one in (recipe, shared))
    except DataError:
        return False
    if isinstance(original, Series) and isinstance(copy, Series):
        if not set(copy.columns) <= set(original.columns):
            return False
        features = original.static_features
        original = replace(
            original,
            table=original.table[list(copy.columns)],
            static_features=features[features.index.isin(copy.columns)],
        )
    return _is_equal(original, copy)


def _is_equal(one: Any, other: Any) -> bool:
    """Return whether two datasets, or two parts of them, hold the same; whatever they are called."""
    if type(one) is not type(other):
        return False
    if is_dataclass(one):
        names = [each.name for each in fields(one) if each.name not in _DESCRIPTIONS]
        return all(_is_equal(getattr(one, name), getattr(other, name)) for name in names)
    if isinstance(one, pd.DataFrame):
        return one.equals(other) and one.index.equals(other.index)
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    return bool(one == other)


def _known(recipe: Recipe, note: str) -> Recipe | None:
    """Return what was made of a recipe before, if it is still kept."""
    try:
        known = Recipe.from_json(_folder().read(note))
    except (FileNotFoundError, RecipeError):
        return None
    is_complete = isinstance(known.dataset, Upload) and upload.is_kept(known.dataset)
    return known if is_complete or known in (recipe, without_data(recipe)) else None


def _folder() -> Folder:
    return Folder(settings().artifacts).folder("shared")
