"""How well a language model predicts a text."""

import math
from dataclasses import dataclass

import numpy as np

from components.glossary import explain
from components.tasks.metrics import Metric


@dataclass(frozen=True, eq=False)
class TextCost:
    """What a text costs who predicts it.

    Attributes:
        nats: (tokens,) −ln of the probability of each token, spelling of unknown ones included.
        characters: of the text.
    """

    nats: np.ndarray
    characters: int

    @property
    def mean(self) -> float:
        """Mean nats of a token."""
        return float(self.nats.mean())


BITS = Metric[TextCost](
    "bits",
    "Bits per character",
    "bits per character",
    f"{explain('Bits per character')} It can be compared whatever a token is.",
    lambda cost: float(cost.nats.sum() / math.log(2) / cost.characters),
    unit="bits",
)
"""What language models are ranked by."""
NATS = Metric[TextCost](
    "nats",
    "Nats per token",
    "cross-entropy per token",
    f"{explain('Nats per token')} Unknown tokens must be spelt out too, by the character frequencies of the "
    "training set.",
    lambda cost: cost.mean,
    unit="nats",
)
METRICS: tuple[Metric[TextCost], ...] = (
    BITS,
    NATS,
    Metric(
        "perplexity",
        "Perplexity",
        "perplexity",
        f"{explain('Perplexity')} It's e to the power of the cross-entropy.",
        lambda cost: math.exp(min(cost.mean, 700)),
    ),
)
