"""The data doctor: examines a table before training, finds what is wrong with it, and offers fixes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from components.data import datasets
from components.data.cleaning.doctor import (
    cells,
    missing_values,
    rows,
    spacing,
    totals,
    warnings,
    wide,
    width,
)
from components.data.cleaning.doctor.finding import Diagnosis, Finding, Fix, Severity, TableCase
from components.data.cleaning.steps import apply_step, clean_with_row_numbers, forms_panel
from components.errors import DataError
from components.recipe import MOST_CLEANING_STEPS, CleaningStep, Preparation

__all__ = ["Diagnosis", "Finding", "Fix", "examine", "propose", "settle"]

Examiner = Callable[[TableCase], Iterator[Finding]]


@dataclass(frozen=True)
class _Stage:
    """What is examined together, once nothing of the stages before must be fixed.

    Attributes:
        independent: whether fixing one finding leaves the others as they are.
        notes: whether nothing that it finds is ever fixed unasked.
    """

    examiners: tuple[Examiner, ...]
    independent: bool = False
    notes: bool = False


# A new examiner is a function from a case to its findings, and its place here.
_STAGES = (
    _Stage((cells.find_empty_columns, wide.find_wide_table)),
    _Stage((totals.find_names_above, totals.find_period_totals)),
    _Stage((cells.find_times_and_numbers,), independent=True),
    _Stage((width.find_too_many_columns,)),
    _Stage((cells.find_sentinels,), independent=True),
    _Stage((rows.find_missing_times, rows.find_unsorted_times, rows.find_duplicates_and_words)),
    _Stage((width.find_too_many_columns,)),
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
_REORDERING = {"sort_rows", "resample", "unpivot", "spread_column", "add_missing_times"}
_SEVERITIES: tuple[Severity, ...] = ("must", "should", "note")


def examine(
    frame: pd.DataFrame,
    steps: Sequence[CleaningStep],
    preparation: Preparation,
    *,
    target: str | None = None,
    record_name: Callable[[int], str] | None = None,
) -> Diagnosis:
    """Return what is wrong with a table after its cleaning steps.

    Args:
        frame: as it came from a file, as `components.data.cleaning.steps` has it; or the table of a dataset.
        steps: those made so far.
        preparation: how the finished table will be divided; its own cleaning steps don't count here.
        target: the column to forecast, where it is chosen: leaks are looked for.
        record_name: returns the words for a record of the file, counted from 0: "row 3".

    Returns:
        What was found. A step that can't be applied is a finding too.
    """
    record_name = record_name or _row_name
    try:
        after = clean_with_row_numbers(frame, steps, preparation)
    except DataError as error:
        step = Finding(key="step", severity="must", sentence=_capitalised(str(error)))
        return Diagnosis(_renumber_rows(frame), (step,), table_is_ready=False)
    numbered = len(after) == len(frame) and not _reorders_rows(steps)
    if any(step.kind == "spread_column" and step.steps is not None for step in steps):
        record_name = _step_name
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
    """Return the steps with those added that lose nothing and that nobody would question, such as sorting.

    Args:
        frame: as for `examine`.
        preparation: likewise.
        steps: those made already; they stay, and come first.

    Example:
        >>> frame = pd.DataFrame({"day": ["2024-01-01", "2024-01-02"], "x": ["1,5", "2,5"]}, dtype="str")
        >>> [step.kind for step in settle(frame, Preparation())]
        ['set_time', 'read_numbers']
    """
    return _apply_fixes(frame, preparation, steps, lambda finding: finding.choice == "clear")


def propose(
    frame: pd.DataFrame,
    preparation: Preparation,
    steps: Sequence[CleaningStep] = (),
    *,
    target: str | None = None,
) -> tuple[CleaningStep, ...]:
    """Return the steps with the best fixes added, until nothing is left that must or should be fixed.

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
    """Go through the stages and fix what is wanted, until something that must be fixed can't be."""
    made = list(steps)
    begun = clean_with_row_numbers(frame, made, preparation)
    case = TableCase(begun, preparation, target, _row_name, numbered=False, is_panel=forms_panel(begun, made))
    for stage in (stage for stage in _STAGES if not stage.notes):
        found = _findings(stage, case)
        while fixable := [finding for finding in found if finding.fixes and wanted(finding)]:
            for finding in fixable if stage.independent else fixable[:1]:
                step = finding.fixes[0].cleaning_step
                if step in made or len(made) == MOST_CLEANING_STEPS:
                    return tuple(made)
                try:
                    after = apply_step(case.frame, step)
                except DataError:  # such as a table that would grow too long
                    return tuple(made)
                made.append(step)
                case = replace(case, frame=after, is_panel=forms_panel(after, made))
            found = _findings(stage, case)
        if any(finding.severity == "must" for finding in found):
            break
    return tuple(made)


def _findings(stage: _Stage, case: TableCase) -> list[Finding]:
    return [finding for examiner in stage.examiners for finding in examiner(case)]


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _row_name(record: int) -> str:
    """Return the row's name in a spreadsheet whose first row is the header."""
    return f"row {record + 2}"


def _step_name(step: int) -> str:
    return f"step {step}"


def _reorders_rows(steps: Sequence[CleaningStep]) -> bool:
    return any(step.kind in _REORDERING for step in steps)


def _renumber_rows(frame: pd.DataFrame) -> pd.DataFrame:
    return frame if isinstance(frame.index, pd.DatetimeIndex) else frame.reset_index(drop=True)


def _is_ready(table: pd.DataFrame, found: list[Finding], is_panel: bool) -> bool:
    if any(finding.severity == "must" for finding in found):
        return False
    try:
        datasets.check_table(table, "", allow_unequal=is_panel)
    except DataError:
        return False
    return True
