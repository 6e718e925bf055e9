"""The files of a run: where they lie, and what they are called."""

from dataclasses import dataclass
from typing import Self

from components.storage import Folder

MODEL = "model.keras"
RESULT = "result.npz"


@dataclass(frozen=True)
class RunFiles:
    """What a run leaves behind.

    Attributes:
        folder: of the run, which also holds its checkpoints.
    """

    folder: Folder

    @classmethod
    def of(cls, artifacts: str, run_id: str) -> Self:
        """Return the files of a run.

        Args:
            artifacts: URL of the folder with a folder for each run.
            run_id: the run.
        """
        return cls(Folder(artifacts).folder("runs").folder(run_id))

    @property
    def extra_trainings(self) -> Folder:
        """The folder of the further trainings that belong to the run."""
        return self.folder.folder("further")

    def has_result(self) -> bool:
        """Return whether the run has been measured."""
        return self.folder.exists(RESULT)

    def result(self) -> bytes:
        """Return the packed result.

        Raises:
            FileNotFoundError: if the run hasn't been measured.
        """
        return self.folder.read(RESULT)

    def model(self) -> bytes:
        """Return the trained model as a .keras file.

        Raises:
            FileNotFoundError: if the run hasn't been measured.
        """
        return self.folder.read(MODEL)

    def write(self, result: bytes, model: bytes) -> None:
        """Write what a run came to; the result comes last, so where it is there the model is there too.

        Args:
            result: packed.
            model: as a .keras file.
        """
        self.folder.write(MODEL, model)
        self.folder.write(RESULT, result)
