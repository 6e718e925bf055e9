"""Models that foretell the next token of a text, and write by asking themselves."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from components.data.tokenizers.subword_tokenizer import UNKNOWN, SubwordTokenizer
from components.models import transformer
from components.models.cells import CELLS
from components.models.keras_layers import KerasLayers
from components.models.summary import summarize_writer
from components.models.token_reader import TokenReader
from components.recipe import Model, Recurrent, Transformer

LanguageState = tuple[np.ndarray, ...]
"""What a model keeps of the text so far: the states of its layers, or the newest tokens."""


def build_core(
    model: Model, vocabulary: int, embedding: int, window: int, seed: int = 0, *, tied: bool = False
) -> keras.Model:
    """Build a model that foretells after each token the next one.

    Args:
        model: layers that read from the beginning to the end.
        vocabulary: number of tokens.
        embedding: numbers that stand for a token.
        window: tokens that a Transformer sees at once; a recurrent model takes any number.
        seed: the recipe's.
        tied: whether the embedding gives the logits too; it is then as wide as the model.

    Returns:
        A recurrent model (batch, T) codes and the states of its layers, (batch, units) each → logits,
        (batch, T, vocabulary), and the states after the last token. A Transformer has no states.
    """
    layers = KerasLayers(summarize_writer(model, vocabulary, embedding, window, tied=tied), seed)
    length = window if isinstance(model, Transformer) else None
    codes = keras.Input((length,), dtype="int32", name="codes")
    embed, next_token = layers["embedding"], layers["next"]
    vectors = embed(codes)

    def logits(states: keras.KerasTensor) -> keras.KerasTensor:
        return next_token(embed(states, reverse=True) if tied else states)

    if isinstance(model, Transformer):
        tokens, _ = transformer.encode(vectors, model, layers, causal=True)
        return keras.Model([codes], [logits(tokens)], name="core")
    before, after = [], []
    for number in range(1, model.layers + 1):
        own = [
            keras.Input((model.units,), name=f"{state.name}_{number}") for state in CELLS[model.kind].states
        ]
        layer = layers.with_states(f"{model.kind}_{number}")
        vectors, *states = layer(vectors, initial_state=own)
        vectors = layers.dropout(vectors, f"dropout_{number}")
        before += own
        after += states
    return keras.Model([codes, *before], [logits(vectors), *after], name="core")


def next_token_logits(
    core: keras.Model, codes: Any, memory: Sequence[Any], training: bool = False
) -> Sequence[Any]:
    """Ask a model that `build_core` gave: the logits, and the states after the last token."""
    given = core([codes, *memory], training=training)
    return given if isinstance(given, list | tuple) else [given]  # Keras gives a single output bare


class StreamReader(keras.Model):
    """Reads as many streams of a text as a batch has rows, and remembers between two windows where it was.

    Its memory is variables of its own, so a state of the training that is kept has it, and a run that goes
    on from there goes on in the middle of the text. Gradients stay within a window.

    Args:
        core: what `build_core` gave.
        batch: rows of every batch.
    """

    def __init__(self, core: keras.Model, batch: int):
        super().__init__(name="reader")
        self.core = core
        self.built = True
        self.memory = [
            self.add_weight(
                shape=(batch, given.shape[-1]),
                initializer="zeros",
                trainable=False,
                name=f"{given.name}_memory",
            )
            for given in core.inputs[1:]
        ]

    def call(self, inputs: Sequence[tf.Tensor], training: bool = False) -> tf.Tensor:
        """Foretell the next token after each.

        Args:
            inputs: codes, (batch, T); and whether each row begins a stream, (batch,) bool.
            training: whether there is dropout.

        Returns:
            Logits, (batch, T, vocabulary).
        """
        codes, fresh = inputs
        kept = [ops.where(fresh[:, None], 0.0, held) for held in self.memory]
        logits, *states = next_token_logits(self.core, codes, kept, training)
        for held, state in zip(self.memory, states, strict=True):
            held.assign(state)
        return logits


class TokenGenerator:
    """Writes with a model, token after token.

    Args:
        core: what `build_core` gave.
        model: its recipe.
    """

    def __init__(self, core: keras.Model, model: Model):
        self._core, self._model = core, model
        self._reader: TokenReader | None = None  # of a recurrent model
        self._look = tf.function(lambda codes: next_token_logits(core, codes, []))

    def begin(self) -> LanguageState:
        """Return the memory of one who has read nothing. It is read on with the weights of this moment."""
        if isinstance(self._model, Transformer):
            return (np.zeros(0, np.int32),)
        self._reader = None
        return tuple(np.zeros((1, given.shape[-1]), np.float32) for given in self._core.inputs[1:])

    def read(self, code: int, memory: LanguageState) -> tuple[np.ndarray, LanguageState]:
        """Read one token.

        Args:
            code: the token's.
            memory: of the text before it.

        Returns:
            Logits of the token that follows, (vocabulary,), and the memory of the text with this token.
        """
        if isinstance(self._model, Recurrent):
            self._reader = self._reader or TokenReader(self._core, self._model)
            return self._reader.read(code, memory)
        window = self._core.inputs[0].shape[1]
        newest = np.append(memory[0], np.int32(code))[-window:]
        # What is filled in behind it, nothing before it looks at.
        filled = np.pad(newest, (0, window - len(newest)))
        (logits,) = self._look(tf.constant(filled[None]))
        return logits.numpy()[0, len(newest) - 1], (newest,)


def export_language_model(core: keras.Model, model: Model, lexicon: SubwordTokenizer) -> keras.Model:
    """Put the lexicon into the model, in plain Keras layers and operations.

    Args:
        core: what `build_core` gave, trained.
        model: its recipe.
        lexicon: the tokens that it knows.

    Returns:
        A model of raw texts, (batch,) strings, or where a token is more than a character of tokens,
        (batch, T) strings filled up with empty ones. It gives `next`, (batch, vocabulary): the
        probability of each token to follow, in the order of `tokens`, whose first is any unknown one.
    """
    given, codes = _token_codes(lexicon)
    count = ops.sum(ops.cast(codes >= 0, "int32"), axis=1)
    codes = ops.maximum(codes, UNKNOWN)
    if isinstance(model, Transformer):
        window = core.inputs[0].shape[1]
        # The newest tokens, as many as it sees.
        places = ops.maximum(count - window, 0)[:, None] + ops.arange(window)[None]
        codes = ops.take_along_axis(ops.pad(codes, ((0, 0), (0, window))), places, axis=1)
        count = ops.minimum(count, window)
        logits, *_ = next_token_logits(core, codes, [])
    else:
        zero = ops.zeros_like(ops.cast(codes[:, :1], "float32"))
        nothing = [ops.repeat(zero, held.shape[-1], axis=1) for held in core.inputs[1:]]
        logits, *_ = next_token_logits(core, codes, nothing)
    last = ops.take_along_axis(logits, ops.maximum(count - 1, 0)[:, None, None], axis=1)[:, 0]
    return keras.Model(given, {"next": ops.softmax(last)}, name="unroll")


def _token_codes(lexicon: SubwordTokenizer) -> tuple[Any, Any]:
    """Return the input, and the codes of what comes in, −1 where nothing is."""
    known = list(lexicon.tokens[1:])
    if lexicon.level == "character":
        given = keras.Input((), dtype="string", name="text")
        layer = keras.layers.TextVectorization(
            standardize=None, split="character", vocabulary=known, name="tokens"
        )
    else:
        given = keras.Input((None,), dtype="string", name="tokens_of_text")
        layer = keras.layers.StringLookup(vocabulary=known, mask_token="", name="tokens")
    # These layers count from 1, with 0 for what is filled up.
    return given, ops.cast(layer(given), "int32") - 1
