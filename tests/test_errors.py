"""An error says what, where and what to do, and says the same on the other side of a process border."""

import errno
import pickle
import subprocess
import sys

import pytest

from components import errors
from components.errors import (
    DataError,
    LimitError,
    RecipeError,
    RunError,
    SearchError,
    StorageError,
    UnrollError,
    disk_error,
)

FAMILY = [UnrollError, RecipeError, DataError, RunError, LimitError, SearchError, StorageError]


def test_a_message_has_its_place_first_and_its_remedy_last() -> None:
    error = DataError("Row 7 is empty.", where="sales.csv", remedy="Fill it or delete it.")
    assert str(error) == "sales.csv: Row 7 is empty. Fill it or delete it."


def test_a_message_without_place_or_remedy_is_just_what_is_wrong() -> None:
    assert str(RunError("There is no such run.")) == "There is no such run."


def test_the_whole_family_is_tested_here() -> None:
    members = [value for value in vars(errors).values() if isinstance(value, type)]
    assert set(members) == set(FAMILY)
    assert all(issubclass(member, UnrollError) for member in members)


@pytest.mark.parametrize("kind", FAMILY)
def test_an_error_crosses_from_another_process_whole(kind: type[UnrollError]) -> None:
    program = (
        "import pickle, sys\n"
        f"from components.errors import {kind.__name__}\n"
        f"error = {kind.__name__}('Too wide.', where='task.window', remedy='Use 12.')\n"
        "sys.stdout.buffer.write(pickle.dumps(error))"
    )
    sent = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True).stdout
    error = pickle.loads(sent)
    assert type(error) is kind
    assert (error.what, error.where, error.remedy) == ("Too wide.", "task.window", "Use 12.")
    assert str(error) == "task.window: Too wide. Use 12."


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk of this server is full"),
        (errno.EDQUOT, "disk of this server is full"),
        (errno.EFBIG, "disk of this server is full"),
        (errno.EACCES, "may not write to its own folder"),
        (errno.EROFS, "may not write to its own folder"),
    ],
)
def test_a_disks_fault_is_said_in_plain_words(number: int, words: str) -> None:
    error = disk_error(OSError(number, "a code"))
    assert isinstance(error, StorageError)
    assert words in error.what and error.remedy
    assert disk_error(OSError(errno.EIO, "a code")) is None
