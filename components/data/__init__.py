"""Where sequences come from, and how they become arrays."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from components.data.cleaning.steps import clean_table, forms_panel, static_features
from components.data.datasets import Dataset, Series
from components.data.sources import samples, synthetic, upload, yahoo
from components.data.time_axis import frequency, usual_season
from components.errors import DataError
from components.recipe import DatasetReference, Preparation, Upload

NO_PREPARATION = Preparation()
"""No mends: the dataset as it came."""

# What loads each kind of reference. A new source is a file, a line here and a part of the recipe.
SOURCES: dict[str, Callable[[Any], Dataset]] = {
    "sample": samples.load,
    "generated": synthetic.load,
    "yahoo": yahoo.load,
}


def load(reference: DatasetReference, preparation: Preparation = NO_PREPARATION) -> Dataset:
    """Return the dataset that a recipe names, after the recipe's mends.

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
            f"Mends are for tables, and this is {dataset.kind_phrase}.",
            where=dataset.title,
            remedy="Leave them out.",
        )
    return clean_series(dataset, preparation)


def clean_series(dataset: Series, preparation: Preparation) -> Series:
    """Return a series whose rows are mended; where their rhythm changes, its season does.

    Raises:
        DataError: if a mend can't be made.
    """
    table = clean_table(dataset.table, preparation.mends, preparation)
    same = frequency(table.index) == dataset.frequency
    season = dataset.season if same else usual_season(table.index)
    alike = dataset.is_panel or forms_panel(table, preparation.mends)
    told = dataset.static_features if dataset.is_panel else static_features(table, preparation.mends)
    return replace(dataset, table=table, season=season, is_panel=alike, static_features=told)
