"""A window on a built model: what enters and leaves its recurrent layers, its attention, its gradients."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from components.insight.layer_pass import LayerPass
from components.insight.numpy_rnn import step, weights_of
from components.models.ensemble import Ensemble
from components.models.fused.base import Fused, stepped_by
from components.models.head_spec import FORECASTER
from components.models.input_feeding import InputFeedingDecoder
from components.models.language_model import StreamReader
from components.models.reader_spec import SEGMENTS, STEM, STEPS
from components.models.recursive import Recursive

Score = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
"""Targets and outputs of a batch → a scalar, inside the graph; a problem's `loss` is one."""

# Additive attention is one of the second.
_ATTENTION = (keras.layers.MultiHeadAttention, keras.layers.Attention, InputFeedingDecoder)


@dataclass(frozen=True, eq=False)
class AttentionWeights:
    """Where a layer with attention looked: (batch, heads, asking, looked at); one head where it has none."""

    layer: str
    weights: np.ndarray


@dataclass(frozen=True, eq=False)
class InputVectors:
    """What a sequence is where the first layer gets it: numbers at each step, or the vectors of tokens.

    Attributes:
        vectors: (batch, T, width).
        gradient: of the score by them, the same shape; None where no score was asked for.
    """

    vectors: np.ndarray
    gradient: np.ndarray | None


@dataclass(frozen=True, eq=False)
class ProbeResult:
    """What a probe saw of one batch.

    Attributes:
        layer_passes: the recurrent layers' directions, in the order in which data goes through them.
        attention: the layers with attention, likewise.
        entries: one for each sequence that goes in.
        outputs: the model's first output.
        score: the batch's; None where none was asked for.
    """

    layer_passes: tuple[LayerPass, ...]
    attention: tuple[AttentionWeights, ...]
    entries: tuple[InputVectors, ...]
    outputs: np.ndarray
    score: float | None


