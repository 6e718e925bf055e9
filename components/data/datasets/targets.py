"""What is asked about each example of a dataset: a class, a number, words, or a class at every step."""

from collections.abc import Callable, Iterable, Sequence
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


@dataclass(frozen=True, eq=False)
class Transcripts:
    """The words of each example, one or more, in the order in which they are said.

    Attributes:
        codes: (words of all,) int32, each the place of its word in `names`.
        offsets: (N + 1,) int64: those of example n are `codes[offsets[n] : offsets[n + 1]]`. None is empty.
        names: of the words, each its own and without a space.

    Raises:
        DataError: if it isn't as said above.
    """

    codes: np.ndarray
    offsets: np.ndarray
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        Classes(self.codes, self.names)  # raises where a code has no name
        if any(len(name.split()) != 1 for name in self.names):
            raise DataError("A word is empty, or holds a space.", where="transcripts")
        is_cut = self.offsets[0] != 0 or self.offsets[-1] != len(self.codes)
        if is_cut or (np.diff(self.offsets) < 1).any():
            raise DataError("A transcript holds no word.", where="transcripts")

    @property
    def lengths(self) -> np.ndarray:
        """Words of each example, (N,) int64."""
        return np.diff(self.offsets)

    def words(self, number: int) -> np.ndarray:
        """Return the codes of an example's words, (words,) int32."""
        return self.codes[self.offsets[number] : self.offsets[number + 1]]

    def text(self, number: int) -> str:
        """Return an example's words, with spaces between them."""
        return self.join(self.words(number))

    def join(self, codes: Iterable[int]) -> str:
        """Return the words of some codes, with spaces between them."""
        return " ".join(self.names[code] for code in codes)

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Transcripts":
        """Number the words of texts, which stand apart by spaces, by the alphabet."""
        split = [text.split() for text in texts]
        words = Classes.of([word for words in split for word in words])
        return cls(words.codes, np.cumsum([0, *map(len, split)]), words.names)


def _sort_key(names: set[str]) -> Callable[[str], tuple[float | str, str]]:
    try:
        values = {name: float(name) for name in names}
    except ValueError:
        return lambda name: (name.casefold(), name)
    return lambda name: (values[name], name)
