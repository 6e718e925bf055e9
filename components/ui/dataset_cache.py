"""Datasets as pages get them: read once and shared, since nothing changes one in place."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import pandas as pd
import streamlit as st
from pydantic import TypeAdapter

from components.data import NO_PREPARATION, load
from components.data.datasets import Dataset, Pairs, Sequences, Series, Texts, require_series
from components.data.sources import upload
from components.data.tables.long_format import ColumnChoices, column_choices
from components.data.tables.raw_table import RawTable
from components.data.tables.table_kinds import possible_kinds
from components.recipe import CleaningStep, DatasetReference, Preparation, TableKind, Upload
from components.ui.process_memory import retain_freed_memory
from components.ui.sized_cache import LargePart, SizedCache

T = TypeVar("T")

_SHAPE_ROWS = 20_000  # rows, by which a table's shape is told
reference_adapter: TypeAdapter[DatasetReference] = TypeAdapter(DatasetReference)
_MAX_BYTES = 400 << 20  # of all datasets that are kept: one of ten million rows, or many small ones


@st.cache_resource
def _cache() -> SizedCache:
    return SizedCache(_MAX_BYTES)


def cached(
    key: str,
    make: Callable[[], T],
    parts: Callable[[T], Sequence[LargePart]],
    spinner_text: str | None = None,
) -> T:
    """Make what takes long, or give it again as long as it is kept.

    Args:
        key: names the thing and everything that it depends on.
        make: makes it.
        parts: names what is large in it; that counts, for things are kept only as far as they fit.
        spinner_text: what a person reads meanwhile.
    """

    def make_saying_so() -> T:
        if spinner_text is None:
            return make()
        with st.spinner(spinner_text):
            return make()

    return _cache().get(key, make_saying_so, parts)


@st.cache_data(max_entries=64, show_spinner=False)
def _shapes(reference: str) -> tuple[TableKind, ...]:
    return possible_kinds(raw_table(Upload.model_validate_json(reference)).frame.head(_SHAPE_ROWS))


@st.cache_data(max_entries=64, show_spinner=False)
def _choices(reference: str, id_: str) -> ColumnChoices:
    return column_choices(raw_table(Upload.model_validate_json(reference)).frame.head(_SHAPE_ROWS), id_)


@st.cache_data(max_entries=64, show_spinner=False)
def _sheets(reference: str) -> tuple[str, ...]:
    return upload.sheet_names(Upload.model_validate_json(reference))


def dataset_of(
    reference: DatasetReference, preparation: Preparation = NO_PREPARATION, table: pd.DataFrame | None = None
) -> Dataset:
    """Load a dataset, or give it again.

    Args:
        reference: which one.
        preparation: how it is mended.
        table: what the mends make of a file, where that is at hand: then it is in memory only once.

    Raises:
        DataError: if it can't be loaded, a mend of the preparation can't be made, or more are needed.
    """
    # Without mends, how it will be divided makes no difference.
    mends = preparation if preparation.has_chosen_steps else NO_PREPARATION

    def make() -> Dataset:
        if isinstance(reference, Upload):
            if (other := non_table_of(reference)) is not None:
                return other
            return upload.build_series(
                reference, raw_table(reference), cleaning_steps_of(reference, mends), mends, table
            )
        return load(reference, mends)

    key = f"dataset {reference.model_dump_json()} {mends.model_dump_json()}"
    return cached(key, make, _large_parts)


def non_table_of(reference: DatasetReference) -> Dataset | None:
    """Return a dataset that is no series, nor a table that may become one; None where it is.

    Raises:
        DataError: if it can't be read.
    """
    if isinstance(reference, Upload):
        return cached(
            _non_table_key(reference), lambda: _read_non_table(reference), _large_parts, "Reading your file…"
        )
    dataset = dataset_of(reference)
    return None if isinstance(dataset, Series) else dataset


def shapes_of(reference: Upload) -> tuple[TableKind, ...]:
    """Return what a file's table could be read as beside a series.

    Raises:
        DataError: if it can't be read.
    """
    return _shapes(_without_shape(reference).model_dump_json())


def choices_of(reference: Upload, id_: str) -> ColumnChoices:
    """Return which columns of a file's long table may be what, if one of them tells its sequences apart.

    Raises:
        DataError: if it can't be read.
    """
    return _choices(_without_shape(reference).model_dump_json(), id_)


def columns_of(reference: Upload) -> tuple[str, ...]:
    """Return the names of the columns of a file's table as it came.

    Raises:
        DataError: if it can't be read.
    """
    return tuple(raw_table(reference).frame.columns)


def raw_table(reference: DatasetReference) -> RawTable:
    """Return a dataset's table before any mend.

    Raises:
        DataError: if it can't be read.
    """
    if isinstance(reference, Upload):
        return cached(
            _table_key(reference), lambda: _read_table(reference), _large_parts, "Reading your file…"
        )
    table = require_series(dataset_of(reference)).table
    return RawTable(table, lambda record: f"row {record}")


def cleaning_steps_of(reference: DatasetReference, preparation: Preparation) -> tuple[CleaningStep, ...]:
    """Return the mends that are made of a dataset's table: those that a person chose, or those without
    asking.

    Raises:
        DataError: if it can't be read.
    """
    if preparation.has_chosen_steps:
        return preparation.mends
    return automatic_steps(reference)


def automatic_steps(reference: DatasetReference) -> tuple[CleaningStep, ...]:
    """Return the mends that are made without asking; only a file may need some before it is a dataset at all.

    Raises:
        DataError: if it can't be read.
    """
    if not isinstance(reference, Upload):
        return ()
    return cached(
        f"unasked {reference.model_dump_json()}",
        lambda: upload.steps_to_apply(raw_table(reference), NO_PREPARATION),
        lambda _: [],
    )


def sheets_of(reference: Upload) -> tuple[str, ...]:
    """Return the names of a workbook's sheets; none where the file isn't a workbook.

    Raises:
        DataError: if it is no longer kept.
    """
    return _sheets(reference.model_copy(update={"sheet": None, "keep": (), "shape": None}).model_dump_json())


def accept_upload(reference: Upload) -> Upload:
    """Read a stored file, keep what is in it at hand, and give the reference with the sheet that it is.

    Raises:
        DataError: if it can't be read; then it is stored no longer.
    """
    with st.spinner("Reading your file…"), retain_freed_memory():
        named, found = upload.accept(reference)
    other = found if isinstance(found, Dataset) else None
    _cache().put(_non_table_key(named), other, _large_parts(other))
    if isinstance(found, RawTable):
        _cache().put(_table_key(named), found, _large_parts(found))
    return named


def _read_table(reference: Upload) -> RawTable:
    with retain_freed_memory():
        return upload.read_table(reference)


def _read_non_table(reference: Upload) -> Dataset | None:
    if reference.shape:
        return upload.read_table_as(reference, reference.shape, raw_table(reference))
    return upload.read_non_table(reference)


def _table_key(reference: Upload) -> str:
    return f"raw {_without_shape(reference).model_dump_json()}"


def _without_shape(reference: Upload) -> Upload:
    """Name a file's table; what it is read as makes no difference to it."""
    return reference.model_copy(update={"shape": None})


def _non_table_key(reference: Upload) -> str:
    return f"other {reference.model_dump_json()}"


def _large_parts(thing: RawTable | Dataset | None) -> Sequence[LargePart]:
    """Name what is large in a thing."""
    match thing:
        case RawTable():
            return [thing.frame]
        case Series():
            return [thing.table]
        case Sequences():
            return [thing.values]
        case Texts():
            return [thing.texts]
        case Pairs():
            return [thing.sources, thing.targets]
    return []
