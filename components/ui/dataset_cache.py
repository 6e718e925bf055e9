"""Datasets as pages get them: read once and shared, since nothing changes one in place."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import pandas as pd
import streamlit as st
from pydantic import TypeAdapter

from components.data import NO_PREPARATION, clean_series, open_reference
from components.data.datasets import Dataset, Pairs, Sequences, Series, Texts, require_series
from components.data.sources import upload
from components.data.tables.raw_table import RawTable
from components.data.tables.record_names import RecordNames
from components.recipe import CleaningStep, DatasetReference, Preparation, Upload
from components.ui.sized_cache import LargePart, SizedCache

T = TypeVar("T")

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


def content_of(reference: DatasetReference) -> RawTable | Dataset:
    """Return what a reference names, as `open_reference` does, read once.

    Raises:
        DataError: if it can't be found or read.
    """
    if not isinstance(reference, Upload):
        return cached(_table_key(reference), lambda: open_reference(reference), _large_parts)

    def make() -> RawTable | Dataset:
        # A table is in memory once, whatever shapes a person tries.
        table = content_of(reference.plain) if reference.shape else None
        return open_reference(reference, table if isinstance(table, RawTable) else None)

    return cached(_table_key(reference), make, _large_parts, "Reading your file…")


def accept_upload(reference: Upload) -> Upload:
    """Open a stored file for the first time, and return the reference with the sheet that it is.

    Raises:
        DataError: if it can't be read; then it is stored no longer.
    """
    try:
        with st.spinner("Reading your file…"):
            named, found = upload.accept_file(reference)
    except BaseException:  # such as the page being left, of which the spinner hears
        upload.discard(reference)
        raise
    _cache().put(
        _table_key(named.plain if isinstance(found, RawTable) else named), found, _large_parts(found)
    )
    return named


def forget_upload(upload_id: str) -> None:
    """Forget what was read of a file that is deleted."""
    _cache().forget(upload_id)


def table_of(reference: DatasetReference) -> RawTable:
    """Return the table that a series is made of, before any mend.

    Raises:
        DataError: if it can't be read.
    """
    found = content_of(reference)
    if isinstance(found, RawTable):
        return found
    return RawTable(require_series(found).table, RecordNames(0))


def cleaning_steps_of(reference: DatasetReference, preparation: Preparation) -> tuple[CleaningStep, ...]:
    """Return the cleaning steps of a dataset's table: those that a person chose, or those made without
    asking.

    Raises:
        DataError: if it can't be read.
    """
    if preparation.has_chosen_steps:
        return preparation.mends
    found = content_of(reference)
    if not isinstance(found, RawTable):  # only a table of a file may need some before it is a dataset at all
        return ()
    key = f"unasked {reference.model_dump_json()}"
    return cached(key, lambda: upload.steps_to_apply(found, NO_PREPARATION), lambda _: [])


def dataset_of(
    reference: DatasetReference, preparation: Preparation = NO_PREPARATION, table: pd.DataFrame | None = None
) -> Dataset:
    """Return a dataset, loaded once.

    Args:
        reference: which one.
        preparation: how it is mended.
        table: what the cleaning steps make of a file, where that is at hand: then it is in memory only once.

    Raises:
        DataError: if it can't be loaded, a cleaning step of the preparation can't be made, or more are
            needed.
    """
    # Without cleaning steps, how it will be divided makes no difference.
    steps = preparation if preparation.has_chosen_steps else NO_PREPARATION

    def make() -> Dataset:
        found = content_of(reference)
        if isinstance(found, RawTable):
            assert isinstance(reference, Upload)  # all else comes finished
            return upload.build_series(reference, found, cleaning_steps_of(reference, steps), steps, table)
        return clean_series(found, steps)

    return cached(f"dataset {reference.model_dump_json()} {steps.model_dump_json()}", make, _large_parts)


def _table_key(reference: DatasetReference) -> str:
    return f"content {reference.model_dump_json()}"


def _large_parts(thing: RawTable | Dataset) -> Sequence[LargePart]:
    """Return what is large in a thing."""
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
