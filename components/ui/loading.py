"""Datasets as pages get them: read once and shared, since nothing changes one in place."""

from collections.abc import Callable
from typing import TypeVar

import pandas as pd
import streamlit as st
from pydantic import TypeAdapter

from components.data import UNTOUCHED, load, upload
from components.data.dataset import Dataset
from components.data.raw import Raw
from components.recipe import DatasetReference, Mend, Preparation, Upload
from components.ui.shelf import Shelf

T = TypeVar("T")

references: TypeAdapter[DatasetReference] = TypeAdapter(DatasetReference)

_MOST_BYTES = 400 << 20  # of all datasets that are kept: one of ten million rows, or many small ones


@st.cache_resource
def _shelf() -> Shelf:
    return Shelf(_MOST_BYTES)


def kept(
    key: str, make: Callable[[], T], tables: Callable[[T], list[pd.DataFrame]], says: str | None = None
) -> T:
    """Make what takes long, or give it again as long as it is kept.

    Args:
        key: names the thing and everything that it depends on.
        make: makes it.
        tables: names the tables in it: they are what counts, for they are kept only as far as they fit.
        says: what a person reads meanwhile.
    """

    def make_saying_so() -> T:
        if says is None:
            return make()
        with st.spinner(says):
            return make()

    return _shelf().get(key, make_saying_so, tables)


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

    def make() -> Dataset:
        if isinstance(reference, Upload):
            chosen = mends.mends or unasked(reference)
            return upload.finished(reference, came(reference), chosen, mends)
        return load(reference, mends)

    key = f"dataset {reference.model_dump_json()} {mends.model_dump_json()}"
    return kept(key, make, lambda dataset: [dataset.table])


def came(reference: DatasetReference) -> Raw:
    """Give a dataset's table before any mend.

    Raises:
        DataError: if it can't be read.
    """
    if isinstance(reference, Upload):
        return kept(_key(reference), lambda: upload.read(reference), _tables, "Reading your file…")
    table = dataset_of(reference).table
    return Raw(table, lambda record: f"row {record}")


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


def accept(reference: Upload) -> Upload:
    """Read a stored file, keep its table at hand, and give the reference with the sheet that it is.

    Raises:
        DataError: if it can't be read; then it is stored no longer.
    """
    with st.spinner("Reading your file…"):
        named, raw = upload.accept(reference)
    _shelf().put(_key(named), raw, _tables(raw))
    return named


def _key(reference: Upload) -> str:
    return f"raw {reference.model_dump_json()}"


def _tables(raw: Raw) -> list[pd.DataFrame]:
    return [raw.frame]


def sheets_of(reference: Upload) -> tuple[str, ...]:
    """Give the names of a workbook's sheets; none where the file isn't a workbook.

    Raises:
        DataError: if it is no longer kept.
    """
    return _sheets(reference.model_copy(update={"sheet": None}).model_dump_json())
