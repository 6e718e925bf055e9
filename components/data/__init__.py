"""Where sequences come from, and how they become arrays."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from components.data import samples, synthetic, upload, yahoo
from components.data.dataset import Dataset, Series
from components.data.mends import are_alike, mended, traits
from components.data.time_axis import frequency, usual_season
from components.errors import DataError
from components.recipe import DatasetReference, Preparation, Upload

UNTOUCHED = Preparation()
"""No mends: the dataset as it came."""

# What loads each kind of reference. A new source is a file, a line here and a part of the recipe.
SOURCES: dict[str, Callable[[Any], Dataset]] = {
    "sample": samples.load,
    "generated": synthetic.load,
    "yahoo": yahoo.load,
}


def load(reference: DatasetReference, preparation: Preparation = UNTOUCHED) -> Dataset:
    """Give the dataset that a recipe names, after the recipe's mends.

    Raises:
        DataError: if it can't be found or read, a mend can't be made, or more are needed.
    """
    if isinstance(reference, Upload):
        return upload.load(reference, preparation)
    dataset = SOURCES[reference.source](reference)
    if not preparation.mends:
        return dataset
    if not isinstance(dataset, Series):
        raise DataError(
            f"Mends are for tables, and this is {dataset.said}.",
            where=dataset.title,
            remedy="Leave them out.",
        )
    return with_mends(dataset, preparation)


def with_mends(dataset: Series, preparation: Preparation) -> Series:
    """Give a series whose rows are mended; where their rhythm changes, its season does.

    Raises:
        DataError: if a mend can't be made.
    """
    table = mended(dataset.table, preparation.mends, preparation)
    same = frequency(table.index) == dataset.frequency
    season = dataset.season if same else usual_season(table.index)
    alike = dataset.alike or are_alike(table, preparation.mends)
    told = dataset.traits if dataset.alike else traits(table, preparation.mends)
    return replace(dataset, table=table, season=season, alike=alike, traits=told)
