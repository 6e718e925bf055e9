"""A long table, whose rows are the steps of many sequences: what its columns may be, and what is in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from components.data.datasets import Classes, Provenance, Sequences
from components.data.tables.division import cell_text, division, propose_division
from components.errors import DataError
from components.recipe import MOST_COLUMNS, AsSequences, Upload

_MOST_CLASSES = 50
_MOST_ID_CANDIDATES = 4  # columns that are taken for the sequences' names, one after the other
_REPEAT_SHARE = 1 / 3  # share of rows that repeat a time, from which on these look like several sequences


# --- The sequences -----------------------------------------------------------------------------------


def read_sequences(
    frame: pd.DataFrame, shape: AsSequences, reference: Upload, provenance: Provenance
) -> Sequences:
    """Read a long table as sequences, in the order in which they begin.

    Args:
        frame: as it came, (records, columns).
        shape: what its columns are.
        reference: of its file, whose name stands in messages.
        provenance: of the data.

    Raises:
        DataError: if a column is missing, or holds something else than is wanted.
    """
    _check_columns(frame, shape, reference.name)
    if shape.channel is None:
        numbers, channels = frame[list(shape.columns)].to_numpy(np.float32), shape.columns
        rows = frame
    else:
        rows, numbers, channels = _pivot_channels(frame, shape, reference.name)
    key = _codes(rows[shape.id])
    times = np.zeros(len(rows)) if shape.time is None else rows[shape.time].to_numpy()
    order = np.lexsort((times, key))
    offsets = np.concatenate([[0], np.cumsum(np.bincount(key))]).astype(np.int64)
    within = np.diff(times[np.argsort(key, kind="stable")].astype(np.float64)) < 0
    within[offsets[1:-1] - 1] = False
    firsts = rows.iloc[order[offsets[:-1]]]
    answer = None
    if shape.label is not None:
        answer = Classes.of([cell_text(cell) for cell in firsts[shape.label]])
    return Sequences(
        reference,
        reference.name,
        provenance,
        values=numbers[order],
        offsets=offsets,
        channels=channels,
        answer=answer,
        **division(firsts, shape.group, shape.split, reference.name),
        notes=(f"Steps were sorted by “{shape.time}”.",) if within.any() else (),
    )


def require_column(frame: pd.DataFrame, column: str, name: str) -> pd.Series:
    """Return a column of the table in a file of that name; raise a DataError if there is none."""
    if column not in frame.columns:
        raise DataError(
            f"There is no column “{column}”.", where=name, remedy="Choose one of the table's columns."
        )
    return frame[column]


def _check_columns(frame: pd.DataFrame, shape: AsSequences, name: str) -> None:
    same = [key for key in (shape.label, shape.group, shape.split) if key is not None]
    keys = [key for key in (shape.id, shape.time, shape.channel, *same) if key is not None]
    for column in (*keys, *shape.columns):
        require_column(frame, column, name)
    for column in keys:
        if frame[column].isna().any():
            raise DataError(
                f"A row has no “{column}”.", where=name, remedy="Fix the file, then upload it again."
            )
    for column in shape.columns:
        if not _is_complete_number(frame[column]):
            raise DataError(
                f"“{column}” has missing values, or values that aren't numbers.",
                where=name,
                remedy="Leave this column out, or fix the file.",
            )
    if shape.time is not None and not _is_sortable(frame[shape.time]):
        raise DataError(
            f"“{shape.time}” holds neither numbers nor times.",
            where=name,
            remedy="Choose another column for the time.",
        )
    for column in same:
        if not _is_constant_in_each(frame, shape.id, column):
            raise DataError(
                f"A sequence has more than one “{column}”.",
                where=name,
                remedy="Choose a column that is the same in all rows of a sequence.",
            )


def _pivot_channels(
    frame: pd.DataFrame, shape: AsSequences, name: str
) -> tuple[pd.DataFrame, np.ndarray, tuple[str, ...]]:
    """Bring the channels of each step together: gives one row of each step, and the channels' numbers there.

    Without times, the first rows of all channels are a step, then the second ones, and so on.
    """
    assert shape.channel is not None
    kinds, found = pd.factorize(frame[shape.channel])
    if len(found) > MOST_COLUMNS:
        raise DataError(
            f"“{shape.channel}” names {len(found):,} channels; at most {MOST_COLUMNS} are allowed.",
            where=name,
            remedy="Choose another column.",
        )
    ids = _codes(frame[shape.id])
    if shape.time is None:
        steps = frame.groupby([shape.id, shape.channel], sort=False).cumcount().to_numpy()
    else:
        steps = _codes(frame[shape.time])
    order = np.lexsort((kinds, steps, ids))
    width = len(found)
    if len(order) % width == 0:
        blocks = order.reshape(-1, width)
        whole = (
            (kinds[blocks] == np.arange(width)).all()
            and (ids[blocks] == ids[blocks[:, :1]]).all()
            and (steps[blocks] == steps[blocks[:, :1]]).all()
        )
        if whole:
            numbers = frame[shape.columns[0]].to_numpy(np.float32)[blocks]
            first = np.argsort(blocks.min(axis=1), kind="stable")  # in the order in which they came
            rows = frame.iloc[blocks.min(axis=1)[first]]
            return rows, numbers[first], tuple(cell_text(kind) for kind in found)
    raise DataError(
        f"Not every time step has each “{shape.channel}” exactly once.",
        where=name,
        remedy="Choose the time column, or remove the channel column.",
    )


def _codes(column: pd.Series) -> np.ndarray:
    """Number what stands in a column, in the order of its first appearance; −1 where nothing does."""
    return pd.factorize(column)[0]


# --- What may be what --------------------------------------------------------------------------------


@dataclass(frozen=True)
class ColumnChoices:
    """Which columns a person may choose, given which one tells the sequences apart.

    Attributes:
        ids: that may tell them apart.
        times: that may put their steps in order.
        channels: that may name the channel of a row's number.
        labels: that may be the sequences' classes.
        numbers: that may be channels, or hold their numbers.
    """

    ids: tuple[str, ...]
    times: tuple[str, ...]
    channels: tuple[str, ...]
    labels: tuple[str, ...]
    numbers: tuple[str, ...]


def column_choices(frame: pd.DataFrame, id_: str) -> ColumnChoices:
    """Return which columns may be what.

    Args:
        frame: the first rows of a table, which are taken for all of them.
        id_: the column that tells the sequences apart.
    """
    whole = [name for name in frame.columns if not frame[name].isna().any()]
    numbers = tuple(name for name in whole if _is_complete_number(frame[name]))
    # Of whatever is chosen, a column of numbers is left.
    free = [name for name in whole if set(numbers) - {id_, name}]
    others = [name for name in free if name != id_]
    return ColumnChoices(
        ids=tuple(name for name in whole if set(numbers) - {name} and _may_be_id(frame[name])),
        times=tuple(name for name in others if _is_sortable(frame[name])),
        channels=tuple(name for name in others if _is_text(frame[name]) and is_categorical(frame[name])),
        labels=tuple(name for name in others if _is_constant_in_each(frame, id_, name)),
        numbers=tuple(name for name in numbers if name != id_),
    )


def propose_columns(frame: pd.DataFrame) -> AsSequences | None:
    """Propose by its first rows what a long table's columns are; None where it doesn't look like one."""
    ids = [name for name in frame.columns if _may_be_id(frame[name])]
    unbroken = [name for name in ids if _is_contiguous(frame[name])]
    ids = [*unbroken, *(name for name in ids if name not in unbroken)]
    found = (_propose_for_id(frame, id_) for id_ in ids[:_MOST_ID_CANDIDATES])
    return next((shape for shape in found if shape is not None), None)


def _propose_for_id(frame: pd.DataFrame, id_: str) -> AsSequences | None:
    """Propose the other columns where one tells the sequences apart; None where it doesn't seem to."""
    found = column_choices(frame, id_)
    group, split = propose_division(frame.drop_duplicates(id_)[list(found.labels)], ())
    divides = (group, split)
    label = next((name for name in found.labels if name not in divides and is_categorical(frame[name])), None)
    for channel, time in _channel_time_pairs(frame, id_, found):
        numbers = tuple(name for name in found.numbers if name not in (time, label, *divides))
        if len(numbers) == 1 or (numbers and channel is None):
            return AsSequences(
                id=id_,
                time=time,
                channel=channel,
                label=label,
                group=group,
                split=split,
                columns=numbers[:MOST_COLUMNS],
            )
    return None


