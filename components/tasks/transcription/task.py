"""The task of transcribing speech: the words of a recording, by connectionist temporal classification."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.data import NO_PREPARATION
from components.data.datasets import Dataset, Recordings, Transcripts
from components.data.splits.example_split import split_examples
from components.errors import DataError
from components.insight.example import (
    DatasetExample,
    Example,
    ExampleChoice,
    UserSequence,
    UserText,
    evenly_spaced,
)
from components.models.summary import ModelSummary, summarize_transcriber
from components.recipe import Preparation, Recipe, Transcribe
from components.tasks.issue import Issue
from components.tasks.sequences import SequenceInput
from components.tasks.task import Outputs, Task
from components.tasks.transcription import checks
from components.tasks.transcription.evaluate import alignment_of, evaluate
from components.tasks.transcription.inspect import ending_example, heard_example
from components.tasks.transcription.metrics import METRICS
from components.tasks.transcription.problem import SHOWN, TranscriptionProblem, watched_examples
from components.tasks.transcription.result import Alignment, TranscriptsResult
from components.tasks.transcription.suggest import suggest

if TYPE_CHECKING:
    import keras

    from components.models.transcriber import Transcriber

_CANDIDATES = 5  # transcripts of a recording that a person asks about
_GUESS = (32, 10, 300)  # bands, words and frames, where there is no dataset to look at


@dataclass(frozen=True)
class Preview:
    """The recordings of the validation set that are transcribed after every epoch, and their words."""

    recordings: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Transcription:
    """What a model hears in a recording.

    Attributes:
        candidates: the likeliest transcripts, the best first, and the probability of each.
        alignment: of the best.
        segment: frames that a step is made of.
    """

    candidates: tuple[tuple[str, float], ...]
    alignment: Alignment
    segment: int


class TranscribeTask(Task[TranscriptionProblem, "Transcriber", TranscriptsResult]):
    """Write down the words of each recording."""

    kind = "transcribe"
    loss_settings = ()
    result_class = TranscriptsResult
    metrics = METRICS

    def why_unsuitable(self, dataset: Dataset) -> str:
        """Return why a dataset can't be transcribed; "" where it can."""
        if not isinstance(dataset, Recordings):
            return f"Transcribing needs recordings, and this is {dataset.kind_phrase}."
        if not isinstance(dataset.answer, Transcripts):
            return "Transcribing needs a transcript of each recording, and these have none."
        return ""

    def recordings(self, dataset: Dataset) -> tuple[Recordings, Transcripts]:
        """Return a dataset that is one of recordings, and their transcripts.

        Raises:
            DataError: if it is of another kind, or has none.
        """
        if isinstance(dataset, Recordings) and isinstance(dataset.answer, Transcripts):
            return dataset, dataset.answer
        raise DataError(
            self.why_unsuitable(dataset), where=dataset.title, remedy="Choose recordings with transcripts."
        )

    def issues(self, recipe: Recipe, dataset: Dataset) -> tuple[Issue, ...]:
        """Return what in a recipe can't work on a dataset."""
        if reason := self.why_unsuitable(dataset):
            return (Issue("dataset", reason),)
        return checks.issues(recipe, *self.recordings(dataset))

    def example_count(self, recipe: Recipe, dataset: Dataset) -> int:
        """Return the number of training recordings."""
        recordings, _ = self.recordings(dataset)
        return len(split_examples(recordings, recipe.preparation).train)

    def suggest(self, dataset: Dataset, preparation: Preparation = NO_PREPARATION) -> Recipe:
        """Return a first recipe that is right for most recordings with transcripts."""
        return suggest(*self.recordings(dataset), preparation)

    def plan(self, recipe: Recipe, dataset: Dataset | None = None) -> ModelSummary:
        """Return the plan of a recipe's model; without the dataset, sizes are guessed."""
        task = recipe.require_task(Transcribe)
        segment, kernel = task.segment, task.kernel
        if dataset is None:
            return summarize_transcriber(recipe.model, *_GUESS, segment, kernel)
        recordings, transcripts = self.recordings(dataset)
        frames = int(recordings.lengths.max()) // segment * segment
        sizes = len(recordings.channels), len(transcripts.names), frames
        return summarize_transcriber(recipe.model, *sizes, segment, kernel)

    def preview(self, recipe: Recipe, dataset: Dataset) -> Preview:
        """Return which recordings of the validation set are transcribed after every epoch."""
        recordings, transcripts = self.recordings(dataset)
        shown = watched_examples(split_examples(recordings, recipe.preparation).validation)[:SHOWN]
        return Preview(
            tuple(recording_name(recordings, number) for number in shown),
            tuple(transcripts.text(number) for number in shown),
        )

    def prepare(self, recipe: Recipe, dataset: Dataset) -> TranscriptionProblem:
        """Return recordings ready to train on."""
        recordings, transcripts = self.recordings(dataset)
        split = split_examples(recordings, recipe.preparation)
        return TranscriptionProblem(recipe.require_task(Transcribe), recordings, transcripts, split)

    def build(self, recipe: Recipe, problem: TranscriptionProblem) -> "Transcriber":
        """Return a new model for a problem."""
        from components.models.transcriber import build_transcriber  # noqa: PLC0415 - brings in TensorFlow

        sizes = len(problem.dataset.channels), len(problem.names), problem.ragged.width
        return build_transcriber(recipe.model, *sizes, problem.segment, recipe.seed, problem.task.kernel)

    def evaluate(
        self, problem: TranscriptionProblem, outputs: Outputs, built: "Transcriber", best_epoch: int
    ) -> TranscriptsResult:
        """Measure a trained model on the test set, beside the usual words and cutting at pauses."""
        return evaluate(problem, outputs, best_epoch)

    def export_model(self, problem: TranscriptionProblem, model: "keras.Model") -> "keras.Model":
        """Return the model for download: from spectrograms in decibels to words."""
        from components.models.transcriber import export_transcriber  # noqa: PLC0415 - brings in TensorFlow

        return export_transcriber(model, problem.names, problem.scaler.offset, problem.scaler.scale)

    def predict(
        self, problem: TranscriptionProblem, built: "Transcriber", question: SequenceInput
    ) -> Transcription:
        """Return the words that a model hears in a recording that a person gives, and where.

        Raises:
            DataError: if it has other bands, or is too short or too long.
        """
        from components.insight.numpy_rnn import step  # noqa: PLC0415 - brings in TensorFlow, as the others do
        from components.models.fused.base import stepped_by  # noqa: PLC0415
        from components.models.transcriber import transcript_log_probabilities  # noqa: PLC0415

        read = problem.read(np.asarray(question.values, np.float32), built.most_frames)
        with stepped_by(step):  # a single recording isn't worth a graph of its length
            logits = built.model(read[None]).numpy()[0]
        found = problem.search(logits[None], np.array([len(logits)]), problem.task.beams, _CANDIDATES)[0]
        shares = np.exp(transcript_log_probabilities(logits, found))
        return Transcription(
            tuple(
                (problem.transcripts.join(words), float(share))
                for words, share in zip(found, shares, strict=True)
            ),
            alignment_of(0, logits, found[0]),
            problem.segment,
        )

    def sample(self, problem: TranscriptionProblem, built: "Transcriber", asked: ExampleChoice) -> Example:
        """Return a recording to look into: one of the test set, or one that is brought.

        Raises:
            DataError: if a text is asked about, or what is brought can't be read.
        """
        match asked:
            case DatasetExample():
                number = int(problem.test[asked.place % len(problem.test)])
                given = problem.ragged.row(number)
                values = problem.dataset.sequence(number)[: len(given)]
                said = problem.transcripts.words(number)
                return heard_example(problem, built, given, values, said)
            case UserSequence():
                given = problem.read(asked.values, built.most_frames)
                return heard_example(problem, built, given, asked.values[: len(given)])
            case UserText():
                raise DataError("The model hears sounds, not text.", remedy="Choose a recording.")

    def sample_evenly(self, problem: TranscriptionProblem, most: int) -> list[Example]:
        """Return recordings from all of the data, evenly."""
        every = np.arange(len(problem.ragged.lengths))
        return [ending_example(problem, int(number)) for number in evenly_spaced(every, most)]


def recording_name(dataset: Recordings, number: int) -> str:
    """Return what a recording is called: by whose voice it is, and its number."""
    voice = f"{dataset.groups.names[dataset.groups.codes[number]]}, " if dataset.groups else ""
    return f"{voice}number {number + 1:,}"
