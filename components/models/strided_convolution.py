"""A convolution in front of the layers that read a sequence, by which they read fewer steps than it has."""

from dataclasses import dataclass

import keras
from keras import ops

from components.models.keras_layers import KerasLayers
from components.models.reader_spec import STEM, STEPS


@dataclass(frozen=True)
class StepGroups:
    """Of which steps of a batch, (batch, T), each step of the shorter one, (batch, groups), is made.

    A sequence is divided from its first step on, on whichever side of it others are filled in.

    Attributes:
        order: (batch, T) int32: where in the batch, all its steps in a row, those of each sequence are, its
            first one first.
        group: (batch, T) int32: where among all groups in a row that of each step is.
        sizes: (batch, groups) float32: steps of each group that are there.
    """

    order: keras.KerasTensor
    group: keras.KerasTensor
    sizes: keras.KerasTensor

    @property
    def present(self) -> keras.KerasTensor:
        """Which groups are there: those with a step that is."""
        return ops.greater(self.sizes, 0.5)

    def for_each_step(self, shares: keras.KerasTensor, present: keras.KerasTensor) -> keras.KerasTensor:
        """Give the steps of a group that are there equal parts of its share, (batch, groups) → (batch, T)."""
        each = shares / ops.maximum(self.sizes, 1.0)
        return ops.take(ops.reshape(each, (-1,)), self.group, axis=0) * ops.cast(present, shares.dtype)


def group_steps(present: keras.KerasTensor, stride: int) -> StepGroups:
    """Divide the steps of each sequence of a batch, (batch, T), into groups of `stride`."""
    # All of it is counted from the input itself, so that the saved model needs plain Keras only.
    place = ops.cumsum(ops.ones_like(present, dtype="int32"), axis=1) - 1
    width = place[:, -1:] + 1
    row = ops.cumsum(ops.ones_like(width), axis=0) - 1
    first = ops.cast(ops.argmax(ops.cast(present, "int32"), axis=1), "int32")[:, None]
    order = row * width + ops.mod(place + first, width)
    groups = ops.floor_divide(width - 1, stride) + 1
    group = row * groups + ops.floor_divide(ops.mod(place - first, width), stride)
    there = ops.take(ops.reshape(ops.cast(present, "float32"), (-1,)), order, axis=0)
    whole = ops.pad(there, ((0, 0), (0, stride - 1)))[..., None]
    return StepGroups(order, group, ops.round(stride * ops.average_pool(whole, stride, stride))[..., 0])


def convolve_groups(
    vectors: keras.KerasTensor, groups: StepGroups, layers: KerasLayers, kernel: int, stride: int
) -> keras.KerasTensor:
    """Make one vector of every group of steps, (batch, T, width) → (batch, groups, units).

    So are spectrograms read in CLDNN (Sainath et al., Convolutional, Long Short-Term Memory, Fully Connected
    Deep Neural Networks, 2015) and texts in C-LSTM (Zhou et al., A C-LSTM Neural Network for Text
    Classification, 2015): fewer steps are quicker, and what is far back stands nearer. LSTM-FCN (Karim et
    al., LSTM Fully Convolutional Networks for Time Series Classification, 2018) has its convolutions beside
    the recurrent layer instead.

    Args:
        vectors: of the steps; 0 where one is only filled in.
        groups: of the steps, `stride` each.
        layers: of the model.
        kernel: steps that it sees at a time, those of a group and as many more before them as after them.
        stride: steps that it moves on by.
    """
    steps = keras.layers.Identity(name=STEPS)(vectors)
    begun = ops.take(ops.reshape(steps, (-1, steps.shape[-1])), groups.order, axis=0)
    before = (kernel - stride) // 2
    return layers[STEM](ops.pad(begun, ((0, 0), (before, kernel - 1 - before), (0, 0))))