def _channel_time_pairs(
    frame: pd.DataFrame, id_: str, found: ColumnChoices
) -> Iterator[tuple[str | None, str | None]]:
    """Yield the columns that may name the channel and the time, the likeliest pair first."""
    unbroken = _is_contiguous(frame[id_])
    channels = [name for name in found.channels if name not in found.labels]
    for channel, time in product((*channels, None), found.times):
        keys = [id_] if channel is None else [id_, channel]
        if frame.duplicated([*keys, time]).any() or not (
            _is_time(frame[time]) or _is_step_counter(frame, keys, time)
        ):
            continue
        if unbroken or frame[time].duplicated().mean() >= _REPEAT_SHARE:
            yield channel, time
    if unbroken:
        yield None, None


def _is_contiguous(column: pd.Series) -> bool:
    """Return whether equal values stand together, as the numbers of sequences do that follow each other."""
    return int((column != column.shift()).sum()) == column.nunique()


def _is_step_counter(frame: pd.DataFrame, keys: list[str], name: str) -> bool:
    """Return whether a column counts the steps of each sequence, from the same number on."""
    counted = frame.groupby(keys, sort=False).cumcount()
    return int(counted.max()) > 0 and (frame[name] - counted).nunique() == 1


def _may_be_id(column: pd.Series) -> bool:
    if column.isna().any() or not (_is_text(column) or _is_integer(column)):
        return False
    return 2 <= column.nunique() <= len(column) / 2


def _is_sortable(column: pd.Series) -> bool:
    return _is_time(column) or _is_complete_number(column)


def _is_time(column: pd.Series) -> bool:
    return pd.api.types.is_datetime64_any_dtype(column)


def _is_text(column: pd.Series) -> bool:
    return pd.api.types.is_string_dtype(column)


def _is_complete_number(column: pd.Series) -> bool:
    return pd.api.types.is_float_dtype(column) and not column.isna().any()


def _is_integer(column: pd.Series) -> bool:
    return pd.api.types.is_float_dtype(column) and bool((column == column.round()).all())


def is_categorical(column: pd.Series) -> bool:
    """Tell by what stands in it whether a column may hold the names of classes."""
    return 2 <= column.nunique() <= min(_MOST_CLASSES, len(column) / 2)


def _is_constant_in_each(frame: pd.DataFrame, id_: str, name: str) -> bool:
    key, codes = _codes(frame[id_]), _codes(frame[name])
    first = np.unique(key, return_index=True)[1]
    return bool((codes[first[key]] == codes).all())
