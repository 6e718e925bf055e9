"""The process that reads: takes requests as lines from its input, does one after the other, and answers.

A file of some kilobytes can make any reader ask for more memory than there is, and work for hours. Here that
takes down a process that holds nothing of anybody.

Run as a module. It ends when its input does, and by itself when nothing is asked for a while.
"""

import errno
import os
import queue
import sys
import tempfile
import threading
import traceback
from contextlib import suppress
from pathlib import Path

from components.data.cleaning.doctor import examine, propose, settle
from components.data.datasets import Dataset
from components.data.isolation.handover import hand_over, held_bytes, take_over
from components.data.isolation.requests import (
    MOST_EXAMPLES,
    RESULT,
    TABLE,
    Answer,
    FileToRead,
    Refusal,
    Request,
    SheetsToName,
    TableToConvert,
    TableToExamine,
    too_large_error,
)
from components.data.readers import formats
from components.data.tables.raw_table import RawTable
from components.data.tables.table_kinds import read_as_chosen
from components.errors import DataError

IDLE_SECONDS = 60.0
MOST_FILE_BYTES = 2 << 30
"""Of one file that is written while another is read."""
_NICENESS = 5  # who looks at pages comes first


def main() -> None:
    """Serve until nothing more is asked."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # What a library prints must not be taken for an answer.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    _load_libraries()
    _be_modest()
    asked: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_listen, args=(asked,), daemon=True).start()
    with suppress(queue.Empty):
        while True:
            request = Request.model_validate_json(asked.get(timeout=IDLE_SECONDS))
            answers.write(answer(request).model_dump_json() + "\n")
            answers.flush()
            _return_memory()
    os._exit(0)


def answer(request: Request) -> Answer:
    """Do what is asked, within the memory that is granted."""
    _limit_memory(request.memory)
    tempfile.tempdir = request.folder
    name = _file_name(request)
    try:
        return _work(request)
    except DataError as error:
        return Answer(refusal=Refusal.of(error))
    except Exception as error:
        if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.EFBIG:
            return Answer(refusal=Refusal.of(too_large_error(name)))
        if getattr(error, "errno", None) == errno.ENOSPC:
            return Answer(refusal=Refusal.of(disk_full_error(name)))
        return Answer(mistake=traceback.format_exc())


def disk_full_error(name: str) -> DataError:
    """Return what is said where there is no room to unpack a file."""
    return DataError(
        "The server's disk is full, so the file can't be read now.",
        where=name,
        remedy="Try again later, or tell the people who run this server.",
    )


def _work(request: Request) -> Answer:
    folder = Path(request.folder)
    match request.work:
        case FileToRead() as file:
            _give(read_file(file), folder, file.most_held, file.reference.name)
            return Answer()
        case TableToConvert() as table:
            found = read_as_chosen(_given_table(folder), table.reference, table.provenance)
            _give(found, folder, table.most_held, table.reference.name)
            return Answer()
        case SheetsToName() as book:
            return Answer(sheets=formats.sheets(Path(book.path), book.reference, book.most_unpacked))
        case TableToExamine() as question:
            return _examine(question, folder)


def read_file(file: FileToRead) -> RawTable | Dataset:
    """Read a file as its reference says.

    Raises:
        DataError: if it can't be.
    """
    found = formats.read(Path(file.path), file.reference, file.provenance, file.most_unpacked)
    return found if isinstance(found, Dataset) else read_as_chosen(found, file.reference, file.provenance)


def _examine(question: TableToExamine, folder: Path) -> Answer:
    table = _given_table(folder)
    steps, preparation = question.steps, question.preparation
    match question.action:
        case "settle":
            return Answer(steps=settle(table.frame, preparation, steps))
        case "propose":
            return Answer(steps=propose(table.frame, preparation, steps, target=question.target))
        case "examine":
            found = examine(
                table.frame, steps, preparation, target=question.target, record_name=table.record_name
            )
            return Answer(findings=found.findings, table_is_ready=found.table_is_ready)


def _given_table(folder: Path) -> RawTable:
    table = take_over(folder / TABLE)
    assert isinstance(table, RawTable)
    return table


def _give(found: RawTable | Dataset, folder: Path, most: int, name: str) -> None:
    """Hand over what was read, if it isn't too large for whoever asked."""
    size = held_bytes(found)
    if size > most:
        raise DataError(
            f"Once read, this file takes {size / 2**20:,.0f} MB of memory; at most {most / 2**20:,.0f} MB "
            "are allowed.",
            where=name,
            remedy="Keep only the columns that matter, or upload a shorter part of it.",
        )
    if isinstance(found, Dataset) and found.size > MOST_EXAMPLES:
        raise DataError(
            f"This file holds {found.size:,} examples; at most {MOST_EXAMPLES:,} are allowed.",
            where=name,
            remedy="Upload a part of it.",
        )
    (folder / RESULT).mkdir()
    hand_over(found, folder / RESULT)


def _file_name(request: Request) -> str:
    return "the table" if isinstance(request.work, TableToExamine) else request.work.reference.name


# --- The process itself ------------------------------------------------------------------------------


def _listen(asked: "queue.Queue[str]") -> None:
    """Take requests, until whoever asks is gone: then there is nobody left to work for."""
    for line in sys.stdin:
        asked.put(line)
    os._exit(0)


def _load_libraries() -> None:
    """Load what most files need, while nobody waits."""
    import duckdb  # noqa: F401, PLC0415
    import pyarrow.compute  # noqa: F401, PLC0415


def _be_modest() -> None:
    with suppress(AttributeError, OSError):
        os.nice(_NICENESS)
    with suppress(ImportError, ValueError, OSError):  # not every system has such limits
        import resource  # noqa: PLC0415
        import signal  # noqa: PLC0415

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # then the write fails, and that is said
        resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_FILE_BYTES, MOST_FILE_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_memory(more: int) -> None:
    """Have the system refuse more memory than that. Only Linux does; elsewhere whoever asks watches."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + more, hard))


def _return_memory() -> None:
    """Give back to the system what the last file took."""
    import pyarrow as pa  # noqa: PLC0415

    pa.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError):
        import ctypes  # noqa: PLC0415

        ctypes.CDLL(None).malloc_trim(0)


if __name__ == "__main__":
    main()
