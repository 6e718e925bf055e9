"""A table read as texts, pairs or sequences, and which of these it could be."""

from typing import Any

import pandas as pd

from components.data.dataset import Classes, Dataset, Pairs, Provenance, Sequences, Texts, strung
from components.errors import DataError
from components.recipe import AsPairs, AsSequences, AsTexts, Shape, Upload

_WORDY = 2.0  # words that a text has on average, at least; a label has fewer
_MOST_CLASSES = 50


def shaped(frame: pd.DataFrame, shape: Shape, reference: Upload, provenance: Provenance) -> Dataset:
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
            texts = _texts(frame, shape.text, reference)
            if shape.label is None:
                return Texts(*origin, tuple(texts))
            labels = _labels(frame, shape.label, reference)
            return Texts(*origin, tuple(texts), Classes.of(labels))
        case AsPairs():
            sides = zip(
                _texts(frame, shape.source, reference), _texts(frame, shape.target, reference), strict=True
            )
            whole = [side for side in sides if side[0].strip() and side[1].strip()]
            left_out = len(frame) - len(whole)
            return Pairs(
                *origin,
                tuple(source for source, _ in whole),
                tuple(target for _, target in whole),
                (shape.source, shape.target),
                notes=(f"Left out for an empty side: {left_out:,} of {len(frame):,} rows.",)
                if left_out
                else (),
            )
        case AsSequences():
            return _sequences(frame, shape, origin)


def fitting(frame: pd.DataFrame) -> tuple[Shape, ...]:
    """Give the shapes that a table could have beside a series, the likeliest first."""
    worded = [name for name in frame.columns if _is_worded(frame[name])]
    few = [name for name in frame.columns if name not in worded and _is_label(frame[name])]
    numbers = [name for name in frame.columns if pd.api.types.is_float_dtype(frame[name])]
    found: list[Shape] = []
    if len(worded) >= 2:
        found.append(AsPairs(source=worded[0], target=worded[1]))
    if worded:
        found.append(AsTexts(text=worded[0], label=few[0] if few else None))
    ids = [name for name in frame.columns if _is_id(frame[name])]
    channels = [name for name in numbers if not ids or name != ids[0]]
    if ids and channels:
        labels = [name for name in few if name != ids[0] and _is_one_in_each(frame, ids[0], name)]
        label = labels[0] if labels else None
        channels = [name for name in channels if name != label]
        if channels:
            found.append(AsSequences(id=ids[0], label=label, columns=tuple(channels)))
    return tuple(found)


def _sequences(frame: pd.DataFrame, shape: AsSequences, origin: tuple[Upload, str, Provenance]) -> Sequences:
    reference = origin[0]
    for name in (shape.id, *shape.columns):
        _column(frame, name, reference)
    for name in shape.columns:
        if not pd.api.types.is_float_dtype(frame[name]) or frame[name].isna().any():
            raise DataError(
                f"“{name}” holds something else than numbers, or lacks some.",
                where=reference.name,
                remedy="Leave this column out, or mend the file.",
            )
    if frame[shape.id].isna().any():
        raise DataError(f"A row has no “{shape.id}”.", where=reference.name, remedy="Mend the file.")
    groups = frame.groupby(shape.id, sort=False)
    values, offsets = strung(group[list(shape.columns)].to_numpy() for _, group in groups)
    answer = None
    if shape.label is not None:
        if not _is_one_in_each(frame, shape.id, shape.label):
            raise DataError(
                f"A sequence has more than one “{shape.label}”.",
                where=reference.name,
                remedy="Choose a column that is the same in all rows of a sequence.",
            )
        answer = Classes.of(_labels(groups.first(), shape.label, reference))
    return Sequences(*origin, values=values, offsets=offsets, channels=shape.columns, answer=answer)


def _column(frame: pd.DataFrame, name: str, reference: Upload) -> pd.Series:
    if name not in frame.columns:
        raise DataError(
            f"There is no column “{name}”.", where=reference.name, remedy="Choose one that there is."
        )
    return frame[name]


def _texts(frame: pd.DataFrame, name: str, reference: Upload) -> list[str]:
    return [_written(cell) for cell in _column(frame, name, reference)]


def _labels(frame: pd.DataFrame, name: str, reference: Upload) -> list[str]:
    labels = _texts(frame, name, reference)
    if "" in labels:
        raise DataError(f"A row has no “{name}”.", where=reference.name, remedy="Mend the file.")
    return labels


def _written(cell: Any) -> str:
    """Write a cell: whole numbers without a point, nothing for a missing one."""
    if pd.isna(cell):
        return ""
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell).strip()


def _is_text(column: pd.Series) -> bool:
    return pd.api.types.is_string_dtype(column) and bool(column.notna().any())


def _is_worded(column: pd.Series) -> bool:
    if not _is_text(column):
        return False
    written = column.dropna()
    return written.nunique() > len(written) / 2 and (written.str.count(r"\s+") + 1).mean() >= _WORDY


def _is_label(column: pd.Series) -> bool:
    if pd.api.types.is_datetime64_any_dtype(column) or column.isna().any():
        return False
    kinds = column.nunique()
    return 2 <= kinds <= _MOST_CLASSES and kinds <= len(column) / 2


def _is_id(column: pd.Series) -> bool:
    """Tell whether a column's values stand in a few unbroken runs, as the numbers of sequences do."""
    if column.isna().any() or pd.api.types.is_datetime64_any_dtype(column):
        return False
    runs = int((column != column.shift()).sum())
    return 2 <= runs == column.nunique() <= len(column) / 2 and _reads_as_id(column)


def _reads_as_id(column: pd.Series) -> bool:
    return not pd.api.types.is_float_dtype(column) or bool((column == column.round()).all())


def _is_one_in_each(frame: pd.DataFrame, id_: str, name: str) -> bool:
    return name in frame.columns and bool((frame.groupby(id_)[name].nunique(dropna=False) == 1).all())
