"""The choice between the answers of a test set that are right, those that are wrong, and all of them."""

from collections.abc import Mapping

import numpy as np
import streamlit as st


def choose_answers(right: np.ndarray, words: Mapping[str, str], key: str) -> list[int]:
    """Let a person choose which answers they see, and return their places.

    Args:
        right: whether each answer is right, (answers,).
        words: what the choices “wrong”, “right” and “all” are called, in the order in which they are offered.
        key: of the control.
    """
    there = {"wrong": not right.all(), "right": right.any(), "all": True}
    options = [choice for choice in words if there[choice]]
    which = st.segmented_control(
        "Show", options, format_func=words.__getitem__, default=options[0], required=True, key=key
    )
    return [place for place in range(len(right)) if which == "all" or right[place] == (which == "right")]
