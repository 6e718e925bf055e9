"""Questions to workers in the name of the visitor, who may ask so many of them within a minute."""

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from components.engine.engine import engine
from components.settings import settings
from components.ui.formatting import count
from components.ui.visitor import visitor

T = TypeVar("T")

_FEW = 0.1  # share of the questions that are left when a visitor is told


def ask_worker(function: Callable[..., T], *args: Any, timeout: float = 30) -> T:
    """Have a worker answer, as `Engine.ask` does; tell the visitor when few questions are left.

    Raises:
        UnrollError: as `Engine.ask` does.
    """
    answer = engine().ask(function, *args, timeout=timeout, visitor=visitor())
    left = engine().questions_left(visitor())
    if left <= _FEW * settings().visitor_questions:
        st.caption(f":material/hourglass: You can ask {count(left, 'more question')} within this minute.")
    return answer
