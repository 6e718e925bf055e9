"""How sequences are drawn and asked about, by what they are."""

from typing import Any

from components.data.datasets import Kind, Sequences
from components.data.sources.samples import SAMPLES
from components.data.sources.synthetic import GENERATORS
from components.recipe import DatasetReference, Generated, Sample
from components.ui.tasks.sequence_kinds.kind import SequenceKind
from components.ui.tasks.sequence_kinds.numbers import NumberSequences
from components.ui.tasks.sequence_kinds.recordings import RecordedSequences

# A new kind of sequences is a class, and a line here.
_KINDS: dict[Kind, SequenceKind[Any]] = {
    "sequences": NumberSequences(),
    "recordings": RecordedSequences(),
}


def kind_of(dataset: Sequences) -> SequenceKind[Any]:
    """Return the kind of a dataset's sequences."""
    return _KINDS[dataset.kind]


def thumbnail(reference: DatasetReference) -> str:
    """Return the picture of a card as SVG, without loading more than that needs."""
    kind: Kind = "sequences"
    if isinstance(reference, Sample):
        kind = SAMPLES[reference.name].kind
    elif isinstance(reference, Generated):
        kind = GENERATORS[reference.name].kind
    return _KINDS[kind].thumbnail(reference)
