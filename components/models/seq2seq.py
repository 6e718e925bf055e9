"""Encoder–decoders: a text is read whole, then its answer is written token by token."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from components.models.decoder_attention import DecoderAttention
from components.models.decoding import DecodingStep
from components.models.input_feeding import InputFeedingDecoder
from components.models.keras_layers import KerasLayers
from components.models.positional_encoding import add_positional_encoding
from components.models.seq2seq_spec import PLAIN, Seq2SeqSpec
from components.models.summary import summarize_translator, width_of
from components.recipe import Model, Recurrent, Transformer

Tensor: TypeAlias = keras.KerasTensor


@dataclass(frozen=True)
class Seq2Seq:
    """A model and its parts, which share their layers. Texts are codes, int32, filled up with 0 on the right.

    Attributes:
        model: a text (batch, S) and its answer so far (batch, T), which begins with a start token → for each
            place of the answer the logits of the token that comes next, (batch, T, tokens).
        encoder: a text → what the writer has to know of it: which places are there, (batch, S), then tensors
            whose first axis is the batch.
        decoder: a part of an answer, (batch, T), and what the reader gave → logits (batch, T, tokens); where
            it looked, (batch, T, S), which is 0 at padding, and everywhere without attention; and the first
            `state_count` tensors after the mask as the next part of the answer needs them. A Transformer's
            weights are the mean of its layers and heads.
        state_count: how many of the tensors change as the answer grows. With none, each call needs all of the
            answer so far.
        unroll: given a number of tokens, the model in plain Keras layers, for answers of just so many; None
            where it consists of such layers anyway.
    """

    model: keras.Model
    encoder: keras.Model
    decoder: keras.Model
    state_count: int
    unroll: Callable[[int], keras.Model] | None = None

    def steps(self, sources: np.ndarray, beams: int = 1, so_far: np.ndarray | None = None) -> DecodingStep:
        """Return the function that writes on answers token by token.

        Args:
            sources: (texts, S) codes.
            beams: answers to each, which lie beside each other.
            so_far: (texts · beams, T) what the answers begin with, start token included, without the last
                token, which is the first that the function is given; None: nothing.
        """
        memory = [np.repeat(tensor, beams, axis=0) for tensor in self._read(sources)]
        written = np.empty((len(sources) * beams, 0), np.int32)
        if so_far is not None and so_far.shape[1]:
            written = so_far
            _, _, *carried = self._write(so_far, *memory)
            memory[1 : 1 + self.state_count] = carried

        def step(last: np.ndarray, origin: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            nonlocal memory, written
            newest = last[:, None].astype(np.int32)
            written = np.concatenate([written[origin], newest], axis=1)
            # Only what was carried differs from one answer to another to the same text.
            changing = [np.asarray(tensor)[origin] for tensor in memory[1 : 1 + self.state_count]]
            memory = [memory[0], *changing, *memory[1 + self.state_count :]]
            logits, weights, *carried = self._write(newest if self.state_count else written, *memory)
            memory[1 : 1 + self.state_count] = carried
            return tf.nn.log_softmax(logits[:, -1]).numpy(), weights[:, -1].numpy()

        return step

    @cached_property
    def _read(self) -> tf.types.experimental.PolymorphicFunction:
        return _compile(self.encoder)

    @cached_property
    def _write(self) -> tf.types.experimental.PolymorphicFunction:
        return _compile(self.decoder)


def _compile(model: keras.Model) -> tf.types.experimental.PolymorphicFunction:
    signature = [tf.TensorSpec(tensor.shape, tensor.dtype) for tensor in model.inputs]

    def run(*given: tf.Tensor) -> list[tf.Tensor]:
        return model(list(given) if len(given) > 1 else given[0], training=False)

    return tf.function(run, input_signature=signature, autograph=False)


def build_seq2seq(
    model: Model, sources: int, answers: int, seed: int = 0, spec: Seq2SeqSpec = PLAIN
) -> Seq2Seq:
    """Build an encoder–decoder.

    Args:
        model: the recipe's.
        sources: tokens of the vocabulary of what is read.
        answers: tokens of the vocabulary of what is written.
        seed: the recipe's.
        spec: what the parts share.
    """
    made = KerasLayers(summarize_translator(model, sources, answers, spec=spec), seed)
    vectors = _TokenVectors(made, spec)
    layers = (
        _TransformerLayers(model, made, vectors)
        if isinstance(model, Transformer)
        else _RecurrentLayers(model, made, vectors, feeds=spec.feeds(model))
    )
    source = keras.Input((None,), dtype="int32", name="source")
    answer = keras.Input((None,), dtype="int32", name="answer")
    memory = layers.read(source)
    logits, _, _ = layers.write(answer, memory)
    # The writer gets the memory from outside, and goes through the same layers.
    given = [
        keras.Input(tensor.shape[1:], dtype=tensor.dtype, name=f"memory_{number}")
        for number, tensor in enumerate(memory)
    ]
    parts, weights, carried = layers.write(answer, given)
    if weights is None:
        weights = ops.zeros_like(parts[..., :1]) * ops.cast(given[0], "float32")[:, None]

    def unroll(steps: int) -> keras.Model:
        assert isinstance(layers, _RecurrentLayers)
        begun = keras.Input((steps,), dtype="int32", name="answer")
        return keras.Model([source, begun], layers.write_unrolled(begun, memory, steps), name="translator")

    return Seq2Seq(
        model=keras.Model([source, answer], logits, name="translator"),
        encoder=keras.Model(source, memory, name="reader"),
        decoder=keras.Model([answer, *given], [parts, weights, *carried], name="writer"),
        state_count=len(carried),
        unroll=unroll if spec.feeds(model) else None,
    )


class _TokenVectors:
    """The vectors of tokens on both sides, and the logits of the token that comes next."""

    def __init__(self, layers: KerasLayers, spec: Seq2SeqSpec):
        self._source, self._answer = layers["source_tokens"], layers["answer_tokens"]
        self._next_token = layers["next_token"]
        self._spec = spec

    def of_source(self, codes: Tensor) -> Tensor:
        """Return the vectors of a text, (batch, S, width)."""
        return self._source(self._answer(codes) if self._spec.has_one_embedding else codes)

    def of_answer(self, codes: Tensor) -> Tensor:
        """Return the vectors of an answer, (batch, T, width)."""
        return self._answer(codes)

    def logits(self, states: Tensor) -> Tensor:
        """Return the logits of each token after each place, (batch, T, tokens)."""
        return self._next_token(self._answer(states, reverse=True) if self._spec.is_tied else states)


class _RecurrentLayers:
    """Recurrent layers on both sides (Sutskever, Vinyals and Le, 2014).

    Each of the writer's layers starts from the last states of the reader's. The writer looks at the text
    after its layers and not before them (Luong, Pham and Manning, 2015): nothing that is found there goes
    round into the next step, so a whole answer that is known is gone through in one go; unless it is to be
    fed with that.
    """

    def __init__(self, model: Recurrent, layers: KerasLayers, vectors: _TokenVectors, *, feeds: bool):
        self._model, self._vectors = model, vectors
        numbers = range(1, model.layers + 1)
        self._encoder_layers = [layers.with_states(f"reader_{number}") for number in numbers]
        self._decoder_layers = [layers.with_states(f"writer_{number}") for number in numbers]
        self._attention = None if model.attention == "none" else DecoderAttention(layers)
        names = [f"{side}_dropout_{number}" for side in ("reader", "writer") for number in (0, *numbers)]
        self._dropouts = {name: layers[name] for name in names if name in layers}
        self._fed: InputFeedingDecoder | None = None
        if feeds:
            assert self._attention
            dropouts = [self._dropouts[f"writer_dropout_{n}"] for n in numbers if model.dropout]
            self._fed = InputFeedingDecoder(self._decoder_layers, self._attention, dropouts, width_of(model))

    def read(self, source: Tensor) -> list[Tensor]:
        """Return what is there, (batch, S), the last states of every layer, and all states of the top one.

        What a decoder is fed with before its first step, (batch, width) of 0, comes behind the last states.
        """
        present = ops.not_equal(source, 0)
        states, ends = self._drop_out("reader", 0, self._vectors.of_source(source)), list[Tensor]()
        for number, layer in enumerate(self._encoder_layers, 1):
            states, *last = layer(states, mask=present)
            ends += self._join_directions(number, last) if self._model.bidirectional else last
            states = self._drop_out("reader", number, states)
        nothing = [ops.zeros_like(states[:, 0])] if self._fed else []
        return [present, *ends, *nothing, states]

    def write(self, answer: Tensor, memory: Sequence[Tensor]) -> tuple[Tensor, Tensor | None, list[Tensor]]:
        """Return the logits, the weights if there are any, and the last states of every layer."""
        if self._fed:
            tokens = self._drop_out("writer", 0, self._vectors.of_answer(answer))
            states, weights, *carried = self._fed(tokens, list(memory))
            return self._vectors.logits(states), weights, carried
        present, *ends, read = memory
        each = len(ends) // len(self._decoder_layers)
        states, carried = self._drop_out("writer", 0, self._vectors.of_answer(answer)), []
        for number, layer in enumerate(self._decoder_layers, 1):
            # What fills an answer up comes after its end, so it needs no mask: nothing before it knows of it.
            states, *last = layer(states, initial_state=ends[each * (number - 1) : each * number])
            carried += last
            states = self._drop_out("writer", number, states)
        weights = None
        if self._attention:
            states, weights = self._attention(states, read, present)
        return self._vectors.logits(states), weights, carried

    def write_unrolled(self, answer: Tensor, memory: Sequence[Tensor], steps: int) -> Tensor:
        """Return the logits after each of an answer's tokens, as many as `steps`, by plain layers alone."""
        assert self._fed
        return self._vectors.logits(self._fed.unrolled(self._vectors.of_answer(answer), memory, steps))

    @staticmethod
    def _join_directions(number: int, last: list[Tensor]) -> list[Tensor]:
        """Join each state that the two directions ended with."""
        forward, backward = last[: len(last) // 2], last[len(last) // 2 :]
        return [
            keras.layers.Concatenate(name=f"ends_{number}_{which}")(list(both))
            for which, both in enumerate(zip(forward, backward, strict=True), 1)
        ]

    def _drop_out(self, side: str, number: int, tensor: Tensor) -> Tensor:
        dropout = self._dropouts.get(f"{side}_dropout_{number}")
        return dropout(tensor) if dropout else tensor


class _TransformerLayers:
    """A Transformer's encoder and decoder (Vaswani et al., 2017).

    They are normalised before each block (Xiong et al., 2020), which trains without a warm-up.
    """

    def __init__(self, model: Transformer, layers: KerasLayers, vectors: _TokenVectors):
        self._vectors = vectors
        numbers = range(1, model.layers + 1)
        self._encoder_blocks = [
            _TransformerBlock(layers, f"reader_{number}", looks=False) for number in numbers
        ]
        self._decoder_blocks = [
            _TransformerBlock(layers, f"writer_{number}", looks=True) for number in numbers
        ]
        self._read_norm, self._written_norm = layers["reader_norm"], layers["writer_norm"]

    def read(self, source: Tensor) -> list[Tensor]:
        """Return what is there, (batch, S), and the text's tokens, which know of each other."""
        present = ops.not_equal(source, 0)
        tokens = add_positional_encoding(self._vectors.of_source(source), "source_places")
        for block in self._encoder_blocks:
            tokens, _ = block(tokens, present)
        return [present, self._read_norm(tokens)]

    def write(self, answer: Tensor, memory: Sequence[Tensor]) -> tuple[Tensor, Tensor, list[Tensor]]:
        """Return the logits, the weights, and nothing to carry on."""
        present, read = memory
        tokens, seen = add_positional_encoding(self._vectors.of_answer(answer), "answer_places"), []
        for block in self._decoder_blocks:
            tokens, weights = block(tokens, present, read)
            seen.append(weights)
        logits = self._vectors.logits(self._written_norm(tokens))
        return logits, ops.mean(ops.stack(seen, axis=1), axis=(1, 2)), []


class _TransformerBlock:
    """Attention to the own tokens, then to the text that was read if there is one, then two dense layers."""

    def __init__(self, layers: KerasLayers, name: str, *, looks: bool):
        parts = ("own", "text", "dense") if looks else ("own", "dense")
        self._norms = {part: layers[f"{name}_norm_{part}"] for part in parts}
        self._attentions = {part: layers[f"{name}_attention_{part}"] for part in parts[:-1]}
        dropouts = {part: f"{name}_dropout_{part}" for part in parts}
        self._dropouts = {part: layers[dropout] for part, dropout in dropouts.items() if dropout in layers}
        self._adds = {part: keras.layers.Add(name=f"{name}_add_{part}") for part in parts}
        self._wide, self._narrow = layers[f"{name}_wide"], layers[f"{name}_narrow"]

    def __call__(
        self, tokens: Tensor, present: Tensor, read: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """Return the tokens anew, (batch, T, units), and how they looked at the text, (batch, heads, T, S).

        Args:
            tokens: of the text, or of the answer.
            present: (batch, S), which places of the text are there.
            read: the text, for the tokens of an answer; these see nothing that comes after them.
        """
        calm, weights = self._norms["own"](tokens), None
        only = {"value_mask": present} if read is None else {"use_causal_mask": True}
        # The weights of these too come out of their layer, for those who look into the model.
        seen, _ = self._attentions["own"](calm, calm, return_attention_scores=True, **only)
        tokens = self._add_residual("own", tokens, seen)
        if read is not None:
            seen, weights = self._attentions["text"](
                self._norms["text"](tokens), read, value_mask=present, return_attention_scores=True
            )
            tokens = self._add_residual("text", tokens, seen)
        dense = self._narrow(self._wide(self._norms["dense"](tokens)))
        return self._add_residual("dense", tokens, dense), weights

    def _add_residual(self, part: str, tokens: Tensor, more: Tensor) -> Tensor:
        dropout = self._dropouts.get(part)
        return self._adds[part]([tokens, dropout(more) if dropout else more])
