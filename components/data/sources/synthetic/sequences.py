"""Sequences made by a formula: the classic tests of what a network can remember."""

import numpy as np

from components.data.datasets import Classes, Numbers, Sequences
from components.data.sources.synthetic.generator import Generator, Origin, Parameter
from components.errors import DataError

_MOST_VALUES = 20_000_000  # numbers in all sequences together: 80 MB

_EVENTS = ("X", "Y")
_DISTRACTORS = ("a", "b", "c", "d")


def adding(origin: Origin, rng: np.random.Generator, *, steps: float, longer: float) -> Sequences:
    """Return the adding problem: the sum of the two numbers that are marked.

    Two channels: numbers drawn evenly from 0 to 1, and a marker, which is 1 at one step of either half and
    0 elsewhere. Whoever always says 1 has a mean squared error of 1/6. Hochreiter and Schmidhuber, Long
    Short-Term Memory (1997), in the form of Le, Jaitly and Hinton, arXiv:1504.00941 (2015).
    """
    _, lengths, offsets = _draw_lengths(origin, rng, steps, longer, channels=2)
    values = np.zeros((offsets[-1], 2), np.float32)
    values[:, 0] = rng.random(len(values), dtype=np.float32)
    half = lengths // 2
    first, second = offsets[:-1] + rng.integers(0, half), offsets[:-1] + rng.integers(half, lengths)
    values[first, 1] = values[second, 1] = 1
    sums = values[first, 0] + values[second, 0]
    return Sequences(
        *origin,
        values=values,
        offsets=offsets,
        channels=("number", "marker"),
        answer=Numbers(sums, "the sum of the two marked numbers"),
    )


