"""What a file's table may be: each way to read it, how likely it is, and what speaks for it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.data.cleaning.doctor.series_keys import SeriesKeys, find_series_keys
from components.data.cleaning.doctor.time_candidates import is_date_column, time_candidates
from components.data.cleaning.doctor.wide import wide_header
from components.data.cleaning.steps import apply_step
from components.data.tables.long_format import propose_columns
from components.data.tables.row_sequences import propose_rows, run_along_rows
from components.data.tables.table_kinds import LABEL_NAME, PAIR_NAME, prose_columns, prose_words, text_kinds
from components.data.tables.wide_format import HeaderTimes
from components.errors import DataError
from components.recipe import AsPairs, AsRows, AsSequences, AsTexts, SetTime, TableKind

LOOKED_AT = 20_000
"""Rows at the beginning by which a table is judged; fewer, where their texts have more than
`_MOST_CHARACTERS`."""
_MOST_CHARACTERS = 4_000_000
_CELL_CHARACTERS = 2_000  # of a cell, which tell a text from a name

_COLUMNS_LOOKED_AT = 600
_LEAD = 1.0  # by which another reading must be likelier than a series to be taken unasked
_FEW_VALUES = 20  # different numbers of a column that may be classes
_MANY_SEQUENCES = 20
_NAMELESS = re.compile(r"\A(?:column ?)?\d+")  # what a column is called that has no name


@dataclass(frozen=True)
class Reading:
    """One way to read a table.

    Attributes:
        shape: what its rows are; None: the steps of a series, or of several.
        score: how likely it is; the higher, the likelier.
        reasons: what speaks for it, in plain sentences.
    """

    shape: TableKind | None
    score: float
    reasons: tuple[str, ...]


def possible_readings(frame: pd.DataFrame) -> tuple[Reading, ...]:
    """Return the ways to read a table, the likeliest first; always a series, even where little speaks for it.

    Args:
        frame: as it came from a file.
    """
    whole = frame = beginning(frame)
    if len(frame.columns) > _COLUMNS_LOOKED_AT:  # of more, the others will be like them
        frame = frame.iloc[:, [*range(_COLUMNS_LOOKED_AT - 1), -1]]
    dated = [column for column in frame.columns if is_date_column(frame[column])]
    worded = [column for column in prose_columns(frame) if column not in dated]
    found = [_series(frame, worded, wide_header(whole)), *_texts(frame, worded, dated)]
    sequences = propose_columns(frame)
    if sequences is not None:
        found.append(_sequences(frame, sequences, dated))
    rows = propose_rows(frame)
    if rows is not None and not dated:
        found += _rows(whole, rows)
    return tuple(sorted(found, key=lambda reading: -reading.score))


def likeliest_shape(readings: Sequence[Reading]) -> TableKind | None:
    """Return what a table is read as unasked: a series, unless another reading is clearly likelier."""
    best = readings[0]
    series = next(reading for reading in readings if reading.shape is None)
    return best.shape if best.score >= series.score + _LEAD else None


def beginning(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by which a table is judged, and of each text its beginning."""
    frame = frame.head(LOOKED_AT)
    characters = np.zeros(len(frame))
    shown = {}
    for name, column in frame.items():
        shown[name] = column.str.slice(0, _CELL_CHARACTERS) if column.dtype == "str" else column
        if column.dtype == "str":
            characters += shown[name].str.len().fillna(0.0).to_numpy()
    return pd.DataFrame(shown, index=frame.index)[characters.cumsum() <= _MOST_CHARACTERS]


def _word_count(column: pd.Series, words: float) -> str:
    is_cut = bool((column.str.len() >= _CELL_CHARACTERS).any())
    return f"{words:.0f} words{' or more' if is_cut else ''}"


# --- Series ----------------------------------------------------------------------------------------


def _series(frame: pd.DataFrame, worded: Sequence[str], header: HeaderTimes | None) -> Reading:
    reasons: list[str] = []
    score = 0.0
    if header is not None:
        reasons.append(f"The header holds {len(header.columns):,} times, “{header.columns[0]}” and so on.")
        return Reading(None, 4.0, tuple(reasons))
    times = time_candidates(frame)
    if times:
        names = " and ".join(f"“{column}”" for column in times[0].columns)
        reasons.append(f"{names} {'holds' if len(times[0].columns) == 1 else 'hold'} times.")
        score += 2.0 + 0.5 * (times[0].score >= 100)
    keys = _keys(frame, SetTime(columns=times[0].columns, parts=times[0].parts) if times else None)
    if keys is not None:
        names = " and ".join(f"“{column}”" for column in keys.keys)
        verb = "tells" if len(keys.keys) == 1 else "together tell"
        when = "time" if keys.steps is None else f"“{keys.steps}”"
        reasons.append(f"{names} {verb} {len(keys.names):,} series apart: each has every {when} once.")
        score += 1.0
    measured = [
        column
        for column in frame.columns
        if frame[column].dtype == np.float64 and not _may_be_classes(frame[column])
    ]
    if measured:
        score += 1.0
        number = f"{len(measured):,}" if len(frame.columns) < _COLUMNS_LOOKED_AT else "Most"
        shown = f"“{measured[0]}”" if len(measured) == 1 else f"{number} columns"
        reasons.append(f"{shown} {'holds' if len(measured) == 1 else 'hold'} numbers.")
    elif not any(frame[column].dtype == np.float64 for column in frame.columns):
        score -= 1.0 if times else 2.0
    if worded and not times:
        score -= 1.0
    return Reading(None, score, tuple(reasons))


