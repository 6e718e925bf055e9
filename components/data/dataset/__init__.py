"""A dataset as every part of Unroll sees it: clean, of one kind, and with where it came from."""

from components.data.dataset.base import Dataset, Fact, Kind, Provenance
from components.data.dataset.series import Series, check, series_of

__all__ = [
    "Dataset",
    "Fact",
    "Kind",
    "Provenance",
    "Series",
    "check",
    "series_of",
]
