"""How well settings of a classification do in a contest: each example is predicted by who hasn't seen it.

Many examples are divided as they would be for a run, without the test set. Few are dealt to folds, each of
which is kept out of the training once, so that a handful of validation examples doesn't decide.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from components.cancellation import raise_if_cancelled
from components.data.datasets import Classes, Recordings, Sequences, Texts, concatenate_sequences
from components.data.splits.example_split import split_examples
from components.data.splits.folds import deal_folds
from components.data.splits.random_split import RandomSplit
from components.data.tokenizers.text_vocabulary import text_level
from components.errors import RunError
from components.models.step_time import seconds_per_step
from components.recipe import Preparation, Recipe
from components.tasks.classification.problem import (
    LabelledProblem,
    SequencesProblem,
    TextsProblem,
    class_probabilities,
)
from components.tasks.classification.task import ClassificationTask
from components.tasks.per_dataset_cache import cached_per_dataset
from components.tasks.sequences import nearest_neighbours
from components.tasks.shrinkage import WEIGHTS

LEARNT, TESTED = 6000, 1500
"""Examples that are learnt from and predicted at most."""
_FOLDED = 2000  # fewer of both sets together are dealt to folds
_FEW = 300  # of which there are more folds, so that more is learnt from
_FOLDS, _FOLDS_OF_FEW = 3, 5
_SECONDS = 2.5  # that an entrant is trained for, by a guess
_FEWEST_UPDATES, _MOST_UPDATES = 120, 700  # of one training
_PORTION = 50  # updates in one call

_NOBODY = np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class ContestData:
    """The examples of the training and the validation set, or so many of them; nothing of the test set.

    Attributes:
        dataset: these examples alone.
        classes: of them.
        parts: which are learnt from and which are predicted, each (examples,) int64; each is predicted once.
        starts: what trainings start from that start from a linear model, by its settings.
    """

    dataset: Sequences | Texts
    classes: Classes
    parts: tuple[tuple[np.ndarray, np.ndarray], ...]
    starts: dict[tuple[str, bool, bool, str], np.ndarray] = field(default_factory=dict)

    @property
    def predicted(self) -> np.ndarray:
        """Numbers of the examples in the order in which they are predicted."""
        return np.concatenate([predicted for _, predicted in self.parts])

    @property
    def learnt(self) -> np.ndarray:
        """Numbers of all that are learnt from in any part."""
        return np.unique(np.concatenate([learnt for learnt, _ in self.parts]))


@cached_per_dataset
def contest_data(dataset: Sequences | Texts, preparation: Preparation) -> ContestData:
    """Return the examples that a contest is held on, always the same.

    Raises:
        DataError: if there are too few to divide.
    """
    classes = dataset.classes if isinstance(dataset, Texts) else dataset.answer
    assert isinstance(classes, Classes)
    split = split_examples(dataset, preparation, classes)
    rng = np.random.default_rng(0)
    learnt, tested = (
        np.sort(rng.permutation(numbers)[:most])
        for numbers, most in ((split.train, LEARNT), (split.validation, TESTED))
    )
    pool = np.sort(np.concatenate([learnt, tested]))
    some = _only(dataset, classes, pool)
    codes = classes.codes[pool]
    if len(pool) >= _FOLDED:
        parts = [(np.searchsorted(pool, learnt), np.searchsorted(pool, tested))]
    else:
        groups = None if some.kept_together is None else some.kept_together.codes
        folds = deal_folds(codes, _FOLDS_OF_FEW if len(pool) < _FEW else _FOLDS, groups=groups)
        kept_out = (folds == fold for fold in np.unique(folds))
        parts = [(np.flatnonzero(~own), np.flatnonzero(own)) for own in kept_out]
    return ContestData(some, Classes(codes, classes.names), tuple(parts))


def class_errors(task: ClassificationTask[Any], recipe: Recipe, dataset: Sequences | Texts) -> np.ndarray:
    """Return whether each example is taken for another class, (N,), weighed so that the mean is that of the
    classes' shares: 1 − balanced accuracy.

    Args:
        task: of the recipe.
        recipe: the settings; without epochs, the nearest neighbour of sequences, the linear model of texts.
        dataset: the examples.

    Raises:
        RunError: if a loss is no longer a number.
        DataError: if there are too few examples.
    """
    data = contest_data(dataset, recipe.preparation)
    problem = task.problem(recipe, data.dataset, RandomSplit(data.learnt, _NOBODY, _NOBODY))
    if isinstance(problem, TextsProblem):
        counted = text_level(problem.task.level)
        settings = (counted, problem.task.lower, problem.task.balanced, problem.task.base)
        if (problem.has_start or not recipe.training.epochs) and settings not in data.starts:
            data.starts[settings] = problem.starts
        problem.starts = data.starts.get(settings, np.zeros(0, np.float32))
    predict = _train if recipe.training.epochs else _ask_rule
    truth = data.classes.codes[data.predicted]
    wrong = predict(task, recipe, problem, data) != truth
    counts = np.bincount(truth, minlength=len(data.classes.names))
    return wrong * len(truth) / ((counts > 0).sum() * counts[truth])


def contest_updates(task: ClassificationTask[Any], recipe: Recipe, data: ContestData) -> int:
    """Return how many updates each training of settings makes, about."""
    guess = _SECONDS / len(data.parts) / step_seconds(task, recipe, data)
    return int(np.clip(guess, _FEWEST_UPDATES, _MOST_UPDATES))


def step_seconds(task: ClassificationTask[Any], recipe: Recipe, data: ContestData) -> float:
    """Guess the seconds of one update."""
    return seconds_per_step(task.plan(recipe, data.dataset), recipe.training.batch)


def _only(dataset: Sequences | Texts, classes: Classes, numbers: np.ndarray) -> Sequences | Texts:
    """Return some examples of a dataset, by number."""
    picked = Classes(classes.codes[numbers], classes.names)
    groups = dataset.kept_together
    together = None if groups is None else Classes(groups.codes[numbers], groups.names)
    if isinstance(dataset, Texts):
        texts = tuple(dataset.texts[number] for number in numbers)
        return replace(dataset, texts=texts, classes=picked, groups=together, given_split=None)
    values, offsets = concatenate_sequences(dataset.sequence(number) for number in numbers)
    changed: dict[str, Any] = {"answer": picked, "answers": None, "groups": together, "given_split": None}
    if isinstance(dataset, Recordings):
        changed["files"] = tuple(dataset.files[number] for number in numbers)
    return replace(dataset, values=values, offsets=offsets, **changed)


def _ask_rule(
    task: ClassificationTask[Any], recipe: Recipe, problem: LabelledProblem, data: ContestData
) -> np.ndarray:
    """Return the classes that a rule without training predicts, (N,) codes."""
    if isinstance(problem, TextsProblem):
        return class_probabilities(problem.starts[data.predicted]).argmax(axis=1)
    assert isinstance(problem, SequencesProblem)
    found = []
    for learnt, predicted in data.parts:
        problem.train, problem.test = learnt.astype(np.int32), predicted.astype(np.int32)
        found.append(data.classes.codes[nearest_neighbours(problem, len(problem.dataset.symbols))])
    return np.concatenate(found)


def _train(
    task: ClassificationTask[Any], recipe: Recipe, problem: LabelledProblem, data: ContestData
) -> np.ndarray:
    """Return the classes that networks predict, (N,) codes, each trained without the part that it predicts.

    All parts share one graph, so that it is compiled once. The vocabulary and the scaler are those of all
    that is learnt from in any part.
    """
    from components.training.loop import Loop, TrainingProgress  # noqa: PLC0415 - brings in TensorFlow

    updates, batch = contest_updates(task, recipe, data), recipe.training.batch
    fewest = min(len(learnt) for learnt, _ in data.parts)
    epochs = min(recipe.training.epochs, max(1, round(updates * batch / fewest)))
    recipe = recipe.model_copy(update={"training": recipe.training.model_copy(update={"epochs": epochs})})
    loop: Loop | None = None
    parts = []
    for learnt, predicted in data.parts:
        problem.train, asked = learnt.astype(np.int32), predicted.astype(np.int32)
        built = task.build(recipe, problem)
        if loop is None:
            loop = Loop(built.model, problem, recipe)
        else:
            loop.begin_anew(recipe, built.model)
        loop.steps_per_epoch = math.ceil(len(learnt) / batch)
        outputs = []
        for epoch in range(epochs):
            while not loop.at_epoch_end:
                raise_if_cancelled()
                if not np.isfinite(loop.run(_PORTION).losses).all():
                    raise RunError(
                        "The loss became infinite or undefined.", remedy="Lower the learning rate."
                    )
            loop.progress = TrainingProgress(step=loop.progress.step, epoch=epoch + 1)
            outputs.append(loop.outputs(asked))
        parts.append(np.stack(outputs))
    found = np.concatenate(parts, axis=1)
    if problem.has_start:
        assert isinstance(problem, TextsProblem)
        found = _shrunk(found, problem.starts[data.predicted])
    return _chosen_predictions(found, problem, data)


def _shrunk(outputs: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return a start, and it with each λ of what was learnt added, (1 + epochs · weights, N, outputs)."""
    learnt = outputs - starts
    return np.concatenate([starts[None], *(starts + weight * learnt for weight in WEIGHTS[1:])])


def _chosen_predictions(outputs: np.ndarray, problem: LabelledProblem, data: ContestData) -> np.ndarray:
    """Return the predicted classes, (N,), by the epoch (and λ) that does best on the other examples.

    Who were chosen by the very examples that they are measured on would look better than they are.

    Args:
        outputs: (choices, N, outputs).
        problem: knows what they cost.
        data: whose parts choose for each other; of a single part, its halves do.
    """
    numbers = data.predicted
    costs = np.stack([problem.cross_entropies(numbers, one) for one in outputs])
    if len(data.parts) > 1:
        group = np.repeat(np.arange(len(data.parts)), [len(predicted) for _, predicted in data.parts])
    else:
        group = np.random.default_rng(0).permutation(len(numbers)) % 2
    found = np.empty(len(numbers), np.int64)
    for own in (group == one for one in np.unique(group)):
        best = costs[:, ~own].mean(axis=1).argmin()
        found[own] = class_probabilities(outputs[best][own]).argmax(axis=1)
    return found
