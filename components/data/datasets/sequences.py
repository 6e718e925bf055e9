"""Sequences: many short series side by side, each with an answer to be found."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from components.data.datasets.base import Dataset, Fact, Kind
from components.data.datasets.given_split import GivenSplit, division_facts
from components.data.datasets.targets import Classes, Numbers, Transcripts
from components.errors import DataError

_MAX_NAMES = 12  # names of a kind that a fact spells out


@dataclass(frozen=True, eq=False)
class Sequences(Dataset):
    """Sequences of equal or unequal length, one after the other without padding.

    Attributes:
        values: (steps of all, channels) finite float32.
        offsets: (N + 1,) int64: sequence n is `values[offsets[n] : offsets[n + 1]]`. None is empty.
        channels: names of the channels.
        answer: for each sequence, its class, a number or its words; None where nothing is asked.
        answers: where the answer is a sequence too: for each step of all, its class.
        symbols: where the one channel holds codes 0, 1, …: what they stand for; else empty.
        groups: for each sequence, whom or what it is from, where that must not be in two parts of the data:
            else a model that knows a voice, say, looks as if it knew the word.
        given_split: the set that each sequence was meant for; None where that is left to us.

    Raises:
        DataError: if it isn't as said above.
    """

    kind: ClassVar[Kind] = "sequences"
    kind_phrase: ClassVar[str] = "a set of sequences"

    values: np.ndarray
    offsets: np.ndarray
    channels: tuple[str, ...]
    answer: Classes | Numbers | Transcripts | None = None
    answers: Classes | None = None
    symbols: tuple[str, ...] = ()
    groups: Classes | None = None
    given_split: GivenSplit | None = None

    def __post_init__(self) -> None:
        for wrong, sentence in (
            (self.size < 1, "There are no sequences."),
            (self.values.dtype != np.float32 or self.values.ndim != 2, "Its values aren't numbers."),
            (self.values.shape[-1] != len(self.channels), "A channel has no name."),
            (len(set(self.channels)) != len(self.channels), "Two channels have the same name."),
            (self.offsets[0] != 0 or self.offsets[-1] != len(self.values), "A sequence is cut off."),
            ((np.diff(self.offsets) < 1).any(), "A sequence is empty."),
            (not np.isfinite(self.values).all(), "A number is missing in a sequence."),
            (_answer_count(self.answer) not in (None, self.size), "A sequence has no target."),
            (_answer_count(self.answers) not in (None, len(self.values)), "A time step has no target."),
            (_answer_count(self.groups) not in (None, self.size), "A sequence has no group."),
            (_answer_count(self.given_split) not in (None, self.size), "A sequence is in no set."),
            (bool(self.symbols) and not self._are_codes(), "A symbol has no name."),
        ):
            if wrong:
                raise DataError(sentence, where=self.title)

    @property
    def size(self) -> int:
        """Number of sequences."""
        return len(self.offsets) - 1

    @property
    def memory(self) -> int:
        """Bytes that the data takes in memory, about."""
        return self.values.nbytes + self.offsets.nbytes

    @property
    def kept_together(self) -> Classes | None:
        """The groups of sequences that must not be divided between sets; None where each may go anywhere."""
        return self.groups

    @property
    def lengths(self) -> np.ndarray:
        """Steps of each sequence, (N,) int64."""
        return np.diff(self.offsets)

    def sequence(self, number: int) -> np.ndarray:
        """Return one sequence, (its steps, channels) float32, without copying it."""
        return self.values[self.offsets[number] : self.offsets[number + 1]]

    def kind_facts(self) -> tuple[Fact, ...]:
        """Return their number, their lengths, what they hold and what is asked."""
        shortest, longest = int(self.lengths.min()), int(self.lengths.max())
        facts = [
            Fact("Sequences", f"{self.size:,}"),
            Fact("Steps", f"{shortest:,}" if shortest == longest else f"{shortest:,} to {longest:,}"),
            Fact("Symbols", join_names(self.symbols))
            if self.symbols
            else Fact("Channels", join_names(self.channels)),
        ]
        if isinstance(self.answer, Classes):
            facts.append(Fact("Classes", join_names(self.answer.names)))
        if isinstance(self.answer, Numbers):
            facts.append(Fact("Target", self.answer.name))
        if self.answers:
            facts.append(Fact("Target", f"at each step, one of {join_names(self.answers.names)}"))
        return (*facts, *division_facts(self.groups, self.given_split))

    def _are_codes(self) -> bool:
        codes = self.values[:, 0]
        return len(self.channels) == 1 and bool(
            ((codes >= 0) & (codes < len(self.symbols)) & (codes == np.floor(codes))).all()
        )


def concatenate_sequences(sequences: Iterable[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """String sequences together, each (its steps, channels): gives `values` and `offsets` of `Sequences`."""
    parts = [np.asarray(sequence, np.float32) for sequence in sequences]
    lengths = [len(part) for part in parts]
    return np.concatenate(parts), np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def join_names(names: tuple[str, ...]) -> str:
    """Return names in one line, the first of them where there are many."""
    if len(names) <= _MAX_NAMES:
        return ", ".join(names)
    return f"{', '.join(names[:_MAX_NAMES])} and {len(names) - _MAX_NAMES:,} more"


def _answer_count(answer: Classes | Numbers | Transcripts | GivenSplit | None) -> int | None:
    if isinstance(answer, Transcripts):
        return len(answer.lengths)
    if isinstance(answer, Numbers):
        return len(answer.values) if np.isfinite(answer.values).all() else -1
    return None if answer is None else len(answer.codes)
