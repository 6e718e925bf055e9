"""Controls of every kind for the fields of a recipe, each with its explanation and its issues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from components.ui.recipe_form.draft import Draft, key, show_issues

# Controls hold their values while they are folded away or another page is open.
_PERSISTENT: dict[str, Any] = {"persist_state": "session"}
_NO_LABELS: Mapping[str, str] = {}


def section_expander(label: str, icon: str, draft: Draft, *sections: str, exclude: str = "") -> Any:
    """Return an expander that is open where something in it has an issue.

    Args:
        label: its name.
        icon: its picture.
        draft: the recipe in the making, with its issues.
        sections: of the recipe that lie in it, or single fields.
        exclude: fields of those that lie elsewhere.
    """
    wrong = any(
        (name in sections or name.split(".")[0] in sections) and name not in exclude.split()
        for name in draft.issues
    )
    return st.expander(f"{label} :red[:material/error:]" if wrong else label, icon=icon, expanded=wrong)


def with_selected(options: tuple[Any, ...], *held: Any) -> tuple[Any, ...]:
    """Return the options with what is selected, also where the dataset has no such column."""
    return (*options, *(name for name in held if name not in options))


def _option_label(words: Mapping[str, str], option: str) -> str:
    return words.get(option, option)


@dataclass(frozen=True)
class RecipeForm:
    """Controls of every kind, each with the issues of its field beneath it.

    Attributes:
        draft: the recipe in the making, with its issues.
        shows_help: whether a control's explanation stands below it; else it is a tooltip.
    """

    draft: Draft
    shows_help: bool = False

    def choice(
        self,
        name: str,
        label: str,
        options: Sequence[str],
        about: str,
        words: Mapping[str, str] = _NO_LABELS,
        **more: Any,
    ) -> None:
        """One of several, from a list."""
        st.selectbox(
            label,
            options,
            key=key(name),
            format_func=partial(_option_label, words),
            help=self._help_text(about),
            **more,
            **_PERSISTENT,
        )
        self._show_below(name, about)

    def multichoice(self, name: str, label: str, options: tuple[Any, ...], about: str, **more: Any) -> None:
        """Any of several, from a list."""
        st.multiselect(
            label,
            options,
            key=key(name),
            help=self._help_text(about),
            placeholder="None",
            **more,
            **_PERSISTENT,
        )
        self._show_below(name, about)

    def buttons(self, name: str, label: str, words: Mapping[str, str], about: str) -> None:
        """One of a few, all in sight."""
        st.segmented_control(
            label,
            tuple(words),
            key=key(name),
            format_func=partial(_option_label, words),
            help=self._help_text(about),
            required=True,
            wrap=True,
            **_PERSISTENT,
        )
        self._show_below(name, about)

    def number(self, name: str, label: str, about: str, *, step: int = 1, **more: Any) -> None:
        """A whole number, typed.

        It has no bounds of its own: the browser would hold back what lies outside of them, and Train would
        go by what stood there before.
        """
        st.number_input(label, step=step, key=key(name), help=self._help_text(about), **more, **_PERSISTENT)
        self._show_below(name, about)

    def rate(self, name: str, label: str, about: str) -> None:
        """A number of any size, typed."""
        st.number_input(
            label, step=0.001, format="%g", key=key(name), help=self._help_text(about), **_PERSISTENT
        )
        self._show_below(name, about)

    def bound(self, name: str, label: str, about: str) -> None:
        """A number of any size, typed, or none."""
        st.number_input(
            label,
            value=None,
            step=1.0,
            format="%g",
            key=key(name),
            help=self._help_text(about),
            placeholder="No bound",
            **_PERSISTENT,
        )
        self._show_below(name, about)

    def share(self, name: str, label: str, about: str, *, least: float, most: float) -> None:
        """A share, drawn with a slider."""
        st.slider(
            label,
            least,
            most,
            step=0.01,
            format="percent",
            key=key(name),
            help=self._help_text(about),
            **_PERSISTENT,
        )
        self._show_below(name, about)

    def switch(self, name: str, label: str, about: str) -> None:
        """Yes or no."""
        st.toggle(label, key=key(name), help=self._help_text(about), **_PERSISTENT)
        self._show_below(name, about)

    def _help_text(self, about: str) -> str | None:
        return None if self.shows_help else about

    def _show_below(self, name: str, about: str) -> None:
        if self.shows_help:
            st.caption(about)
        show_issues(self.draft, name)
