"""How good transcripts are, as speech recognition measures it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from components.glossary import explain
from components.tasks.metrics import Metric

if TYPE_CHECKING:
    from jiwer import WordOutput


@dataclass(frozen=True, eq=False)
class Transcriptions:
    """Words that were heard, and those that were said.

    Attributes:
        heard: texts, of words with spaces between them; one may be empty.
        said: texts, as many, none of them empty.
    """

    heard: Sequence[str]
    said: Sequence[str]

    @cached_property
    def words(self) -> "WordOutput":
        """The substitutions, deletions and insertions that make the words heard of those said."""
        import jiwer  # noqa: PLC0415 - only a worker needs it

        return jiwer.process_words(list(self.said), list(self.heard))


def _character_error_rate(transcriptions: Transcriptions) -> float:
    import jiwer  # noqa: PLC0415 - only a worker needs it

    return float(jiwer.process_characters(list(transcriptions.said), list(transcriptions.heard)).cer)


def _exact(transcriptions: Transcriptions) -> float:
    pairs = zip(transcriptions.heard, transcriptions.said, strict=True)
    return float(np.mean([heard == said for heard, said in pairs]))


WER = Metric[Transcriptions](
    "wer",
    "Word error rate",
    "word error rate",
    f"{explain('Word error rate')} It can be more than 100%.",
    lambda transcriptions: float(transcriptions.words.wer),
    unit="%",
    factor=100,
    format=".1f",
)
METRICS: tuple[Metric[Transcriptions], ...] = (
    WER,
    Metric(
        "cer",
        "Character error rate",
        "character error rate",
        f"{explain('Character error rate')} “Five” heard for “nine” counts less than “seven”.",
        _character_error_rate,
        unit="%",
        factor=100,
        format=".1f",
    ),
    Metric(
        "exact",
        "Exact match",
        "share of exact matches",
        f"{explain('Exact match')} Here, an answer is a transcript.",
        _exact,
        larger_is_better=True,
        unit="%",
        factor=100,
        format=".1f",
    ),
)
"""The first is what transcripts are ranked by."""
