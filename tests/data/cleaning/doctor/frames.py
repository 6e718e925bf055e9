"""Tables as they come from a file, and how a test asks the doctor, or one of its rules alone, about them."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from components.data.cleaning.doctor import Diagnosis, Finding, examine
from components.data.cleaning.doctor.finding import Fix, TableCase
from components.data.cleaning.steps import apply_step
from components.recipe import CleaningStep, Preparation

EVEN = Preparation()
HOURS = pd.date_range("2021-03-08 05:00", periods=200, freq="h")
NOISE = np.random.default_rng(7).normal(size=200).round(3)

Rule = Callable[[TableCase], Iterator[Finding]]


def raw_frame(**columns) -> pd.DataFrame:
    """Return a table as it comes from a file: text, numbers or times."""
    frame = pd.DataFrame(columns)
    kinds = {name: frame[name].dtype.kind for name in frame}
    return frame.astype(
        {name: "float64" if kind in "iu" else "str" for name, kind in kinds.items() if kind not in "fM"}
    )


def timed_frame(times, **columns) -> pd.DataFrame:
    """Return a table whose rows have their times already."""
    return raw_frame(**columns).set_axis(pd.DatetimeIndex(times), axis=0)


# --- The whole doctor ------------------------------------------------------------------------------


def examine_frame(frame: pd.DataFrame, *steps: CleaningStep, target: str | None = None) -> Diagnosis:
    return examine(frame, steps, EVEN, target=target)


def require_finding(diagnosis: Diagnosis, key: str) -> Finding:
    found = [finding for finding in diagnosis.findings if finding.key == key]
    assert len(found) == 1, diagnosis.findings
    return found[0]


def first_step(frame: pd.DataFrame, key: str, *steps: CleaningStep) -> CleaningStep:
    return require_finding(examine_frame(frame, *steps), key).fixes[0].cleaning_step


# --- One rule alone --------------------------------------------------------------------------------


def table_case(frame: pd.DataFrame, target: str | None = None, is_panel: bool = False) -> TableCase:
    """Return a table for a rule to look at, its rows called by their numbers from 0."""
    return TableCase(frame, EVEN, target, lambda record: f"row {record}", numbered=True, is_panel=is_panel)


def findings(rule: Rule, frame: pd.DataFrame, **known) -> list[Finding]:
    return list(rule(table_case(frame, **known)))


def only_finding(rule: Rule, frame: pd.DataFrame, **known) -> Finding:
    (found,) = findings(rule, frame, **known)
    return found


def fixed(frame: pd.DataFrame, fix: Fix) -> pd.DataFrame:
    return apply_step(frame, fix.cleaning_step)


def assert_every_fix_cures(rule: Rule, frame: pd.DataFrame, **known) -> None:
    """Every finding of a rule offers something, and whichever is taken, nothing of the kind is left."""
    found = findings(rule, frame, **known)
    assert found
    for finding in found:
        assert finding.fixes
        for fix in finding.fixes:
            left = {
                (other.key, column)
                for other in findings(rule, fixed(frame, fix), **known)
                for column in other.columns or ("",)
            }
            assert not left & {(finding.key, column) for column in finding.columns or ("",)}, fix.label
