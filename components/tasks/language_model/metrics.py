"""How well a language model predicts a text."""

import math
from dataclasses import dataclass

import numpy as np

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
    "How long the text would be if it were written down with these guesses. It can be compared "
    "whatever a token is.",
    lambda cost: float(cost.nats.sum() / math.log(2) / cost.characters),
    unit="bits",
)
"""What language models are ranked by."""
NATS = Metric[TextCost](
    "nats",
    "Nats per token",
    "cost of a token in nats",
    "The loss: the mean of −ln of the chance that each token was given. A token that isn't known has "
    "to be spelt as well, by how often the training part has each letter.",
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
        "Among how many equally likely tokens one would be as unsure: e to the power of the nats.",
        lambda cost: math.exp(min(cost.mean, 700)),
    ),
)
