"""How every view inside a model stands on the page: the picture first, its controls at its side."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def picture_and_controls() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Return where a view's picture goes, and where its controls do: at its side, on a phone below it."""
    picture, controls = st.columns([3, 1], gap="large")
    # A worker takes a moment to answer: the styles of the page keep the picture's place until then.
    return picture.container(key="inside-picture"), controls


def show_missing_example() -> None:
    """Say in the picture's place that it needs an example."""
    st.info(
        "Type, say or upload one with the controls, and what the model makes of it appears here.",
        title="No example yet",
        icon=":material/edit:",
    )
