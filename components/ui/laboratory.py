"""The one store of runs and the one engine of this process, made when they are first asked for."""

import streamlit as st

from components.engine.engine import Engine
from components.runs.store import RunStore
from components.settings import settings


@st.cache_resource(show_spinner=False)
def store() -> RunStore:
    """Give the store of runs."""
    return RunStore(settings().database)


@st.cache_resource(show_spinner=False)
def engine() -> Engine:
    """Give the engine, already started by the server where it has an `app.py`."""
    return Engine(settings(), store())
