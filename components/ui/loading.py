"""Datasets as pages get them: read once and shared, since nothing changes one in place."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import pandas as pd
import streamlit as st
from pydantic import TypeAdapter

from components.data import UNTOUCHED, load, upload
from components.data.dataset import Dataset, Pairs, Sequences, Series, Texts, series_of
from components.data.long import Choices, choices
from components.data.raw import Raw
from components.data.shapes import fitting
from components.recipe import DatasetReference, Mend, Preparation, Shape, Upload
from components.ui.shelf import Part, Shelf
from components.ui.thrift import lavish

T = TypeVar("T")

_LOOKED_AT = 20_000  # rows, by which a table's shape is told
references: TypeAdapter[DatasetReference] = TypeAdapter(DatasetReference)
_MOST_BYTES = 400 << 20  # of all datasets that are kept: one of ten million rows, or many small ones


@st.cache_resource
def _shelf() -> Shelf:
    return Shelf(_MOST_BYTES)


def kept(key: str, make: Callable[[], T], parts: Callable[[T], Sequence[Part]], says: str | None = None) -> T:
    """Make what takes long, or give it again as long as it is kept.

    Args:
        key: names the thing and everything that it depends on.
        make: makes it.
        parts: names what is large in it; that counts, for things are kept only as far as they fit.
        says: what a person reads meanwhile.
    """

    def make_saying_so() -> T:
        if says is None:
            return make()
        with st.spinner(says):
            return make()

    return _shelf().get(key, make_saying_so, parts)


@st.cache_data(max_entries=64, show_spinner=False)
def _shapes(reference: str) -> tuple[Shape, ...]:
    return fitting(came(Upload.model_validate_json(reference)).frame.head(_LOOKED_AT))


@st.cache_data(max_entries=64, show_spinner=False)
def _choices(reference: str, id_: str) -> Choices:
    return choices(came(Upload.model_validate_json(reference)).frame.head(_LOOKED_AT), id_)


@st.cache_data(max_entries=64, show_spinner=False)
def _sheets(reference: str) -> tuple[str, ...]:
    return upload.sheets(Upload.model_validate_json(reference))


def dataset_of(
    reference: DatasetReference, preparation: Preparation = UNTOUCHED, table: pd.DataFrame | None = None
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
    mends = preparation if preparation.by_hand else UNTOUCHED

    def make() -> Dataset:
        if isinstance(reference, Upload):
            if (other := other_of(reference)) is not None:
                return other
            return upload.finished(reference, came(reference), mends_of(reference, mends), mends, table)
        return load(reference, mends)

    key = f"dataset {reference.model_dump_json()} {mends.model_dump_json()}"
    return kept(key, make, _parts)


def other_of(reference: DatasetReference) -> Dataset | None:
    """Give a dataset that is no series, nor a table that may become one; None where it is.

    Raises:
        DataError: if it can't be read.
    """
    if isinstance(reference, Upload):
        return kept(_other_key(reference), lambda: _other(reference), _parts, "Reading your file…")
    dataset = dataset_of(reference)
    return None if isinstance(dataset, Series) else dataset


def shapes_of(reference: Upload) -> tuple[Shape, ...]:
    """Give what a file's table could be read as beside a series.

    Raises:
        DataError: if it can't be read.
    """
    return _shapes(_bare(reference).model_dump_json())


def choices_of(reference: Upload, id_: str) -> Choices:
    """Give which columns of a file's long table may be what, if one of them tells its sequences apart.

    Raises:
        DataError: if it can't be read.
    """
    return _choices(_bare(reference).model_dump_json(), id_)


def columns_of(reference: Upload) -> tuple[str, ...]:
    """Give the names of the columns of a file's table as it came.

    Raises:
        DataError: if it can't be read.
    """
    return tuple(came(reference).frame.columns)


def came(reference: DatasetReference) -> Raw:
    """Give a dataset's table before any mend.

    Raises:
        DataError: if it can't be read.
    """
    if isinstance(reference, Upload):
        return kept(_key(reference), lambda: _read(reference), _parts, "Reading your file…")
    table = series_of(dataset_of(reference)).table
    return Raw(table, lambda record: f"row {record}")


def mends_of(reference: DatasetReference, preparation: Preparation) -> tuple[Mend, ...]:
    """Give the mends that are made of a dataset's table: those that a person chose, or those without asking.

    Raises:
        DataError: if it can't be read.
    """
    if preparation.by_hand:
        return preparation.mends
    return unasked(reference)


def unasked(reference: DatasetReference) -> tuple[Mend, ...]:
    """Give the mends that are made without asking; only a file may need some before it is a dataset at all.

    Raises:
        DataError: if it can't be read.
    """
    if not isinstance(reference, Upload):
        return ()
    return kept(
        f"unasked {reference.model_dump_json()}",
        lambda: upload.mends_of(came(reference), UNTOUCHED),
        lambda _: [],
    )


def sheets_of(reference: Upload) -> tuple[str, ...]:
    """Give the names of a workbook's sheets; none where the file isn't a workbook.

    Raises:
        DataError: if it is no longer kept.
    """
    return _sheets(reference.model_copy(update={"sheet": None, "keep": (), "shape": None}).model_dump_json())


def accept(reference: Upload) -> Upload:
    """Read a stored file, keep what is in it at hand, and give the reference with the sheet that it is.

    Raises:
        DataError: if it can't be read; then it is stored no longer.
    """
    with st.spinner("Reading your file…"), lavish():
        named, found = upload.accept(reference)
    other = found if isinstance(found, Dataset) else None
    _shelf().put(_other_key(named), other, _parts(other))
    if isinstance(found, Raw):
        _shelf().put(_key(named), found, _parts(found))
    return named


def _read(reference: Upload) -> Raw:
    with lavish():
        return upload.read(reference)


def _other(reference: Upload) -> Dataset | None:
    if reference.shape:
        return upload.in_shape(reference, reference.shape, came(reference))
    return upload.other(reference)


def _key(reference: Upload) -> str:
    return f"raw {_bare(reference).model_dump_json()}"


def _bare(reference: Upload) -> Upload:
    """Name a file's table; what it is read as makes no difference to it."""
    return reference.model_copy(update={"shape": None})


def _other_key(reference: Upload) -> str:
    return f"other {reference.model_dump_json()}"


def _parts(thing: Raw | Dataset | None) -> Sequence[Part]:
    """Name what is large in a thing."""
    match thing:
        case Raw():
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
