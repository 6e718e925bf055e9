"""A model that says of every stretch of a recording which word ends there, if any: for connectionist temporal
classification."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops

from components.models import recurrent, transformer
from components.models.ctc import BLANK
from components.models.keras_layers import KerasLayers
from components.models.reader_spec import SEGMENTS, STEPS
from components.models.summary import summarize_transcriber
from components.recipe import Model, Transformer


@dataclass(frozen=True)
class Transcriber:
    """A model of recordings.

    Attributes:
        model: of frames, (batch, T, bands), filled up with NaN on the right, gives the logits of the blank
            and of each word, (batch, T // segment, words + 1).
        most_frames: T at most, since a Transformer has a place for each step that it learnt from; None: there
            is no limit.
    """

    model: keras.Model
    most_frames: int | None


def build_transcriber(
    model: Model, channels: int, words: int, frames: int, segment: int, seed: int = 0, kernel: int = 0
) -> Transcriber:
    """Build a model that reads a recording.

    Frames are read several as one: fewer steps are quicker, and the words of a recording are far fewer still
    (Sak et al., Fast and Accurate Recurrent Neural Network Acoustic Models for Speech Recognition, 2015).

    Args:
        model: the recipe's; attention of a recurrent one has no place here.
        channels: bands of frequencies.
        words: that there are.
        frames: of the longest recording, which a Transformer must have places for.
        segment: frames that are read as one.
        seed: the recipe's.
        kernel: frames that the convolution sees which makes one of them: those of a segment, and as many more
            before them as after them; 0: those of a segment alone.
    """
    layers = KerasLayers(summarize_transcriber(model, channels, words, frames, segment, kernel), seed)
    given = keras.Input((None, channels), name="recording")
    present = ops.logical_not(ops.isnan(given[..., 0]))
    vectors = ops.where(present[..., None], given, 0.0)
    heard = layers.dropout(vectors, "dropout_bands")
    if segment > 1 and kernel > segment:
        before = (kernel - segment) // 2
        heard = keras.layers.Identity(name=STEPS)(heard)
        heard = ops.pad(heard, ((0, 0), (before, kernel - segment - before), (0, 0)))
    read = layers[SEGMENTS](heard)
    there = present[:, segment - 1 :: segment]
    if isinstance(model, Transformer):
        states, _ = transformer.encode(read, model, layers, there)
    else:
        states, _ = recurrent.encode(read, model, layers, there, keeps_states=True)
    built = keras.Model(given, layers["words"](states), name="transcriber")
    return Transcriber(built, frames if isinstance(model, Transformer) else None)


def ctc_loss(labels: Any, label_lengths: Any, logits: Any, steps: Any) -> Any:
    """Return −log p of words, summed over all ways in which they may lie in time (Graves et al., 2006).

    Args:
        labels: (batch, L), each the number of its word plus one, filled up on the right.
        label_lengths: (batch,) of the words that there are.
        logits: (batch, T, words + 1), the blank's first.
        steps: (batch,) of each that are there.

    Returns:
        (batch,) in nats; infinite where there are fewer steps than words take.
    """
    return ops.ctc_loss(labels, logits, label_lengths, steps, mask_index=BLANK)


def transcript_log_probabilities(logits: np.ndarray, transcripts: Sequence[np.ndarray]) -> np.ndarray:
    """Return the logarithm of the probability of exactly each of some transcripts, (N,) float32.

    Args:
        logits: (T, words of all + 1) of one recording, the blank's first.
        transcripts: N times the numbers of the words, (words,) each; one may be empty.
    """
    lengths = np.array(list(map(len, transcripts)), np.int32)
    labels = np.zeros((len(lengths), max(1, int(lengths.max()))), np.int32)
    labels[np.arange(labels.shape[1]) < lengths[:, None]] = np.concatenate(transcripts) + 1
    steps = np.full(len(lengths), len(logits), np.int32)
    return -np.asarray(ctc_loss(labels, lengths, np.repeat(logits[None], len(lengths), axis=0), steps))


def ctc_decode(logits: np.ndarray, steps: np.ndarray, beams: int, most: int = 1) -> list[list[np.ndarray]]:
    """Find the words that are likeliest, over all ways in which they may lie in time (Graves et al., 2006).

    Args:
        logits: (N, T, words + 1), the blank's first.
        steps: (N,) of each that are there.
        beams: transcripts that are followed at the same time. With 1, the likeliest output of each step is
            taken, repeats are one word, and blanks are left out.
        most: transcripts of each that are given, no more than there are beams.

    Returns:
        for each of the N some transcripts, (words,) int32 each, the likeliest first.
    """
    # Of a single step there are no more transcripts than outputs.
    many = {} if beams == 1 else {"beam_width": beams, "top_paths": min(most, beams, logits.shape[-1])}
    found, _ = ops.ctc_decode(
        ops.convert_to_tensor(logits, "float32"),
        ops.convert_to_tensor(steps, "int32"),
        strategy="greedy" if beams == 1 else "beam_search",
        mask_index=BLANK,
        **many,
    )
    paths = np.asarray(found)  # (transcripts, N, T), filled up with −1
    return [[_codes(path) for path in paths[:, number]] for number in range(paths.shape[1])]


def _codes(labels: np.ndarray) -> np.ndarray:
    return (labels[labels > BLANK] - 1).astype(np.int32)


def export_transcriber(
    transcriber: keras.Model, names: tuple[str, ...], offset: np.ndarray, scale: np.ndarray
) -> keras.Model:
    """Put the scaling, the greedy search and the words into a model of recordings.

    Args:
        transcriber: as `build_transcriber` gives it.
        names: of the words.
        offset, scale: (bands,) of the scaling.

    Returns:
        A model of spectrograms in decibels, (batch, T, bands), filled up with NaN on the right, that gives
        `words`, (batch, segments) strings, "" wherever no new word begins, and `probabilities`,
        (batch, segments, words + 1), the blank's first.
    """
    given = keras.Input((None, transcriber.input_shape[-1]), name="recordings")
    scaling = keras.layers.Normalization(
        mean=offset.astype(np.float32), variance=np.square(scale).astype(np.float32), name="scaling"
    )
    logits = transcriber(scaling(given))
    segment = transcriber.get_layer(SEGMENTS).strides[0]
    there = ops.logical_not(ops.isnan(given[:, segment - 1 :: segment, 0]))
    best = ops.where(there, ops.argmax(logits, axis=-1), BLANK)
    before = ops.pad(best, ((0, 0), (1, 0)), constant_values=BLANK)[:, :-1]
    look_up = keras.layers.StringLookup(
        vocabulary=list(names), num_oov_indices=0, mask_token="", invert=True, name="word_names"
    )
    words = look_up(ops.where(best != before, best, BLANK))
    return keras.Model(given, {"words": words, "probabilities": ops.softmax(logits, axis=-1)}, name="unroll")
