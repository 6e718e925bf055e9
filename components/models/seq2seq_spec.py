"""What an encoder–decoder is besides its model: which weights it shares, and what goes round in it."""

from dataclasses import dataclass

from components.recipe import Model, Recurrent


@dataclass(frozen=True)
class Seq2SeqSpec:
    """How the parts of an encoder–decoder hang together.

    Attributes:
        is_tied: whether logits are made by the embedding of the answer's tokens (Press and Wolf, 2017), not
            by weights of their own.
        is_shared: whether both sides have one vocabulary; a tied embedding is then that of both.
        feeds_attention: whether a recurrent decoder gets at each step, beside the token, what it made of what
            attention found at the step before (“input feeding”; Luong, Pham and Manning, 2015).
    """

    is_tied: bool = False
    is_shared: bool = False
    feeds_attention: bool = False

    @property
    def has_one_embedding(self) -> bool:
        """Whether the tokens that are read have the vectors of those that are written."""
        return self.is_tied and self.is_shared

    def feeds(self, model: Model) -> bool:
        """Return whether a model's decoder is fed with what attention found: one that steps and attends."""
        return self.feeds_attention and isinstance(model, Recurrent) and model.attention != "none"


PLAIN = Seq2SeqSpec()
"""Nothing is shared, and nothing goes round."""
