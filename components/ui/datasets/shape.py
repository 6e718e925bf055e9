"""What the rows of a file's table are: moments of a series, texts, pairs of texts, or steps of sequences."""

from collections.abc import Sequence

import streamlit as st

from components.recipe import AsPairs, AsSequences, AsTexts, Shape, Upload
from components.ui.loading import choices_of, columns_of, shapes_of

_KINDS = {
    "series": "A series of numbers in time",
    "texts": "Texts",
    "pairs": "Pairs of texts",
    "sequences": "Many sequences",
}


def chosen(held: Upload) -> Shape | None:
    """Let a person choose what a table is read as, where it could be something else than a series.

    Args:
        held: the file, which holds a table.

    Raises:
        DataError: if it can't be read.
    """
    offered: dict[str, Shape] = {shape.kind: shape for shape in shapes_of(held)}
    if held.shape:
        offered[held.shape.kind] = held.shape
    if not offered:
        return None
    kinds = ("series", *offered)
    kind = st.selectbox(
        "Read its rows as",
        kinds,
        index=kinds.index(held.shape.kind) if held.shape else 0,
        key=f"data.shape.{held.id}",
        format_func=lambda name: _KINDS[name],
    )
    return _columns(offered[kind], held) if kind != "series" else None


def _columns(shape: Shape, held: Upload) -> Shape:
    """Let a person choose the columns of a shape."""
    names = columns_of(held)
    match shape:
        case AsTexts():
            text = _one("Column of the texts", names, shape.text, held)
            others = [name for name in names if name != text]
            label = _one_or_none("Column of the classes", others, shape.label, held)
            return AsTexts(text=text, label=label)
        case AsPairs():
            source = _one("Column of what is given", names, shape.source, held)
            others = [name for name in names if name != source]
            target = _one("Column of the answer", others, shape.target, held)
            return AsPairs(source=source, target=target)
        case AsSequences():
            return _sequences(shape, held)


def _sequences(shape: AsSequences, held: Upload) -> AsSequences:
    """Let a person choose the columns of a long table; what one is chosen for, it isn't offered for twice."""
    id_ = _one(
        "Column that tells the sequences apart",
        choices_of(held, shape.id).ids,
        shape.id,
        held,
        help="Rows with the same value in it are the steps of one sequence.",
    )
    there = choices_of(held, id_)
    time = _one_or_none(
        "Column of the time",
        there.times,
        shape.time,
        held,
        none="None: the rows are in order",
        help="Puts the steps of each sequence in order. Only columns of numbers or times without gaps can.",
    )
    label = _one_or_none(
        "Column of the classes",
        [name for name in there.labels if name != time and set(there.numbers) - {time, name}],
        shape.label,
        held,
        help="What a model is to tell of each sequence. It has to be the same in all rows of a sequence.",
    )
    channel = _one_or_none(
        "Column that names the channels",
        [name for name in there.channels if name not in (time, label)],
        shape.channel,
        held,
        none="None: each has its own column",
        help="For tables with a row for each single number: it says what was measured, such as “speed”.",
    )
    numbers = [name for name in there.numbers if name not in (time, label)]
    usual = [name for name in shape.columns if name in numbers] or numbers
    if channel is not None:
        columns = [
            _one("Column of the numbers", numbers, usual[0], held, help="It holds those of all channels.")
        ]
    else:
        columns = st.multiselect(
            "Channels",
            numbers,
            default=usual,
            key=f"data.shape.{held.id}.channels",
            placeholder="All columns of numbers",
            help="What was measured at each step. Only columns of numbers without gaps can be one.",
        )
    return AsSequences(id=id_, time=time, channel=channel, label=label, columns=tuple(columns or numbers))


def _one(label: str, names: Sequence[str], usual: str, held: Upload, *, help: str | None = None) -> str:
    at = names.index(usual) if usual in names else 0
    return st.selectbox(label, names, index=at, key=f"data.shape.{held.id}.{label}", help=help)


def _one_or_none(
    label: str,
    names: Sequence[str],
    usual: str | None,
    held: Upload,
    *,
    none: str = "None",
    help: str | None = None,
) -> str | None:
    """Let a person choose a column or none, which is an option as well: a box can't be emptied again."""
    options = (None, *names)
    return st.selectbox(
        label,
        options,
        index=options.index(usual) if usual in names else 0,
        key=f"data.shape.{held.id}.{label}",
        format_func=lambda name: none if name is None else name,
        help=help,
        disabled=not names,
    )
