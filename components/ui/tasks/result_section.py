"""A section of the Results page: where the address finds it, what it answers, and what it draws."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from components.glossary import TERMS, explain
from components.ui.boundary import boundary


@dataclass(frozen=True)
class ResultSection:
    """A part of a run's results.

    Attributes:
        key: its anchor in the page's address, after the `#`.
        link: what it answers, in two or three words: “How good”.
        title: heads it, in the field's words.
        draw: draws what stands below the title.
    """

    key: str
    link: str
    title: str
    draw: Callable[[], None]

    def show(self) -> None:
        """Draw the section; where it fails, the error stands in its place and the others go on."""
        st.header(self.title, anchor=self.key, help=_meaning(self.title))
        with boundary():
            self.draw()


def _meaning(title: str) -> str | None:
    """Return what the glossary says of a title, in the singular or the plural; None where nothing."""
    term = next((name for name in (title, title.removesuffix("s")) if name.casefold() in TERMS), None)
    return None if term is None else explain(term)
