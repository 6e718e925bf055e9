"""Finds the columns that tell the series of a long table apart, and the step that puts them side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from components.data.cleaning.steps.columns import cell_texts, series_names
from components.data.target_choice import is_id_name, likely_target
from components.recipe import LONGEST_NAME, SpreadColumn, StaticFeature

_MOST_KEYS = 3  # columns that tell series apart together
_MOST_CANDIDATES = 8
_MOST_FEATURES = 20  # what the recipe allows
_MIN_ROWS = 2.0  # of a series, on average


@dataclass(frozen=True)
class SeriesKeys:
    """What tells the series of a long table apart.

    Attributes:
        keys: columns that do so together.
        steps: the column that counts the steps of each, where rows have no times.
        names: of the series, the longest first, those apart that are as long: these as they come.
        rows: how many the shortest and the longest have.
    """

    keys: tuple[str, ...]
    steps: str | None
    names: tuple[str, ...]
    rows: tuple[int, int]


def find_series_keys(frame: pd.DataFrame, times: pd.Series | None) -> SeriesKeys | None:
    """Find the fewest columns that, with the time, tell every row apart.

    Args:
        frame: without its times.
        times: of the rows, none missing; None: a column of steps is looked for.

    Returns:
        What was found; None where nothing tells the rows apart, or only numbers that were measured do.
    """
    if times is not None:
        return _keys_beside(frame, times, None)
    for name in _step_columns(frame):
        found = _keys_beside(frame.drop(columns=[name]), frame[name], name)
        if found is not None:
            return found
    return None


def _keys_beside(frame: pd.DataFrame, times: pd.Series, steps: str | None) -> SeriesKeys | None:
    most = int(times.value_counts().iloc[0])
    candidates = [column for column in frame.columns if _may_be_key(frame[column], most)]
    candidates = sorted(candidates, key=lambda column: not is_id_name(column))[:_MOST_CANDIDATES]
    codes = {column: pd.factorize(frame[column])[0] for column in candidates}
    time = pd.factorize(times)[0]
    for size in range(1, _MOST_KEYS + 1):
        for chosen in combinations(candidates, size):
            if len(frame.columns) - size < 1 or _repeat([time, *(codes[column] for column in chosen)]):
                continue
            names = series_names(frame, chosen)
            sizes = names.value_counts(sort=False)
            if names.isna().any() or len(sizes) < 2 or sizes.mean() < _MIN_ROWS:
                continue
            if names.str.len().max() > LONGEST_NAME:
                continue
            ordered = sizes.sort_values(ascending=False, kind="stable")
            return SeriesKeys(
                tuple(column for column in frame.columns if column in chosen),
                steps,
                tuple(
                    series_names(frame, [c for c in frame.columns if c in chosen]).iloc[
                        _firsts(names, ordered)
                    ]
                ),
                (int(sizes.min()), int(sizes.max())),
            )
    return None


def _firsts(names: pd.Series, ordered: pd.Series) -> list[int]:
    """Return the first row of each series, in their order."""
    first = ~names.duplicated()
    place = dict(zip(names[first], np.flatnonzero(first), strict=True))
    return [int(place[name]) for name in ordered.index]


def _may_be_key(column: pd.Series, most: int) -> bool:
    """Return whether a column may tell series apart: by words, or by whole numbers that come again and again.

    Args:
        column: of the table.
        most: rows that a time has, at most.
    """
    kinds = int(column.nunique())
    if not 1 < kinds <= len(column) / _MIN_ROWS:
        return False
    if column.dtype == "str":
        return True
    if column.dtype != np.float64 or column.hasnans or (column != np.floor(column)).any():
        return False
    if is_id_name(str(column.name)):
        return True
    # Without a name that says so, as many kinds as there are rows of a time, or there would be gaps all over.
    return kinds <= 2 * most and _are_even(column)


def _are_even(column: pd.Series) -> bool:
    """Return whether each value comes about as often as any other, as the numbers of series do."""
    sizes = column.value_counts()
    return bool(sizes.min() * 4 >= sizes.max())


def _repeat(codes: Sequence[np.ndarray]) -> bool:
    """Return whether two rows are the same in all of some columns."""
    whole = codes[0].astype(np.int64)
    for one in codes[1:]:
        whole = whole * (int(one.max()) + 2) + one + 1
        whole = pd.factorize(whole)[0].astype(np.int64)
    return len(np.unique(whole)) < len(whole)


def _step_columns(frame: pd.DataFrame) -> list[str]:
    """Return the columns that may count the steps of series: whole numbers that begin again and again.

    Those come last whose names say that they tell things apart.
    """
    found = []
    for name in frame.columns:
        column = frame[name]
        if column.dtype != np.float64 or column.hasnans or (column != np.floor(column)).any():
            continue
        values = column.to_numpy()
        kinds = np.unique(values)
        if len(kinds) < 2 or len(kinds) > len(values) / 2 or (np.diff(kinds) != kinds[1] - kinds[0]).any():
            continue
        # One after the other, or side by side: the number rises from a row to the next, or stays.
        steps = np.diff(values)
        apart = kinds[1] - kinds[0]
        if ((steps == apart) | (steps < 0)).all() or ((steps == apart) | (steps == 0)).all():
            found.append(name)
    return sorted(found, key=lambda name: is_id_name(str(name)))


# --- Side by side ----------------------------------------------------------------------------------


def spread_step(
    frame: pd.DataFrame, found: SeriesKeys, values: tuple[str, ...], *, one_number: bool = True
) -> SpreadColumn:
    """Return the step that brings series side by side.

    Args:
        frame: without its times.
        found: what tells them apart.
        values: the series that are kept.
        one_number: whether only the likeliest column of numbers is kept, where there are several.
    """
    first, *others = found.keys
    features = static_features(frame, found)
    left = [column for column in frame.columns if column not in {*found.keys, *features, found.steps}]
    number = None
    if len(left) > 1 and one_number:
        numbers = [column for column in left if frame[column].dtype == np.float64]
        number = likely_target(frame[numbers]) if numbers else None
    if number is None and len(left) > 1:
        features = {}
    static = tuple(
        StaticFeature(column=name, of=tuple(of_series[value] for value in values))
        for name, of_series in features.items()
        if all(len(of_series[value]) <= LONGEST_NAME for value in values)
    )
    return SpreadColumn(
        column=first,
        others=tuple(others),
        values=values,
        traits=static,
        steps=found.steps,
        number=number,
    )


def static_features(frame: pd.DataFrame, found: SeriesKeys) -> dict[str, dict[str, str]]:
    """Find what never changes within a series, and what that is in each; nothing if no other column is left.

    Where several columns tell the series apart, each of them is such a feature.
    """
    names = series_names(frame, found.keys)
    rest = [
        name
        for name in frame.columns
        if name not in {*(found.keys if len(found.keys) == 1 else ()), found.steps}
        and frame[name].dtype in ("str", np.float64)
        and (name in found.keys or not frame[name].hasnans)
    ]
    by_series = frame[rest].groupby(names.to_numpy(), sort=False)
    lasting = [name for name in rest if by_series[name].nunique(dropna=False).max() == 1]
    if len(lasting) == len(rest):
        return {}
    lasting = lasting[:_MOST_FEATURES]
    begins = (~names.duplicated()).to_numpy()
    first, own = frame[begins], names[begins]
    return {
        name: {
            series: "" if pd.isna(text) else text
            for series, text in zip(own, cell_texts(first[name]), strict=True)
        }
        for name in lasting
    }
