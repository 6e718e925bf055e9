"""The data doctor: looks at a table before training, says plainly what is wrong, and offers mends."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from components.data import datasets
from components.data.cleaning.doctor import cells, missing_values, rows, spacing, warnings
from components.data.cleaning.doctor.finding import Diagnosis, Finding, Fix, Severity, TableCase
from components.data.cleaning.steps import apply_step, clean_with_row_numbers, forms_panel
from components.errors import DataError
from components.recipe import MOST_CLEANING_STEPS, CleaningStep, Preparation

__all__ = ["Diagnosis", "Finding", "Fix", "examine", "propose", "settle"]

Examiner = Callable[[TableCase], Iterator[Finding]]


@dataclass(frozen=True)
class _Stage:
    """What is looked at together, once nothing of the stages before must be mended.

    Attributes:
        independent: whether mending one finding leaves the others as they are.
        notes: whether nothing that it finds is ever mended unasked.
    """

    examiners: tuple[Examiner, ...]
    independent: bool = False
    notes: bool = False


# A new examiner is a function from a case to its findings, and its place here.
_STAGES = (
    _Stage((cells.find_empty_columns, cells.find_times_and_numbers), independent=True),
    _Stage((cells.find_sentinels,), independent=True),
    _Stage((rows.find_missing_times, rows.find_unsorted_times, rows.find_duplicates_and_words)),
    _Stage((spacing.find_irregular_spacing,)),
    _Stage((missing_values.find_missing_values,)),
    _Stage((warnings.find_short_series,)),
    _Stage((missing_values.find_constant_columns, warnings.find_leaks), independent=True),
    _Stage(
        (
            *(warnings.find_missing_time_axis, warnings.find_row_counters, warnings.find_rare_values),
            *(warnings.find_outliers, warnings.find_copied_stretches),
        ),
        independent=True,
        notes=True,
    ),
)
_SEVERITIES: tuple[Severity, ...] = ("must", "should", "note")


def examine(
    frame: pd.DataFrame,
    steps: Sequence[CleaningStep],
    preparation: Preparation,
    *,
    target: str | None = None,
    record_name: Callable[[int], str] | None = None,
) -> Diagnosis:
    """Look at a table after its mends.

    Args:
        frame: as it came from a file, as `components.data.cleaning.steps` has it; or the table of a dataset.
        steps: those made so far.
        preparation: how the finished table will be divided; its own mends don't count here.
        target: the column to forecast, where it is chosen: leaks are looked for.
        record_name: gives the words for a record of the file, counted from 0: "row 3".

    Returns:
        What was found. A mend that can't be done is a finding too.
    """
    record_name = record_name or _row_name
    try:
        after = clean_with_row_numbers(frame, steps, preparation)
    except DataError as error:
        step = Finding(key="step", severity="must", sentence=str(error))
        return Diagnosis(_renumber_rows(frame), (step,), table_is_ready=False)
    numbered = len(after) == len(frame) and not _reorders_rows(steps)
    case = TableCase(after, preparation, target, record_name, numbered, forms_panel(after, steps))
    found: list[Finding] = []
    for stage in _STAGES:
        found += _findings(stage, case)
        if any(finding.severity == "must" for finding in found):
            break
    after = _renumber_rows(after)
    found.sort(key=lambda finding: _SEVERITIES.index(finding.severity))
    return Diagnosis(after, tuple(found), table_is_ready=_is_ready(after, found, case.is_panel))


def settle(
    frame: pd.DataFrame, preparation: Preparation, steps: Sequence[CleaningStep] = ()
) -> tuple[CleaningStep, ...]:
    """Add the mends that lose nothing and that nobody would question, such as putting rows in order.

    Args:
        frame: as for `examine`.
        preparation: likewise.
        steps: those made already; they stay, and come first.
    """
    return _apply_fixes(frame, preparation, steps, lambda finding: finding.choice == "clear")


def propose(
    frame: pd.DataFrame,
    preparation: Preparation,
    steps: Sequence[CleaningStep] = (),
    *,
    target: str | None = None,
) -> tuple[CleaningStep, ...]:
    """Add the best mends until nothing is left that must or should be mended.

    What only a person can tell is left open, and with it all that depends on it.

    Args:
        frame: as for `examine`.
        preparation: likewise.
        steps: those made already; they stay, and come first.
        target: likewise.
    """
    return _apply_fixes(
        frame,
        preparation,
        steps,
        lambda finding: finding.choice != "open" and finding.severity != "note",
        target,
    )


def _apply_fixes(
    frame: pd.DataFrame,
    preparation: Preparation,
    steps: Sequence[CleaningStep],
    wanted: Callable[[Finding], bool],
    target: str | None = None,
) -> tuple[CleaningStep, ...]:
    """Go through the stages, and mend what is wanted, until something that must be mended can't be."""
    made = list(steps)
    begun = clean_with_row_numbers(frame, made, preparation)
    case = TableCase(begun, preparation, target, _row_name, numbered=False, is_panel=forms_panel(begun, made))
    for stage in (stage for stage in _STAGES if not stage.notes):
        found = _findings(stage, case)
        while mendable := [finding for finding in found if finding.fixes and wanted(finding)]:
            for finding in mendable if stage.independent else mendable[:1]:
                mend = finding.fixes[0].cleaning_step
                if mend in made or len(made) == MOST_CLEANING_STEPS:
                    return tuple(made)
                try:
                    after = apply_step(case.frame, mend)
                except DataError:  # such as a table that would grow too long
                    return tuple(made)
                made.append(mend)
                case = replace(case, frame=after, is_panel=forms_panel(after, made))
            found = _findings(stage, case)
        if any(finding.severity == "must" for finding in found):
            break
    return tuple(made)


def _findings(stage: _Stage, case: TableCase) -> list[Finding]:
    return [finding for examiner in stage.examiners for finding in examiner(case)]


def _row_name(record: int) -> str:
    """Count as a spreadsheet does whose first row is the header."""
    return f"row {record + 2}"


def _reorders_rows(steps: Sequence[CleaningStep]) -> bool:
    return any(mend.kind in {"sort_rows", "resample", "spread_column", "add_missing_times"} for mend in steps)


def _renumber_rows(frame: pd.DataFrame) -> pd.DataFrame:
    return frame if isinstance(frame.index, pd.DatetimeIndex) else frame.reset_index(drop=True)


def _is_ready(table: pd.DataFrame, found: list[Finding], is_panel: bool) -> bool:
    if any(finding.severity == "must" for finding in found):
        return False
    try:
        datasets.check_table(table, "", allow_late_start=is_panel)
    except DataError:
        return False
    return True
