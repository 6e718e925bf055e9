"""A table read as texts, pairs or sequences, and which of these it could be."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from components.data.datasets import Classes, Dataset, Pairs, Provenance, Texts
from components.data.parsing.scripts import count_words
from components.data.tables import long_format, row_sequences
from components.data.tables.division import cell_text, division, propose_division
from components.data.tables.long_format import is_categorical, require_column
from components.data.tables.raw_table import RawTable
from components.errors import DataError
from components.recipe import AsPairs, AsRows, AsSequences, AsTexts, TableKind, Upload

LABEL_NAME = re.compile(
    r"\A(?i:.*(?:label|class|sentiment|category|polarity|target|stars?|rating|emotion|topic|intent|tag|spam|v1)s?)"
)
"""What a column of classes is called."""
PAIR_NAME = re.compile(r"\A(?i:.*(?:response|answer|reply|target|translation|output|completion|summary)s?)")
"""What the second side of a pair is called."""
_ATTRIBUTION = r"(?:CC[- ]BY|Attribution:)"  # what says where the other cells are from
_LINK = r"https?://\S*"  # likewise, where hardly a word stands beside it: people write with links, too
_FEW_WORDS_BESIDE = 3
_ATTRIBUTION_SHARE = 0.5  # of the cells of such a column
_LETTER_SHARE = 0.5  # of the signs in texts, at least, are letters
_MOST_UNLABELLED = 0.05  # share of the rows whose class may be missing
_FEW_ROWS = 10  # of a table in which a class may stand once
_MIN_ANSWER_WORDS = 4.0  # words of an answer that comes again and again: a class has fewer
_MIN_WORDS = 2.0  # words that a text has on average, at least; a label has fewer


def read_as_chosen(table: RawTable, reference: Upload, provenance: Provenance) -> RawTable | Dataset:
    """Return a file's table as what its reference says that the rows are.

    Errors are those of `convert_table`.
    """
    if reference.shape is None:
        return table
    dataset = convert_table(table.frame, reference.shape, reference, provenance)
    return replace(dataset, notes=(*table.notes, *dataset.notes))


def convert_table(
    frame: pd.DataFrame, shape: TableKind, reference: Upload, provenance: Provenance
) -> Dataset:
    """Read a table as another kind of dataset.

    Args:
        frame: as it came, (records, columns).
        shape: what to read it as.
        reference: of its file, whose name stands in messages.
        provenance: of the data.

    Raises:
        DataError: if a column is missing, or holds something else than is wanted.
    """
    origin = (reference, reference.name, provenance)
    match shape:
        case AsTexts():
            texts = _cell_texts(frame, shape.text, reference)
            if shape.label is None:
                everything = np.arange(len(texts))
                return Texts(*origin, tuple(texts), **_division(frame, everything, shape, reference))
            labels = _cell_texts(frame, shape.label, reference)
            kept = _rows_with(texts, labels)
            if not len(kept):
                raise DataError(
                    f"No row has both “{shape.text}” and “{shape.label}”.",
                    where=reference.name,
                    remedy="Choose other columns.",
                )
            return Texts(
                *origin,
                tuple(texts[row] for row in kept),
                Classes.of([labels[row] for row in kept]),
                **_division(frame, kept, shape, reference),
                notes=_left_out_notes(len(frame) - len(kept), len(frame), "text or class was missing"),
            )
        case AsPairs():
            sources = _cell_texts(frame, shape.source, reference)
            targets = _cell_texts(frame, shape.target, reference)
            kept = _rows_with(sources, targets)
            return Pairs(
                *origin,
                tuple(sources[row] for row in kept),
                tuple(targets[row] for row in kept),
                (shape.source, shape.target),
                **_division(frame, kept, shape, reference),
                notes=_left_out_notes(len(frame) - len(kept), len(frame), "a side was empty"),
            )
        case AsSequences():
            return long_format.read_sequences(frame, shape, reference, provenance)
        case AsRows():
            return row_sequences.read_rows(frame, shape, reference, provenance)


def _rows_with(one: Sequence[str], other: Sequence[str]) -> np.ndarray:
    """Return the numbers of the rows in which both columns hold something."""
    both = zip(one, other, strict=True)
    return np.array([row for row, cells in enumerate(both) if all(map(str.strip, cells))], np.int64)


def _division(
    frame: pd.DataFrame, kept: np.ndarray, shape: AsTexts | AsPairs, reference: Upload
) -> dict[str, Any]:
    """Return the groups and the given split of the rows that are kept, as a dataset takes them."""
    return division(frame.iloc[kept], shape.group, shape.split, reference.name)


def text_kinds(frame: pd.DataFrame, worded: Sequence[str]) -> tuple[AsTexts | AsPairs, ...]:
    """Return what a table may be whose columns of texts are known: pairs where there are two, and texts.

    Args:
        frame: as it came.
        worded: the columns of texts, in their order.
    """
    group, split = propose_division(frame, worded)
    few = [name for name in frame.columns if name not in (*worded, group, split) and _is_label(frame[name])]
    label = min(few, key=lambda name: (not LABEL_NAME.fullmatch(name), frame[name].nunique()), default=None)
    found: list[AsTexts | AsPairs] = []
    if len(worded) >= 2:
        found.append(AsPairs(source=worded[0], target=worded[1], group=group, split=split))
    if worded:
        longest = max(worded, key=lambda name: float(frame[name].str.len().mean()))
        found.append(AsTexts(text=longest, label=label, group=group, split=split))
    return tuple(found)


def prose_columns(frame: pd.DataFrame) -> list[str]:
    """Return the columns that hold texts rather than names, those apart that say where others are from.

    Beside one, a column that is named like the second side of pairs may hold the same texts again and again.
    """
    found = [name for name in frame.columns if _is_prose(frame[name])]
    answers = [name for name in frame.columns if found and _holds_answers(frame[name])]
    return [name for name in frame.columns if name in found or name in answers]


def prose_words(column: pd.Series) -> float:
    """Return how many words a cell holds on average, in whatever language."""
    written = column.dropna()
    return float(written.map(count_words).mean()) if len(written) else 0.0


def _cell_texts(frame: pd.DataFrame, name: str, reference: Upload) -> list[str]:
    return [cell_text(cell) for cell in require_column(frame, name, reference.name)]


def _is_text(column: pd.Series) -> bool:
    return pd.api.types.is_string_dtype(column) and bool(column.notna().any())


def _is_prose(column: pd.Series) -> bool:
    if not _is_text(column):
        return False
    written = column.dropna()
    if written.nunique() <= max(1, len(written) / 2) or prose_words(written) < _MIN_WORDS:
        return False
    letters = written.str.count(r"[^\W\d_]").sum() / max(1, written.str.count(r"\S").sum())
    return bool(letters >= _LETTER_SHARE and _are_attributions(written).mean() < _ATTRIBUTION_SHARE)


def _are_attributions(written: pd.Series) -> pd.Series:
    """Return of each text whether it only says where something is from."""
    beside = written.str.replace(_LINK, "", regex=True)
    is_link = (beside != written) & (beside.map(count_words).astype(float) <= _FEW_WORDS_BESIDE)
    return written.str.contains(_ATTRIBUTION) | is_link


def _holds_answers(column: pd.Series) -> bool:
    """Return whether a column is named like the second side of pairs and holds sentences, often the same."""
    if not PAIR_NAME.fullmatch(str(column.name)):
        return False
    different = column.drop_duplicates()
    return _is_prose(different) and prose_words(different) >= _MIN_ANSWER_WORDS


def _left_out_notes(left_out: int, rows: int, why: str) -> tuple[str, ...]:
    return (f"{left_out:,} of {rows:,} rows were left out because {why}.",) if left_out else ()


def _is_label(column: pd.Series) -> bool:
    if pd.api.types.is_datetime64_any_dtype(column) or column.isna().mean() > _MOST_UNLABELLED:
        return False
    if column.dtype == np.float64 and (column.dropna() != column.dropna().round()).any():
        return False
    if LABEL_NAME.fullmatch(str(column.name)) and 2 <= column.nunique() < len(column) <= _FEW_ROWS:
        return True
    return is_categorical(column)
