"""The data doctor: looks at a table before training, says plainly what is wrong, and offers mends."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from components.data import dataset
from components.data.doctor import cells, missing, rows, spacing, warnings
from components.data.doctor.finding import Case, Diagnosis, Finding, Offer, Severity
from components.data.mends import apply, are_alike, labelled
from components.errors import DataError
from components.recipe import MOST_MENDS, Mend, Preparation

__all__ = ["Diagnosis", "Finding", "Offer", "cure", "examine", "settle"]

Examiner = Callable[[Case], Iterator[Finding]]


@dataclass(frozen=True)
class _Stage:
    """What is looked at together, once nothing of the stages before must be mended.

    Attributes:
        apart: whether mending one finding leaves the others as they are.
        notes: whether nothing that it finds is ever mended unasked.
    """

    examiners: tuple[Examiner, ...]
    apart: bool = False
    notes: bool = False


# A new examiner is a function from a case to its findings, and its place here.
_STAGES = (
    _Stage((cells.empty_columns, cells.times_and_numbers), apart=True),
    _Stage((cells.sentinels,), apart=True),
    _Stage((rows.untimed, rows.disorder, rows.repeats_and_words)),
    _Stage((spacing.spacing,)),
    _Stage((missing.missing,)),
    _Stage((warnings.too_short,)),
    _Stage((missing.constant, warnings.leaks), apart=True),
    _Stage(
        (
            *(warnings.untimed_series, warnings.counters, warnings.rare),
            *(warnings.outliers, warnings.copies),
        ),
        apart=True,
        notes=True,
    ),
)
_SEVERITIES: tuple[Severity, ...] = ("must", "should", "note")


def examine(
    frame: pd.DataFrame,
    mends: Sequence[Mend],
    preparation: Preparation,
    *,
    target: str | None = None,
    place: Callable[[int], str] | None = None,
) -> Diagnosis:
    """Look at a table after its mends.

    Args:
        frame: as it came from a file, as `components.data.mends` has it; or the table of a dataset.
        mends: those made so far.
        preparation: how the finished table will be divided; its own mends don't count here.
        target: the column to forecast, where it is chosen: leaks are looked for.
        place: gives the words for a record of the file, counted from 0: "row 3".

    Returns:
        What was found. A mend that can't be done is a finding too.
    """
    place = place or _row
    try:
        after = labelled(frame, mends, preparation)
    except DataError as error:
        step = Finding(key="step", severity="must", sentence=str(error))
        return Diagnosis(_numbered(frame), (step,), table_is_ready=False)
    numbered = len(after) == len(frame) and not _moved(mends)
    case = Case(after, preparation, target, place, numbered, are_alike(after, mends))
    found: list[Finding] = []
    for stage in _STAGES:
        found += _findings(stage, case)
        if any(finding.severity == "must" for finding in found):
            break
    after = _numbered(after)
    found.sort(key=lambda finding: _SEVERITIES.index(finding.severity))
    return Diagnosis(after, tuple(found), table_is_ready=_is_ready(after, found, case.alike))


def settle(frame: pd.DataFrame, preparation: Preparation, mends: Sequence[Mend] = ()) -> tuple[Mend, ...]:
    """Add the mends that lose nothing and that nobody would question, such as putting rows in order.

    Args:
        frame: as for `examine`.
        preparation: likewise.
        mends: those made already; they stay, and come first.
    """
    return _mend(frame, preparation, mends, lambda finding: finding.choice == "clear")


def cure(
    frame: pd.DataFrame, preparation: Preparation, mends: Sequence[Mend] = (), *, target: str | None = None
) -> tuple[Mend, ...]:
    """Add the best mends until nothing is left that must or should be mended.

    What only a person can tell is left open, and with it all that depends on it.

    Args:
        frame: as for `examine`.
        preparation: likewise.
        mends: those made already; they stay, and come first.
        target: likewise.
    """
    return _mend(
        frame,
        preparation,
        mends,
        lambda finding: finding.choice != "open" and finding.severity != "note",
        target,
    )


def _mend(
    frame: pd.DataFrame,
    preparation: Preparation,
    mends: Sequence[Mend],
    wanted: Callable[[Finding], bool],
    target: str | None = None,
) -> tuple[Mend, ...]:
    """Go through the stages, and mend what is wanted, until something that must be mended can't be."""
    made = list(mends)
    begun = labelled(frame, made, preparation)
    case = Case(begun, preparation, target, _row, numbered=False, alike=are_alike(begun, made))
    for stage in (stage for stage in _STAGES if not stage.notes):
        found = _findings(stage, case)
        while mendable := [finding for finding in found if finding.offers and wanted(finding)]:
            for finding in mendable if stage.apart else mendable[:1]:
                mend = finding.offers[0].mend
                if mend in made or len(made) == MOST_MENDS:
                    return tuple(made)
                try:
                    after = apply(case.frame, mend)
                except DataError:  # such as a table that would grow too long
                    return tuple(made)
                made.append(mend)
                case = replace(case, frame=after, alike=are_alike(after, made))
            found = _findings(stage, case)
        if any(finding.severity == "must" for finding in found):
            break
    return tuple(made)


def _findings(stage: _Stage, case: Case) -> list[Finding]:
    return [finding for examiner in stage.examiners for finding in examiner(case)]


def _row(record: int) -> str:
    """Count as a spreadsheet does whose first row is the header."""
    return f"row {record + 2}"


def _moved(mends: Sequence[Mend]) -> bool:
    return any(mend.kind in {"sort_rows", "resample", "spread_column", "add_missing_times"} for mend in mends)


def _numbered(frame: pd.DataFrame) -> pd.DataFrame:
    return frame if isinstance(frame.index, pd.DatetimeIndex) else frame.reset_index(drop=True)


def _is_ready(table: pd.DataFrame, found: list[Finding], alike: bool) -> bool:
    if any(finding.severity == "must" for finding in found):
        return False
    try:
        dataset.check(table, "", may_begin_late=alike)
    except DataError:
        return False
    return True
