"""What becomes of a file when nobody is asked, or each question is answered by its first fix."""

from dataclasses import dataclass

import pandas as pd

from components.data.cleaning.doctor import examine, propose, settle
from components.data.cleaning.steps import clean_table, forms_panel
from components.data.cleaning.steps.step_description import describe_step
from components.data.datasets import Provenance, check_table
from components.data.readers import formats
from components.data.tables.raw_table import RawTable
from components.recipe import Preparation, Upload
from tests.data.readers.file_helpers import reader_of_bytes

DEFAULT_PREPARATION = Preparation()
_read_file = reader_of_bytes(formats.read)


@dataclass(frozen=True, eq=False)
class LoadedTable:
    """A table as it is loaded, and what was done to it."""

    table: pd.DataFrame
    notes: tuple[str, ...]


def load_table(found: RawTable) -> LoadedTable:
    """Make the cleaning steps that the doctor proposes; a DataError where they aren't enough."""
    steps = propose(found.frame, DEFAULT_PREPARATION)
    table = clean_table(found.frame, steps, DEFAULT_PREPARATION)
    check_table(table, "my file", allow_unequal=forms_panel(table, steps))
    return LoadedTable(table, (*found.notes, *map(describe_step, steps)))


def accept_table(found: RawTable) -> pd.DataFrame:
    """Make only the cleaning steps that are made unasked; a DataError where they aren't enough."""
    table = clean_table(found.frame, settle(found.frame, DEFAULT_PREPARATION), DEFAULT_PREPARATION)
    check_table(table, "my file")
    return table


def first_finding(found: RawTable) -> str:
    """Return what the doctor says first of what is left to mend."""
    steps = settle(found.frame, DEFAULT_PREPARATION)
    diagnosis = examine(found.frame, steps, DEFAULT_PREPARATION, record_name=found.record_name)
    assert not diagnosis.table_is_ready
    return diagnosis.findings[0].sentence


def load_lines(*rows: str, name: str = "a.csv") -> pd.DataFrame:
    """Return what becomes of a file of these lines where each question is answered by its first fix."""
    return load_table(read_lines(*rows, name=name)).table


def read_lines(*rows: str, name: str = "a.csv") -> RawTable:
    """Read a file of these lines."""
    reference = Upload(id="0" * 32, name=name)
    content = "\n".join([*rows, ""]).encode()
    found = _read_file(content, reference, Provenance("here", "none"), 1 << 30)
    assert isinstance(found, RawTable)
    return found
