"""The last trainings that this process compiled, for a run that differs from one of them in numbers alone.

A sweep, a search, or Train pressed again with another seed or learning rate computes the very same graph, and
to trace and compile that takes longer than to train a small network. Only what is compiled is taken over: the
run begins with all the numbers that a new model and a new optimiser begin with, and comes to the same bits.
"""

import copy
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from dask.base import tokenize

from components.data.datasets import Dataset
from components.recipe import ModelLanguage, Recipe
from components.tasks import task_of
from components.training.loop import Loop

MOST_BYTES = 64 << 20
"""Of the data of a training that is kept; larger ones take longer to train than to compile."""
MOST_KEPT = 2
"""As many as go on in a process at the same time."""


@dataclass(frozen=True, eq=False)
class ReadyTraining:
    """Everything that a session needs, at its very beginning.

    Attributes:
        problem: what the task's `prepare` gave.
        built: what its `build` gave, with the weights that every run of the recipe begins with.
        loop: that trains it.
        key: of the graph that it computes; None: it isn't to be kept.
    """

    problem: Any
    built: Any
    loop: Loop
    key: str | None


class CompiledTrainings:
    """Holds the trainings that ended last. Whoever takes one has it alone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, ReadyTraining] = OrderedDict()

    def ready(self, recipe: Recipe, dataset: Dataset) -> ReadyTraining:
        """Return a recipe's training at its beginning, compiled already where that can be."""
        key = _graph_key(recipe, dataset)
        with self._lock:
            found = self._kept.pop(key, None) if key is not None else None
        if found is None:
            problem = task_of(recipe).prepare(recipe, dataset)
            built = task_of(recipe).build(recipe, problem)
            return ReadyTraining(problem, built, Loop(built.model, problem, recipe), key)
        # A task may have the problem hold what it builds, and that is to remain what is compiled.
        fresh = task_of(recipe).build(recipe, copy.copy(found.problem))
        found.loop.begin_anew(recipe, fresh.model)
        return found

    def keep(self, training: ReadyTraining) -> None:
        """Take a training that nobody goes on with."""
        if training.key is None:
            return
        with self._lock:
            self._kept[training.key] = training
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)


def _graph_key(recipe: Recipe, dataset: Dataset) -> str | None:
    """Return what all trainings have in common that compute the same graph; None: it isn't to be kept.

    The seed is in the weights, and learning rate and threshold are variables; the number of epochs is part
    of a schedule, if there is one. A language model's problem remembers the seed, by which it writes.
    """
    if isinstance(recipe.task, ModelLanguage) or dataset.memory > MOST_BYTES:
        return None
    training = recipe.training.model_copy(
        update={"patience": None, "weights": "best"}
        | ({"epochs": 1} if recipe.optimizer.schedule == "constant" else {})
    )
    common = recipe.model_copy(
        update={
            "seed": 0,
            "optimizer": recipe.optimizer.model_copy(update={"learning_rate": 1.0}),
            "clipping": recipe.clipping.model_copy(update={"threshold": 1.0}),
            "training": training,
        }
    )
    return f"{common.model_dump_json()} {tokenize(dataset)}"
