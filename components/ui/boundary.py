"""The one place where errors end: in plain words on the page, and in full in the server's log."""

import functools
import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec

import streamlit as st

from components.errors import UnrollError, disk_error
from components.ui.formatting import escape

log = logging.getLogger(__name__)

P = ParamSpec("P")


@contextmanager
def boundary() -> Iterator[None]:
    """Draw what is inside; where it fails, show the error in its place."""
    try:
        yield
    except Exception as error:
        show_error(error)


def show_error(error: Exception) -> bool:
    """Show what went wrong: an `UnrollError` in its own words, anything else by its number in the log.

    Returns:
        True, which tells `st.App(on_script_error=show_error)` that the visitor has been told.
    """
    if isinstance(error, OSError):
        error = disk_error(error) or error
    if isinstance(error, UnrollError):
        st.error(error_text(error), title=escape(error.what), icon=":material/report:")
    else:
        number = secrets.token_hex(3).upper()
        log.error("Error %s", number, exc_info=error)
        st.error(
            f"This is a fault in Unroll. Reload the page to try again. If it happens again, report "
            f"error **{number}**.",
            title="Something went wrong",
            icon=":material/healing:",
        )
    return True


def error_text(error: UnrollError) -> str:
    """Return the remedy of an error, and the place where the rest doesn't name it, as one line of
    Markdown."""
    where = "" if error.where.lower() in error.what.lower() else f"({escape(error.where)})"
    return f"{escape(error.remedy)} {where}".strip() or "Go back and try again."


def fragment(function: Callable[P, None]) -> Callable[P, None]:
    """Make a part of a page that reruns on its own, with its errors shown in its place."""

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        with boundary():
            function(*args, **kwargs)

    return st.fragment(guarded)
