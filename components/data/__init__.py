"""Where sequences come from, and how they become arrays."""

from collections.abc import Callable
from typing import Any

from components.data import samples, synthetic, upload, yahoo
from components.data.dataset import Dataset
from components.recipe import DatasetReference

# What loads each kind of reference. A new source is a file, a line here and a part of the recipe.
SOURCES: dict[str, Callable[[Any], Dataset]] = {
    "sample": samples.load,
    "upload": upload.load,
    "generated": synthetic.load,
    "yahoo": yahoo.load,
}


def load(reference: DatasetReference) -> Dataset:
    """Give the dataset that a recipe names.

    Raises:
        DataError: if it can't be found or read.
    """
    return SOURCES[reference.source](reference)
