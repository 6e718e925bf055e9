"""What tasks on sequences of numbers share: scaling, cutting, drawing the parts, the nearest neighbour."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from components.data.datasets import Classes, Dataset, Recordings, Sequences
from components.data.splits.random_split import RandomSplit, random_split
from components.data.transforms import Scaler
from components.errors import DataError
from components.insight.example import DatasetExample, Example, ExampleChoice, evenly_spaced
from components.recipe import Recipe, Scaling, Side
from components.tasks.flat import Flat, FlatProblem

_EQUAL_STEPS = 100  # most that sequences are brought to before they are compared with each other
_MOST_NEIGHBOURS = 5000  # training sequences that the others are compared with


class Reading(Protocol):
    """What a task on sequences says of how they are read."""

    longest: int
    cut: Side
    scaling: Scaling


@dataclass(frozen=True, eq=False)
class Given:
    """A sequence that a person asks about: (its steps, channels) in the dataset's own units."""

    values: np.ndarray


@dataclass(frozen=True, eq=False)
class Steps:
    """The steps of a sequence that are read.

    Attributes:
        names: of the S steps.
        values: (S, channels) in the dataset's own units; None where they are codes of symbols.
        channels: names of the numbers.
    """

    names: tuple[str, ...]
    values: np.ndarray | None
    channels: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Read:
    """Sequences as the model reads them.

    Attributes:
        flat: scaled and cut.
        scaler: as fitted on the training part; None where codes of symbols stay what they are.
    """

    flat: Flat
    scaler: Scaler | None


def width(dataset: Dataset, longest: int) -> int:
    """Return the steps that all sequences are filled up to."""
    return min(longest, int(dataset.lengths.max())) if isinstance(dataset, Sequences) else longest


def parts(recipe: Recipe, dataset: Dataset, classes: Classes | None = None) -> RandomSplit:
    """Draw the sequences into training, validation and test; what they are from is in one part only."""
    groups = dataset.groups if isinstance(dataset, Sequences) else None
    return random_split(dataset.size, recipe.preparation, classes=classes, groups=groups)


def read(dataset: Sequences, drawn: RandomSplit, task: Reading) -> Read:
    """Scale the sequences by their training part, and cut them."""
    if dataset.symbols:
        return Read(Flat.of(dataset.values, dataset.offsets, task.longest, task.cut), None)
    is_learnt = np.zeros(dataset.size, bool)
    is_learnt[drawn.train] = True
    scaler = Scaler.fit(dataset.values[np.repeat(is_learnt, dataset.lengths)], task.scaling)
    return Read(
        Flat.of(_scaled(dataset.values, scaler), dataset.offsets, task.longest, task.cut),
        scaler,
    )


def read_given(
    given: Given, dataset: Sequences, scaler: Scaler | None, flat: Flat, task: Reading
) -> np.ndarray:
    """Read a sequence that a person gives as the others were → (T, channels).

    Raises:
        DataError: if it isn't one with as many channels as the others, or a number is missing.
    """
    values = np.asarray(given.values, np.float32)
    channels = len(dataset.channels)
    if values.ndim != 2 or values.shape[1] != channels or not len(values) or not np.isfinite(values).all():
        raise DataError(
            f"This is no sequence of {channels} numbers a step.", remedy="Fill in every number of every step."
        )
    offsets = np.array([0, len(values)])
    return Flat.of(_scaled(values, scaler), offsets, min(task.longest, flat.width), task.cut).stretch(0)


def steps(dataset: Sequences, flat: Flat, number: int) -> Steps:
    """Name the steps of one of the dataset's sequences that are read."""
    first, many = int(flat.starts[number]), int(flat.lengths[number])
    return _named(dataset, dataset.values[first : first + many], first - int(dataset.offsets[number]))


def steps_given(dataset: Sequences, given: Given, many: int, task: Reading) -> Steps:
    """Name the steps of a sequence that a person gives, of which so many are read."""
    begun = len(given.values) - many if task.cut == "left" else 0
    return _named(dataset, given.values[begun : begun + many], begun)


def _named(dataset: Sequences, values: np.ndarray, begun: int) -> Steps:
    """Name steps, the first of which is so far from the beginning; symbols are their own names."""
    if dataset.symbols:
        return Steps(tuple(dataset.symbols[int(code)] for code in values[:, 0]), None, ())
    places = range(begun, begun + len(values))
    if isinstance(dataset, Recordings):
        names = tuple(f"{place * dataset.step:.2f} s" for place in places)
    else:
        names = tuple(f"step {place + 1}" for place in places)
    return Steps(names, values, dataset.channels)


def picked(problem: FlatProblem, asked: ExampleChoice) -> int:
    """Return the number of the sequence of the test part that is asked about.

    Raises:
        DataError: if anything else is.
    """
    if not isinstance(asked, DatasetExample):
        raise DataError("It reads numbers, not a text.", remedy="Pick a sequence.")
    return int(problem.test[asked.place % len(problem.test)])


def spread(problem: FlatProblem, most: int, example: Callable[[int], Example]) -> list[Example]:
    """Return examples from all of the data, evenly; `example` gives that of a number."""
    every = np.arange(len(problem.flat.lengths))
    return [example(int(number)) for number in evenly_spaced(every, most)]


def neighbours(problem: FlatProblem, symbols: int) -> np.ndarray:
    """Return the number of the training sequence that is nearest to each test sequence, (N,).

    Nearest by Euclid's distance, after all are scaled and brought to equally many steps on straight lines.

    Args:
        problem: whose training and test part are compared.
        symbols: how many there are, where the one channel holds codes of symbols; else 0.
    """
    from sklearn.metrics import pairwise_distances_argmin  # noqa: PLC0415 - for a worker

    flat, learnt = problem.flat, problem.train
    if len(learnt) > _MOST_NEIGHBOURS:
        learnt = np.sort(np.random.default_rng(0).permutation(learnt)[:_MOST_NEIGHBOURS])
    steps = min(flat.width, _EQUAL_STEPS)

    def equal(examples: np.ndarray) -> np.ndarray:
        return np.stack([_stretched(flat.stretch(number), steps, symbols) for number in examples])

    return learnt[pairwise_distances_argmin(equal(problem.test), equal(learnt))]


def _scaled(values: np.ndarray, scaler: Scaler | None) -> np.ndarray:
    return values if scaler is None else scaler.apply(values).astype(np.float32)


def _stretched(sequence: np.ndarray, steps: int, symbols: int) -> np.ndarray:
    """Bring (T, channels) to (steps · channels,); symbols, which have no between, by the nearest step."""
    places = np.linspace(0, len(sequence) - 1, steps)
    if symbols:
        return np.eye(symbols)[sequence[places.round().astype(int), 0].astype(int)].ravel()
    own = np.arange(len(sequence))
    return np.column_stack([np.interp(places, own, channel) for channel in sequence.T]).ravel()
