"""Which examples the makers of a dataset meant for training, for validation and for the test."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from components.data.datasets.base import Fact
from components.data.datasets.targets import Classes
from components.errors import DataError

TRAINING, VALIDATION, TEST = 0, 1, 2
_WORDS = {
    **dict.fromkeys(("train", "training", "trn", "learn"), TRAINING),
    **dict.fromkeys(("validation", "valid", "val", "dev", "development"), VALIDATION),
    **dict.fromkeys(("test", "testing", "tst", "holdout", "held-out"), TEST),
}


@dataclass(frozen=True, eq=False)
class GivenSplit:
    """The set of each example.

    Attributes:
        codes: (N,) int8, each `TRAINING`, `VALIDATION` or `TEST`.

    Raises:
        DataError: if no example is for training, or none for the test.
    """

    codes: np.ndarray

    def __post_init__(self) -> None:
        for code, name in ((TRAINING, "training"), (TEST, "test")):
            if not (self.codes == code).any():
                raise DataError(
                    f"No example belongs to the {name} set.",
                    where="split",
                    remedy="Choose another column for the split, or none.",
                )

    @classmethod
    def of(cls, words: Iterable[str]) -> "GivenSplit":
        """Read words such as “train” and “test”, in capitals or not.

        Raises:
            DataError: naming a word that is none of these.
        """
        codes = []
        for word in words:
            code = _WORDS.get(word.strip().lower())
            if code is None:
                raise DataError(
                    f"“{word[:40]}” names neither the training, the validation nor the test set.",
                    where="split",
                    remedy="Use the words train, validation and test.",
                )
            codes.append(code)
        return cls(np.array(codes, np.int8))

    def numbers(self, code: int) -> np.ndarray:
        """Return the numbers of the examples of a set, (examples,) int64, rising."""
        return np.flatnonzero(self.codes == code)

    @property
    def sentence(self) -> str:
        """Say how many examples each set has."""
        counts = np.bincount(self.codes, minlength=3)
        parts = [
            f"{count:,} for {name}"
            for count, name in zip(counts, ("training", "validation", "the test"), strict=True)
            if count
        ]
        return ", ".join(parts)


def division_facts(groups: Classes | None, given: GivenSplit | None) -> tuple[Fact, ...]:
    """Return what there is to know of how a dataset's examples may be divided."""
    facts = [Fact("Groups", f"{len(groups.names):,}, each in one set only")] if groups else []
    if given:
        facts.append(Fact("Split", f"{given.sentence}, as given"))
    return tuple(facts)


def names_sets(words: Sequence[str]) -> bool:
    """Return whether different words, such as those of a column, divide examples into these sets.

    Example:
        >>> names_sets(["train", "Test"]), names_sets(["train", "bus"]), names_sets(["test"])
        (True, False, False)
    """
    codes = {_WORDS.get(word.strip().lower()) for word in words}
    return {TRAINING, TEST} <= codes and None not in codes
