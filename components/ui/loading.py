"""Datasets as pages get them: read once and shared, since nothing changes one in place."""

import streamlit as st
from pydantic import TypeAdapter

from components.data import UNTOUCHED, load, upload
from components.data.dataset import Dataset, Series, series_of
from components.data.raw import Raw
from components.data.shapes import fitting
from components.recipe import DatasetReference, Preparation, Shape, Upload

_LOOKED_AT = 20_000  # rows, by which a table's shape is told
references: TypeAdapter[DatasetReference] = TypeAdapter(DatasetReference)


@st.cache_resource(max_entries=16, show_spinner=False)
def _loaded(reference: str, preparation: str) -> Dataset:
    wanted, mends = references.validate_json(reference), Preparation.model_validate_json(preparation)
    if isinstance(wanted, Upload):
        other = other_of(wanted)
        if other is not None:
            return other
        return upload.finished(wanted, came(wanted), mends)
    return load(wanted, mends)


@st.cache_resource(max_entries=4, show_spinner="Reading your file…")
def _read(reference: str) -> Raw:
    return upload.read(Upload.model_validate_json(reference))


@st.cache_resource(max_entries=8, show_spinner="Reading your file…")
def _other(reference: str) -> Dataset | None:
    return upload.other(Upload.model_validate_json(reference))


@st.cache_data(max_entries=64, show_spinner=False)
def _shapes(reference: str) -> tuple[Shape, ...]:
    return fitting(_read(reference).frame.head(_LOOKED_AT))


@st.cache_data(max_entries=64, show_spinner=False)
def _sheets(reference: str) -> tuple[str, ...]:
    return upload.sheets(Upload.model_validate_json(reference))


def dataset_of(reference: DatasetReference, preparation: Preparation = UNTOUCHED) -> Dataset:
    """Load a dataset, or give it again.

    Raises:
        DataError: if it can't be loaded, a mend of the preparation can't be made, or more are needed.
    """
    # Without mends, how it will be divided makes no difference.
    mends = preparation if preparation.mends else UNTOUCHED
    return _loaded(reference.model_dump_json(), mends.model_dump_json())


def other_of(reference: DatasetReference) -> Dataset | None:
    """Give a dataset that is no series, nor a table that may become one; None where it is.

    Raises:
        DataError: if it can't be read.
    """
    if isinstance(reference, Upload):
        return _other(reference.model_dump_json())
    dataset = dataset_of(reference)
    return None if isinstance(dataset, Series) else dataset


def shapes_of(reference: Upload) -> tuple[Shape, ...]:
    """Give what a file's table could be read as beside a series.

    Raises:
        DataError: if it can't be read.
    """
    return _shapes(_bare(reference).model_dump_json())


def columns_of(reference: Upload) -> tuple[str, ...]:
    """Give the names of the columns of a file's table as it came.

    Raises:
        DataError: if it can't be read.
    """
    return tuple(came(_bare(reference)).frame.columns)


def _bare(reference: Upload) -> Upload:
    return reference.model_copy(update={"shape": None})


def came(reference: DatasetReference) -> Raw:
    """Give a dataset's table before any mend.

    Raises:
        DataError: if it can't be read.
    """
    if isinstance(reference, Upload):
        return _read(reference.model_dump_json())
    table = series_of(dataset_of(reference)).table
    return Raw(table, lambda record: f"row {record}")


def sheets_of(reference: Upload) -> tuple[str, ...]:
    """Give the names of a workbook's sheets; none where the file isn't a workbook.

    Raises:
        DataError: if it is no longer kept.
    """
    return _sheets(reference.model_copy(update={"sheet": None, "shape": None}).model_dump_json())