def temporal_order(origin: Origin, rng: np.random.Generator, *, steps: float, longer: float) -> Sequences:
    """Return the temporal order problem: which of two events came first, and which second.

    A sequence begins with E and ends with B; between them stand letters from a to d, save at two steps, 10
    to 20 % and 50 to 60 % of the way, where X or Y stands. The four classes are XX, XY, YX and YY.
    Hochreiter and Schmidhuber, Long Short-Term Memory (1997), experiment 6a.
    """
    count, _, offsets = _draw_lengths(origin, rng, steps, longer, channels=1)
    symbols = ("E", "B", *_DISTRACTORS, *_EVENTS)
    codes = rng.integers(2, 2 + len(_DISTRACTORS), offsets[-1])
    codes[offsets[:-1]], codes[offsets[1:] - 1] = 0, 1
    classes = rng.integers(0, 4, count)
    for event, (low, high) in ((classes // 2, (0.1, 0.2)), (classes % 2, (0.5, 0.6))):
        place = rng.integers(np.ceil(low * steps), np.floor(high * steps) + 1, count)
        codes[offsets[:-1] + place] = 2 + len(_DISTRACTORS) + event
    return Sequences(
        *origin,
        values=codes[:, np.newaxis].astype(np.float32),
        offsets=offsets,
        channels=("symbol",),
        symbols=symbols,
        answer=Classes(classes.astype(np.int32), tuple(a + b for a in _EVENTS for b in _EVENTS)),
    )


def copy_memory(
    origin: Origin, rng: np.random.Generator, *, delay: float, remembered: float, alphabet: float
) -> Sequences:
    """Return the copy memory problem: repeat after a long wait what was shown at the beginning.

    Shown are K letters, then T − 1 blanks, a sign to begin, and K blanks; to be written are T + K blanks,
    and then the letters. Whoever writes blanks and then guesses has a cross-entropy of K log A / (T + 2K)
    a step, for A different letters. Hochreiter and Schmidhuber, Long Short-Term Memory (1997), in the form
    of Arjovsky, Shah and Bengio, arXiv:1511.06464 (2016), which has K = 10 and A = 8.
    """
    shown, wait = int(remembered), int(delay)
    steps = wait + 2 * shown
    count, _, offsets = _draw_lengths(origin, rng, steps, 0, channels=1)
    letters = tuple(chr(ord("a") + letter) for letter in range(int(alphabet)))
    remembered_codes = rng.integers(2, 2 + len(letters), (count, shown))
    given, wanted = np.zeros((2, count, steps), np.int32)
    given[:, :shown] = wanted[:, -shown:] = remembered_codes
    given[:, -shown - 1] = 1
    symbols = ("·", "!", *letters)
    return Sequences(
        *origin,
        values=given.reshape(-1, 1).astype(np.float32),
        offsets=offsets,
        channels=("symbol",),
        symbols=symbols,
        answers=Classes(wanted.ravel(), symbols),
        notes=("“·” is a blank, and “!” is the signal to start writing.",),
    )


def control_charts(origin: Origin, rng: np.random.Generator, *, steps: float, noise: float) -> Sequences:
    """Return control charts of six classes, as a machine's dial might write them.

    y(t) = 30 + s r(t), with r drawn evenly from −3 to 3, plus, for the classes after the first:
    a sin(2πt/p) with a and p from 10 to 15; ± g t with g from 0.2 to 0.5; ± x from a step on, with x from
    7.5 to 20 and the step in the middle third. The slope is that of 60 steps; of longer charts it is as
    much smaller. Alcock and Manolopoulos, Time-Series Similarity Queries Employing a Feature-Based
    Approach (1999); in the UCI archive as Synthetic Control Chart Time Series.
    """
    count, _, offsets = _draw_lengths(origin, rng, steps, 0, channels=1)
    length = int(steps)
    times = np.arange(1, length + 1)
    classes = rng.permutation(np.arange(count) % 6)
    values = 30 + noise * rng.uniform(-3, 3, (count, length))

    def drawn(low: float, high: float) -> np.ndarray:
        return rng.uniform(low, high, (count, 1))

    wave = drawn(10, 15) * np.sin(2 * np.pi * times / drawn(10, 15))
    slope = drawn(0.2, 0.5) * times * 60 / length
    shift = drawn(7.5, 20) * (times >= drawn(length / 3, 2 * length / 3))
    changes = np.stack([np.zeros_like(wave), wave, slope, -slope, shift, -shift])
    values += changes[classes, np.arange(count)]
    return Sequences(
        *origin,
        values=values.reshape(-1, 1).astype(np.float32),
        offsets=offsets,
        channels=("value",),
        answer=Classes(
            classes.astype(np.int32),
            ("normal", "cyclic", "rising", "falling", "shifted up", "shifted down"),
        ),
    )


def random_labels(
    origin: Origin, rng: np.random.Generator, *, steps: float, features: float, classes: float
) -> Sequences:
    """Return sequences of numbers drawn evenly from 0 to 1, with random labels.

    The textbooks' example of how to feed a network (100 sequences of 10 steps and 5 features). A model
    can only memorise it.
    """
    width, names = int(features), tuple(str(number) for number in range(int(classes)))
    count, _, offsets = _draw_lengths(origin, rng, steps, 0, channels=width)
    return Sequences(
        *origin,
        values=rng.random((offsets[-1], width), dtype=np.float32),
        offsets=offsets,
        channels=tuple(f"feature {number}" for number in range(1, width + 1)),
        answer=Classes(rng.integers(0, len(names), count, dtype=np.int32), names),
        notes=("The labels are random: nothing in a sequence predicts its label.",),
    )


def _draw_lengths(
    origin: Origin, rng: np.random.Generator, steps: float, longer: float, *, channels: int
) -> tuple[int, np.ndarray, np.ndarray]:
    """Return the number of sequences, their lengths and offsets.

    Args:
        steps: of the shortest.
        longer: share of the steps by which a sequence may be longer, in percent.
        channels: of each.

    Raises:
        DataError: if they don't fit into memory.
    """
    count, least = origin.reference.length, int(steps)
    most = least + int(least * longer / 100)
    if count * most * channels > _MOST_VALUES:
        raise DataError(
            f"{count:,} sequences of {most:,} steps are too many.",
            where=origin.title,
            remedy=f"Choose at most {_MOST_VALUES // (most * channels):,} sequences, or shorter ones.",
        )
    lengths = rng.integers(least, most + 1, count) if most > least else np.full(count, least)
    return count, lengths, np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


# --- The registry ----------------------------------------------------------------------------------


def _steps_parameter(low: float, high: float, default: float) -> Parameter:
    return Parameter("steps", "Steps", low, high, default, 1, "Length of a sequence.")


def _longer_parameter(default: float) -> Parameter:
    help = "Each sequence is longer by a random share of up to this many percent."
    return Parameter("longer", "Extra length, up to %", 0, 100, default, 1, help)


SEQUENCES: dict[str, Generator] = {
    "adding": Generator(
        "Adding problem", "sequences", (_steps_parameter(4, 1000, 100), _longer_parameter(0)), adding
    ),
    "temporal_order": Generator(
        "Temporal order problem",
        "sequences",
        (_steps_parameter(10, 1000, 100), _longer_parameter(10)),
        temporal_order,
    ),
    "copy_memory": Generator(
        "Copy memory problem",
        "sequences",
        (
            Parameter("delay", "Delay", 1, 1000, 30, 1, "Steps from the last letter to the start signal."),
            Parameter("remembered", "Letters", 1, 50, 10, 1, "Number of letters to remember."),
            Parameter("alphabet", "Alphabet", 2, 26, 8, 1, "Number of different letters."),
        ),
        copy_memory,
    ),
    "control_charts": Generator(
        "Control charts",
        "sequences",
        (
            _steps_parameter(30, 300, 60),
            Parameter("noise", "Noise", 0, 10, 2, 0.1, "The values vary randomly by up to three times this."),
        ),
        control_charts,
    ),
    "random_labels": Generator(
        "Random labels",
        "sequences",
        (
            _steps_parameter(1, 500, 10),
            Parameter("features", "Features", 1, 50, 5, 1, "Numbers at each step."),
            Parameter("classes", "Classes", 2, 20, 2, 1, "Number of different labels."),
        ),
        random_labels,
    ),
}
