"""What the server asks of a reading process, and what that answers: lines of JSON, files of what is large."""

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from components.data.cleaning.doctor.finding import Finding
from components.data.datasets import Provenance
from components.errors import DataError
from components.recipe import CleaningStep, Preparation, Upload

RESULT = "result"
"""Folder, in that of a request, where the table or dataset lies that was read."""
TABLE = "table"
"""Likewise, the table that is to be examined or converted."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class FileToRead(_Part):
    """A file to be read as its reference says; the result is a table or dataset, handed over in a folder.

    Attributes:
        path: where it lies.
        reference: of it, with what a person chose.
        provenance: of the data.
        most_unpacked: bytes that may come out of it where it is packed.
        most_held: bytes that the result may take in memory.
    """

    task: Literal["read"] = "read"
    path: str
    reference: Upload
    provenance: Provenance
    most_unpacked: int
    most_held: int


class SheetsToName(_Part):
    """A workbook whose sheets are to be named; the attributes are those of `FileToRead`."""

    task: Literal["sheets"] = "sheets"
    path: str
    reference: Upload
    most_unpacked: int


class TableToConvert(_Part):
    """A table, handed over in a folder, to be read as what its reference says that the rows are.

    The attributes are those of `FileToRead`.
    """

    task: Literal["convert"] = "convert"
    reference: Upload
    provenance: Provenance
    most_held: int


class TableToExamine(_Part):
    """A table, handed over in a folder, for the data doctor.

    Attributes:
        steps: made so far.
        preparation: how the finished table will be divided.
        target: the column to forecast, where it is chosen.
        action: what the doctor is to do, by the name of its function.
    """

    task: Literal["examine"] = "examine"
    steps: tuple[CleaningStep, ...]
    preparation: Preparation
    target: str | None = None
    action: Literal["examine", "settle", "propose"]


Work = FileToRead | SheetsToName | TableToConvert | TableToExamine


class Request(_Part):
    """One thing to do.

    Attributes:
        folder: for what is handed over, and for all that is written meanwhile.
        memory: bytes that may be taken beside what the process holds already.
        work: what is to be done.
    """

    folder: str
    memory: int
    work: Work = Field(discriminator="task")


class Refusal(_Part):
    """The three parts of a `DataError`."""

    what: str
    where: str
    remedy: str

    @classmethod
    def of(cls, error: DataError) -> Self:
        """Take an error to pieces."""
        return cls(what=error.what, where=error.where, remedy=error.remedy)

    def error(self) -> DataError:
        """Put the error together again."""
        return DataError(self.what, where=self.where, remedy=self.remedy)


class Answer(_Part):
    """What came of a request; one of the fields says it.

    Attributes:
        refusal: why the file can't be read.
        mistake: the traceback of a mistake of ours.
        sheets: names of a workbook's sheets.
        steps: that the doctor made.
        findings: of the doctor.
        table_is_ready: whether the table can be learnt from.
    """

    refusal: Refusal | None = None
    mistake: str | None = None
    sheets: tuple[str, ...] = ()
    steps: tuple[CleaningStep, ...] = ()
    findings: Sequence[Finding] = ()
    table_is_ready: bool = False


MOST_EXAMPLES = 2_000_000
"""Texts, pairs or sequences of a dataset: pages look at all of them, one by one."""


def too_large_error(name: str) -> DataError:
    """Return what is said of a file that takes too much memory, time or disk."""
    return DataError(
        "This file is too large to be read, or damaged.",
        where=name,
        remedy="Upload a smaller part of it, or save it again as CSV.",
    )
