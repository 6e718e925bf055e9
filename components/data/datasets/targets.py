"""What is asked about each example of a dataset: a class, a number, or a class at every step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from components.errors import DataError


@dataclass(frozen=True, eq=False)
class Classes:
    """A class for each example.

    Attributes:
        codes: (N,) int32, each the place of its class in `names`.
        names: of the classes, each its own; one that no example has may stand among them.

    Raises:
        DataError: if a code has no name, or two names are the same.
    """

    codes: np.ndarray
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.names) or not all(self.names):
            raise DataError("Two classes have the same name, or one has none.", where="classes")
        known = self.codes.ndim == 1 and self.codes.dtype == np.int32
        if not known or (len(self.codes) and not 0 <= self.codes.min() <= self.codes.max() < len(self.names)):
            raise DataError("An example belongs to no class.", where="classes")

    @property
    def counts(self) -> np.ndarray:
        """Number of examples of each class, (classes,) int64."""
        return np.bincount(self.codes, minlength=len(self.names))

    @classmethod
    def numbered(cls, codes: Sequence[int]) -> "Classes":
        """Name classes that have numbers only, 0, 1, …, by these."""
        return cls(np.array(codes, np.int32), tuple(map(str, range(max(codes) + 1))))

    @classmethod
    def of(cls, labels: Sequence[str]) -> "Classes":
        """Number labels by their names: as numbers where all are, else by the alphabet."""
        names = sorted(set(labels), key=_sort_key(set(labels)))
        place = {name: number for number, name in enumerate(names)}
        return cls(np.array([place[label] for label in labels], np.int32), tuple(names))


@dataclass(frozen=True, eq=False)
class Numbers:
    """A number for each example.

    Attributes:
        values: (N,) finite float32.
        name: what it is.
    """

    values: np.ndarray
    name: str


def _sort_key(names: set[str]) -> Callable[[str], tuple[float | str, str]]:
    try:
        values = {name: float(name) for name in names}
    except ValueError:
        return lambda name: (name.casefold(), name)
    return lambda name: (values[name], name)
