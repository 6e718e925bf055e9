"""What a finished run of transcribing leaves."""

from dataclasses import dataclass

import numpy as np

from components.insight.doctor.run_evidence import Outcome
from components.tasks.example_errors import ExampleErrors, fingerprint
from components.tasks.result_file import Array
from components.tasks.transcription.metrics import WER

NOTHING = "(nothing)"
"""What stands in a table of confusions for a word that wasn't said, or wasn't heard."""


@dataclass(frozen=True)
class TranscriptScore:
    """How well one transcriber did on the test set; rates and shares are fractions.

    Attributes:
        name: `model`, or the key of a baseline.
        wer: word error rate.
        cer: character error rate.
        exact: share of recordings without an error.
    """

    name: str
    label: str
    wer: float
    cer: float
    exact: float


@dataclass(frozen=True)
class SearchScore:
    """The word error rate of the same model with another number of transcripts followed; 1 is greedy."""

    beams: int
    wer: float


@dataclass(frozen=True, eq=False)
class Alignment:
    """What a model says at each step of a recording, and where the words stand out that it hears.

    Attributes:
        place: of the recording among those that were transcribed.
        probabilities: (T, words + 1), the blank's first.
        words: (W,) the numbers of the words that were heard.
        steps: (W,) where each stands out.
    """

    place: int
    probabilities: Array
    words: Array
    steps: Array


@dataclass(frozen=True, eq=False)
class TranscriptsResult:
    """The words that were heard in N recordings of the test set, beside the baselines.

    Attributes:
        names: of the words.
        scores: the model's first, then the baselines'.
        notes: what is to be known of the data.
        training_wer: the model's word error rate on recordings that it learnt from.
        beams: transcripts that were followed at the same time.
        searches: the model's word error rate by how many are followed.
        unseen: recordings of the test set, of which N were transcribed.
        numbers: (N,) of the recordings in the dataset.
        said, heard: N texts each.
        wrong_words: (N,) substitutions, deletions and insertions in each.
        said_words: (N,) words that were said in each.
        confusions: (words + 1, words + 1) how often each word was heard as each; the last row is of words
            that weren't said, the last column of those that weren't heard.
        segment: frames that a step is made of.
        alignments: of some of them.
    """

    names: tuple[str, ...]
    scores: tuple[TranscriptScore, ...]
    verdict: str
    won: bool
    best_epoch: int
    notes: tuple[str, ...]
    training_wer: float
    beams: int
    searches: tuple[SearchScore, ...]
    unseen: int
    numbers: Array
    said: tuple[str, ...]
    heard: tuple[str, ...]
    wrong_words: Array
    said_words: Array
    confusions: Array
    segment: int
    alignments: tuple[Alignment, ...]

    @property
    def test_set(self) -> str:
        """A fingerprint of what it was measured on."""
        return fingerprint(self.numbers, *self.said)

    @property
    def errors(self) -> ExampleErrors:
        """The share of the words of each recording that are wrong."""
        return ExampleErrors(self.wrong_words / self.said_words)

    @property
    def outcome(self) -> Outcome:
        """What the training doctor goes by: the model's word error rate, and that of the best rule."""
        model, *rules = self.scores
        return WER.outcome(model, rules, self.won)

    @property
    def right(self) -> np.ndarray:
        """Which recordings are transcribed without an error, (N,) bool."""
        return self.wrong_words == 0
