"""Recordings: sequences that were sounds, each of a spoken word or of several."""

from dataclasses import dataclass
from typing import ClassVar

from components.data.datasets.base import Fact, Kind
from components.data.datasets.given_split import division_facts
from components.data.datasets.sequences import Sequences, join_names
from components.data.datasets.targets import Transcripts
from components.errors import DataError


@dataclass(frozen=True, eq=False)
class Recordings(Sequences):
    """Spoken words as `components.data.readers.mel_spectrogram.log_mel_spectrogram` gives them; a channel is
    a band of pitches.

    Attributes:
        step: seconds from one step of a sequence to the next.
        files: for each recording, which of the files that the dataset was brought in holds its sound; ""
            where none does.

    Raises:
        DataError: if it isn't as said above.
    """

    kind: ClassVar[Kind] = "recordings"
    kind_phrase: ClassVar[str] = "a set of recordings"

    step: float = 0.0
    files: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.step <= 0 or len(self.files) != self.size:
            raise DataError("A recording has no time step or no file.", where=self.title)

    def kind_facts(self) -> tuple[Fact, ...]:
        """Return their number, how long they are, the words and the voices."""
        shortest, longest = (float(length) * self.step for length in (self.lengths.min(), self.lengths.max()))
        lines = [
            Fact("Recordings", f"{self.size:,}"),
            Fact("Length", f"{shortest:.1f} to {longest:.1f} seconds, without leading and trailing silence"),
            Fact("Time step", f"{1000 * self.step:g} milliseconds, in {len(self.channels)} mel bands"),
        ]
        words = [Fact("Words", fact.value) for fact in super().kind_facts() if fact.label == "Classes"]
        if isinstance(self.answer, Transcripts):
            fewest, most = int(self.answer.lengths.min()), int(self.answer.lengths.max())
            words = [
                Fact("Vocabulary", join_names(self.answer.names)),
                Fact("Words in each", f"{fewest}" if fewest == most else f"{fewest} to {most}"),
            ]
        voices = [Fact("Voices", f"{len(self.groups.names):,}")] if self.groups else []
        return (*lines, *words, *voices, *division_facts(None, self.given_split))
