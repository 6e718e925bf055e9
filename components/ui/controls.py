"""The controls of a recipe: five that a beginner needs, and everything else folded away."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from components.data.dataset import Series
from components.ui.draft import Draft, key, say_complaints, value

# Controls hold their values while they are folded away or another page is open.
_KEPT: dict[str, Any] = {"persist_state": "session"}

MODELS = {"simple_rnn": "Simple RNN", "lstm": "LSTM", "gru": "GRU", "transformer": "Transformer"}
_ABOUT_MODELS = {
    "simple_rnn": "Reads step by step with the simplest memory there is. It forgets quickly.",
    "lstm": "Reads step by step; gates decide what to keep and what to forget. A good first choice.",
    "gru": "Like the LSTM with fewer gates: smaller, often just as good.",
    "transformer": "Looks at all past steps at once and decides which ones matter.",
}
_TRANSFORMS = {
    "none": "As it is",
    "log": "Logarithm",
    "difference": "Change since the last step",
    "seasonal_difference": "Change since last season",
}
_SCALINGS = {
    "standard": "Mean 0, spread 1",
    "minmax": "Between 0 and 1",
    "none": "As it is",
}
_ATTENTIONS = {"none": "None", "additive": "Additive", "dot": "Dot product"}
_OPTIMIZERS = {"adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop", "sgd": "SGD"}
_SCHEDULES = {"constant": "Constant", "cosine": "Falls as a cosine", "exponential": "Falls to a tenth"}
_CLIPPINGS = {
    "none": "None",
    "value": "Each number",
    "norm": "Each tensor's norm",
    "global_norm": "The global norm",
}
_STEPS = {
    "hour": "hours",
    "day": "days",
    "week": "weeks",
    "month": "months",
    "quarter": "quarters",
    "year": "years",
}

_NO_WORDS: Mapping[str, str] = {}


def steps_word(dataset: Series) -> str:
    """Give the word for the steps of a dataset: `months` for one with a value every month."""
    return _STEPS.get(dataset.frequency.removeprefix("every "), "steps")


def essential_controls(draft: Draft, dataset: Series) -> None:
    """Draw the five controls of a beginner."""
    panel = _Panel(draft, explains=True)
    panel.choice(
        "task.target",
        "What to forecast",
        _with_held(dataset.columns, value("task.target")),
        "The column whose future you want to know.",
    )
    panel.number(
        "task.horizon",
        f"How far ahead, in {steps_word(dataset)}",
        "The **horizon**: the model forecasts this many steps at once. Near is easier than far.",
    )
    panel.buttons("model.kind", "Model", MODELS, _ABOUT_MODELS.get(value("model.kind"), ""))
    panel.number(
        "model.units",
        "Units",
        "How many numbers the model can keep in mind. More can learn more, and learn by heart more.",
    )
    panel.number(
        "training.epochs",
        "Epochs",
        "How many times the model goes through all the training data. It may stop earlier, "
        "when it no longer gets better.",
    )


def data_controls(draft: Draft, dataset: Series) -> None:
    """Draw what is done to the data before the model sees it."""
    panel, steps = _Panel(draft), steps_word(dataset)
    with _folded(
        "Data", ":material/ssid_chart:", draft, "preparation", "task", but="task.target task.horizon"
    ):
        panel.number(
            "task.window",
            f"How far back it looks, in {steps}",
            "The **window**: the model sees this many past steps, and nothing older.",
        )
        others = tuple(name for name in dataset.columns if name != value("task.target"))
        if others or value("task.covariates"):
            panel.several(
                "task.covariates",
                "Other columns to look at",
                _with_held(others, *value("task.covariates")),
                "**Covariates**: the model also sees the past of these columns. It never sees their future.",
            )
        panel.number(
            "task.season",
            f"Season, in {steps}",
            "After how many steps the series repeats itself, as 12 for the months of a year. "
            "Empty: it doesn't.",
            value=None,
            placeholder="No season",
        )
        panel.choice(
            "task.transform",
            "Transform",
            tuple(_TRANSFORMS),
            "What the model learns instead of the bare values. Forecasts are always turned back exactly.",
            _TRANSFORMS,
        )
        panel.choice(
            "task.scaling",
            "Scaling",
            tuple(_SCALINGS),
            "Networks learn best from numbers near zero. The scale is measured on the training part only.",
            _SCALINGS,
        )
        panel.share(
            "preparation.validation",
            "Validation part",
            "The share of the rows that is used to watch the training and to stop it.",
            least=0.05,
            most=0.4,
        )
        panel.share(
            "preparation.test",
            "Test part",
            "The share of the rows, the last ones, that nothing looks at before the results.",
            least=0.05,
            most=0.4,
        )


def model_controls(draft: Draft) -> None:
    """Draw what the model is made of."""
    panel = _Panel(draft)
    with _folded("Model", ":material/account_tree:", draft, "model", but="model.kind model.units"):
        panel.number(
            "model.layers",
            "Layers",
            "Stacked one on the other; each reads what the one below it says.",
        )
        if value("model.kind") == "transformer":
            panel.number(
                "model.heads",
                "Heads",
                "How many things it can pay attention to at once. They share the units evenly.",
            )
        else:
            panel.switch(
                "model.bidirectional",
                "Read both ways",
                "**Bidirectional**: a second copy reads the window from its newest step to its oldest.",
            )
            panel.buttons(
                "model.attention",
                "Attention",
                _ATTENTIONS,
                "Lets the model look back at every past step instead of only remembering. "
                "*Additive* is Bahdanau's, *dot product* is Luong's.",
            )
        panel.share(
            "model.dropout",
            "Dropout",
            "Forgets this share of the signals at random while training, "
            "so that the model can't rely on any single one.",
            least=0.0,
            most=0.9,
        )


def learning_controls(draft: Draft) -> None:
    """Draw how the model learns."""
    panel = _Panel(draft)
    with _folded(
        "Learning",
        ":material/trending_down:",
        draft,
        "optimizer",
        "clipping",
        "training",
        "seed",
        but="training.epochs",
    ):
        _optimizer_controls(panel)
        _clipping_controls(panel)
        panel.number("training.batch", "Batch", "How many windows are looked at before each update.", step=8)
        panel.switch(
            "training.stops_early",
            "Stop early",
            "Stop when the validation loss no longer falls, and keep the best weights.",
        )
        if value("training.stops_early"):
            panel.number("training.patience", "Patience, in epochs", "How long to wait for a better one.")
        panel.number(
            "seed",
            "Seed",
            "Where chance begins. The same seed gives the same run; another one shows how much is luck.",
        )


def _optimizer_controls(panel: "_Panel") -> None:
    panel.choice(
        "optimizer.kind",
        "Optimiser",
        tuple(_OPTIMIZERS),
        "The rule that turns gradients into updates. Adam rarely goes wrong.",
        _OPTIMIZERS,
    )
    panel.rate(
        "optimizer.learning_rate",
        "Learning rate",
        "How big each update is. Too big jumps about, too small crawls.",
    )
    panel.choice(
        "optimizer.schedule",
        "Schedule",
        tuple(_SCHEDULES),
        "How the learning rate changes over the training.",
        _SCHEDULES,
    )
    if value("optimizer.kind") == "sgd":
        panel.rate(
            "optimizer.momentum",
            "Momentum",
            "How much of the last update is carried on into the next.",
        )
    if value("optimizer.kind") == "adamw":
        panel.rate(
            "optimizer.weight_decay",
            "Weight decay",
            "Pulls every weight a little towards zero.",
        )


def _clipping_controls(panel: "_Panel") -> None:
    panel.choice(
        "clipping.mode",
        "Gradient clipping",
        tuple(_CLIPPINGS),
        "Cuts gradients that explode. *The global norm* shortens all of them together "
        "and keeps their direction.",
        _CLIPPINGS,
    )
    if value("clipping.mode") != "none":
        panel.rate("clipping.threshold", "Clipping threshold", "Whatever is longer is cut to this.")


def _folded(label: str, icon: str, draft: Draft, *sections: str, but: str = "") -> Any:
    """Make a fold that is open where something in it is complained of.

    Args:
        label: its name.
        icon: its picture.
        draft: what may be complained of.
        sections: of the recipe that lie in it.
        but: fields of those that lie elsewhere.
    """
    wrong = any(name.split(".")[0] in sections and name not in but.split() for name in draft.complaints)
    return st.expander(f"{label} :red[:material/error:]" if wrong else label, icon=icon, expanded=wrong)


def _with_held(options: tuple[str, ...], *held: str) -> tuple[str, ...]:
    """Keep what is held among the options, also where the dataset has no such column."""
    return (*options, *(name for name in held if name not in options))


def _word(words: Mapping[str, str], option: str) -> str:
    return words.get(option, option)


@dataclass(frozen=True)
class _Panel:
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
        options: tuple[str, ...],
        about: str,
        words: Mapping[str, str] = _NO_WORDS,
    ) -> None:
        """One of several, from a list."""
        st.selectbox(
            label, options, key=key(name), format_func=partial(_word, words), help=self._aside(about), **_KEPT
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
