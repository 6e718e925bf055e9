"""What stands round the layers that read a sequence, whatever they are: told without TensorFlow."""

from dataclasses import dataclass, replace
from typing import Self

from components.recipe import ClassifySequences, ClassifyTexts, Model, Recurrent, RegressSequences

STEM = "stem"
"""Name of the convolution in front of the layers that read."""
STEPS = "steps"
"""Name of what it reads where it makes fewer steps of them: these, before anything is moved or filled up."""
SEGMENTS = "segments"
"""Name of the one that makes a step of several."""


@dataclass(frozen=True)
class ReaderSpec:
    """What a model has beside the layers that read a sequence.

    Attributes:
        filters: short patterns that a convolutional network looks for; 0: there is none.
        kernel: steps that a convolution in front of it sees at a time; 0: there is none.
        stride: steps that it moves on by, so many of which are one for the layers that read.
        pools: whether the mean and the maximum over the steps are made of their states.
        word_dropout: share of the steps that are left out at random while it learns.
        has_start: whether it is given logits that its own are added to.
    """

    filters: int = 0
    kernel: int = 0
    stride: int = 1
    pools: bool = False
    word_dropout: float = 0.0
    has_start: bool = False

    @classmethod
    def of(cls, task: ClassifySequences | RegressSequences | ClassifyTexts) -> Self:
        """Return what a task asks for."""
        if isinstance(task, RegressSequences):
            return cls(task.filters)
        kernel = task.kernel or (task.stride if task.stride > 1 else 0)
        spec = cls(task.filters, kernel, task.stride, pools=task.pooling == "mean_max")
        if isinstance(task, ClassifySequences):
            return spec
        return replace(spec, word_dropout=task.word_dropout, has_start=task.base != "none")

    def steps(self, width: int) -> int:
        """Return how many steps the layers read of so many, the last of which may be of fewer than others."""
        return -(-width // self.stride)

    def summary_width(self, model: Model) -> int:
        """Return how many numbers sum a sequence up."""
        width, attends = model.units, False
        if isinstance(model, Recurrent):
            width, attends = width * (1 + model.bidirectional), model.attention != "none"
        parts = (2 + attends) if self.pools else 1
        return parts * width + self.filters
