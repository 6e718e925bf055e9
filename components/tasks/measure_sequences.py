"""The task of telling a number of a sequence of numbers, whatever its length."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from components.data.datasets import Dataset, Numbers, Sequences
from components.data.transforms import Scaler
from components.errors import DataError
from components.insight.example import Example, ExampleChoice, ExampleView, ModelOutput
from components.models.summary import ModelSummary, summarize_of_numbers_to_number
from components.recipe import Recipe, RegressSequences
from components.tasks import metrics, sequences
from components.tasks.attention_size import refused
from components.tasks.complaint import Complaint
from components.tasks.flat import FlatProblem
from components.tasks.numbers import scoring
from components.tasks.numbers.result import NumbersResult
from components.tasks.reasons import reasons
from components.tasks.sequences import Given
from components.training.events import Snapshot

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

    from components.models.classifier import Classifier

Result = NumbersResult

PREVIEW = 300
"""Most validation examples whose number is told anew after every epoch."""

_FEWEST = 10  # examples, so that each part has a few
_MOST_LEARNT = 2000  # training examples that are told anew, to see what was learnt by heart


@dataclass(frozen=True, eq=False)
class Preview:
    """The numbers of the validation part that a run tells after every epoch: what they are, and (M,) true."""

    what: str
    truth: np.ndarray


@dataclass(frozen=True, eq=False)
class Measured:
    """What a model tells of one sequence of T steps, and why.

    Attributes:
        number: in its own units.
        occlusion: (T,) how much larger the number is than without the step.
        gradient: (T,) gradient of the number times the input, summed over the channels.
        attention: (T,) weights that add up to 1; None where the model has no attention.
    """

    number: float
    occlusion: np.ndarray
    gradient: np.ndarray
    attention: np.ndarray | None


class MeasuredProblem(FlatProblem):
    """Sequences with numbers, both scaled by their training part; codes of symbols stay what they are."""

    def __init__(self, recipe: Recipe, dataset: Sequences):
        task = self.task = recipe.require_task(RegressSequences)
        self.dataset, self.truth = dataset, _numbers_of(dataset).values.astype(np.float64)
        drawn = sequences.parts(recipe, dataset)
        read = sequences.read(dataset, drawn, task)
        self.scaler = read.scaler
        self.answer = Scaler.fit(self.truth[drawn.train, None], task.answer)
        super().__init__(read.flat, drawn)

    def batch(self, examples: "tf.Tensor") -> "tuple[tf.Tensor, tf.Tensor]":
        """Gather sequences, (batch, width, channels), and their scaled numbers, (batch, 1)."""
        import tensorflow as tf  # noqa: PLC0415 - only a worker gets here

        return self.inputs(examples), tf.gather(self._answers, examples)

    @cached_property
    def _answers(self) -> "tf.Tensor":
        import tensorflow as tf  # noqa: PLC0415

        with tf.init_scope():
            return tf.constant(self.answer.apply(self.truth[:, None]).astype(np.float32))

    def loss(self, targets: "tf.Tensor", outputs: "tf.Tensor") -> "tf.Tensor":
        """Return the mean squared error in scaled units."""
        import tensorflow as tf  # noqa: PLC0415

        return tf.reduce_mean(tf.square(outputs - targets))

    def snapshot(self, outputs: Callable[[np.ndarray], np.ndarray]) -> Snapshot:
        """Return the numbers that `preview` names."""
        shown = self.validation[:PREVIEW]
        truth, said = self.truth[shown], self.told(outputs(shown))
        explained = 1 - metrics.mse(truth, said) / float(np.var(truth)) if np.ptp(truth) > 0 else None
        return Snapshot(tuple(said.tolist()), score=explained)

    def told(self, outputs: np.ndarray) -> np.ndarray:
        """Bring the model's outputs, (N, 1), to the number's own units, (N,)."""
        return self.answer.undo(outputs.astype(np.float64))[:, 0]


# --- The verbs -------------------------------------------------------------------------------------


def fits(dataset: Dataset) -> str:
    """Return why no number of a dataset's sequences can be told; nothing where one can."""
    if not isinstance(dataset, Sequences):
        return f"Telling a number of sequences needs sequences, and this is {dataset.kind_phrase}."
    if not isinstance(dataset.answer, Numbers):
        return "Telling a number needs a number for each sequence, and these have none."
    return ""


def check(recipe: Recipe, dataset: Dataset) -> tuple[Complaint, ...]:
    """Return what in a recipe can't work on a dataset."""
    if fits(dataset):
        return (Complaint("dataset", fits(dataset)),)
    found = [_few(dataset), refused(recipe, _width(recipe, dataset))]
    return tuple(complaint for complaint in found if complaint)


def examples(recipe: Recipe, dataset: Dataset) -> int:
    """Count the sequences of the training part."""
    _numbers_of(dataset)
    return len(sequences.parts(recipe, dataset).train)


def plan(recipe: Recipe, dataset: Dataset | None = None) -> ModelSummary:
    """Describe the model of a recipe."""
    if not isinstance(dataset, Sequences):
        return summarize_of_numbers_to_number(recipe.model, 1, recipe.require_task(RegressSequences).longest)
    return summarize_of_numbers_to_number(
        recipe.model, len(dataset.channels), _width(recipe, dataset), symbols=len(dataset.symbols)
    )


def preview(recipe: Recipe, dataset: Dataset) -> Preview:
    """Return what the numbers of a snapshot are to be."""
    numbers = _numbers_of(dataset)
    shown = sequences.parts(recipe, dataset).validation[:PREVIEW]
    return Preview(numbers.name, numbers.values[shown].astype(np.float64))