class Probe:
    """Looks into a model of plain layers.

    Args:
        model: a functional model as the tasks build them; or the one that reads streams of a text, whose rows
            then all begin with empty memory; or the one that feeds its forecast back, whose one step it is;
            or an ensemble, of which it is the first member, with the weights that it has when it's looked at.
        score: what gradients are of.
        compiled: whether to trace and compile what is called often with the same shapes; for a few calls
            that takes longer than it saves, and recurrent layers are gone through in NumPy.
    """

    def __init__(self, model: keras.Model, score: Score | None = None, compiled: bool = True):
        self._reads_streams = isinstance(model, StreamReader)
        self._ensemble = model if isinstance(model, Ensemble) else None
        model = model.first if isinstance(model, Ensemble) else model
        self._model = model.core if isinstance(model, StreamReader | Recursive) else model
        self._score = score
        self._layers = [
            _RecurrentLayer(layer) for layer in self._model.layers if isinstance(_forward_layer(layer), Fused)
        ]
        self._attention = [layer for layer in self._model.layers if _returns_attention(layer)]
        captured = [
            [tensor for layer in self._layers for tensor in layer.inputs],
            [tensor for layer in self._layers for tensor in layer.outputs],
            [layer.output[1] for layer in self._attention],
            _input_tensors(self._model),
        ]
        self._counts = np.cumsum([len(tensors) for tensors in captured]).tolist()
        self._window = keras.Model(
            self._model.inputs,
            [*(tensor for tensors in captured for tensor in tensors), self._model.outputs[0]],
        )
        self._plain = keras.Model(self._model.inputs, self._model.outputs[0])
        prepared = _compile_graph if compiled else _run_in_numpy
        self._see, self._answer = prepared(self._see_graph), prepared(self._answer_graph)
        self._differentiate = prepared(self._gradients_graph)

    def forward(self, inputs: Any) -> ProbeResult:
        """Look at a batch.

        Args:
            inputs: what the problem's `batch` gives first.
        """
        return self._result(self._see(self._model_inputs(inputs)), [], None)

    def gradients(self, inputs: Any, targets: Any) -> ProbeResult:
        """Look at a batch, and at the gradients of its score.

        Args:
            inputs: what the problem's `batch` gives first.
            targets: what it gives second, or whatever else the score takes.
        """
        seen, found, score = self._differentiate(
            self._model_inputs(inputs), tf.nest.map_structure(tf.convert_to_tensor, targets)
        )
        return self._result(seen, found, float(score.numpy()))

    def outputs(self, inputs: Any) -> np.ndarray:
        """Return the model's first output for a batch, and look at nothing."""
        return self._answer(self._model_inputs(inputs)).numpy()

    # --- What is traced ----------------------------------------------------------------------------

    def _see_graph(self, inputs: list[tf.Tensor]) -> list[tf.Tensor]:
        given = self._window(inputs, training=False)
        return list(given) if isinstance(given, list | tuple) else [given]

    def _answer_graph(self, inputs: list[tf.Tensor]) -> tf.Tensor:
        return self._plain(inputs, training=False)

    def _gradients_graph(self, inputs: list[tf.Tensor], targets: Any) -> tuple[list[tf.Tensor], ...]:
        assert self._score is not None
        with tf.GradientTape() as tape:
            tape.watch([tensor for tensor in inputs if tensor.dtype.is_floating])
            seen = self._see_graph(inputs)
            score = self._score(targets, seen[-1])
        _, outs, looks, entries = self._counts
        asked = [*seen[self._counts[0] : outs], *seen[looks:entries]]
        return seen, tape.gradient(score, asked, unconnected_gradients="zero"), score

    def _model_inputs(self, inputs: Any) -> list[tf.Tensor]:
        if self._ensemble is not None:
            _ = self._ensemble.first  # brings its weights up to date
        if self._reads_streams:
            codes = tf.convert_to_tensor(inputs[0] if isinstance(inputs, list | tuple) else inputs)
            return [codes, *(tf.zeros([len(codes), held.shape[-1]]) for held in self._model.inputs[1:])]
        each = list(inputs) if isinstance(inputs, list | tuple) else [inputs]
        # What feeds its forecast back is told of one step ahead at a time: of those given, of the first.
        return [
            tf.cast(tf.convert_to_tensor(one), asked.dtype)[:, : asked.shape[1] if number else None]
            for number, (one, asked) in enumerate(zip(each, self._model.inputs, strict=True))
        ]

    def _result(self, seen: list[tf.Tensor], gradients: list[tf.Tensor], score: float | None) -> ProbeResult:
        arrays = [tensor.numpy() for tensor in seen]
        ins, outs, looks, entries = self._counts
        found: list[Any] = [tensor.numpy() for tensor in gradients] or [None] * (outs - ins + entries - looks)
        inputs, by_outputs = iter(arrays[:ins]), iter(found[: outs - ins])
        return ProbeResult(
            layer_passes=tuple(
                strand for layer in self._layers for strand in layer.layer_passes(inputs, by_outputs)
            ),
            attention=tuple(
                AttentionWeights(layer.name, weights if weights.ndim == 4 else weights[:, None])
                for layer, weights in zip(self._attention, arrays[outs:looks], strict=True)
            ),
            entries=tuple(
                InputVectors(vectors, gradient)
                for vectors, gradient in zip(arrays[looks:entries], found[outs - ins :], strict=True)
            ),
            outputs=arrays[-1],
            score=score,
        )


def _compile_graph(function: Callable[..., Any]) -> Callable[..., Any]:
    return tf.function(function, reduce_retracing=True, autograph=False)


def _run_in_numpy(function: Callable[..., Any]) -> Callable[..., Any]:
    def run(*given: Any) -> Any:
        with stepped_by(step):
            return function(*given)

    return run


