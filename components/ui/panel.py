"""Controls of every kind for the fields of a recipe, each with its explanation and its complaints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from components.ui.draft import Draft, key, say_complaints

# Controls hold their values while they are folded away or another page is open.
_KEPT: dict[str, Any] = {"persist_state": "session"}
_NO_WORDS: Mapping[str, str] = {}


def folded(label: str, icon: str, draft: Draft, *sections: str, but: str = "") -> Any:
    """Make a fold that is open where something in it is complained of.

    Args:
        label: its name.
        icon: its picture.
        draft: what may be complained of.
        sections: of the recipe that lie in it, or single fields.
        but: fields of those that lie elsewhere.
    """
    wrong = any(
        (name in sections or name.split(".")[0] in sections) and name not in but.split()
        for name in draft.complaints
    )
    return st.expander(f"{label} :red[:material/error:]" if wrong else label, icon=icon, expanded=wrong)


def with_held(options: tuple[str, ...], *held: str) -> tuple[str, ...]:
    """Keep what is held among the options, also where the dataset has no such column."""
    return (*options, *(name for name in held if name not in options))


def _word(words: Mapping[str, str], option: str) -> str:
    return words.get(option, option)


@dataclass(frozen=True)
class Panel:
    """Controls of every kind, each with the complaints about its field beneath it.

    Attributes:
        draft: what may be complained of.
        explains: whether what a control is about stands below it; else behind its question mark.
    """

    draft: Draft
    explains: bool = False

    def choice(
        self,
        name: str,
        label: str,
        options: Sequence[str],
        about: str,
        words: Mapping[str, str] = _NO_WORDS,
        **more: Any,
    ) -> None:
        """One of several, from a list."""
        st.selectbox(
            label,
            options,
            key=key(name),
            format_func=partial(_word, words),
            help=self._aside(about),
            **more,
            **_KEPT,
        )
        self._below(name, about)

    def several(self, name: str, label: str, options: tuple[str, ...], about: str) -> None:
        """Any of several, from a list."""
        st.multiselect(label, options, key=key(name), help=self._aside(about), placeholder="None", **_KEPT)
        self._below(name, about)

    def buttons(self, name: str, label: str, words: Mapping[str, str], about: str) -> None:
        """One of a few, all in sight."""
        st.segmented_control(
            label,
            tuple(words),
            key=key(name),
            format_func=partial(_word, words),
            help=self._aside(about),
            required=True,
            **_KEPT,
        )
        self._below(name, about)

    def number(self, name: str, label: str, about: str, *, step: int = 1, **more: Any) -> None:
        """A whole number, typed.

        It has no bounds of its own: the browser would hold back what lies outside of them, and Train would
        go by what stood there before.
        """
        st.number_input(label, step=step, key=key(name), help=self._aside(about), **more, **_KEPT)
        self._below(name, about)

    def rate(self, name: str, label: str, about: str) -> None:
        """A number of any size, typed."""
        st.number_input(label, step=0.001, format="%g", key=key(name), help=self._aside(about), **_KEPT)
        self._below(name, about)

    def share(self, name: str, label: str, about: str, *, least: float, most: float) -> None:
        """A share, drawn with a slider."""
        st.slider(
            label, least, most, step=0.01, format="percent", key=key(name), help=self._aside(about), **_KEPT
        )
        self._below(name, about)

    def switch(self, name: str, label: str, about: str) -> None:
        """Yes or no."""
        st.toggle(label, key=key(name), help=self._aside(about), **_KEPT)
        self._below(name, about)

    def _aside(self, about: str) -> str | None:
        return None if self.explains else about

    def _below(self, name: str, about: str) -> None:
        if self.explains:
            st.caption(about)
        say_complaints(self.draft, name)
