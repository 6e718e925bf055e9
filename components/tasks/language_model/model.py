"""A language model with what writes by it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras

    from components.models.language_model import StreamReader, TokenGenerator


@dataclass(frozen=True)
class BuiltLanguageModel:
    """A model that reads, the same one predicting the next token, and the pen that writes with it."""

    model: "StreamReader"
    core: "keras.Model"
    generator: "TokenGenerator"
