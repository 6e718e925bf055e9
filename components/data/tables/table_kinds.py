"""A table read as texts, pairs or sequences, and which of these it could be."""

from dataclasses import replace

import pandas as pd

from components.data.datasets import Classes, Dataset, Pairs, Provenance, Texts
from components.data.parsing.scripts import count_words
from components.data.tables import long_format
from components.data.tables.long_format import cell_text, is_categorical, require_column
from components.data.tables.raw_table import RawTable
from components.errors import DataError
from components.recipe import AsPairs, AsSequences, AsTexts, TableKind, Upload

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
                return Texts(*origin, tuple(texts))
            labels = _label_texts(frame, shape.label, reference)
            return Texts(*origin, tuple(texts), Classes.of(labels))
        case AsPairs():
            sides = zip(
                _cell_texts(frame, shape.source, reference),
                _cell_texts(frame, shape.target, reference),
                strict=True,
            )
            whole = [side for side in sides if side[0].strip() and side[1].strip()]
            left_out = len(frame) - len(whole)
            return Pairs(
                *origin,
                tuple(source for source, _ in whole),
                tuple(target for _, target in whole),
                (shape.source, shape.target),
                notes=(f"{left_out:,} of {len(frame):,} rows were left out because a side was empty.",)
                if left_out
                else (),
            )
        case AsSequences():
            return long_format.read_sequences(frame, shape, reference, provenance)


def possible_kinds(frame: pd.DataFrame) -> tuple[TableKind, ...]:
    """Return the shapes that a table could have beside a series, the likeliest first."""
    worded = [name for name in frame.columns if _is_prose(frame[name])]
    few = [name for name in frame.columns if name not in worded and _is_label(frame[name])]
    found: list[TableKind] = []
    if len(worded) >= 2:
        found.append(AsPairs(source=worded[0], target=worded[1]))
    if worded:
        found.append(AsTexts(text=worded[0], label=few[0] if few else None))
    if sequences := long_format.propose_columns(frame):
        found.append(sequences)
    return tuple(found)


def _cell_texts(frame: pd.DataFrame, name: str, reference: Upload) -> list[str]:
    return [cell_text(cell) for cell in require_column(frame, name, reference.name)]


def _label_texts(frame: pd.DataFrame, name: str, reference: Upload) -> list[str]:
    labels = _cell_texts(frame, name, reference)
    if "" in labels:
        raise DataError(
            f"A row has no “{name}”.", where=reference.name, remedy="Fix the file, then upload it again."
        )
    return labels


def _is_text(column: pd.Series) -> bool:
    return pd.api.types.is_string_dtype(column) and bool(column.notna().any())


def _is_prose(column: pd.Series) -> bool:
    if not _is_text(column):
        return False
    written = column.dropna()
    return written.nunique() > len(written) / 2 and written.map(count_words).mean() >= _MIN_WORDS


def _is_label(column: pd.Series) -> bool:
    if pd.api.types.is_datetime64_any_dtype(column) or column.isna().any():
        return False
    return is_categorical(column)
