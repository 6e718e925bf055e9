"""A fourth kind of cell, described in this file alone, is built, trained, drawn and looked into.

It is the minimal gated unit of Zhou, Wu, Zhang and Zhou (2016), its gate turned round and applied after the
product: f = σ(x + y), c = tanh(x + f y) and h ← f h + (1 − f) c.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf

from components.charts.gates import unit_heatmap, unit_lines
from components.data import load
from components.insight.example import DatasetExample
from components.insight.gate_activity import gate_activity
from components.insight.gradient_watch import GradientWatch
from components.insight.initialization import InitializationSetting, initial_gradient
from components.insight.inspector import Inspector
from components.insight.requests import GateActivityRequest
from components.models.cells import CANDIDATE, CELLS, HIDDEN, Cell, Gate
from components.models.fused.base import Fused
from components.models.fused.layers import LAYERS
from components.recipe import Forecast, Generated, Optimizer, Recipe, Recurrent, Training
from components.tasks import plan, task_of
from components.training.loop import Loop
from tests.insight import manual_steps
from tests.insight.test_probe import assert_finite_differences
from tests.training.toy_problem import train

KIND, UNITS = "mgu", 5


def _forward(xp, x, y, states):
    (h,), units = states, states[0].shape[1]
    f = xp.sigmoid(x[:, :units] + y[:, :units])
    y = y[:, units:]
    c = xp.tanh(x[:, units:] + f * y)
    return (f * h + (1 - f) * c,), (f, c, y)


def _backward(xp, by, kept, before, after):
    (by_h,), (h,), (f, c, y) = by, before, kept
    by_c = by_h * (1 - f) * (1 - c * c)
    by_f = (by_h * (h - c) + by_c * y) * f * (1 - f)
    return xp.concat([by_f, by_c], 1), xp.concat([by_f, by_c * f], 1), (by_h * f,)


MGU_CELL = Cell(
    kind=KIND,
    title="MGU",
    about="One gate.",
    blocks=("f", CANDIDATE.name),
    gates=(Gate("f", "Forget gate", "How much of the old state is kept.", "memory", blocks_at="open"),),
    states=(HIDDEN,),
    biases=2,
    kept=("f", CANDIDATE.name, "y"),
    forward=_forward,
    backward=_backward,
)


class KerasCell(keras.layers.Layer):
    """The same step, as Keras' own path takes it."""

    use_bias = True

    def __init__(self, units, **options):
        super().__init__(**options)
        self.units = self.state_size = self.output_size = units

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], 2 * self.units), name="kernel")
        self.recurrent_kernel = self.add_weight(shape=(self.units, 2 * self.units), name="recurrent_kernel")
        self.bias = self.add_weight(shape=(2, 2 * self.units), initializer="zeros", name="bias")

    def call(self, inputs, states, training=False):
        x_f, x_c = tf.split(inputs @ self.kernel + self.bias[0], 2, 1)
        y_f, y_c = tf.split(states[0] @ self.recurrent_kernel + self.bias[1], 2, 1)
        f = tf.sigmoid(x_f + y_f)
        h = f * states[0] + (1 - f) * tf.tanh(x_c + f * y_c)
        return h, [h]


class MGU(Fused, keras.layers.RNN):
    description = MGU_CELL
    activation = staticmethod(keras.activations.tanh)
    dropout = recurrent_dropout = 0.0

    def __init__(self, units, dtype=None, **options):
        super().__init__(KerasCell(units, dtype=dtype), dtype=dtype, **options)
        self.units = units


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setitem(CELLS, KIND, MGU_CELL)
    monkeypatch.setitem(LAYERS, KIND, MGU)


@pytest.fixture
def recipe():
    recipe = Recipe(
        dataset=Generated(name="sine", length=200),
        task=Forecast(target="value", window=8, horizon=3),
        optimizer=Optimizer(learning_rate=0.01),
        training=Training(batch=16, epochs=10, patience=None),
    )
    # A recipe of a kind that it doesn't name yet.
    model = Recurrent.model_construct(kind=KIND, units=UNITS, layers=2, attention="dot")
    return recipe.model_copy(update={"model": model})


def built(recipe):
    task = task_of(recipe)
    problem = task.prepare(recipe, load(recipe.dataset))
    return task, problem, task.build(recipe, problem)


def test_it_is_built_as_it_is_drawn_and_learns(recipe):
    _, problem, made = built(recipe)
    drawn = plan(recipe, load(recipe.dataset))
    (layer,) = (layer for layer in drawn.layers if layer.name == f"{KIND}_2")
    assert (layer.title, layer.shape) == ("MGU", (8, UNITS))
    assert layer.parameters == made.model.get_layer(layer.name).count_params()
    assert drawn.parameters == made.model.count_params()
    losses = train(Loop(made.model, problem, recipe), 50)
    assert np.mean(losses[-5:]) < 0.5 * np.mean(losses[:5])


def test_its_kernel_is_its_step():
    layer = MGU(UNITS, return_sequences=True)
    x = tf.constant(np.random.default_rng(0).normal(size=(4, 6, 3)), tf.float32)
    layer.build(x.shape)
    results = []
    for run in (lambda: layer(x), lambda: keras.layers.RNN(layer.cell, return_sequences=True)(x)):
        with tf.GradientTape() as tape:
            score = tf.reduce_sum(tf.sin(run()))
        results.append([score, *tape.gradient(score, [one.value for one in layer.trainable_variables])])
    for ours, theirs in zip(*results, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


@pytest.mark.parametrize(("directions", "mask"), [("forward", "whole"), ("backward", "holes")])
def test_its_gradients_through_time_are_finite_differences(directions, mask):
    assert_finite_differences(manual_steps.stack(KIND, directions, mask), KIND, mask)


def test_it_is_looked_into(recipe):
    task, problem, made = built(recipe)
    window = Inspector(
        made.model,
        lambda asked: task.sample(problem, made, asked),
        lambda most: task.sample_evenly(problem, most),
    )
    seen = gate_activity(window, GateActivityRequest(DatasetExample(0)))
    assert [gate.name for gate in seen.gates] == ["f", "candidate", "h"]
    assert all(0 <= gate.values.min() <= gate.values.max() <= 1 for gate in seen.gates[:1])
    assert unit_heatmap(seen, seen.gates[0]).figure.layout.title.text == "Forget gate of every unit"
    assert "forget gate" in unit_lines(seen, 0).table.columns
    look = GradientWatch(made.model, problem).measure()
    assert look.rows == ("input", f"{KIND}_1", f"{KIND}_2")
    assert {one.what for one in look.pressed} == {"f", "candidate"}


def test_its_first_weights_can_be_played_with():
    ratios = [initial_gradient(InitializationSetting(KIND, forget=forget)).ratio for forget in (-2.0, 4.0)]
    assert ratios[0] < ratios[1]