def prepare(recipe: Recipe, dataset: Dataset) -> MeasuredProblem:
    """Make a dataset ready to train on."""
    if not isinstance(dataset, Sequences):
        raise DataError(fits(dataset), where=dataset.title, remedy="Choose sequences with numbers.")
    return MeasuredProblem(recipe, dataset)


def build(recipe: Recipe, problem: MeasuredProblem) -> "Classifier":
    """Build the model."""
    from components.models.classifier import build_sequence_regressor  # noqa: PLC0415 - brings in TensorFlow

    channels, symbols = len(problem.dataset.channels), len(problem.dataset.symbols)
    return build_sequence_regressor(recipe.model, channels, problem.flat.width, symbols, recipe.seed)


def evaluate(
    problem: MeasuredProblem,
    outputs: Callable[[np.ndarray], np.ndarray],
    built: "Classifier",
    best_epoch: int,
) -> NumbersResult:
    """Hold what the model says of the test part against the truth, the mean and the nearest neighbour.

    Args:
        problem: what `prepare` gave.
        outputs: maps examples to the trained model's outputs.
        built: what `build` gave, trained.
        best_epoch: the epoch whose weights these are.
    """
    truth, learnt = problem.truth[problem.test], problem.train[:_MOST_LEARNT]
    nearest = sequences.neighbours(problem, len(problem.dataset.symbols))
    said = {
        "model": ("Your model", problem.told(outputs(problem.test))),
        "mean": ("Always the mean", np.full(len(truth), problem.truth[problem.train].mean())),
        "neighbour": ("Nearest neighbour", problem.truth[nearest]),
    }
    scores = tuple(scoring.score(name, label, truth, values) for name, (label, values) in said.items())
    best = min(scores[1:], key=lambda score: score.mae)
    between = scoring.gain(truth, said["model"][1], said[best.name][1])
    training = float(np.abs(problem.truth[learnt] - problem.told(outputs(learnt))).mean())
    sentence, won = scoring.verdict(scores, best, between, training)
    return NumbersResult(
        what=_numbers_of(problem.dataset).name,
        scores=scores,
        verdict=sentence,
        won=won,
        best_epoch=best_epoch,
        notes=problem.dataset.notes,
        training_mae=training,
        numbers=problem.test,
        truth=truth,
        said=said["model"][1],
    )


def whole(problem: MeasuredProblem, model: "keras.Model") -> "keras.Model":
    """Return the model as it is taken away: it takes the dataset's own numbers and gives one in its units."""
    from components.models.export_model import export_sequence_regressor  # noqa: PLC0415 - brings in TensorFlow

    # A Transformer knows as many places as it has seen steps, and no more.
    longest = min(problem.task.longest, problem.flat.width)
    return export_sequence_regressor(model, problem.answer, problem.scaler, longest, problem.task.cut)


def predict(problem: MeasuredProblem, built: "Classifier", asked: Given) -> Measured:
    """Return the number of a sequence that a person gives, and why.

    Raises:
        DataError: if it isn't one with as many channels as the others, or a number is missing.
    """
    read = sequences.read_given(asked, problem.dataset, problem.scaler, problem.flat, problem.task)
    why = reasons(built, read, problem.flat.width, problem.empty, lambda outputs: outputs[0])
    (number,) = problem.told(why.outputs[None])
    scale = float(problem.answer.scale[0])
    return Measured(number, number - problem.told(why.without), why.gradient * scale, why.attention)


def sample(problem: MeasuredProblem, built: "Classifier", asked: ExampleChoice) -> Example:
    """Return a sequence of the test part to look at.

    Raises:
        DataError: if anything else is asked about.
    """
    return _example(problem, sequences.picked(problem, asked), built)


def spread(problem: MeasuredProblem, most: int) -> list[Example]:
    """Return sequences from all of the data, evenly."""
    return sequences.spread(problem, most, lambda number: _example(problem, number))


# --- Their parts -----------------------------------------------------------------------------------


def _example(problem: MeasuredProblem, number: int, built: "Classifier | None" = None) -> Example:
    flat, what = problem.flat, _numbers_of(problem.dataset).name
    steps = sequences.steps(problem.dataset, flat, number)
    filled = np.full((flat.width, *flat.values.shape[1:]), problem.empty, flat.values.dtype)
    filled[: len(steps.names)] = flat.stretch(number)
    said = ""
    if built is not None:
        (told,) = problem.told(built.model(filled[None]).numpy())
        said = f"The model says {told:.3g}; it is {problem.truth[number]:.3g}."
    return Example(
        inputs=(filled,),
        fills=(problem.empty,),
        first=0,
        missing=problem.empty,
        score="value",
        answers=(ModelOutput(what, (0,)),),
        shown=ExampleView(steps.names, steps.values, steps.channels, (what,), 0, said, len(problem.test)),
    )


def _numbers_of(dataset: Dataset) -> Numbers:
    if isinstance(dataset, Sequences) and isinstance(dataset.answer, Numbers):
        return dataset.answer
    raise DataError(fits(dataset), where=dataset.title, remedy="Choose sequences with numbers.")


def _width(recipe: Recipe, dataset: Dataset) -> int:
    return sequences.width(dataset, recipe.require_task(RegressSequences).longest)


def _few(dataset: Dataset) -> Complaint | None:
    if dataset.size >= _FEWEST:
        return None
    return Complaint(
        "dataset",
        f"{dataset.size} sequences are too few to learn from and to test on. Bring {_FEWEST} or more.",
    )