class _RecurrentLayer:
    """A recurrent layer, of one direction or two, with the tensors of its call."""

    def __init__(self, layer: keras.Layer):
        self._name = layer.name
        is_both = isinstance(layer, keras.layers.Bidirectional)
        self._directions = [layer.forward_layer, layer.backward_layer] if is_both else [layer]
        self.inputs = keras.tree.flatten(layer.input)
        self.outputs = keras.tree.flatten(layer.output)

    def layer_passes(self, inputs: Any, by_outputs: Any) -> list[LayerPass]:
        """Return the directions; takes from the iterators the arrays of `inputs` and of `outputs`."""
        given = [next(inputs) for _ in self.inputs]
        gradients = [next(by_outputs) for _ in self.outputs]
        # A call's tensors come in no order to rely on, but no two of them are alike.
        (sequence,) = (array for array in given if array.ndim == 3)
        present = next((array for array in given if array.dtype == bool), None)
        states = [array for array in given if array.ndim == 2 and array.dtype != bool]
        many = len(self._directions)
        found = []
        for number, layer in enumerate(self._directions):
            own = range(number * len(states) // many, (number + 1) * len(states) // many)
            by_own = None if gradients[0] is None else np.split(gradients[0], many, axis=-1)[number]
            ends = gradients[1:] if by_own is not None else []
            each = len(ends) // many
            cell = layer.description
            nothing = [np.zeros((len(sequence), layer.units), sequence.dtype)] * len(cell.states)
            found.append(
                LayerPass(
                    layer=self._name,
                    cell=cell,
                    backward=bool(layer.go_backwards),
                    weights=weights_of(layer),
                    sequence=sequence,
                    present=present,
                    initial=tuple([states[place] for place in own] or nothing),
                    zeroes_masked_output=bool(layer.zero_output_for_mask),
                    grad_outputs=None if by_own is None else self._in_time(by_own, layer, sequence.shape[1]),
                    grad_final_states=tuple(ends[number * each : (number + 1) * each]),
                )
            )
        return found

    def _in_time(self, gradient: np.ndarray, layer: keras.Layer, steps: int) -> np.ndarray:
        """Bring the gradient by what comes out to (batch, T, units), in the order of time."""
        if gradient.ndim == 3:
            # Of two directions Keras has turned the backward one's already.
            is_turned = layer.go_backwards and len(self._directions) == 1
            return gradient[:, ::-1] if is_turned else gradient
        full = np.zeros((len(gradient), steps, gradient.shape[1]), gradient.dtype)
        full[:, 0 if layer.go_backwards else -1] = gradient
        return full


def _forward_layer(layer: keras.Layer) -> keras.Layer:
    return layer.forward_layer if isinstance(layer, keras.layers.Bidirectional) else layer


def _returns_attention(layer: keras.Layer) -> bool:
    return isinstance(layer, _ATTENTION) and isinstance(layer.output, list | tuple)


def _input_tensors(model: keras.Model) -> list[keras.KerasTensor]:
    """Return, for every sequence that goes in, the first tensor of numbers that can be changed a little."""
    found: list[keras.KerasTensor] = []
    for given in model.inputs:
        if len(given.shape) == 2 and keras.backend.is_int_dtype(given.dtype):
            # One embedding may be that of both sides of an encoder–decoder.
            calls = (
                call.output_tensors[0]
                for layer in model.layers
                if isinstance(layer, keras.layers.Embedding)
                for call in layer._inbound_nodes
                if call.input_tensors[0] is given
            )
            found += islice(calls, 1)
        elif len(given.shape) == 3 and given is model.inputs[0]:  # what is known ahead isn't read in turn
            # A forecast may also rest on what the layers don't read: the last value, the window's mean.
            found.append(given if model.name == FORECASTER else _first_layer_input(model))
    return found


def _first_layer_input(model: keras.Model) -> keras.KerasTensor:
    """Return the sequence that the first layer with weights reads: filled steps and symbols are dealt
    with."""
    first: Sequence[keras.KerasTensor] = next(
        keras.tree.flatten(layer.input)
        for layer in model.layers
        if isinstance(_forward_layer(layer), Fused)
        or isinstance(layer, keras.layers.Dense)
        or layer.name in (STEPS, STEM, SEGMENTS)
    )
    return next(tensor for tensor in first if len(tensor.shape) == 3)
