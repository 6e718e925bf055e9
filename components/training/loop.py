"""The training loop: many steps in one compiled call, and every step's loss and gradient norms out of it."""

import math
import time
from dataclasses import dataclass, field, replace

import keras
import numpy as np
import tensorflow as tf

from components.cancellation import raise_if_cancelled
from components.recipe import Clipping, Recipe
from components.training import optimizer
from components.training.clipping import clip_gradients, squared_sizes
from components.training.events import Divergence, EpochEnd, Steps
from components.training.post_mortem import GradientHistory
from components.training.training_problem import (
    VALIDATION_BATCH,
    EnsembleModel,
    Problem,
    StartingProblem,
    StatefulProblem,
)


@dataclass(frozen=True)
class TrainingProgress:
    """Where a run stands."""

    step: int = 0
    epoch: int = 0
    """whole epochs done"""
    step_in_epoch: int = 0
    loss_sum: float = 0.0
    """of the epoch so far, over its examples"""
    best: float = math.inf
    """lowest validation loss of any epoch"""
    best_epoch: int = 0


@dataclass(frozen=True)
class TrainingState:
    """All that the next step depends on."""

    progress: TrainingProgress
    learning_rate: float
    threshold: float
    variables: list[np.ndarray] = field(repr=False)
    """the model's, the states of its random generators included"""
    slots: list[np.ndarray] = field(repr=False)
    """the optimiser's variables"""
    best_variables: list[np.ndarray] = field(repr=False)
    """the model's after the best epoch"""