def _keys(frame: pd.DataFrame, step: SetTime | None) -> SeriesKeys | None:
    """Return what tells several series of a table apart, if its times repeat."""
    if step is None:
        return find_series_keys(frame, None)
    try:
        timed = apply_step(frame, step)
    except DataError:
        return None
    there = timed[timed.index.notna()]
    if not len(there.columns) or there.index.duplicated().mean() < 1 / 3:
        return None
    return find_series_keys(there, pd.Series(there.index, index=there.index))


def _may_be_classes(column: pd.Series) -> bool:
    values = column.dropna()
    return bool(values.nunique() <= min(_FEW_VALUES, len(values) / 2) and (values == values.round()).all())


# --- Texts -----------------------------------------------------------------------------------------


def _texts(frame: pd.DataFrame, worded: Sequence[str], dated: Sequence[str]) -> Iterator[Reading]:
    for shape in text_kinds(frame, worded):
        score = 1.0 - 2.0 * bool(dated) - _measured_share(frame)
        match shape:
            case AsTexts():
                words = prose_words(frame[shape.text])
                score += min(2.0, words / 4)
                reasons = [
                    f"“{shape.text}” holds text, {_word_count(frame[shape.text], words)} per row on average."
                ]
                if shape.label is not None:
                    score += 1.0
                    classes = int(frame[shape.label].nunique())
                    reasons.append(f"“{shape.label}” names {classes:,} classes.")
            case AsPairs():
                score += 2.0 + 2.0 * bool(PAIR_NAME.fullmatch(shape.target))
                reasons = [f"“{shape.source}” and “{shape.target}” hold texts, one pair per row."]
                score -= 1.5 * any(
                    isinstance(other, AsTexts) and other.label is not None
                    for other in text_kinds(frame, worded)
                )
            case _:
                continue
        yield Reading(shape, score, tuple(reasons))


def _measured_share(frame: pd.DataFrame) -> float:
    """Return a number from 0 to 2: how much of a table is measured rather than written."""
    numbers = [column for column in frame.columns if frame[column].dtype == np.float64]
    measured = [column for column in numbers if not _may_be_classes(frame[column])]
    return 2.0 * len(measured) / max(1, len(frame.columns))


# --- Sequences -------------------------------------------------------------------------------------


def _sequences(frame: pd.DataFrame, shape: AsSequences, dated: Sequence[str]) -> Reading:
    sequences = int(frame[shape.id].nunique())
    reasons = [f"“{shape.id}” names {sequences:,} sequences."]
    score = 1.0
    if shape.label is not None:
        reasons.append(f"“{shape.label}” is the same in all rows of a sequence, as a class is.")
        score += 1.0 + 2.0 * (sequences >= _MANY_SEQUENCES)
    score -= 1.0 * bool(dated)
    return Reading(shape, score, tuple(reasons))


def _rows(frame: pd.DataFrame, shape: AsRows) -> Iterator[Reading]:
    numbers = int((frame.dtypes == np.float64).sum())
    beside = (*shape.left_out, shape.label, shape.group, shape.split)
    steps = numbers - sum(frame[name].dtype == np.float64 for name in beside if name is not None)
    reasons = [f"Each row has {steps:,} numbers, like a sequence of that many steps."]
    score = 0.5
    if run_along_rows(frame, shape):
        score += 1.0
        reasons.append("They follow each other along the rows more closely than down the columns.")
        if shape.label is not None:
            nameless = all(_NAMELESS.fullmatch(str(column)) for column in frame.columns)
            score += 2.0 * (nameless or bool(LABEL_NAME.fullmatch(shape.label)))
    if shape.label is not None:
        score += 1.0
        reasons.append(f"“{shape.label}” names {int(frame[shape.label].nunique()):,} classes.")
    if len(reasons) > 1:
        yield Reading(shape, score, tuple(reasons))
