"""A dataset as every part of Unroll sees it: clean, of one kind, and with where it came from."""

from components.data.datasets.base import Dataset, Fact, Kind, Provenance
from components.data.datasets.given_split import GivenSplit
from components.data.datasets.pairs import Pairs
from components.data.datasets.recordings import Recordings
from components.data.datasets.sequences import Sequences, concatenate_sequences
from components.data.datasets.series import Series, check_table, require_series
from components.data.datasets.targets import Classes, Numbers, Transcripts
from components.data.datasets.texts import Texts

__all__ = [
    "Classes",
    "Dataset",
    "Fact",
    "GivenSplit",
    "Kind",
    "Numbers",
    "Pairs",
    "Provenance",
    "Recordings",
    "Sequences",
    "Series",
    "Texts",
    "Transcripts",
    "check_table",
    "concatenate_sequences",
    "require_series",
]
