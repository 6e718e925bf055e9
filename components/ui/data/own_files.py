"""The files that a visitor brought or had fetched: kept as their own, listed, deleted when they say so."""

import math
import os
from typing import BinaryIO

import streamlit as st

from components.data.sources import upload
from components.data.sources.web import fetch
from components.engine import admission
from components.engine.engine import engine
from components.errors import DataError, LimitError, RunError, UnrollError
from components.recipe import Upload
from components.runs import retention
from components.runs.store import StoredUpload
from components.settings import settings
from components.ui.boundary import show_error
from components.ui.dataset_cache import accept_upload, forget_upload
from components.ui.formatting import count, escape, time_ago
from components.ui.visitor import visitor

_ERROR = "data.not_deleted"
_MEGABYTE = 2**20


def store_file(file: BinaryIO, name: str) -> Upload:
    """Store a file as the visitor's own; whether it can be read is still to be seen.

    Raises:
        DataError: if it is too large or of an unknown kind.
        LimitError: if the visitor's files would take more room than one visitor may have.
    """
    size = file.seek(0, os.SEEK_END)
    admission.require_room(engine().store, settings(), visitor(), size)
    reference = upload.store(file, name)
    engine().store.add_upload(reference.id, visitor(), reference.name, size)
    return reference


def accept_file(reference: Upload) -> Upload:
    """Open a stored file for the first time; one that can't be read isn't kept.

    Raises:
        DataError: if it can't be read.
    """
    try:
        return accept_upload(reference)
    except DataError:
        engine().store.forget_upload(reference.id)
        raise


def fetch_file(address: str) -> Upload:
    """Fetch a file from the web and keep it; it counts among the files of who fetched it first.

    Raises:
        DataError: if it can't be had, is too large, or of an unknown kind.
        LimitError: if the visitor's files would take more room than one visitor may have.
    """
    store = engine().store
    admission.require_room(store, settings(), visitor(), 0)
    reference = fetch.fetch(address)
    try:
        store.upload(reference.id)
    except RunError:  # nobody's yet
        size = fetch.size_of(reference)
        try:
            admission.require_room(store, settings(), visitor(), size)
        except LimitError:
            retention.delete_file(store, settings().artifacts, reference.id)
            raise
        store.claim_upload(reference.id, visitor(), reference.name, size)
    return reference


def show_own_files() -> None:
    """List the visitor's files, where there are any, each with a button that deletes it."""
    if refused := st.session_state.pop(_ERROR, None):
        show_error(refused)
    files = engine().store.uploads(visitor())
    if not files:
        return
    used, most = sum(file.bytes for file in files), settings().visitor_bytes
    label = f"Your files ({len(files):,})"
    with st.expander(label, icon=":material/folder:", key="own-files"):
        st.caption(
            f"{count(len(files), 'file')} with {_size_text(used)} of the {_size_text(most)} that one visitor "
            f"may keep. A file that no run uses is deleted after {settings().keep_days:g} days."
        )
        for file in files:
            _show_file(file)


def _show_file(file: StoredUpload) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"file-{file.id}"):
        st.markdown(escape(file.name), width="content")
        st.caption(f"{_size_text(file.bytes)}, {time_ago(file.created)}", width="content")
        st.button(
            "Delete",
            icon=":material/delete:",
            type="tertiary",
            key=f"delete-file-{file.id}",
            on_click=_delete,
            args=(file.id,),
            help="Deletes the file for good. Models that were trained on it stay.",
        )


def _delete(upload_id: str) -> None:
    try:
        engine().delete_upload(upload_id, visitor())
    except UnrollError as error:
        st.session_state[_ERROR] = error
    else:
        forget_upload(upload_id)


def _size_text(size: int) -> str:
    if size < _MEGABYTE:
        return f"{math.ceil(size / 1024):,} kB"
    return f"{size / _MEGABYTE:,.1f} MB" if size < 100 * _MEGABYTE else f"{size / _MEGABYTE:,.0f} MB"
