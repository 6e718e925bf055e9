"""How the model learns."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from components.recipe.base import RecipePart

HIGHEST_LEARNING_RATE = 10.0
MOST_EPOCHS = 10_000


class Optimizer(RecipePart):
    """The rule of the updates."""

    kind: Literal["adam", "adamw", "rmsprop", "sgd"] = "adam"
    learning_rate: Annotated[float, Field(gt=0, le=HIGHEST_LEARNING_RATE)] = 0.003
    schedule: Literal["constant", "cosine", "exponential"] = "constant"
    """how the learning rate falls over the training: not, to zero as a half cosine, or to a tenth"""
    momentum: Annotated[float, Field(ge=0, lt=1)] = 0.9
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 0.004


USUAL_RATES: Mapping[str, float] = {"adam": 0.003, "adamw": 0.003, "rmsprop": 0.001, "sgd": 0.05}
"""Learning rates that mostly work, by optimiser."""
OPTIMIZER_SETTINGS: Mapping[str, tuple[str, ...]] = {
    "adam": (),
    "adamw": ("weight_decay",),
    "rmsprop": (),
    "sgd": ("momentum",),
}
"""The settings that only one kind of optimiser goes by."""


class Clipping(RecipePart):
    """What is done to gradients that are too large.

    `norm` is Keras' `clipnorm`, which clips each tensor on its own; `global_norm` clips all of them
    together, as Pascanu, Mikolov and Bengio (2013) do.
    """

    mode: Literal["none", "value", "norm", "global_norm"] = "global_norm"
    threshold: Annotated[float, Field(gt=0, le=1e6)] = 1.0


class Training(RecipePart):
    """How long, and in what portions."""

    batch: Annotated[int, Field(ge=1, le=4096)] = 32
    epochs: Annotated[int, Field(ge=0, le=MOST_EPOCHS)] = 60
    """0: nothing is trained, and a forecast or a classifier is what it starts from"""
    patience: Annotated[int, Field(ge=1, le=1000)] | None = 10
    """epochs without a better validation loss after which it stops early; None: never"""
    weights: Literal["best", "last"] = "best"
    """which are kept and measured: those of the epoch with the lowest validation loss, or the last ones"""
