"""A window on a built model: what enters and leaves its recurrent layers, its attention, its gradients."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import keras
import numpy as np
import tensorflow as tf

from components.models.writer import Reader

Kind = Literal["lstm", "gru", "simple_rnn"]
Score = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
"""Targets and outputs of a batch → a scalar, inside the graph; a problem's `loss` is one."""

_KINDS: tuple[tuple[type[keras.layers.Layer], Kind], ...] = (
    (keras.layers.LSTM, "lstm"),
    (keras.layers.GRU, "gru"),
    (keras.layers.SimpleRNN, "simple_rnn"),
)
_ATTENTION = (keras.layers.MultiHeadAttention, keras.layers.Attention)  # additive attention is one of these


@dataclass(frozen=True, eq=False)
class Weights:
    """Of a recurrent cell, in Keras' order: LSTM i, f, candidate, o; GRU z, r, candidate.

    Attributes:
        kernel: (features, gates · units).
        recurrent: (units, gates · units).
        bias: (gates · units,); of a GRU that resets after the product, (2, gates · units).
        reset_after: whether a GRU resets after the product.
    """

    kernel: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray
    reset_after: bool = False


@dataclass(frozen=True, eq=False)
class Strand:
    """One direction of one recurrent layer on one batch. Everything is in the order of time.

    Attributes:
        layer: its name.
        kind: of its cell.
        backward: whether it reads from the newest step to the oldest.
        weights: of its cell.
        sequence: (batch, T, features), what it read.
        present: (batch, T), False where a step was passed over; None: none was.
        initial: the states before its first step, (batch, units) each: h, and c of an LSTM.
        zeroed: whether what comes out at a step that is passed over is 0, not what came out before it.
        by_outputs: (batch, T, units), gradient of the score by what comes out at each step, all else that the
            strand does held; None where no score was asked for.
        by_ends: the same by the states after its last step, (batch, units) each.
    """

    layer: str
    kind: Kind
    backward: bool
    weights: Weights
    sequence: np.ndarray
    present: np.ndarray | None
    initial: tuple[np.ndarray, ...]
    zeroed: bool = False
    by_outputs: np.ndarray | None = None
    by_ends: tuple[np.ndarray, ...] = ()

    @property
    def units(self) -> int:
        """Numbers that a state has."""
        return self.weights.recurrent.shape[0]

    @property
    def places(self) -> range:
        """The steps in the order in which the strand reads them."""
        steps = range(self.sequence.shape[1])
        return steps[::-1] if self.backward else steps


@dataclass(frozen=True, eq=False)
class Looked:
    """Where a layer with attention looked: (batch, heads, asking, looked at); one head where it has none."""

    layer: str
    weights: np.ndarray


@dataclass(frozen=True, eq=False)
class Entry:
    """What a sequence is where the first layer gets it: numbers at each step, or the vectors of tokens.

    Attributes:
        vectors: (batch, T, width).
        gradient: of the score by them, the same shape; None where no score was asked for.
    """

    vectors: np.ndarray
    gradient: np.ndarray | None


@dataclass(frozen=True, eq=False)
class Seen:
    """What a probe saw of one batch.

    Attributes:
        strands: the recurrent layers' directions, in the order in which data goes through them.
        looked: the layers with attention, likewise.
        entries: one for each sequence that goes in.
        outputs: the model's first output.
        score: the batch's; None where none was asked for.
    """

    strands: tuple[Strand, ...]
    looked: tuple[Looked, ...]
    entries: tuple[Entry, ...]
    outputs: np.ndarray
    score: float | None


