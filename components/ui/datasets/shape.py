"""What the rows of a file's table are: moments of a series, texts, pairs of texts, or steps of sequences."""

import streamlit as st

from components.recipe import AsPairs, AsSequences, AsTexts, Shape, Upload
from components.ui.loading import columns_of, shapes_of
from components.ui.words import escape

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
    match shape:
        case AsTexts():
            text = _column("Column of the texts", shape.text, held)
            return AsTexts(text=text, label=_perhaps("Column of the classes", shape.label, held))
        case AsPairs():
            source = _column("Column of what is given", shape.source, held)
            return AsPairs(source=source, target=_column("Column of the answer", shape.target, held))
        case AsSequences():
            label = _perhaps("Column of the classes", shape.label, held)
            st.caption(
                f"Rows with the same “{escape(shape.id)}” are one sequence; its channels are "
                f"{', '.join(f'“{escape(name)}”' for name in shape.columns)}."
            )
            return shape.model_copy(update={"label": label})


def _column(label: str, usual: str, held: Upload) -> str:
    names = columns_of(held)
    at = names.index(usual) if usual in names else 0
    return st.selectbox(label, names, index=at, key=f"data.shape.{held.id}.{label}")


def _perhaps(label: str, usual: str | None, held: Upload) -> str | None:
    names = columns_of(held)
    return st.selectbox(
        label,
        names,
        index=names.index(usual) if usual in names else None,
        key=f"data.shape.{held.id}.{label}",
        placeholder="None",
    )
