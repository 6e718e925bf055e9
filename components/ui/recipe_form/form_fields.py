"""Controls of every kind for the fields of a recipe, each with its label, its explanation and its issues."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from components.glossary import explain
from components.ui.recipe_form.draft import Draft, key, show_issues, value
from components.ui.recipe_form.labels import CHOICE_LABELS, setting_label

# Controls hold their values while they are folded away or another page is open.
_PERSISTENT: dict[str, Any] = {"persist_state": "session"}


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
        self, name: str, about: str | None = None, *, options: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        """One of several, from a list.

        Args:
            name: of the field, dotted.
            about: what stands as its help; None where the glossary explains its label.
            options: label by value; those of the field where it always has the same.
            more: of Streamlit's selectbox.
        """
        words = CHOICE_LABELS[name] if options is None else options
        st.selectbox(
            setting_label(name, value(name)),
            tuple(words),
            key=key(name),
            format_func=partial(_option_label, words),
            help=self._tooltip(name, about),
            **more,
            **_PERSISTENT,
        )
        self._show_below(name, about)

    def multichoice(self, name: str, options: tuple[Any, ...], about: str | None = None, **more: Any) -> None:
        """Any of several, from a list."""
        st.multiselect(
            setting_label(name),
            options,
            key=key(name),
            help=self._tooltip(name, about),
            placeholder="None",
            **more,
            **_PERSISTENT,
        )
        self._show_below(name, about)

    def buttons(self, name: str, about: str | None = None) -> None:
        """One of a few, all in sight."""
        words = CHOICE_LABELS[name]
        st.segmented_control(
            setting_label(name, value(name)),
            tuple(words),
            key=key(name),
            format_func=partial(_option_label, words),
            help=self._tooltip(name, about),
            required=True,
            wrap=True,
            **_PERSISTENT,
        )
        self._show_below(name, about)

    def number(
        self, name: str, about: str | None = None, *, unit: str = "", step: int = 1, **more: Any
    ) -> None:
        """A whole number, typed.

        It has no bounds of its own: the browser would hold back what lies outside of them, and Train would
        go by what stood there before.

        Args:
            name: of the field, dotted.
            about: what stands as its help; None where the glossary explains its label.
            unit: what is counted, such as `months`.
            step: what its buttons add.
            more: of Streamlit's number input.
        """
        label = setting_label(name)
        st.number_input(
            f"{label}, in {unit}" if unit else label,
            step=step,
            key=key(name),
            help=self._tooltip(name, about),
            **more,
            **_PERSISTENT,
        )
        self._show_below(name, about)

    def rate(self, name: str, about: str | None = None) -> None:
        """A number of any size, typed."""
        st.number_input(
            setting_label(name),
            step=0.001,
            format="%g",
            key=key(name),
            help=self._tooltip(name, about),
            **_PERSISTENT,
        )
        self._show_below(name, about)

    def bound(self, name: str, about: str | None = None) -> None:
        """A number of any size, typed, or none."""
        st.number_input(
            setting_label(name),
            value=None,
            step=1.0,
            format="%g",
            key=key(name),
            help=self._tooltip(name, about),
            placeholder="No bound",
            **_PERSISTENT,
        )
        self._show_below(name, about)

    def share(self, name: str, about: str | None = None, *, least: float, most: float) -> None:
        """A share, drawn with a slider."""
        st.slider(
            setting_label(name),
            least,
            most,
            step=0.01,
            format="percent",
            key=key(name),
            help=self._tooltip(name, about),
            **_PERSISTENT,
        )
        self._show_below(name, about)

    def switch(self, name: str, about: str | None = None) -> None:
        """Yes or no."""
        st.toggle(setting_label(name), key=key(name), help=self._tooltip(name, about), **_PERSISTENT)
        self._show_below(name, about)

    def _tooltip(self, name: str, about: str | None) -> str | None:
        return None if self.shows_help else _explanation(name, about)

    def _show_below(self, name: str, about: str | None) -> None:
        if self.shows_help:
            st.caption(_explanation(name, about))
        show_issues(self.draft, name)


def _explanation(name: str, about: str | None) -> str:
    return explain(setting_label(name)) if about is None else about
