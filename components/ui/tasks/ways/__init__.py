"""How sequences are drawn and asked about, by what they are: one module for each kind, with the same names.

`COUNTED` and `EACH` are what they are called. `drawn` draws some of them side by side, `picture` draws a
card's, `ICON` and `TRY` name what a person can do with the run's own model, and `ask` lets them do it.
`bring` lets them bring one of their own to look into a model with; None where none can be brought.
"""

from types import ModuleType

from components.data.datasets import Kind, Sequences
from components.data.sources.samples import SAMPLES
from components.recipe import DatasetReference, Sample
from components.ui.tasks.ways import numbers, recordings

# A new kind of sequences is a module, and a line here.
_WAYS: dict[Kind, ModuleType] = {"sequences": numbers, "recordings": recordings}


def way_of(dataset: Sequences) -> ModuleType:
    """Return the module of a dataset's kind."""
    return _WAYS[dataset.kind]


def picture(reference: DatasetReference) -> str:
    """Draw what a card is about, as SVG, without loading more than that needs."""
    kind: Kind = SAMPLES[reference.name].kind if isinstance(reference, Sample) else "sequences"
    return _WAYS[kind].picture(reference)
