"""One example as a model gets it, what its steps are called, and what of the model's answer may be asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal, Self

import numpy as np


@dataclass(frozen=True)
class DatasetExample:
    """An example of the test set, by its place in it, from 0 on.

    Where a model writes several answers, `candidate` says which of them, the best first.
    """

    place: int
    candidate: int = 0


@dataclass(frozen=True)
class UserText:
    """A text that a person wrote, and which of the answers to it."""

    text: str
    candidate: int = 0


@dataclass(frozen=True)
class UserSequence:
    """A sequence that a person brought: two are the same if their digests are.

    Attributes:
        digest: of the numbers.
        values: (T, channels), in the dataset's own units.
    """

    digest: str
    values: np.ndarray = field(repr=False, compare=False)

    @classmethod
    def of(cls, values: np.ndarray) -> Self:
        """Bring a sequence, (T, channels)."""
        kept = np.ascontiguousarray(values, np.float32)
        return cls(sha256(kept.tobytes() + repr(kept.shape).encode()).hexdigest(), kept)


ExampleChoice = DatasetExample | UserText | UserSequence

_MOST_NAMED = 5  # tokens of a segment

START_NAME = "start"
"""What stands before the first token of an answer, for people."""


@dataclass(frozen=True)
class ModelOutput:
    """One number that the model gives out.

    Attributes:
        name: of it, for people.
        place: in the output of one example.
        sign: −1 where the number speaks against it.
        row: which row of where the model looked is this answer's; None: the mean of all.
    """

    name: str
    place: tuple[int, ...]
    sign: float = 1.0
    row: int | None = None


@dataclass(frozen=True)
class ExampleView:
    """What a page needs of an example.

    Attributes:
        names: of the S steps that were read, in order.
        values: (S, channels) in the dataset's own units; None where the steps are tokens.
        channels: names of the numbers.
        answers: names of what may be asked about.
        chosen: which of them is worth asking about first.
        description: what this example is, in a sentence.
        example_count: examples that there are to pick from.
        candidates: where the model writes: the answers that it found, the best first.
    """

    names: tuple[str, ...]
    values: np.ndarray | None
    channels: tuple[str, ...]
    answers: tuple[str, ...]
    chosen: int
    description: str
    example_count: int
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Example:
    """An example of S steps.

    Attributes:
        inputs: the model's, without the batch's axis; steps come first in the one that is read.
        fills: of each input, what a step that is only filled in holds.
        first: the place in the first input where what is read begins; it has S places there.
        missing: what stands for a step that is left out.
        score: what an answer's score is: the value itself, or the logarithm of its probability.
        answers: what may be asked about.
        shown: what a page needs of it.
        number: of its first step in all of the data, where examples overlap; None where they don't.
        segment: steps that the model reads as one; of several, `first` is 0, and the last may be of fewer.
        left_out_whole: whether such steps are left out together, since without some of them it would read the
            others in other company.
    """

    inputs: tuple[np.ndarray, ...]
    fills: tuple[float, ...]
    first: int
    missing: np.ndarray | float
    score: Literal["value", "chance"]
    answers: tuple[ModelOutput, ...]
    shown: ExampleView
    number: int | None = None
    segment: int = 1
    left_out_whole: bool = False

    @property
    def places(self) -> tuple[str, ...]:
        """Names of what the layers go through: the steps, or the segments that they are read in."""
        names = self.shown.names
        if self.segment == 1:
            return names
        parts = (names[first : first + self.segment] for first in range(0, len(names), self.segment))
        return tuple(_segment_name(part, is_text=self.shown.values is None) for part in parts)

    @property
    def segment_sizes(self) -> np.ndarray:
        """Steps of each of the segments that they are read in, (segments,)."""
        return np.diff(np.append(np.arange(0, self.steps, self.segment), self.steps))

    @property
    def went_through(self) -> slice:
        """Where they, or their segments, are in what the layers go through."""
        return self.read if self.segment == 1 else slice(0, len(self.places))

    @property
    def steps(self) -> int:
        """How many steps were read."""
        return len(self.shown.names)

    @property
    def read(self) -> slice:
        """Where they are in the first input."""
        return slice(self.first, self.first + self.steps)


def _segment_name(names: tuple[str, ...], *, is_text: bool) -> str:
    """Return what a segment of such steps is called: by what is in it, or where that is long by its ends."""
    if len(names) == 1:
        return names[0]
    if not is_text:
        return f"{names[0]} to {names[-1]}"
    brings_space = max(map(len, names)) == 1 or any(name.startswith(" ") for name in names)
    between = "" if brings_space else " "
    return between.join(names if len(names) <= _MOST_NAMED else (*names[:2], "…", *names[-2:]))


def stack_examples(examples: Sequence[Example]) -> list[np.ndarray]:
    """Make one batch of examples, each input filled up to the longest."""
    blocks = []
    for number, fill in enumerate(examples[0].fills):
        each = [example.inputs[number] for example in examples]
        longest = max(map(len, each))
        block = np.full((len(each), longest, *each[0].shape[1:]), fill, each[0].dtype)
        for row, one in zip(block, each, strict=True):
            row[: len(one)] = one
        blocks.append(block)
    return blocks


def repeat_example(example: Example, times: int) -> list[np.ndarray]:
    """Make a batch of one example, so many times."""
    return [np.repeat(one[None], times, axis=0) for one in example.inputs]


def evenly_spaced(numbers: np.ndarray, most: int) -> np.ndarray:
    """Take at most so many of the numbers, evenly."""
    return numbers[np.unique(np.linspace(0, len(numbers) - 1, min(most, len(numbers))).round().astype(int))]
