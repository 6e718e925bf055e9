"""What the training doctor looks at: a run's own numbers, and nothing else."""

from dataclasses import dataclass

import numpy as np

from components.data.datasets import Dataset
from components.insight.gates import RangeEndShares
from components.models.cells import CELLS
from components.recipe import Recipe

WRITER = "writer"
"""How the names of layers begin that write an answer; those that read come before them."""
RECURRENT = (*CELLS, "reader", WRITER)
"""How the names of recurrent layers begin."""

_CLEARLY = 0.05  # share of a rule's measure
FIRST = 10
"""Steps at the beginning whose middle loss is that of a model which knows nothing yet."""


@dataclass(frozen=True)
class Outcome:
    """What a finished run came to on the test set.

    Attributes:
        measure: what is measured, a word or two.
        model: the model's.
        rule: that of the best baseline.
        rule_name: what that baseline is called.
        larger_is_better: whether more of it is better.
        won: whether the model beat every baseline, by more than chance explains where that is known.
        noise: how far apart the two may be by chance alone, since the test set is only so large; 0 where
            that isn't known.
    """

    measure: str
    model: float
    rule: float
    rule_name: str
    larger_is_better: bool
    won: bool
    noise: float = 0.0

    @property
    def is_clearly_worse(self) -> bool:
        """Whether the model is clearly worse than the best rule: by a twentieth, and more than by chance."""
        behind = self.rule - self.model if self.larger_is_better else self.model - self.rule
        return behind > max(_CLEARLY * abs(self.rule), self.noise)

    @property
    def relative_error(self) -> float:
        """Share of the best rule's error that the model still makes."""
        if self.larger_is_better:
            return (1 - self.model) / max(1 - self.rule, 1e-12)
        return self.model / max(self.rule, 1e-12)


@dataclass(frozen=True, eq=False)
class Sibling:
    """A run of the same recipe with another seed: its lowest validation loss."""

    seed: int
    best: float


@dataclass(frozen=True, eq=False)
class GradientNorms:
    """The gradient of the loss by the state of a recurrent layer after each time step it reads.

    Attributes:
        norms: layer → (T,), oldest first.
        ratios: layer → the mean of the first steps that are read over that of the last.
    """

    norms: dict[str, np.ndarray]
    ratios: dict[str, float]


@dataclass(frozen=True, eq=False)
class Case:
    """A run as far as it has come.

    N steps and E epochs; what was before the last change by hand is left out.

    Attributes:
        recipe: the run's own.
        rate: learning rate that it began with, or that was set by hand.
        first: number of the first of these steps.
        losses: (N,) of each step's batch, in scaled units; infinite or NaN where it is no number.
        before: (N,) global norm of the gradient before clipping.
        after: (N,) after it.
        ends: (E,) step at which each epoch ended.
        training: (E,) mean training loss.
        validation: (E,) validation loss.
        epoch: number of the first of these epochs.
        over: whether the run has come to its end.
        through: how much each time step weighed in the loss at the last look; None where nobody looked.
        pressed: what the gates of recurrent layers did at that look.
        outcome: where it has been measured.
        siblings: this run among them, where there are others and all are over.
        dataset: what it learnt from, where it is at hand.
    """

    recipe: Recipe
    rate: float
    first: int
    losses: np.ndarray
    before: np.ndarray
    after: np.ndarray
    ends: np.ndarray
    training: np.ndarray
    validation: np.ndarray
    epoch: int = 1
    over: bool = False
    through: GradientNorms | None = None
    pressed: tuple[RangeEndShares, ...] = ()
    outcome: Outcome | None = None
    siblings: tuple[Sibling, ...] = ()
    dataset: Dataset | None = None

    @property
    def steps(self) -> np.ndarray:
        """(N,) numbers of the steps."""
        return np.arange(self.first, self.first + len(self.losses))

    @property
    def epochs(self) -> np.ndarray:
        """(E,) numbers of the epochs."""
        return np.arange(self.epoch, self.epoch + len(self.ends))

    @property
    def start(self) -> float:
        """Loss of the model when it knew nothing, or when it was last changed by hand."""
        early = self.losses[: min(FIRST, max(1, len(self.losses) // 4))]
        finite = early[np.isfinite(early)]
        return float(np.median(finite)) if len(finite) else float("nan")

    @property
    def share_done(self) -> float:
        """How much of what the recipe asks for is done, from 0 to 1."""
        done = self.epoch - 1 + len(self.ends)
        return 1.0 if self.over else done / max(1, self.recipe.training.epochs)
