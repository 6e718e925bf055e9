"""The data doctor, at work in a process of its own wherever a table is large."""

from collections.abc import Sequence
from typing import Literal

from components.data.cleaning import doctor
from components.data.cleaning.doctor import Diagnosis
from components.data.cleaning.steps import clean_table
from components.data.isolation.process_pool import request_folder, run
from components.data.isolation.reading import give_table, is_small
from components.data.isolation.requests import Answer, TableToExamine
from components.data.tables.raw_table import RawTable
from components.errors import DataError
from components.recipe import CleaningStep, Preparation


def examine(
    table: RawTable, steps: Sequence[CleaningStep], preparation: Preparation, target: str | None = None
) -> Diagnosis:
    """Return what is wrong with a table after its cleaning steps, as `doctor.examine` does.

    Raises:
        DataError: if that takes more than the server grants.
    """
    if is_small(table):
        return doctor.examine(table.frame, steps, preparation, target=target, record_name=table.record_name)
    found = _ask(table, steps, preparation, "examine", target)
    try:
        cleaned = clean_table(table.frame, steps, preparation)
    except DataError:  # which is a finding
        cleaned = clean_table(table.frame, (), preparation)
    return Diagnosis(cleaned, tuple(found.findings), found.table_is_ready)


def settle(
    table: RawTable, preparation: Preparation, steps: Sequence[CleaningStep] = ()
) -> tuple[CleaningStep, ...]:
    """Return the steps with those added that nobody would question, as `doctor.settle` does.

    Raises:
        DataError: if that takes more than the server grants.
    """
    if is_small(table):
        return doctor.settle(table.frame, preparation, steps)
    return _ask(table, steps, preparation, "settle").steps


def propose(
    table: RawTable, preparation: Preparation, steps: Sequence[CleaningStep] = (), target: str | None = None
) -> tuple[CleaningStep, ...]:
    """Return the steps with the best fixes added, as `doctor.propose` does.

    Raises:
        DataError: if that takes more than the server grants.
    """
    if is_small(table):
        return doctor.propose(table.frame, preparation, steps, target=target)
    return _ask(table, steps, preparation, "propose", target).steps


def _ask(
    table: RawTable,
    steps: Sequence[CleaningStep],
    preparation: Preparation,
    action: Literal["examine", "settle", "propose"],
    target: str | None = None,
) -> Answer:
    question = TableToExamine(steps=tuple(steps), preparation=preparation, target=target, action=action)
    with request_folder() as folder:
        give_table(table, folder)
        return run(question, folder, "the table")