class Loop:
    """Trains a model on a problem.

    Args:
        model: maps a batch of the problem's inputs to outputs.
        problem: gathers batches, knows the loss.
        recipe: optimiser, clipping, batch, epochs, seed.
    """

    def __init__(self, model: keras.Model, problem: Problem, recipe: Recipe):
        self.model, self.problem, self.recipe = model, problem, recipe
        self.steps_per_epoch = math.ceil(len(problem.train) / recipe.training.batch)
        self.progress = TrainingProgress()
        self._epoch_order: tuple[int, tf.Tensor | None] = (-1, None)
        self.best_variables = self._values(model.variables)
        self.learning_rate = tf.Variable(recipe.optimizer.learning_rate, trainable=False, dtype=tf.float32)
        self.threshold = tf.Variable(recipe.clipping.threshold, trainable=False, dtype=tf.float32)
        self._optimizer = optimizer.build_optimizer(recipe.optimizer)
        self._optimizer.build(model.trainable_variables)
        self.layers, self._weights_of_layers = _layer_weights(model)
        self._ensemble = model if isinstance(model, EnsembleModel) else None
        self.gradient_history = GradientHistory([variable.path for variable in model.trainable_variables])
        numbers = tf.TensorSpec([None], tf.int32)
        scalar = tf.TensorSpec([], tf.int32)
        self._train = tf.function(self._train_graph, input_signature=[numbers, scalar, scalar])
        self._validate = tf.function(self._validate_graph, input_signature=[numbers])
        self._outputs = tf.function(self._outputs_graph, input_signature=[numbers])

    # --- What a session calls ---------------------------------------------------------------------

    def run(self, count: int) -> Steps:
        """Make `count` updates, or fewer where the epoch ends, and tell all about them."""
        start, batch = time.perf_counter(), self.recipe.training.batch
        count = min(count, self.steps_per_epoch - self.progress.step_in_epoch)
        first = tf.constant(self.progress.step_in_epoch)
        measured = self._train(self._order(self.progress.epoch), first, tf.constant(count)).numpy()
        losses, before, after = measured[:, :3].T.tolist()
        norms = measured[:, 3:]
        self.gradient_history.record(self.progress.step + 1, norms)
        layers = [np.sqrt(np.square(norms[:, own]).sum(axis=1)).tolist() for own in self._weights_of_layers]
        loss_sum = self.progress.loss_sum
        for number, loss in enumerate(losses, self.progress.step_in_epoch):
            # One after the other, so that the sum doesn't depend on how the steps were portioned.
            loss_sum += loss * min(batch, len(self.problem.train) - number * batch)
        self.progress = replace(
            self.progress,
            step=self.progress.step + count,
            step_in_epoch=self.progress.step_in_epoch + count,
            loss_sum=loss_sum,
        )
        return Steps(
            first=self.progress.step - count + 1,
            losses=tuple(losses),
            before=tuple(before),
            after=tuple(after),
            layers=tuple(tuple(layer) for layer in layers),
            learning_rate=float(self._optimizer.learning_rate.numpy()),
            seconds=time.perf_counter() - start,
        )

    def measure_start(self) -> EpochEnd | None:
        """Measure the untrained model as if an epoch had ended; None where it stands for nothing.

        Its weights are the best so far: where no epoch comes to a lower loss, they are kept.
        """
        if not (isinstance(self.problem, StartingProblem) and self.problem.has_start):
            return None
        some = self.problem.train[:: -(-len(self.problem.train) // VALIDATION_BATCH)]
        validation = self.mean_loss(self.problem.validation)
        self.progress = replace(self.progress, best=validation)
        return EpochEnd(
            epoch=0,
            step=0,
            training=self.mean_loss(some),
            validation=validation,
            best=True,
            snapshot=self.problem.snapshot(self.outputs),
        )

    @property
    def at_epoch_end(self) -> bool:
        """Whether the epoch's last update is made."""
        return self.progress.step_in_epoch == self.steps_per_epoch

    def end_epoch(self) -> EpochEnd:
        """Validate, keep the weights if they are the best so far, and turn to the next epoch."""
        validation = self.mean_loss(self.problem.validation)
        done, best = self.progress, validation < self.progress.best
        epoch = done.epoch + 1
        if best:
            self.best_variables = self._values(self.model.variables)
        self.progress = TrainingProgress(
            step=done.step,
            epoch=epoch,
            best=validation if best else done.best,
            best_epoch=epoch if best else done.best_epoch,
        )
        return EpochEnd(
            epoch=epoch,
            step=done.step,
            training=done.loss_sum / len(self.problem.train),
            validation=validation,
            best=best,
            snapshot=self.problem.snapshot(self.outputs),
        )

    @property
    def is_over(self) -> bool:
        """Whether all epochs are done, or the patience of early stopping is at its end."""
        training, progress = self.recipe.training, self.progress
        tired = training.patience is not None and progress.epoch - progress.best_epoch >= training.patience
        return progress.epoch >= training.epochs or tired

    def mean_loss(self, examples: np.ndarray) -> float:
        """Return the mean loss of the model as it stands on examples by number, in scaled units."""
        return float(self._validate(tf.constant(examples)).numpy())

    def outputs(self, examples: np.ndarray) -> np.ndarray:
        """Return the model's outputs for examples by number, first axis as in `examples`."""
        portions = np.array_split(examples, max(1, math.ceil(len(examples) / VALIDATION_BATCH)))
        found = []
        for portion in portions:
            raise_if_cancelled()
            found.append(self._outputs(tf.constant(portion)).numpy())
        return np.concatenate(found)

    def state(self) -> TrainingState:
        """Copy all that the next step depends on."""
        return TrainingState(
            progress=self.progress,
            learning_rate=float(self.learning_rate.numpy()),
            threshold=float(self.threshold.numpy()),
            variables=self._values(self.model.variables),
            slots=self._values(self._optimizer.variables),
            best_variables=self.best_variables,
        )

    def restore(self, state: TrainingState) -> None:
        """Go on as if the steps since `state` had never been made."""
        self.progress, self.best_variables = state.progress, state.best_variables
        self.gradient_history.discard_after(state.progress.step)
        self.learning_rate.assign(state.learning_rate)
        self.threshold.assign(state.threshold)
        assign_values(self.model.variables, state.variables)
        assign_values(self._optimizer.variables, state.slots)

    def begin_anew(self, recipe: Recipe, model: keras.Model) -> None:
        """Forget all that was learnt, and begin as a new loop would; what is compiled is kept.

        Args:
            recipe: differs from the loop's own in its seed, learning rate, threshold and length alone.
            model: built anew by it, for the weights that it begins with.
        """
        self.recipe = recipe
        self.gradient_history = GradientHistory([v.path for v in self.model.trainable_variables])
        self._epoch_order = (-1, None)
        self.restore(Loop(model, self.problem, recipe).state())

    @property
    def kept_epoch(self) -> int:
        """The epoch whose weights are kept; 0 where none has come to its end."""
        return kept_epoch(self.recipe, self.progress)

    def load_selected_weights(self) -> None:
        """Give the model the weights that the recipe keeps; without a whole epoch, leave it as it is."""
        if uses_best_weights(self.recipe, self.progress):
            assign_values(self.model.variables, self.best_variables)

    def post_mortem(self, step: int) -> Divergence:
        """Return how a training came to its end whose loss at an update was no number."""
        blamed, weight, norm, usual = self.gradient_history.blame(step)
        epoch, number = divmod(blamed - 1, self.steps_per_epoch)
        batch = self.recipe.training.batch
        examples = self._order(epoch)[number * batch : (number + 1) * batch].numpy()
        return Divergence(
            step=step,
            blamed=blamed,
            weight=weight,
            norm=norm,
            usual=usual,
            epoch=epoch + 1,
            batch=number + 1,
            examples=tuple(examples.tolist()),
        )

    # --- What is compiled -------------------------------------------------------------------------

    def _train_graph(self, order: tf.Tensor, first: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
        """Make `count` updates from batch `first` on → (count, 3 + weights): loss and norms."""
        batch = self.recipe.training.batch
        rows = tf.TensorArray(tf.float32, count, element_shape=[3 + len(self.model.trainable_variables)])
        for number in tf.range(count):
            begin = (first + number) * batch
            rows = rows.write(number, self._update(order[begin : begin + batch]))
        return rows.stack()

    def _update(self, examples: tf.Tensor) -> tf.Tensor:
        inputs, targets = self.problem.batch(examples)
        with tf.GradientTape() as tape:
            outputs = self.model(inputs, training=True)
            if self._ensemble is None:
                total = loss = self.problem.loss(targets, outputs)
            else:
                # A mean over all members, of which each is to learn as if it were alone.
                loss = self.problem.loss(self._ensemble.for_each(targets), outputs)
                total = loss * self._ensemble.members
        gradients = [tf.convert_to_tensor(g) for g in tape.gradient(total, self.model.trainable_variables)]
        squares = squared_sizes(gradients, [self._ensemble.members] if self._ensemble is not None else [])
        gradients, after = clip_gradients(gradients, squares, self.recipe.clipping.mode, self.threshold)
        steps = self.recipe.training.epochs * self.steps_per_epoch
        share = optimizer.lr_multiplier(self.recipe.optimizer, self._optimizer.iterations, steps)
        self._optimizer.learning_rate.assign(self.learning_rate * share)
        self._optimizer.apply(gradients)
        if self._ensemble is not None:  # of several norms, the root of the mean of their squares
            squares, after = tf.reduce_mean(squares, axis=1), tf.sqrt(tf.reduce_mean(tf.square(after)))
        before = tf.sqrt(tf.reduce_sum(squares))
        return tf.concat([tf.stack([loss, before, after]), tf.sqrt(squares)], axis=0)

    def _validate_graph(self, examples: tf.Tensor) -> tf.Tensor:
        total, count = tf.constant(0.0), tf.size(examples)
        portion = self.problem.streams if isinstance(self.problem, StatefulProblem) else VALIDATION_BATCH
        for begin in tf.range(0, count, portion):
            inputs, targets = self.problem.batch(examples[begin : begin + portion])
            loss = self.problem.loss(targets, self.model(inputs, training=False))
            total += loss * tf.cast(tf.minimum(portion, count - begin), tf.float32)
        return total / tf.cast(count, tf.float32)

    def _outputs_graph(self, examples: tf.Tensor) -> tf.Tensor:
        return self.model(self.problem.batch(examples)[0], training=False)

    # --- Small things -----------------------------------------------------------------------------

    def _order(self, epoch: int) -> tf.Tensor:
        """Shuffle the training examples; the same for the same seed and epoch, whatever went before.

        Of millions that takes as long as many steps, so an epoch's order is kept until the next one's.
        """
        if epoch != self._epoch_order[0]:
            order = self.problem.train
            if not isinstance(self.problem, StatefulProblem):
                order = np.random.default_rng([self.recipe.seed, epoch]).permutation(order)
            self._epoch_order = epoch, tf.constant(order)
        return self._epoch_order[1]

    @staticmethod
    def _values(variables: list[keras.Variable]) -> list[np.ndarray]:
        return [np.array(variable) for variable in variables]


def _layer_weights(model: keras.Model) -> tuple[tuple[str, ...], list[list[int]]]:
    """Name the layers that learn; and list, for each, the places of its weights."""
    owners = [variable.path.split("/")[0] for variable in model.trainable_variables]
    names = tuple(dict.fromkeys(owners))
    return names, [[place for place, owner in enumerate(owners) if owner == name] for name in names]


def assign_values(variables: list[keras.Variable], values: list[np.ndarray]) -> None:
    """Give variables the values that were kept of them, in the same order."""
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def uses_best_weights(recipe: Recipe, progress: TrainingProgress) -> bool:
    """Return whether the weights that a recipe keeps are those of the best epoch, and one was measured."""
    return recipe.training.weights == "best" and math.isfinite(progress.best)


def kept_epoch(recipe: Recipe, progress: TrainingProgress) -> int:
    """Return the epoch whose weights a recipe keeps; 0 where none has come to its end."""
    return progress.best_epoch if recipe.training.weights == "best" else progress.epoch


def clip_threshold(clipping: Clipping) -> float | None:
    """Return the threshold that a recipe starts with; None where nothing is clipped."""
    return None if clipping.mode == "none" else clipping.threshold
