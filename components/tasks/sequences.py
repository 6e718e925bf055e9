"""What tasks on sequences of numbers share: scaling, cutting, drawing the parts, the nearest neighbour."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from components.data.datasets import Classes, Dataset, Recordings, Sequences
from components.data.splits.example_split import split_examples
from components.data.splits.random_split import RandomSplit
from components.data.transforms import Scaler
from components.errors import DataError
from components.insight.example import DatasetExample, Example, ExampleChoice, evenly_spaced
from components.recipe import Recipe, Scaling, Side
from components.tasks.ragged import RaggedArray, RaggedProblem

_EQUAL_STEPS = 100  # most that sequences are brought to before they are compared with each other
_MOST_NEIGHBOURS = 5000  # training sequences that the others are compared with


class ReadingOptions(Protocol):
    """What a task on sequences says of how they are read."""

    longest: int
    cut: Side
    scaling: Scaling


@dataclass(frozen=True, eq=False)
class SequenceInput:
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
class ScaledSequences:
    """Sequences as the model reads them.

    Attributes:
        flat: scaled and cut.
        scaler: as fitted on the training set; None where codes of symbols stay what they are.
    """

    ragged: RaggedArray
    scaler: Scaler | None


def width(dataset: Dataset, longest: int) -> int:
    """Return the steps that all sequences are filled up to."""
    return min(longest, int(dataset.lengths.max())) if isinstance(dataset, Sequences) else longest


def split(recipe: Recipe, dataset: Dataset, classes: Classes | None = None) -> RandomSplit:
    """Divide the sequences into training, validation and test; what they are from is in one part only."""
    assert isinstance(dataset, Sequences)
    return split_examples(dataset, recipe.preparation, classes)


def scale_and_cut(dataset: Sequences, drawn: RandomSplit, task: ReadingOptions) -> ScaledSequences:
    """Scale the sequences by their training set, and cut them."""
    if dataset.symbols:
        return ScaledSequences(RaggedArray.of(dataset.values, dataset.offsets, task.longest, task.cut), None)
    is_learnt = np.zeros(dataset.size, bool)
    is_learnt[drawn.train] = True
    scaler = Scaler.fit(dataset.values[np.repeat(is_learnt, dataset.lengths)], task.scaling)
    return ScaledSequences(
        RaggedArray.of(_scale(dataset.values, scaler), dataset.offsets, task.longest, task.cut),
        scaler,
    )


def scale_and_cut_input(
    given: SequenceInput, dataset: Sequences, scaler: Scaler | None, ragged: RaggedArray, task: ReadingOptions
) -> np.ndarray:
    """Read a sequence that a person gives as the others were → (T, channels).

    Raises:
        DataError: if it isn't one with as many channels as the others, or a number is missing.
    """
    values = np.asarray(given.values, np.float32)
    channels = len(dataset.channels)
    if values.ndim != 2 or values.shape[1] != channels or not len(values) or not np.isfinite(values).all():
        raise DataError(
            f"This isn't a sequence with {channels} numbers per step.",
            remedy="Enter every number of every step.",
        )
    offsets = np.array([0, len(values)])
    return RaggedArray.of(_scale(values, scaler), offsets, ragged.width, task.cut).row(0)


def steps(dataset: Sequences, ragged: RaggedArray, number: int) -> Steps:
    """Name the steps of one of the dataset's sequences that are read."""
    first, many = int(ragged.starts[number]), int(ragged.lengths[number])
    return _named_steps(dataset, dataset.values[first : first + many], first - int(dataset.offsets[number]))


def input_steps(dataset: Sequences, given: SequenceInput, many: int, task: ReadingOptions) -> Steps:
    """Name the steps of a sequence that a person gives, of which so many are read."""
    first = len(given.values) - many if task.cut == "left" else 0
    return _named_steps(dataset, given.values[first : first + many], first)


def _named_steps(dataset: Sequences, values: np.ndarray, first: int) -> Steps:
    """Name steps, the first of which is so far from the beginning; symbols are their own names."""
    if dataset.symbols:
        return Steps(tuple(dataset.symbols[int(code)] for code in values[:, 0]), None, ())
    places = range(first, first + len(values))
    if isinstance(dataset, Recordings):
        names = tuple(f"{place * dataset.step:.2f} s" for place in places)
    else:
        names = tuple(f"step {place + 1}" for place in places)
    return Steps(names, values, dataset.channels)


def picked_sequence(problem: RaggedProblem, asked: ExampleChoice) -> int:
    """Return the number of the sequence of the test set that is asked about.

    Raises:
        DataError: if anything else is.
    """
    if not isinstance(asked, DatasetExample):
        raise DataError("The model reads numbers, not text.", remedy="Choose a sequence.")
    return int(problem.test[asked.place % len(problem.test)])


def sample_evenly(problem: RaggedProblem, most: int, example: Callable[[int], Example]) -> list[Example]:
    """Return examples from all of the data, evenly; `example` gives that of a number."""
    every = np.arange(len(problem.ragged.lengths))
    return [example(int(number)) for number in evenly_spaced(every, most)]


def nearest_neighbours(problem: RaggedProblem, symbols: int) -> np.ndarray:
    """Return the number of the training sequence that is nearest to each test sequence, (N,).

    Nearest by Euclid's distance, after all are scaled and brought to equally many steps on straight lines.

    Args:
        problem: whose training and test set are compared.
        symbols: how many there are, where the one channel holds codes of symbols; else 0.
    """
    from sklearn.metrics import pairwise_distances_argmin  # noqa: PLC0415 - for a worker

    ragged, learnt = problem.ragged, problem.train
    if len(learnt) > _MOST_NEIGHBOURS:
        learnt = np.sort(np.random.default_rng(0).permutation(learnt)[:_MOST_NEIGHBOURS])
    steps = min(ragged.width, _EQUAL_STEPS)

    def equal(examples: np.ndarray) -> np.ndarray:
        return np.stack([_resampled(ragged.row(number), steps, symbols) for number in examples])

    return learnt[pairwise_distances_argmin(equal(problem.test), equal(learnt))]


def _scale(values: np.ndarray, scaler: Scaler | None) -> np.ndarray:
    return values if scaler is None else scaler.apply(values).astype(np.float32)


def _resampled(sequence: np.ndarray, steps: int, symbols: int) -> np.ndarray:
    """Bring (T, channels) to (steps · channels,); symbols, which have no between, by the nearest step."""
    places = np.linspace(0, len(sequence) - 1, steps)
    if symbols:
        return np.eye(symbols)[sequence[places.round().astype(int), 0].astype(int)].ravel()
    own = np.arange(len(sequence))
    return np.column_stack([np.interp(places, own, channel) for channel in sequence.T]).ravel()
