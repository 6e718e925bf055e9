"""The sound of a recording, as the file that it is, for a person to hear."""

import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from components.data.datasets import Recordings
from components.data.readers.audio import MIME_TYPES
from components.data.sources import upload
from components.data.sources.recordings_samples import RECORDINGS_SAMPLES
from components.data.sources.sample_info import FILES
from components.recipe import Sample, Upload

_MIME_TYPES = MIME_TYPES | {".mp3": "audio/mpeg"}


@dataclass(frozen=True)
class AudioFile:
    """What a browser plays: a file's bytes and what they are."""

    content: bytes
    mime: str


def load_audio(dataset: Recordings, number: int) -> AudioFile | None:
    """Return the sound of a recording; None where it isn't kept.

    Raises:
        DataError: if the file that it came in is no longer here.
    """
    file, reference = dataset.files[number], dataset.reference
    if not file:
        return None
    mime = _MIME_TYPES[PurePosixPath(file).suffix.lower()]
    match reference:
        case Upload():
            return AudioFile(upload.read_archive_file(reference, file), mime)
        case Sample() if reference.name in RECORDINGS_SAMPLES:
            with zipfile.ZipFile(FILES / RECORDINGS_SAMPLES[reference.name].sounds) as archive:
                return AudioFile(archive.read(file), mime)
    return None
