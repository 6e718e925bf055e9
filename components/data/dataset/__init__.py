"""A dataset as every part of Unroll sees it: clean, of one kind, and with where it came from."""

from components.data.dataset.base import Dataset, Fact, Kind, Provenance
from components.data.dataset.classes import Classes, Numbers
from components.data.dataset.pairs import Pairs
from components.data.dataset.recordings import Recordings
from components.data.dataset.sequences import Sequences, strung
from components.data.dataset.series import Series, check, series_of
from components.data.dataset.texts import Texts

__all__ = [
    "Classes",
    "Dataset",
    "Fact",
    "Kind",
    "Numbers",
    "Pairs",
    "Provenance",
    "Recordings",
    "Sequences",
    "Series",
    "Texts",
    "check",
    "series_of",
    "strung",
]
