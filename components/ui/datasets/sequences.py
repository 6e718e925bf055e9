"""Sequences on a page: a few of them drawn, how many each class has, how long they are."""

import numpy as np
import streamlit as st

from components.charts import examples
from components.charts.examples import Lines, balance, lengths, panels
from components.data.dataset import Classes, Numbers, Sequences
from components.data.doctor.texts import examine_sequences
from components.ui.datasets.common import key_of, say
from components.ui.figures import show
from components.ui.words import escape, number

_EXAMPLES = 3  # of a class, over each other
_FEW = 6  # pictures where there are no classes
_DRAWN_AT_FIRST = 3
_FEW_CHANNELS = 4  # that are drawn over each other without being asked for


def look_at(dataset: Sequences) -> None:
    """Draw examples, and what is asked of them."""
    say(examine_sequences(dataset))
    channels = _channels(dataset)
    if channels:
        show(_examples(dataset, channels), key="data-examples")
        st.button(
            "Other examples", icon=":material/casino:", key="data-others", on_click=_turn_on, args=(dataset,)
        )
    if isinstance(dataset.answer, Numbers):
        _say_numbers(dataset.answer)
    if isinstance(dataset.answer, Classes):
        show(balance(dataset.answer.names, dataset.answer.counts, what="sequences"), key="data-balance")
    if len(np.unique(dataset.lengths)) > 1:
        show(lengths(dataset.lengths, what="sequences", unit="steps"), key="data-lengths")


def _channels(dataset: Sequences) -> tuple[str, ...]:
    if len(dataset.channels) <= _FEW_CHANNELS:
        return dataset.channels
    return tuple(
        st.multiselect(
            "Channels to draw",
            dataset.channels,
            default=dataset.channels[:_DRAWN_AT_FIRST],
            key=key_of(dataset, "channels"),
            placeholder="None",
        )
    )


def _turn(dataset: Sequences) -> int:
    return st.session_state.get(key_of(dataset, "turn"), 0)


def _turn_on(dataset: Sequences) -> None:
    st.session_state[key_of(dataset, "turn")] = _turn(dataset) + 1


def _examples(dataset: Sequences, channels: tuple[str, ...]):
    """Draw for each class some examples, or some sequences each with its answer."""
    rng = np.random.default_rng(_turn(dataset))
    alone = len(channels) == 1 and dataset.answers is None
    groups: list[tuple[str, Lines]] = []
    if isinstance(dataset.answer, Classes):
        # The most frequent where there are too many, in the order of their names.
        most = np.argsort(-dataset.answer.counts, kind="stable")[: examples.MOST_PANELS]
        for code in np.sort(most):
            members = np.flatnonzero(dataset.answer.codes == code)
            chosen = rng.permutation(members)[: _EXAMPLES if alone and not dataset.symbols else 1]
            if len(chosen):
                groups.append((dataset.answer.names[code], _lines(dataset, chosen, channels)))
    else:
        for at in np.sort(rng.permutation(dataset.size)[:_FEW]):
            name = f"sequence {at + 1:,}"
            if isinstance(dataset.answer, Numbers):
                name += f": {number(float(dataset.answer.values[at]))}"
            groups.append((name, _lines(dataset, np.array([at]), channels)))
    value = channels[0] if len(channels) == 1 else "value"
    return panels(groups, title="Examples", value=value, symbols=dataset.symbols, legend=not alone)


def _lines(dataset: Sequences, chosen: np.ndarray, channels: tuple[str, ...]) -> Lines:
    if dataset.answers is not None:
        at = int(chosen[0])
        steps = slice(dataset.offsets[at], dataset.offsets[at + 1])
        return [
            ("given", dataset.sequence(at)[:, 0]),
            ("to be written", dataset.answers.codes[steps]),
        ]
    if len(channels) == 1:
        column = dataset.channels.index(channels[0])
        many = len(chosen) > 1
        return [
            (f"example {number}" if many else channels[0], dataset.sequence(int(at))[:, column])
            for number, at in enumerate(chosen, 1)
        ]
    only = dataset.sequence(int(chosen[0]))
    return [(name, only[:, dataset.channels.index(name)]) for name in channels]


def _say_numbers(answer: Numbers) -> None:
    mean, variance = float(answer.values.mean(dtype=np.float64)), float(answer.values.var(dtype=np.float64))
    st.caption(
        f"To be found is {escape(answer.name)}. Whoever always says the mean, {number(mean)}, has a mean "
        f"squared error of {number(variance)}."
    )
