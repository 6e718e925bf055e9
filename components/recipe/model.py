"""The model."""

from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from components.recipe.base import RecipePart

Units = Annotated[int, Field(ge=1, le=1024)]
Layers = Annotated[int, Field(ge=1, le=4)]
Dropout = Annotated[float, Field(ge=0, le=0.9)]
RecurrentKind = Literal["simple_rnn", "lstm", "gru"]
RECURRENT_KINDS: tuple[RecurrentKind, ...] = get_args(RecurrentKind)


class Recurrent(RecipePart):
    """A stack of recurrent layers, read from the oldest step to the newest."""

    kind: RecurrentKind = "lstm"
    units: Units = 32
    layers: Layers = 1
    bidirectional: bool = False
    attention: Literal["none", "additive", "dot"] = "none"
    """additive: Bahdanau et al. (2015); dot: Luong et al. (2015)"""
    dropout: Dropout = 0.0

    @property
    def has_attention(self) -> bool:
        """Whether it weighs the steps that it has read."""
        return self.attention != "none"


class Transformer(RecipePart):
    """A Transformer encoder (Vaswani et al., 2017), normalised before each block."""

    kind: Literal["transformer"] = "transformer"
    units: Units = 32
    """width of every token"""
    layers: Layers = 2
    heads: Annotated[int, Field(ge=1, le=16)] = 4
    dropout: Dropout = 0.0

    @property
    def has_attention(self) -> bool:
        """Always: it consists of it."""
        return True

    @model_validator(mode="after")
    def _divisible(self) -> Self:
        if self.units % self.heads:
            raise ValueError(f"{self.units} units can't be divided evenly among {self.heads} heads")
        return self


Model = Annotated[Recurrent | Transformer, Field(discriminator="kind")]
