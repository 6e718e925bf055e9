"""Recordings with their words, ready to train on."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from components.data.datasets import Recordings, Transcripts
from components.data.splits.random_split import RandomSplit
from components.data.transforms import Scaler
from components.errors import DataError
from components.insight.example import evenly_spaced
from components.recipe import Transcribe
from components.tasks.ragged import RaggedArray, RaggedProblem
from components.tasks.task import Outputs
from components.tasks.transcription.metrics import WER, Transcriptions
from components.training.events import Snapshot

if TYPE_CHECKING:
    import tensorflow as tf

SHOWN = 8
"""Recordings of the validation set whose words are shown after every epoch."""
WATCHED = 128
"""Recordings of the validation set that are transcribed after every epoch."""


class TranscriptionProblem(RaggedProblem):
    """Recordings scaled by their training set, each cut to whole segments, with the words of each.

    Args:
        task: how they are scaled and read.
        dataset: the recordings.
        transcripts: their words.
        split: which are for training, validation and test.
    """

    def __init__(self, task: Transcribe, dataset: Recordings, transcripts: Transcripts, split: RandomSplit):
        self.task, self.dataset, self.transcripts, self.segment = task, dataset, transcripts, task.segment
        is_learnt = np.zeros(dataset.size, bool)
        is_learnt[split.train] = True
        self.scaler = Scaler.fit(dataset.values[np.repeat(is_learnt, dataset.lengths)], task.scaling)
        scaled = self.scaler.apply(dataset.values).astype(np.float32)
        ragged = RaggedArray.of(scaled, dataset.offsets, int(dataset.lengths.max()), "right")
        whole = ragged.lengths // task.segment * task.segment
        super().__init__(replace(ragged, lengths=whole, width=max(task.segment, int(whole.max()))), split)

    @property
    def names(self) -> tuple[str, ...]:
        """The words that there are."""
        return self.transcripts.names

    def steps(self, examples: np.ndarray) -> np.ndarray:
        """Return how many steps the model makes of each recording, (N,) int32."""
        return self.ragged.lengths[examples] // self.segment

    # --- What the loop asks ----------------------------------------------------------------------

    def batch(self, examples: "tf.Tensor") -> "tuple[tf.Tensor, tuple[tf.Tensor, ...]]":
        """Gather recordings, (batch, width, bands), and what is said in them.

        The targets are labels, (batch, L) int32, filled up with 0; how many there are, (batch,); and the
        steps that the model makes of each recording, (batch,).
        """
        import tensorflow as tf  # noqa: PLC0415 - only a worker gets here

        return self.inputs(examples), tuple(tf.gather(target, examples) for target in self._targets)

    def loss(self, targets: "tuple[tf.Tensor, ...]", outputs: "tf.Tensor") -> "tf.Tensor":
        """Return the mean over a batch of each recording's −log p of its words, in nats per word."""
        import tensorflow as tf  # noqa: PLC0415

        from components.models.transcriber import ctc_loss  # noqa: PLC0415 - brings in TensorFlow

        labels, lengths, steps = targets
        surprise = ctc_loss(labels, lengths, outputs, steps)
        return tf.reduce_mean(surprise / tf.cast(lengths, tf.float32))

    def snapshot(self, outputs: Outputs) -> Snapshot:
        """Return the share of some validation recordings that are right, their word error rate, and the words
        that are heard in the first of them."""
        watched = watched_examples(self.validation)
        heard = self.transcribe(outputs(watched), watched, 1)
        said = [self.transcripts.text(number) for number in watched]
        right = float(np.mean([one == other for one, other in zip(heard, said, strict=True)]))
        rate = WER.function(Transcriptions(heard, said))
        assert rate is not None  # every recording has a word
        return Snapshot((right, rate), tuple(heard[:SHOWN]), score=1 - rate)

    # --- Words -----------------------------------------------------------------------------------

    def search(
        self, logits: np.ndarray, steps: np.ndarray, beams: int, most: int = 1
    ) -> list[list[np.ndarray]]:
        """Find the likeliest words of recordings, as `components.models.transcriber.ctc_decode` does."""
        from components.models.transcriber import ctc_decode  # noqa: PLC0415 - brings in TensorFlow

        return ctc_decode(logits, steps, beams, most)

    def transcribe(self, logits: np.ndarray, examples: np.ndarray, beams: int) -> list[str]:
        """Return the words that a model hears in recordings of the dataset, as texts."""
        found = self.search(logits, self.steps(examples), beams)
        return [self.transcripts.join(best[0]) for best in found]

    def read(self, values: np.ndarray, most_frames: int | None) -> np.ndarray:
        """Return a recording that a person brings as the model reads it, (whole segments, bands) float32.

        Args:
            values: (frames, bands) in decibels.
            most_frames: that the model can read; None: any number.

        Raises:
            DataError: if it has other bands, is shorter than a segment, or longer than the model can read.
        """
        bands = len(self.dataset.channels)
        if values.ndim != 2 or values.shape[1] != bands or not np.isfinite(values).all():
            raise DataError(f"This isn't a recording of {bands} bands.", remedy="Record it again.")
        whole = len(values) // self.segment * self.segment
        if not whole:
            raise DataError("The recording is too short.", remedy="Say a word.")
        if most_frames is not None and whole > most_frames:
            raise DataError(
                f"The recording is longer than {most_frames * self.dataset.step:.1f} seconds, the longest "
                "that this model learnt from.",
                remedy="Say fewer words at a time.",
            )
        return self.scaler.apply(values[:whole]).astype(np.float32)

    @cached_property
    def _targets(self) -> "tuple[tf.Tensor, ...]":
        import tensorflow as tf  # noqa: PLC0415

        lengths = self.transcripts.lengths
        labels = np.zeros((len(lengths), int(lengths.max())), np.int32)
        labels[np.arange(labels.shape[1]) < lengths[:, None]] = self.transcripts.codes + 1
        steps = self.steps(np.arange(len(lengths)))
        with tf.init_scope():
            return tuple(map(tf.constant, (labels, lengths.astype(np.int32), steps)))


def watched_examples(validation: Sequence[int] | np.ndarray) -> np.ndarray:
    """Return the validation recordings that are transcribed after every epoch."""
    return evenly_spaced(np.asarray(validation), WATCHED)
