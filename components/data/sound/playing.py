"""The sound of a recording, as the file that it is, for a person to hear."""

import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from components.data import upload
from components.data.dataset import Recordings
from components.data.recordings_samples import RECORDINGS_SAMPLES
from components.data.sample import FILES
from components.recipe import Sample, Upload

_TYPES = {".wav": "audio/wav", ".mp3": "audio/mpeg"}


@dataclass(frozen=True)
class Sound:
    """What a browser plays: a file's bytes and what they are."""

    content: bytes
    mime: str


def sound(dataset: Recordings, number: int) -> Sound | None:
    """Give the sound of a recording; None where it isn't kept.

    Raises:
        DataError: if the file that it came in is no longer here.
    """
    file, reference = dataset.files[number], dataset.reference
    if not file:
        return None
    mime = _TYPES[PurePosixPath(file).suffix.lower()]
    match reference:
        case Upload():
            return Sound(upload.taken_out(reference, file), mime)
        case Sample() if reference.name in RECORDINGS_SAMPLES:
            with zipfile.ZipFile(FILES / RECORDINGS_SAMPLES[reference.name].sounds) as archive:
                return Sound(archive.read(file), mime)
    return None
