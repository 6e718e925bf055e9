"""The places that a view inside a model gets on the page: its picture's, and at its side its controls'."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


@dataclass(frozen=True)
class Places:
    """Where a view's picture goes, and where its controls do: at its side, on a phone below it."""

    picture: DeltaGenerator
    controls: DeltaGenerator


def make_places(explanation: str) -> Places:
    """Make the places of a view, the picture's below what explains it.

    A worker takes a moment to answer: the styles of the page keep the picture's place until then.
    """
    picture, controls = st.columns([3, 1], gap="large")
    place = picture.container(key="inside-picture")
    place.caption(explanation)
    return Places(place, controls)


def show_missing_example() -> None:
    """Say in the picture's place that it needs an example."""
    st.info(
        "Type, say or upload one with the controls, and what the model makes of it appears here.",
        title="No example yet",
        icon=":material/edit:",
    )
