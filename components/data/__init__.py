"""Where sequences come from, and how they become arrays."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from components.data import samples, synthetic, upload, yahoo
from components.data.dataset import Dataset
from components.data.mends import mended
from components.recipe import DatasetReference, Preparation

UNTOUCHED = Preparation()
"""No mends: the dataset as it came."""

# What loads each kind of reference. A new source is a file, a line here and a part of the recipe.
SOURCES: dict[str, Callable[[Any], Dataset]] = {
    "sample": samples.load,
    "upload": upload.load,
    "generated": synthetic.load,
    "yahoo": yahoo.load,
}


def load(reference: DatasetReference, preparation: Preparation = UNTOUCHED) -> Dataset:
    """Give the dataset that a recipe names, after the recipe's mends.

    Raises:
        DataError: if it can't be found or read, or a mend can't be made.
    """
    dataset = SOURCES[reference.source](reference)
    if not preparation.mends:
        return dataset
    return replace(dataset, table=mended(dataset.table, preparation.mends, preparation))
