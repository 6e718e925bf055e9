"""What a file that was fetched again has that it hadn't before."""

import pandas as pd

from components.data.datasets import Dataset, Texts
from components.data.tables.raw_table import RawTable


def describe_changes(before: RawTable | Dataset, after: RawTable | Dataset) -> str:
    """Return what is new in a file, in one plain sentence.

    Args:
        before: what was read of it.
        after: what is read of it now.
    """
    if isinstance(before, RawTable) and isinstance(after, RawTable):
        return _table_changes(before.frame, after.frame)
    if isinstance(before, Texts) and isinstance(after, Texts):
        difference = int(after.characters.sum() - before.characters.sum())
        if before.texts == after.texts:
            return "The file has changed, but its text is the same."
        if not difference:
            return "The text has changed, but not its length."
        how = "longer" if difference > 0 else "shorter"
        return f"The text has changed: it is {abs(difference):,} characters {how}."
    return "The file has changed."


def _table_changes(before: pd.DataFrame, after: pd.DataFrame) -> str:
    added = [name for name in after if name not in before.columns]
    removed = [name for name in before if name not in after.columns]
    if added or removed:
        parts = [
            f"{word}: {', '.join(f'“{name}”' for name in names[:5])}"
            for word, names in (("new columns", added), ("columns that are gone", removed))
            if names
        ]
        return f"The table has other columns. {'; '.join(parts).capitalize()}."
    old, new = _by_key(before), _by_key(after)
    fresh, gone = new.index.difference(old.index), old.index.difference(new.index)
    both = new.index.intersection(old.index)
    kept, now = old.loc[both], new.loc[both, old.columns]
    changed = int(((kept != now) & ~(kept.isna() & now.isna())).to_numpy().sum())
    parts = [
        f"{number:,} {one if number == 1 else many}"
        for number, one, many in (
            (len(fresh), "row is new", "rows are new"),
            (len(gone), "row is gone", "rows are gone"),
            (changed, "value of an earlier row has changed", "values of earlier rows have changed"),
        )
        if number
    ]
    if not parts:
        return "The file has changed, but its table is the same."
    return f"{', '.join(parts[:-1])} and {parts[-1]}." if len(parts) > 1 else f"{parts[0]}."


def _by_key(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table as text, its rows named by their first cell where that tells them apart."""
    first = frame.iloc[:, 0]
    text = frame.astype("str").where(frame.notna())
    return text.set_axis(first.astype("str"), axis=0) if first.is_unique and first.notna().all() else text
