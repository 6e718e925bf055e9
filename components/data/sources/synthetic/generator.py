"""What everything that is made by a formula has: a title, parameters, and a way to make it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from components.data.datasets import Dataset, Kind, Provenance
from components.recipe import Generated


@dataclass(frozen=True)
class Parameter:
    """A number that people choose; one from 0 to 1 by steps of 1 is a switch."""

    name: str
    label: str
    low: float
    high: float
    default: float
    step: float
    help: str

    @property
    def is_switch(self) -> bool:
        """Whether it is only on or off."""
        return (self.low, self.high, self.step) == (0, 1, 1)


class Origin(NamedTuple):
    """What a made dataset begins with, in the order in which `Dataset` takes it."""

    reference: Generated
    title: str
    provenance: Provenance


@dataclass(frozen=True)
class Generator:
    """A way to make a dataset.

    Attributes:
        kind: of what is made; the reference's length counts its rows, sequences or pairs.
        make: given the origin, a random generator and the parameters by name, gives the dataset.
    """

    title: str
    kind: Kind
    parameters: tuple[Parameter, ...]
    make: Callable[..., Dataset]
