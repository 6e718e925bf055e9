"""How a comparison is drawn, as its address keeps it: a link shows the same to others."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

from components.ui.address import change_address

T = TypeVar("T")

_KEY = "compare.{}"


def chosen(name: str, default: T, read: Callable[[str], T | None]) -> T:
    """Return what the address says of something, and have its control show that.

    Args:
        name: of the control, in the address too.
        default: where the address says nothing, or what can't be.
        read: makes it of what the address says; None where it can't be.
    """
    found = read(st.query_params[name]) if name in st.query_params else None
    value = default if found is None else found
    st.session_state[_KEY.format(name)] = value
    return value


def control(name: str, default: object) -> dict[str, Any]:
    """Return the key of a control, and what brings its choice into the address."""
    return {"key": _KEY.format(name), "on_change": _write, "args": (name, default)}


def one_of(options: Sequence[str]) -> Callable[[str], str | None]:
    """Return what reads one of some words."""
    return lambda text: text if text in options else None


def whole_number(first: int, last: int) -> Callable[[str], int | None]:
    """Return what reads a whole number from `first` to `last`."""

    def read(text: str) -> int | None:
        is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(last))
        return int(text) if is_number and first <= int(text) <= last else None

    return read


def switch(text: str) -> bool | None:
    """Read whether something is on."""
    return {"0": False, "1": True}.get(text)


def _write(name: str, default: object) -> None:
    value = st.session_state[_KEY.format(name)]
    text = str(int(value)) if isinstance(value, bool) else str(value)
    change_address({name: None if value == default else text})
