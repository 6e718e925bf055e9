"""What the rows of a file's table are: steps of a series, texts, pairs of texts, or steps of sequences."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from components.data.readings import Reading, beginning, possible_readings
from components.data.tables.long_format import ColumnChoices, column_choices
from components.data.tables.raw_table import RawTable
from components.recipe import MOST_COLUMNS, AsPairs, AsRows, AsSequences, AsTexts, TableKind, Upload
from components.ui.dataset_cache import content_of, table_of
from components.ui.formatting import escape

_KINDS = {
    "series": "Time series",
    "texts": "Texts",
    "pairs": "Pairs of texts",
    "sequences": "Sequences",
    "rows": "Sequences, one in each row",
}


def choose_shape(upload: Upload) -> TableKind | None:
    """Let a person choose what a file's table is read as, where it could be something else than a series.

    Raises:
        DataError: if it can't be read.
    """
    table = content_of(upload.plain)
    if not isinstance(table, RawTable):
        return upload.shape
    readings = {_kind(reading.shape): reading for reading in _readings(upload.plain.model_dump_json())}
    offered: dict[str, TableKind | None] = {kind: reading.shape for kind, reading in readings.items()}
    if upload.shape:
        offered[upload.shape.kind] = upload.shape
    if len(offered) == 1:
        _show_reasons(readings["series"])
        return None
    kinds = tuple(offered)
    key = f"data.shape.{upload.id}"
    kind = st.selectbox(
        "Read the rows as",
        kinds,
        index=kinds.index(_kind(upload.shape)),
        key=key,
        format_func=lambda name: _KINDS[name],
    )
    if kind in readings:
        _show_reasons(readings[kind])
    runner_up = next(other for other in kinds if other != kind)
    st.button(
        f"Read them as {_KINDS[runner_up].lower()} instead",
        key=f"{key}.other",
        type="tertiary",
        icon=":material/swap_horiz:",
        on_click=st.session_state.update,
        args=({key: runner_up},),
    )
    shape = offered[kind]
    return None if shape is None else _choose_columns(shape, upload, tuple(table.frame.columns))


def _kind(shape: TableKind | None) -> str:
    return "series" if shape is None else shape.kind


def _show_reasons(reading: Reading) -> None:
    """Show what speaks for a reading."""
    for reason in reading.reasons:
        st.caption(f":material/search: {escape(reason)}")


@st.cache_data(max_entries=64, show_spinner=False)
def _readings(plain: str) -> tuple[Reading, ...]:
    return possible_readings(_beginning(plain))


@st.cache_data(max_entries=64, show_spinner=False)
def _choices(plain: str, id_: str) -> ColumnChoices:
    return column_choices(_beginning(plain), id_)


def _beginning(plain: str) -> pd.DataFrame:
    """Return the first rows of a file's table."""
    return beginning(table_of(Upload.model_validate_json(plain)).frame)


def _choose_columns(shape: TableKind, upload: Upload, names: Sequence[str]) -> TableKind:
    """Let a person choose the columns of a shape among those of the table."""
    match shape:
        case AsTexts():
            text = _choose_column("Text column", names, shape.text, upload)
            others = [name for name in names if name != text]
            label = _choose_optional_column("Class column", others, shape.label, upload)
            group, split = _choose_division(shape, upload, [name for name in others if name != label])
            return AsTexts(text=text, label=label, group=group, split=split)
        case AsPairs():
            source = _choose_column("Input column", names, shape.source, upload)
            others = [name for name in names if name != source]
            target = _choose_column("Target column", others, shape.target, upload)
            group, split = _choose_division(shape, upload, [name for name in others if name != target])
            return AsPairs(source=source, target=target, group=group, split=split)
        case AsSequences():
            return _choose_sequence_columns(shape, upload)
        case AsRows():
            label = _choose_optional_column("Class column", names, shape.label, upload)
            group, split = _choose_division(shape, upload, [name for name in names if name != label])
            left_out = tuple(name for name in shape.left_out if name not in (label, group, split))
            return AsRows(label=label, group=group, split=split, left_out=left_out)


def _choose_sequence_columns(shape: AsSequences, upload: Upload) -> AsSequences:
    """Let a person choose the columns of a long table; what one is chosen for, it isn't offered for twice."""
    plain = upload.plain.model_dump_json()
    id_ = _choose_column(
        "Sequence ID column",
        _choices(plain, shape.id).ids,
        shape.id,
        upload,
        help="Rows with the same ID are the steps of one sequence.",
    )
    there = _choices(plain, id_)
    time = _choose_optional_column(
        "Time column",
        there.times,
        shape.time,
        upload,
        none="None: rows are in order",
        help="Sorts the steps of each sequence. It must hold numbers or times, without gaps.",
    )
    label = _choose_optional_column(
        "Class column",
        [name for name in there.labels if name != time and set(there.numbers) - {time, name}],
        shape.label,
        upload,
        help="What the model predicts for each sequence. It must be the same in all rows of a sequence.",
    )
    channel = _choose_optional_column(
        "Channel name column",
        [name for name in there.channels if name not in (time, label)],
        shape.channel,
        upload,
        none="None: each has its own column",
        help="For tables with one row per value: this column says what was measured, such as “speed”.",
    )
    free = [name for name in there.labels if name not in (time, label, channel)]
    group, split = _choose_division(shape, upload, free)
    numbers = [name for name in there.numbers if name not in (time, label, group, split)]
    usual = [name for name in shape.columns if name in numbers] or numbers
    if channel is not None:
        columns = [
            _choose_column(
                "Value column", numbers, usual[0], upload, help="It holds the values of all channels."
            )
        ]
    else:
        columns = st.multiselect(
            "Channels",
            numbers,
            default=usual,
            key=f"data.shape.{upload.id}.channels",
            placeholder="All numeric columns",
            help="The quantities measured at each step. They must be numbers without gaps.",
        )
    return AsSequences(
        id=id_,
        time=time,
        channel=channel,
        label=label,
        group=group,
        split=split,
        columns=tuple(columns or numbers)[:MOST_COLUMNS],
    )


def _choose_division(shape: TableKind, upload: Upload, names: Sequence[str]) -> tuple[str | None, str | None]:
    """Let a person choose the columns of the groups that stay together and of the set of each example."""
    if not names:
        return None, None
    group = _choose_optional_column(
        "Group column",
        names,
        shape.group,
        upload,
        help="What an example is from, such as its speaker or its author. Examples of the same group stay in "
        "one set, so that the test is on groups that the model has never met.",
    )
    split = _choose_optional_column(
        "Split column",
        [name for name in names if name != group],
        shape.split,
        upload,
        none="None: drawn at random",
        help="Says which set an example is for: train, validation or test. Without validation examples, some "
        "of the training examples are used.",
    )
    return group, split


def _choose_column(
    label: str, names: Sequence[str], default: str, upload: Upload, *, help: str | None = None
) -> str:
    at = names.index(default) if default in names else 0
    return st.selectbox(label, names, index=at, key=f"data.shape.{upload.id}.{label}", help=help)


def _choose_optional_column(
    label: str,
    names: Sequence[str],
    default: str | None,
    upload: Upload,
    *,
    none: str = "None",
    help: str | None = None,
) -> str | None:
    """Let a person choose a column or none, which is an option as well: a box can't be emptied again."""
    options = (None, *names)
    return st.selectbox(
        label,
        options,
        index=options.index(default) if default in names else 0,
        key=f"data.shape.{upload.id}.{label}",
        format_func=lambda name: none if name is None else name,
        help=help,
        disabled=not names,
    )
