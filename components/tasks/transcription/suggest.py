"""A first recipe for transcribing speech."""

from components.data.datasets import Recordings, Transcripts
from components.models.ctc import fewest_steps_of_all
from components.recipe import Optimizer, Preparation, Recipe, Recurrent, Transcribe
from components.tasks.split_check import training_size
from components.tasks.training_length import TrainingLength

_SEGMENT = 3  # frames, 48 milliseconds: the shortest sounds of speech last about as long
# A model says blank everywhere for some hundred updates before the first word stands out.
_LENGTH = TrainingLength(updates=1500, fewest=20, most=200, batch=32, patience=8, patient_updates=500)


def suggest(dataset: Recordings, transcripts: Transcripts, preparation: Preparation) -> Recipe:
    """Size the reading and the training to recordings with transcripts."""
    room = int((dataset.lengths // fewest_steps_of_all(transcripts)).min())
    return Recipe(
        dataset=dataset.reference,
        preparation=preparation,
        task=Transcribe(segment=max(1, min(_SEGMENT, room))),
        model=Recurrent(kind="gru", units=48, layers=2, bidirectional=True, dropout=0.3),
        optimizer=Optimizer(learning_rate=0.003, schedule="cosine"),
        training=_LENGTH.training(training_size(dataset, preparation)),
    )