class Probe:
    """Looks into a model of plain layers, however often: they are traced once.

    Args:
        model: a functional model as the tasks build them, or the one that reads streams of a text, whose rows
            then all begin with empty memory.
        score: what gradients are of.
    """

    def __init__(self, model: keras.Model, score: Score | None = None):
        self._reads_streams = isinstance(model, Reader)
        self._model = model.core if isinstance(model, Reader) else model
        self._score = score
        self._layers = [_Layer(layer) for layer in self._model.layers if _kind(_first(layer))]
        self._attention = [layer for layer in self._model.layers if _tells_where(layer)]
        captured = [
            [tensor for layer in self._layers for tensor in layer.inputs],
            [tensor for layer in self._layers for tensor in layer.outputs],
            [layer.output[1] for layer in self._attention],
            _entries(self._model),
        ]
        self._counts = np.cumsum([len(tensors) for tensors in captured]).tolist()
        self._window = keras.Model(
            self._model.inputs,
            [*(tensor for tensors in captured for tensor in tensors), self._model.outputs[0]],
        )
        self._plain = keras.Model(self._model.inputs, self._model.outputs[0])
        # Shapes that differ are traced as one of unknown lengths, so that no length is compiled for itself.
        self._see = tf.function(self._see_graph, reduce_retracing=True, autograph=False)
        self._answer = tf.function(self._answer_graph, reduce_retracing=True, autograph=False)
        self._differentiate = tf.function(self._gradients_graph, reduce_retracing=True, autograph=False)

    def see(self, inputs: Any) -> Seen:
        """Look at a batch.

        Args:
            inputs: what the problem's `batch` gives first.
        """
        return self._told(self._see(self._given(inputs)), [], None)

    def gradients(self, inputs: Any, targets: Any) -> Seen:
        """Look at a batch, and at the gradients of its score.

        Args:
            inputs: what the problem's `batch` gives first.
            targets: what it gives second, or whatever else the score takes.
        """
        seen, found, score = self._differentiate(
            self._given(inputs), tf.nest.map_structure(tf.convert_to_tensor, targets)
        )
        return self._told(seen, found, float(score.numpy()))

    def outputs(self, inputs: Any) -> np.ndarray:
        """Give the model's first output for a batch, and look at nothing."""
        return self._answer(self._given(inputs)).numpy()

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

    def _given(self, inputs: Any) -> list[tf.Tensor]:
        if self._reads_streams:
            codes = tf.convert_to_tensor(inputs[0] if isinstance(inputs, list | tuple) else inputs)
            return [codes, *(tf.zeros([len(codes), held.shape[-1]]) for held in self._model.inputs[1:])]
        each = list(inputs) if isinstance(inputs, list | tuple) else [inputs]
        return [
            tf.cast(tf.convert_to_tensor(one), asked.dtype)
            for one, asked in zip(each, self._model.inputs, strict=True)
        ]

    def _told(self, seen: list[tf.Tensor], gradients: list[tf.Tensor], score: float | None) -> Seen:
        arrays = [tensor.numpy() for tensor in seen]
        ins, outs, looks, entries = self._counts
        found: list[Any] = [tensor.numpy() for tensor in gradients] or [None] * (outs - ins + entries - looks)
        inputs, by_outputs = iter(arrays[:ins]), iter(found[: outs - ins])
        return Seen(
            strands=tuple(strand for layer in self._layers for strand in layer.strands(inputs, by_outputs)),
            looked=tuple(
                Looked(layer.name, weights if weights.ndim == 4 else weights[:, None])
                for layer, weights in zip(self._attention, arrays[outs:looks], strict=True)
            ),
            entries=tuple(
                Entry(vectors, gradient)
                for vectors, gradient in zip(arrays[looks:entries], found[outs - ins :], strict=True)
            ),
            outputs=arrays[-1],
            score=score,
        )


class _Layer:
    """A recurrent layer, of one direction or two, with the tensors of its call."""

    def __init__(self, layer: keras.Layer):
        self._name = layer.name
        is_both = isinstance(layer, keras.layers.Bidirectional)
        self._directions = [layer.forward_layer, layer.backward_layer] if is_both else [layer]
        self.inputs = keras.tree.flatten(layer.input)
        self.outputs = keras.tree.flatten(layer.output)

    def strands(self, inputs: Any, by_outputs: Any) -> list[Strand]:
        """Give the directions; takes from the iterators the arrays of `inputs` and of `outputs`."""
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
            kind, units = _kind(layer), layer.units
            nothing = [np.zeros((len(sequence), units), sequence.dtype)] * (2 if kind == "lstm" else 1)
            found.append(
                Strand(
                    layer=self._name,
                    kind=kind,
                    backward=bool(layer.go_backwards),
                    weights=_weights(layer),
                    sequence=sequence,
                    present=present,
                    initial=tuple([states[place] for place in own] or nothing),
                    zeroed=bool(layer.zero_output_for_mask),
                    by_outputs=None if by_own is None else self._in_time(by_own, layer, sequence.shape[1]),
                    by_ends=tuple(ends[number * each : (number + 1) * each]),
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


def _first(layer: keras.Layer) -> keras.Layer:
    return layer.forward_layer if isinstance(layer, keras.layers.Bidirectional) else layer


def _kind(layer: keras.Layer) -> Any:
    return next((kind for of, kind in _KINDS if isinstance(layer, of)), None)


def _tells_where(layer: keras.Layer) -> bool:
    return isinstance(layer, _ATTENTION) and isinstance(layer.output, list | tuple)


def _weights(layer: keras.Layer) -> Weights:
    cell = layer.cell
    kernel, recurrent = np.array(cell.kernel), np.array(cell.recurrent_kernel)
    after = bool(getattr(cell, "reset_after", False))
    shape = (2, kernel.shape[1]) if after else kernel.shape[1:]
    bias = np.array(cell.bias) if cell.use_bias else np.zeros(shape, kernel.dtype)
    return Weights(kernel, recurrent, bias, after)


def _entries(model: keras.Model) -> list[keras.KerasTensor]:
    """Give, for every sequence that goes in, the first tensor of numbers that can be changed a little."""
    found = []
    for given in model.inputs:
        if len(given.shape) == 2 and keras.backend.is_int_dtype(given.dtype):
            found += [
                layer.output
                for layer in model.layers
                if isinstance(layer, keras.layers.Embedding) and layer.input is given
            ]
        elif len(given.shape) == 3:
            found.append(_first_read(model))
    return found


def _first_read(model: keras.Model) -> keras.KerasTensor:
    """Give the sequence that the first layer with weights reads: filled steps and symbols are dealt with."""
    first: Sequence[keras.KerasTensor] = next(
        keras.tree.flatten(layer.input)
        for layer in model.layers
        if _kind(_first(layer)) or isinstance(layer, keras.layers.Dense)
    )
    return next(tensor for tensor in first if len(tensor.shape) == 3)
