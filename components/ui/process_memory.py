"""Thrift with memory: what the pages no longer need goes back to the system, not into malloc's pockets."""

import ctypes
import gc
import platform
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.typing import UploadedFile

# Names and numbers of malloc.h; see mallopt(3).
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_SMALL_LIMITS = {_MMAP_THRESHOLD: 64 << 10, _TRIM_THRESHOLD: 128 << 10}  # bytes
_DONT_NEED = 4  # see madvise(2)
_IS_GLIBC = platform.libc_ver()[0] == "glibc"


def limit_malloc() -> None:
    """Have this process keep little of what is freed.

    By default glibc's malloc gives each of the server's many threads a pool of its own: a twentieth of
    the server's memory. Other systems' malloc is left as it is.
    """
    _set_malloc_options({_ARENA_MAX: 1} | _SMALL_LIMITS)
    pa.set_memory_pool(pa.system_memory_pool())  # Arrow's own keeps what is freed for later


def _set_malloc_options(options: Mapping[int, int]) -> None:
    if _IS_GLIBC:
        for option, value in options.items():
            ctypes.CDLL(None).mallopt(option, value)


def freeze_modules() -> None:
    """Have the garbage collector pass over what is here now: the modules, which stay to the end.

    Streamlit collects garbage after every run of a page. Looking through all modules again each time
    would hold up every visitor for a tenth of a second.
    """
    gc.collect()
    gc.freeze()
    trim_memory()
    _release_code_pages()


def free_upload(file: UploadedFile, key: str) -> None:
    """Free an uploaded file, which Streamlit would hold in memory as long as its page is open.

    The uploader goes on showing its name, and from the next run on gives no file.

    Args:
        file: what the uploader gave: a copy of what the session holds.
        key: of the uploader.
    """
    context = get_script_run_ctx()
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
    for copy in (file, st.session_state.get(key)):
        if isinstance(copy, UploadedFile):
            copy.truncate(0)
    trim_memory()


def trim_memory() -> None:
    """Give back what was freed between things that are still used; takes some milliseconds."""
    if _IS_GLIBC:
        ctypes.CDLL(None).malloc_trim(0)


def _release_code_pages() -> None:
    """Let go of the libraries' machine code that only the start needed; what is needed again comes back.

    It is in files, so the system has it at hand, and shares it among processes.
    """
    if not _IS_GLIBC:
        return
    for line in Path("/proc/self/maps").read_text().splitlines():
        where, rights, _, _, _, *file = line.split(maxsplit=5)
        if rights == "r-xp" and file and file[0].startswith("/"):
            start, end = (int(place, 16) for place in where.split("-"))
            ctypes.CDLL(None).madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _DONT_NEED)
