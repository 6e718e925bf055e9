"""The loop repeats itself exactly, measures what it says, and updates as Keras does."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from components.recipe import Clipping, Optimizer
from components.storage import Folder
from components.training import checkpoints
from tests.training import toy_problem

OPTIMIZERS = ["adam", "adamw", "rmsprop", "sgd"]


def losses(seed, portion):
    return toy_problem.train(toy_problem.loop(toy_problem.recipe(seed=seed)), portion)


@pytest.fixture(scope="module")
def by_threes():
    """The losses of a training, three steps at a time."""
    return losses(seed=5, portion=3)


def test_the_same_seed_gives_the_same_losses_and_another_gives_others(by_threes):
    assert losses(seed=5, portion=3) == by_threes
    assert losses(seed=6, portion=3) != by_threes


def test_how_the_steps_are_portioned_changes_nothing(by_threes):
    assert losses(seed=5, portion=1) == by_threes  # an epoch has three steps


@pytest.mark.parametrize(
    ("kind", "schedule"),
    [("adam", "constant"), ("adamw", "cosine"), ("rmsprop", "exponential"), ("sgd", "cosine")],
)
def test_a_kept_state_goes_on_as_if_nothing_had_happened(kind, schedule, tmp_path):
    recipe = toy_problem.recipe(Optimizer(kind=kind, schedule=schedule))
    unbroken = toy_problem.loop(recipe)
    unbroken.run(2)  # in the middle of an epoch
    checkpoints.save(Folder(str(tmp_path)), unbroken.state(), 0)
    rest = toy_problem.train(unbroken, 2)

    resumed = toy_problem.loop(toy_problem.recipe(Optimizer(kind=kind, schedule=schedule), seed=0))
    resumed.restore(checkpoints.load(Folder(str(tmp_path)), 2).state)
    assert toy_problem.train(resumed, 3) == rest
    assert resumed.progress == unbroken.progress


def test_an_epoch_is_each_training_example_once_with_a_smaller_last_batch():
    loop = toy_problem.loop(toy_problem.recipe(batch=16))
    assert loop.steps_per_epoch == 3
    assert len(loop.run(100).losses) == 3
    assert loop.at_epoch_end
    assert sorted(loop._order(loop.progress.epoch)) == list(range(40))


def test_the_epochs_training_loss_is_the_mean_over_examples():
    loop = toy_problem.loop(toy_problem.recipe(batch=16))
    losses = loop.run(3).losses
    np.testing.assert_allclose(loop.end_epoch().training, np.average(losses, weights=[16, 16, 8]), rtol=1e-6)


def test_norms_are_those_of_the_gradients():
    loop = toy_problem.loop(toy_problem.recipe(clipping=Clipping(mode="none")), dropout=0)
    inputs, targets = loop.problem.batch(loop._order(loop.progress.epoch)[:16])
    with tf.GradientTape() as tape:
        loss = loop.problem.loss(targets, loop.model(inputs, training=True))
    gradients = tape.gradient(loss, loop.model.trainable_variables)
    steps = loop.run(1)
    assert loop.layers == ("lstm_1", "forecast")
    np.testing.assert_allclose(steps.losses[0], loss, rtol=1e-5)
    np.testing.assert_allclose(steps.before[0], tf.linalg.global_norm(gradients), rtol=1e-5)
    assert steps.after == steps.before
    by_layer = [tf.linalg.global_norm(gradients[:3]), tf.linalg.global_norm(gradients[3:])]
    np.testing.assert_allclose([layer[0] for layer in steps.layers], by_layer, rtol=1e-5)


@pytest.mark.parametrize(
    ("mode", "keras_name"),
    [("value", "clipvalue"), ("norm", "clipnorm"), ("global_norm", "global_clipnorm"), ("none", None)],
)
@pytest.mark.parametrize("threshold", [0.01, 100.0])
def test_clipping_is_the_one_that_keras_names(mode, keras_name, threshold):
    clipping = Clipping(mode=mode, threshold=threshold)
    loop = toy_problem.loop(
        toy_problem.recipe(Optimizer(kind="sgd", learning_rate=0.5, momentum=0.0), clipping), dropout=0
    )
    theirs = keras.models.clone_model(loop.model)
    theirs.set_weights(loop.model.get_weights())
    options = {keras_name: threshold} if keras_name else {}
    theirs.compile(keras.optimizers.SGD(0.5, **options), "mse")
    start = loop.model.get_weights()
    order = loop._order(loop.progress.epoch)
    theirs.train_on_batch(*(tensor.numpy() for tensor in loop.problem.batch(order[:16])))
    steps = loop.run(1)
    for ours, expected in zip(loop.model.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(ours, expected, atol=1e-6)
    moved = np.sqrt(sum(np.sum((a - b) ** 2) for a, b in zip(start, loop.model.get_weights(), strict=True)))
    np.testing.assert_allclose(steps.after[0], moved / 0.5, rtol=1e-3)


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_training_is_what_keras_own_loop_does(kind):
    loop = toy_problem.loop(
        toy_problem.recipe(Optimizer(kind=kind, learning_rate=0.01), Clipping(mode="none")), dropout=0
    )
    theirs = keras.models.clone_model(loop.model)
    theirs.set_weights(loop.model.get_weights())
    settings = Optimizer(kind=kind, learning_rate=0.01)
    own = {
        "adam": keras.optimizers.Adam(0.01),
        "adamw": keras.optimizers.AdamW(0.01, weight_decay=settings.weight_decay),
        "rmsprop": keras.optimizers.RMSprop(0.01),
        "sgd": keras.optimizers.SGD(0.01, momentum=settings.momentum),
    }[kind]
    theirs.compile(own, "mse")
    order = loop._order(loop.progress.epoch)
    losses = [
        theirs.train_on_batch(*(t.numpy() for t in loop.problem.batch(order[begin : begin + 16])))
        for begin in (0, 16, 32)
    ]
    np.testing.assert_allclose(loop.run(3).losses, losses, rtol=1e-4)


def test_the_learning_rate_follows_its_schedule_and_a_hand():
    cosine = toy_problem.loop(toy_problem.recipe(Optimizer(learning_rate=0.1, schedule="cosine")))
    rates = [cosine.run(1).learning_rate for _ in range(3)]
    np.testing.assert_allclose(
        rates, [0.1 * (1 + np.cos(np.pi * step / 12)) / 2 for step in range(3)], rtol=1e-5
    )
    cosine.end_epoch()
    cosine.learning_rate.assign(0.01)
    np.testing.assert_allclose(
        cosine.run(1).learning_rate, 0.01 * (1 + np.cos(np.pi * 3 / 12)) / 2, rtol=1e-5
    )

    falling = toy_problem.loop(
        toy_problem.recipe(Optimizer(learning_rate=0.1, schedule="exponential"), epochs=1)
    )
    rates = [falling.run(1).learning_rate for _ in range(3)]
    np.testing.assert_allclose(rates, [0.1 * 0.1 ** (step / 3) for step in range(3)], rtol=1e-5)


def test_patience_ends_it_and_the_best_weights_come_back():
    loop = toy_problem.loop(
        toy_problem.recipe(Optimizer(kind="sgd", learning_rate=3.0), epochs=100, patience=2)
    )
    toy_problem.train(loop, 10)
    done = loop.progress
    assert done.epoch == done.best_epoch + 2 < 100
    loop.load_selected_weights()
    validation = float(loop._validate(tf.constant(loop.problem.validation)).numpy())
    np.testing.assert_allclose(validation, done.best, rtol=1e-6)


def test_the_last_weights_stay_where_the_recipe_keeps_them():
    recipe = toy_problem.recipe(Optimizer(kind="sgd", learning_rate=3.0), epochs=5, weights="last")
    loop = toy_problem.loop(recipe)
    toy_problem.train(loop, 10)
    assert loop.progress.best_epoch < loop.kept_epoch == 5
    last = [np.array(variable) for variable in loop.model.variables]
    loop.load_selected_weights()
    for kept, was in zip(loop.model.variables, last, strict=True):
        np.testing.assert_array_equal(np.array(kept), was)


def test_outputs_come_in_the_order_asked_also_in_many_portions(monkeypatch):
    loop = toy_problem.loop(toy_problem.recipe(), lstm=keras.layers.LSTM)  # no row depends on its place
    examples = np.array([7, 3, 3, 11, 0], dtype="int32")
    whole = loop.outputs(examples)
    monkeypatch.setattr("components.training.loop.VALIDATION_BATCH", 2)
    np.testing.assert_allclose(loop.outputs(examples), whole, rtol=1e-6)
    np.testing.assert_array_equal(whole[1], whole[2])
