"""Where sequences come from, and how they become arrays."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from components.data.cleaning.steps import clean_table, forms_panel, static_features
from components.data.datasets import Dataset, Series
from components.data.sources import samples, synthetic, upload, yahoo
from components.data.tables.raw_table import RawTable
from components.data.time_axis import frequency, usual_season
from components.errors import DataError
from components.recipe import DatasetReference, Preparation, Upload

NO_PREPARATION = Preparation()
"""No cleaning steps: the dataset as it came."""

# What loads each kind of reference. A new source is a file, a line here and a part of the recipe.
SOURCES: dict[str, Callable[[Any], Dataset]] = {
    "sample": samples.load,
    "generated": synthetic.load,
    "yahoo": yahoo.load,
}


def open_reference(reference: DatasetReference, table: RawTable | None = None) -> RawTable | Dataset:
    """Return what a recipe names, as it came: a dataset, or a table that cleaning steps may make a series of.

    Args:
        reference: which one, with all that a person chose of how to read it.
        table: what an uploaded file holds without its shape, where that is at hand.

    Raises:
        DataError: if it can't be found or read.
    """
    if isinstance(reference, Upload):
        return upload.open_upload(reference, table)
    return SOURCES[reference.source](reference)


def load(reference: DatasetReference, preparation: Preparation = NO_PREPARATION) -> Dataset:
    """Return the dataset that a recipe names, after the recipe's cleaning steps.

    Raises:
        DataError: if it can't be found or read, a step can't be applied, or more are needed.

    Example:
        >>> from components.recipe import Sample
        >>> sunspots = load(Sample(name="sunspots"))
        >>> sunspots.table.shape, sunspots.frequency, sunspots.season
        ((309, 1), 'every year', 11)
    """
    found = open_reference(reference)
    if isinstance(found, RawTable):
        assert isinstance(reference, Upload)  # all else comes finished
        return upload.build_series(reference, found, upload.steps_to_apply(found, preparation), preparation)
    return clean_series(found, preparation)


def clean_series(dataset: Dataset, preparation: Preparation) -> Dataset:
    """Return a dataset after its cleaning steps; where they change its spacing, its season changes too.

    Raises:
        DataError: if it has no rows of numbers, or a step can't be applied.
    """
    if not preparation.mends or isinstance(
        dataset.reference, Upload
    ):  # of an upload, only tables are cleaned
        return dataset
    if not isinstance(dataset, Series):
        raise DataError(
            f"Cleaning steps work on tables, and this is {dataset.kind_phrase}.",
            where=dataset.title,
            remedy="Remove the cleaning steps.",
        )
    table = clean_table(dataset.table, preparation.mends, preparation)
    same = frequency(table.index) == dataset.frequency
    season = dataset.season if same else usual_season(table.index)
    alike = dataset.is_panel or forms_panel(table, preparation.mends)
    static = dataset.static_features if dataset.is_panel else static_features(table, preparation.mends)
    return replace(dataset, table=table, season=season, is_panel=alike, static_features=static)
